"""Who shares a network in compose: whoever shares none cannot reach each other.

Each process has a network of its own, which holds it, the servers that it asks, and whoever may ask
it. Servers never ask. All are closed to the outside but those of the few that have business there.
"""

from __future__ import annotations

from typing import Any

from deploy.production.processes import (
    BROKER,
    CADDY,
    CALLS,
    DATABASE_JOB,
    LOGIN,
    LOGIN_STORE,
    MAILPIT,
    MONGODB,
    SENDS,
    edges,
    processes,
)

FRONT, OUTSIDE, MAIL_VIEW = "front", "outside", "mail-view"
_SERVERS = frozenset({MONGODB, BROKER, LOGIN})
_OUT = {process: f"{process}-out" for process in (*SENDS, CALLS)}
OPEN = frozenset({OUTSIDE, MAIL_VIEW, *_OUT.values()})


def members() -> dict[str, list[str]]:
    """Network → who is in it."""
    own = {process.name: [process.name] for process in processes()}
    for edge in edges("compose"):
        if edge.client in own and edge.server in _SERVERS:
            own[edge.client].append(edge.server)
        elif edge.server in own and edge.client in own:
            own[edge.server].append(edge.client)
    return {
        **own,
        FRONT: [CADDY, "web"],
        OUTSIDE: [CADDY],
        LOGIN: [CADDY, LOGIN],
        LOGIN_STORE: [LOGIN, LOGIN_STORE],
        DATABASE_JOB: [DATABASE_JOB, MONGODB],
        **{network: [process] for process, network in _OUT.items()},
        **{f"{process}-mail": [process, MAILPIT] for process in SENDS},
        MAIL_VIEW: [MAILPIT],
    }


def of(container: str) -> list[str]:
    """The networks that a container is in."""
    return [network for network, inside in members().items() if container in inside]


def networks() -> dict[str, dict[str, Any]]:
    """All of them; from a closed one there is no way out."""
    return {name: {} if name in OPEN else {"internal": True} for name in members()}
