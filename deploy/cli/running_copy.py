"""The copy that a command talks to: the one whose data folder is `SAFESPACE_DATA`, else ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.cli.screen import NO_COPY, Stopped
from deploy.local.data_folder import DataFolder, data_folder, read_json


class NoCopy(Stopped):
    """Nothing is running there."""

    def __init__(self) -> None:
        super().__init__(
            "Ingen kopia är igång här. Starta en med: make run",
            "No copy is running here. Start one with: make run",
            code=NO_COPY,
            kind="no-running-copy",
        )


@dataclass(frozen=True, slots=True)
class RunningCopy:
    """Where everything is, as the copy itself wrote it."""

    folder: DataFolder
    ready: bool
    front_door: str
    services: Mapping[str, str]
    web_health: str
    workers: Mapping[str, str]
    engines: Mapping[str, str]
    sms_sink: str
    smtp_sink: str
    identity: str
    amqp: Mapping[str, Any]
    audit_keys: Mapping[str, str]

    def apis(self) -> dict[str, str]:
        """The services that keep data, by name: not the front door."""
        return {name: url for name, url in self.services.items() if name != "web"}

    def shown(self) -> dict[str, Any]:
        """What scripts may know of it; no password."""
        return {
            "ready": self.ready,
            "front_door": self.front_door,
            "services": dict(self.services),
            "sms_sink": self.sms_sink,
            "smtp_sink": self.smtp_sink,
            "identity": self.identity,
        }


def running_copy() -> RunningCopy:
    """The running copy. Raises NoCopy."""
    folder = data_folder()
    found = read_json(folder.copy)
    if not found:
        raise NoCopy
    return RunningCopy(
        folder=folder,
        ready=found["ready"],
        front_door=found["front_door"],
        services=found["services"],
        web_health=found.get("web_health", found["front_door"]),
        workers=found.get("workers", {}),
        engines=found.get("engines", {}),
        sms_sink=found["sms_sink"],
        smtp_sink=found["smtp_sink"],
        identity=found["identity"],
        amqp=found.get("amqp", {}),
        audit_keys=found.get("audit_keys", {}),
    )
