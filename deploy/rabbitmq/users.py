"""Who may do what on the broker. HTTP processes hold no user; a service's worker holds one.

A service's user declares nothing, writes to the event exchange only under its own routing keys,
to its own retry and parked exchanges, reads its own queues, and can bind nothing. Nobody writes
to the default exchange: that right reaches every queue.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.broker import names
from shared.contracts import catalogue

Entry = dict[str, Any]

NOTHING = "^$"
WATCHER = "watcher"
"""Sees events go by (`safespace events tail`) in queues of its own, and counts the unheard."""
WATCHER_OWN = r"^safespace\.watch\..+$"
WATCHER_HEARS = r"^(booking|notifications|publishing)\..+$"
"""Not what mentoring tells: who meets whom when is nobody's business on a terminal."""
SCALER = "scaler"
"""Sees how long queues are, for whoever starts more workers; has no right at all. Optional."""


def users(
    services: Sequence[str], passwords: Mapping[str, str], administrator: str | None
) -> list[Entry]:
    """One user per service, the watcher, and the scaler and the administrator if there is one."""
    named = (*services, WATCHER, *((SCALER,) if SCALER in passwords else ()))
    plain = [_user(name, passwords[name], "") for name in named]
    if administrator is None:
        return plain
    return [*plain, _user(administrator, passwords[administrator], "administrator")]


def permissions(
    services: Sequence[str],
    listening: Mapping[str, Mapping[str, object]],
    administrator: str | None,
    *,
    scaler: bool = False,
) -> list[Entry]:
    """Configure, write and read rights by name of exchange or queue."""
    rights = [
        _right(
            service,
            configure=NOTHING,
            write=_exactly(tuple(_writes(service))),
            read=_exactly(tuple(_reads(service, sorted(listening.get(service, ()))))),
        )
        for service in services
    ]
    rights.append(
        _right(
            WATCHER,
            configure=WATCHER_OWN,
            write=WATCHER_OWN,
            read=rf"^({re.escape(names.EVENTS)}|safespace\.watch\..+)$",
        )
    )
    if scaler:  # may enter; to ask how long a queue is needs no right
        rights.append(_right(SCALER, configure=NOTHING, write=NOTHING, read=NOTHING))
    if administrator is not None:
        rights.append(_right(administrator, configure=".*", write=".*", read=".*"))
    return rights


def _writes(service: str) -> Iterator[str]:
    yield from (names.EVENTS, names.retry_exchange(service), names.parked(service))
    if service in catalogue.WORK:
        yield names.work_exchange(service)


def _reads(service: str, tellers: Iterable[str]) -> Iterator[str]:
    yield from (names.listening_queue(service, teller) for teller in tellers)
    yield names.parked(service)
    yield from (names.work_queue(service, work) for work in catalogue.WORK.get(service, ()))
    if service == catalogue.FEED_TELLER:
        yield names.feed_queue(service)


def topic_permissions(services: Sequence[str], administrator: str | None) -> list[Entry]:
    """Rights by routing key on the event exchange: `write` to publish, `read` to bind."""
    entries = [
        _topic(service, write=rf"^{re.escape(service)}\..+$", read=NOTHING) for service in services
    ]
    entries.append(_topic(WATCHER, write=NOTHING, read=WATCHER_HEARS))
    if administrator is not None:
        entries.append(_topic(administrator, write=".*", read=".*"))
    return entries


def password_hash(user: str, password: str) -> str:
    """RabbitMQ's rabbit_password_hashing_sha256: base64 of salt and SHA-256 of salt + password.

    The salt follows from user and password, so that the same secrets always give the same
    document; the passwords are long random ones, for which a salt is of no other use.
    """
    salt = hashlib.sha256(f"{user}\0{password}".encode()).digest()[:4]
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()


def _user(name: str, password: str, tags: str) -> Entry:
    return {
        "name": name,
        "password_hash": password_hash(name, password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
        "limits": {},
    }


def _right(user: str, *, configure: str, write: str, read: str) -> Entry:
    return {
        "user": user,
        "vhost": names.VHOST,
        "configure": configure,
        "write": write,
        "read": read,
    }


def _topic(user: str, *, write: str, read: str) -> Entry:
    return {
        "user": user,
        "vhost": names.VHOST,
        "exchange": names.EVENTS,
        "write": write,
        "read": read,
    }


def _exactly(allowed: Iterable[str]) -> str:
    return "^(" + "|".join(re.escape(name) for name in allowed) + ")$"
