"""Every process of ours, and who may talk to whom: compose and Kubernetes are made from these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from pydantic_settings import BaseSettings

from shared.broker.names import work_queue
from shared.contracts.catalogue import ENGINES, LISTENING, SERVICES, WORKED_BY

PORT = 8000
"""Of everything that serves requests."""

HEALTH_PORT = 8001
"""Of health and numbers, where a process does not answer them on `PORT`."""

STOP_SECONDS = 30
"""More than a process needs to end requests, handlers and the confirms that it waits for."""

Kind = str
"""`http`, `worker`, or the name of an engine."""
Where = Literal["compose", "kubernetes"]


@dataclass(frozen=True, slots=True)
class Process:
    """One of ours. `listens` are the queues whose length says how many of it are needed."""

    service: str
    kind: Kind
    settings: type[BaseSettings]
    listens: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As others on the network call it."""
        return self.service if self.service == "web" else f"{self.service}-{self.kind}"

    @property
    def on_the_bus(self) -> bool:
        """Whether it has a user on the broker: no HTTP process has."""
        return self.kind != "http"

    @property
    def health_port(self) -> int:
        """Where it says whether it lives and can do its work."""
        return HEALTH_PORT if "metrics_port" in self.settings.model_fields else PORT

    @property
    def command(self) -> list[str]:
        """How it is started in the image."""
        return ["python", "-m", f"services.{self.service}.main", self.kind]


def processes() -> tuple[Process, ...]:
    """The front door, and an API and a worker of every service in the catalogue."""
    web = Process("web", "http", _settings("web").Settings)
    return (web, *(process for service in SERVICES for process in _of(service)))


def _of(service: str) -> Iterator[Process]:
    settings = _settings(service)
    yield Process(service, "http", settings.HttpSettings)
    heard = tuple(f"{service}.from-{teller}" for teller in sorted(LISTENING.get(service, ())))
    yield Process(service, "worker", settings.WorkerSettings, heard)
    for engine in ENGINES.get(service, ()):
        work = tuple(work_queue(service, each) for each in WORKED_BY.get(engine, ()))
        yield Process(service, engine, getattr(settings, f"{engine.title()}Settings"), work)


def _settings(service: str) -> Any:
    return import_module(f"services.{service}.settings")


@dataclass(frozen=True, slots=True)
class Edge:
    """`client` may open connections to `server` on these ports; nobody else may."""

    client: str
    server: str
    ports: tuple[int, ...]

    @property
    def outside(self) -> bool:
        """Whether it leads out of the installation."""
        return self.server == ANYWHERE


CADDY, MONGODB, BROKER = "caddy", "mongodb", "broker"
LOGIN, LOGIN_STORE, MAILPIT = "keycloak", "keycloak-store", "mailpit"
DATABASE_JOB, TOPOLOGY_JOB = "database-users", "broker-topology"
ANYWHERE = "anywhere"
"""The world outside: for those few who have business there."""

SENDS = ("notifications-worker", "publishing-worker", "publishing-mailer")
"""Speak with the SMS provider or a mail server."""

CALLS = "publishing-feeds"
"""Calls partners' webhooks."""


def edges(where: Where) -> tuple[Edge, ...]:
    """Who may talk to whom.

    Only web reaches an API, only workers reach the broker, and nobody but the way in reaches web.
    """
    return (*_inside(), *(_on_one_machine() if where == "compose" else _in_a_cluster()))


def _inside() -> Iterator[Edge]:
    yield Edge(CADDY, "web", (PORT,))
    yield Edge(DATABASE_JOB, MONGODB, (27017,))
    for process in processes():
        yield Edge(process.name, MONGODB, (27017,))
        if process.on_the_bus:
            yield Edge(process.name, BROKER, (5672,))
        elif process.service != "web":
            yield Edge("web", process.name, (PORT,))


def _on_one_machine() -> Iterator[Edge]:
    """The identity provider and a mail server for trying things run beside us."""
    yield Edge(CADDY, ANYWHERE, (443,))
    yield Edge(CADDY, LOGIN, (8080,))
    yield Edge(LOGIN, LOGIN_STORE, (5432,))
    yield from (Edge(p.name, LOGIN, (8080,)) for p in processes() if p.kind == "http")
    yield from (Edge(each, MAILPIT, (1025,)) for each in SENDS)
    yield from _to_the_world()


def _in_a_cluster() -> Iterator[Edge]:
    """The identity provider is elsewhere; definitions are imported over the broker's HTTP API."""
    yield Edge(CADDY, ANYWHERE, (443,))
    yield Edge(TOPOLOGY_JOB, BROKER, (15672,))
    yield from (Edge(p.name, ANYWHERE, (443,)) for p in processes() if p.kind == "http")
    yield from _to_the_world()


def _to_the_world() -> Iterator[Edge]:
    yield from (Edge(each, ANYWHERE, (443, 25, 465, 587)) for each in SENDS)
    yield Edge(CALLS, ANYWHERE, (443,))
