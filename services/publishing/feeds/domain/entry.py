"""One entry of the log, and what of an event may ever become one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

Scope = Literal["public", "feed:read", "cews:read"]
"""Who may see an entry: anybody; partners; members of the network."""

TELLERS = frozenset({"booking", "publishing"})
"""Whose events may become entries, if their contracts say so too."""

COUNTS = "mentoring.statistics-published.v1"
"""The one thing of mentoring's that may: rounded counts. Nothing else, whatever a contract says."""

MEMBERS_ONLY = frozenset({"publishing.bulletin-published.v1", "publishing.bulletin-withdrawn.v1"})
"""For partners with `cews:read`; nobody else learns that there are any."""

_SENT_ON = (
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "sequence",
    "dataschema",
    "datacontenttype",
    "data",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """`body` is the CloudEvent as every door gives it, byte for byte."""

    position: int
    event_id: str
    type: str
    subject: str
    scope: str
    places: tuple[str, ...]
    at: datetime
    body: bytes
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Contractual:
    """What the contract of an event says."""

    teller: str
    routing_key: str
    audience: str
    sealed: bool = False


def not_for_feeds(told: Contractual, *, source: str, routing_key: str) -> str | None:
    """Why an event is not to be an entry, in kebab-case; None if it may be.

    The contract decides, and what the message says of itself has to agree with it.
    """
    if told.teller not in TELLERS and told.routing_key != COUNTS:
        return "teller-not-for-feeds"
    if told.audience not in ("partner", "public") or told.sealed:
        return "not-for-partners"
    if source != f"/{told.teller}" or routing_key != told.routing_key:
        return "not-what-it-says"
    return None


def scope_of(routing_key: str, audience: str) -> Scope:
    """Who may see it."""
    if routing_key in MEMBERS_ONLY:
        return "cews:read"
    return "public" if audience == "public" else "feed:read"


def seen_with(scopes: Collection[str]) -> frozenset[str]:
    """Which entries somebody sees who has these scopes."""
    seen = {"feed:read": ("public", "feed:read"), "cews:read": ("cews:read",)}
    return frozenset(scope for one in scopes for scope in seen.get(one, ()))


def places_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Where it is about: an occasion's room, a bulletin's area; nothing: everywhere."""
    occasion = data.get("occasion")
    found = [data.get("area"), occasion.get("room") if isinstance(occasion, Mapping) else None]
    return tuple(sorted({str(one) for one in found if one}))


def body_of(event: Mapping[str, Any], position: int) -> bytes:
    """The CloudEvent as partners get it: without what joins it to what is not theirs."""
    sent = {name: event[name] for name in _SENT_ON if event.get(name) is not None}
    return _json(sent | {"position": position})


def redacted_body(body: bytes) -> bytes:
    """The same entry, emptied: who read on after it still can, and learns that it is gone."""
    event = json.loads(body)
    event.pop("data", None)
    return _json(event | {"redacted": True})


def sequence_of(body: bytes) -> int:
    """Which of its subject's events it is."""
    return int(json.loads(body)["sequence"])


@lru_cache(maxsize=1024)
def thin_body(body: bytes, feed: str) -> bytes:
    """What happened, without the data: to be fetched at `dataref`, by whoever still may."""
    event = json.loads(body)
    if event.pop("data", None) is not None:
        event["dataref"] = f"{feed}/entries/{event['id']}"
    return _json(event)


def ping_body(event_id: str, at: datetime) -> bytes:
    """A test call to a webhook: there is nothing in it."""
    told = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/publishing/feeds",
        "type": "se.safespace.feeds.ping.v1",
        "time": at.isoformat(),
    }
    return _json(told)


def _json(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str).encode()
