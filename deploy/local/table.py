"""Every process of a copy: how it is started, what it is told, and what it needs first.

To add a service: the catalogue names it; what it alone is told stands in `_TOLD`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from deploy.local.data_folder import CHECKOUT, DataFolder, read_json
from deploy.local.environment import plain_environment
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import FRONT_DOOR, Ports
from deploy.local.processes import Command
from deploy.local.servers import Servers
from shared.audit.checkpoint import public_key_of
from shared.contracts.catalogue import ENGINES, SERVICES
from shared.privacy.wrapping import key_from_base64

LOOPBACK = "127.0.0.1"
SMS_FROM = "+46406280499"
"""From the Malmö numbers that PTS keeps for fiction: nobody can be reached by it."""
MAIL_FROM = "bokning@safespace.example"
NEWSLETTER_FROM = "nyheter@safespace.example"

BEHIND_THE_SCENES, NEWSLETTERS = 5, 10
"""The niceness of what nobody waits for at a screen: whoever presses a button goes first, and
whoever is told something before whoever is sent a newsletter."""

Need = Literal["mongodb", "rabbitmq"]
Environment = dict[str, str]


@dataclass(frozen=True, slots=True)
class Process:
    """One row of the table."""

    name: str
    module: str
    argument: str | None
    port: int
    needs: frozenset[Need]
    ready: str = "/health/ready"
    own_health_port: int | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def health_url(self) -> str:
        """Where its health and numbers answer: at the front door they must not."""
        return f"http://{LOOPBACK}:{self.own_health_port or self.port}"

    @property
    def ready_url(self) -> str:
        """What answers 200 once it can do its work."""
        return self.health_url + self.ready


class Table:
    """The processes of one copy, and the environment of each."""

    def __init__(
        self, folder: DataFolder, ports: Ports, secrets: Secrets, servers: Servers
    ) -> None:
        self._folder, self._secrets, self._servers = folder, secrets, servers
        self.smtp_port = ports.take("smtp-sink")
        self._changed: Mapping[str, Environment] = read_json(folder.settings) or {}
        self.processes: dict[str, Process] = {
            process.name: process for process in _processes(ports)
        }

    @property
    def front_door(self) -> str:
        """Where people come in."""
        return self.processes["web"].url

    def url(self, process: str) -> str:
        """Where a process answers."""
        return self.processes[process].url

    def command(
        self, name: str, *, port: int | None = None, suffix: str = "", **changed: str
    ) -> Command:
        """How to start one. `port`, `suffix` (of its name) and `changed` make a second one."""
        process = self.processes[name]
        argument = [process.argument] if process.argument else []
        return Command(
            name=name + suffix,
            argv=(sys.executable, "-m", process.module, *argument),
            environment=self.environment(name, port or process.port) | changed,
            log=self._folder.log(name + suffix),
            folder=CHECKOUT,
            niceness=_niceness(process.argument),
        )

    def environment(self, name: str, port: int) -> Environment:
        """The whole environment of a process (see its settings module for the meaning)."""
        told: Environment = {"SAFESPACE_DATA": str(self._folder.root)}
        service, _, kind = name.partition("-")
        if service in SERVICES or service == "web":
            told |= self._told_to_all(service)
            told |= self._port(kind, port)
            if kind in ("", "http"):
                told["SAFESPACE_FRONT_DOOR_SECRET"] = self.word("front-door")
            else:
                told["SAFESPACE_AMQP_URLS"] = json.dumps([self._servers.amqp_url(service)])
            if kind == "worker":
                told["SAFESPACE_AUDIT_SIGNING_KEY"] = self.key(f"{service}/audit")
        if service in SERVICES:
            told |= self._told_to_services(service)
        if service in _TOLD:
            told |= _TOLD[service](self)
        told |= self._changed.get(service, {})
        return plain_environment(PYTHONUNBUFFERED="1", **told)

    def key(self, name: str) -> str:
        """A 32-byte key in base64, made once."""
        return self._secrets.key(f"key/{name}")

    def audit_key(self, service: str) -> str:
        """What its checkpoints are verified with: the public half, in base64."""
        return public_key_of(key_from_base64(self.key(f"{service}/audit")))

    def word(self, name: str) -> str:
        """A password, made once."""
        return self._secrets.word(name)

    def mongo_url(self, user: str) -> str:
        """Where one user of the database signs in."""
        return self._servers.mongo_url(user)

    def subfolder(self, name: str) -> str:
        """A private folder of the copy."""
        return str(self._folder.folder(name))

    def _told_to_all(self, service: str) -> Environment:
        return {
            "SAFESPACE_PROFILE": "local",
            "SAFESPACE_HTTP_HOST": LOOPBACK,
            "SAFESPACE_ISSUER": self.url("identity"),
            "SAFESPACE_AUDIENCE": service,
            "SAFESPACE_FRONT_DOOR": self.front_door,
            "SAFESPACE_CLOCK_FILE": str(self._folder.clock),
            "SAFESPACE_MONGODB_URL": self._servers.mongo_url(service),
        }

    def _told_to_services(self, service: str) -> Environment:
        return {
            "SAFESPACE_KEYS_MONGODB_URL": self._servers.mongo_url(f"{service}-keys"),
            "SAFESPACE_MASTER_KEY": self.key(f"{service}/master"),
            "SAFESPACE_OTHER_MASTER_KEYS": self._secrets.others(f"key/{service}/master"),
            "SAFESPACE_FINGERPRINT_KEY": self.key(f"{service}/fingerprint"),
            "SAFESPACE_AUDIT_MONGODB_URL": self._servers.mongo_url(f"{service}-audit"),
            "SAFESPACE_CHECKPOINTS_MONGODB_URL": self._servers.mongo_url(f"{service}-checkpoints"),
        }

    def _port(self, kind: str, port: int) -> Environment:
        name = "SAFESPACE_HTTP_PORT" if kind in ("", "http") else "SAFESPACE_METRICS_PORT"
        return {name: str(port)}


def _processes(ports: Ports) -> list[Process]:
    mongodb: frozenset[Need] = frozenset({"mongodb"})
    both: frozenset[Need] = frozenset({"mongodb", "rabbitmq"})
    alone: frozenset[Need] = frozenset()
    rows = [
        Process("sinks", "deploy.local.sinks", None, ports.take("sms-sink"), alone),
        Process(
            *("identity", "deploy.local.identity", None, ports.take("identity"), alone),
            ready="/.well-known/openid-configuration",
        ),
        Process(
            *("web", "services.web.main", "http", ports.take_from("web", FRONT_DOOR), mongodb),
            own_health_port=ports.take("web-health"),
        ),
    ]
    for service in SERVICES:
        module = f"services.{service}.main"
        http, worker = f"{service}-http", f"{service}-worker"
        rows.append(Process(http, module, "http", ports.take(http), mongodb))
        rows.append(Process(worker, module, "worker", ports.take(worker), both))
        for engine in ENGINES.get(service, ()):
            name = f"{service}-{engine}"
            rows.append(Process(name, module, engine, ports.take(name), both))
    return rows


def _elks(table: Table) -> Environment:
    return {
        "SAFESPACE_ELKS_USER": "safespace",
        "SAFESPACE_ELKS_PASSWORD": table.word("elks"),
        "SAFESPACE_SMS_FROM": SMS_FROM,
    }


def _callback_secret(table: Table) -> Environment:
    return {"SAFESPACE_CALLBACK_SECRET": table.word("callbacks")}


def _notifications(table: Table) -> Environment:
    return {
        **_elks(table),
        **_callback_secret(table),
        "SAFESPACE_ELKS_URL": table.url("sinks"),
        "SAFESPACE_SMTP_HOST": LOOPBACK,
        "SAFESPACE_SMTP_PORT": str(table.smtp_port),
        "SAFESPACE_MAIL_FROM": MAIL_FROM,
        # Whoever tries things out at night wants to see the message.
        "SAFESPACE_QUIET_HOURS": "off",
    }


def _web(table: Table) -> Environment:
    services = {f"SAFESPACE_{s.upper()}_URL": table.url(f"{s}-http") for s in SERVICES}
    return {
        **services,
        **_callback_secret(table),
        "SAFESPACE_SESSION_KEY": table.key("web/session"),
        "SAFESPACE_CLIENT_SECRET": table.word("web-client"),
        "SAFESPACE_METRICS_PORT": str(table.processes["web"].own_health_port),
    }


def _sinks(table: Table) -> Environment:
    inbound = f"{table.front_door}/callbacks/46elks/{table.word('callbacks')}/incoming"
    return {
        **_elks(table),
        "SAFESPACE_SMS_SINK_PORT": str(table.processes["sinks"].port),
        "SAFESPACE_SMTP_SINK_PORT": str(table.smtp_port),
        "SAFESPACE_INBOUND_URL": inbound,
        "SAFESPACE_SINKS_FOLDER": table.subfolder("sinks"),
    }


def _identity(table: Table) -> Environment:
    return {
        "SAFESPACE_PROFILE": "local",
        "SAFESPACE_HTTP_HOST": LOOPBACK,
        "SAFESPACE_HTTP_PORT": str(table.processes["identity"].port),
        "SAFESPACE_IDENTITY_FOLDER": table.subfolder("identity"),
        "SAFESPACE_WEB_CLIENT_SECRET": table.word("web-client"),
    }


def _mentoring(table: Table) -> Environment:
    return {"SAFESPACE_IDENTITY_MONGODB_URL": table.mongo_url("mentoring-identity")}


def _publishing(table: Table) -> Environment:
    return {
        "SAFESPACE_SMTP_HOST": LOOPBACK,
        "SAFESPACE_SMTP_PORT": str(table.smtp_port),
        "SAFESPACE_NEWSLETTER_FROM": NEWSLETTER_FROM,
        "SAFESPACE_POSTAL_ADDRESS": "Exempelgatan 1, 211 00 Malmö",
        "SAFESPACE_BOUNCES_TO": "studs.safespace.example",
        "SAFESPACE_BOUNCE_MAILDIR": table.subfolder("bounces"),
        "SAFESPACE_LINK_KEY": table.key("publishing/link"),
        "SAFESPACE_DKIM_KEY": table.key("publishing/dkim"),
    }


_TOLD: Mapping[str, Callable[[Table], Environment]] = {
    "mentoring": _mentoring,
    "notifications": _notifications,
    "publishing": _publishing,
    "web": _web,
    "sinks": _sinks,
    "identity": _identity,
}
"""What one of them is told beyond what all are."""


def _niceness(argument: str | None) -> int:
    """Of a process that is started with this word."""
    if argument in (None, "http"):
        return 0
    return NEWSLETTERS if argument == "mailer" else BEHIND_THE_SCENES
