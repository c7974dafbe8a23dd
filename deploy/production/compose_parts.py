"""What every container in compose has: nothing that it does not need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deploy.production.images import OWN, VERSION
from deploy.production.processes import STOP_SECONDS
from deploy.production.told import PREFIX, SECRETS_FOLDER

Entry = dict[str, Any]

SECRETS = "${SAFESPACE_SECRETS_FOLDER:-./secrets}"


def hardened(image: str, *, cpus: str, memory: str, user: str = "10001:10001") -> Entry:
    """No root, no rights, no writable disk but /tmp, bounded, and time to stop in order.

    `image` is one of ours by the name of its target in the Dockerfile, else another's with version.
    """
    return {
        **_from(image),
        "user": user,
        "read_only": True,
        "tmpfs": ["/tmp"],  # noqa: S108 - a file system of the container's own
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        "restart": "unless-stopped",
        "stop_grace_period": f"{STOP_SECONDS}s",
        "deploy": {"resources": {"limits": {"cpus": cpus, "memory": memory, "pids": 512}}},
        "logging": {"driver": "local", "options": {"max-size": "20m", "max-file": "5"}},
    }


def _from(image: str) -> Entry:
    if image not in OWN:
        return {"image": image}
    return {
        "image": f"{OWN[image]}:${{SAFESPACE_VERSION:-{VERSION}}}",
        "build": {"context": "..", "dockerfile": "deploy/Dockerfile", "target": image},
    }


def decided(setting: str) -> str:
    """A value from installation.env; compose refuses to start without it."""
    return f"${{{PREFIX}{setting.upper()}:?see deploy/installation.env.example}}"


def secrets(mounted: Mapping[str, str]) -> list[Entry]:
    """File name in the container → the secret that it holds."""
    return [
        {"source": source, "target": f"{SECRETS_FOLDER}/{file}"} for file, source in mounted.items()
    ]


def by_their_names(names: Iterable[str]) -> list[Entry]:
    """Secrets as files that are called as they are, for servers and jobs."""
    return secrets({name: name for name in names})
