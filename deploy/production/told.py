"""What each process is told, and how: said here, decided by the installation, or a secret file.

The settings classes are the list of questions; this is where the answers come from. A question
without an answer stops the making of the manifests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic.fields import FieldInfo

from deploy.production.processes import PORT, Process, processes
from shared.contracts.catalogue import SERVICES

PREFIX = "SAFESPACE_"
SECRETS_FOLDER = "/run/secrets/safespace"

DECIDED = (
    "front_door",
    "issuer",
    "jwks_url",
    "issuer_inside",
    "mail_from",
    "newsletter_from",
    "newsletter_name",
    "postal_address",
    "bounces_to",
    "smtp_host",
    "smtp_port",
    "sms_from",
    "elks_url",
    "elks_user",
)
"""What differs between installations: `deploy/installation.env`, the same words for everybody."""

SHARED_SECRETS = ("front_door_secret", "callback_secret")
"""Secrets that several services know. All others are one service's own."""


_KNOWN_AS = {("web", "client_secret"): "keycloak-web-client-secret"}
"""Secrets of a service that a server knows under a name of its own."""


class NotTold(Exception):
    """A process demands a setting, and nobody has said where it comes from."""


@dataclass(frozen=True, slots=True)
class Told:
    """Setting → value; names of settings that the installation decides; setting → secret's name."""

    fixed: Mapping[str, str] = field(default_factory=dict)
    decided: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)


def told(process: Process) -> Told:
    """Everything that one process is told.

    Raises:
        NotTold: its settings class demands something that is not known here.
    """
    fields = process.settings.model_fields
    secrets = {
        name: secret_of(process.service, name) for name, about in fields.items() if is_secret(about)
    }
    known = _fixed(process)
    fixed = {name: known[name] for name in fields if name in known}
    decided = tuple(name for name in DECIDED if name in fields)
    missing = [
        name
        for name, about in fields.items()
        if about.is_required() and name not in {*secrets, *fixed, *decided}
    ]
    if missing:
        raise NotTold(f"{process.name}: {', '.join(missing)} (deploy/production/told.py)")
    return Told(fixed, decided, secrets)


def is_secret(about: FieldInfo) -> bool:
    """Whether a setting must not be seen: it hides itself when it is printed."""
    return not about.repr or "SecretStr" in str(about.annotation)


def secret_of(service: str, setting: str) -> str:
    """The name of the secret that a setting is filled with, such as `booking-mongodb-url`."""
    if (service, setting) in _KNOWN_AS:
        return _KNOWN_AS[service, setting]
    own = () if setting in SHARED_SECRETS else (service,)
    return "-".join((*own, setting.replace("_", "-")))


def all_secrets() -> dict[str, FieldInfo]:
    """Every secret that processes are given, with the setting that it fills."""
    return {
        secret: process.settings.model_fields[setting]
        for process in processes()
        for setting, secret in told(process).secrets.items()
    }


def _fixed(process: Process) -> dict[str, Any]:
    apis = {f"{service}_url": f"http://{service}-http:{PORT}" for service in SERVICES}
    return {
        "http_host": "0.0.0.0",  # noqa: S104 - inside its own container
        "http_port": str(PORT),
        "metrics_port": str(process.health_port),
        "audience": process.service,
        **(apis if process.service == "web" else {}),
    }
