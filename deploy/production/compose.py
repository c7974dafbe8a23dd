"""`deploy/compose.yaml`: one machine, and nothing reachable but the way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.production import compose_networks, compose_servers
from deploy.production.compose_parts import SECRETS, decided, hardened, secrets
from deploy.production.processes import BROKER, DATABASE_JOB, Process, processes
from deploy.production.secret_store import every_name
from deploy.production.told import PREFIX, SECRETS_FOLDER, told

Entry = dict[str, Any]

_READY = "import urllib.request as u; u.urlopen('http://127.0.0.1:{}/health/ready', timeout=4)"


def compose() -> Entry:
    """The whole document, in the order in which people read it."""
    return {
        "name": "safespace",
        "services": {
            **compose_servers.front(),
            **{process.name: _service(process) for process in processes()},
            **compose_servers.servers(),
        },
        "networks": compose_networks.networks(),
        "volumes": {name: {} for name in compose_servers.VOLUMES},
        "configs": compose_servers.configs(),
        "secrets": {name: {"file": f"{SECRETS}/{name}"} for name in every_name()},
    }


def _service(process: Process) -> Entry:
    answers = told(process)
    return {
        **hardened("service", cpus="1.0", memory="512M"),
        "command": process.command,
        "environment": {
            **{PREFIX + name.upper(): value for name, value in answers.fixed.items()},
            **{PREFIX + name.upper(): decided(name) for name in answers.decided},
            "SAFESPACE_SECRETS": SECRETS_FOLDER,
        },
        "secrets": secrets(
            {(PREFIX + name).lower(): source for name, source in answers.secrets.items()}
        ),
        "networks": compose_networks.of(process.name),
        "depends_on": _needs(process),
        "healthcheck": {
            "test": ["CMD", "python", "-c", _READY.format(process.health_port)],
            "interval": "15s",
            "timeout": "5s",
            "retries": 4,
            "start_period": "60s",
        },
    }


def _needs(process: Process) -> Mapping[str, Entry]:
    needs: Entry = {DATABASE_JOB: {"condition": "service_completed_successfully"}}
    if process.on_the_bus:
        needs[BROKER] = {"condition": "service_healthy"}
    return needs
