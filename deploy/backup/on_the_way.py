"""What was told and not yet handled when a backup was made: it is told again once that is put back.

The broker's queues are in no backup. But an outbox row is marked as sent when the broker has it,
and whoever listens leaves a mark in the transaction that handles it: in databases of one moment,
what is sent and has no mark stood in a queue. Whoever has handled it after all drops the copy.
What was sealed cannot be told again, as its body is gone from the outbox once the broker has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from pymongo import MongoClient
from pymongo.client_session import ClientSession

from services.publishing.feeds.storage.log import CONSUMER as FEED
from shared.broker import names
from shared.contracts import catalogue
from shared.delivery import letters
from shared.delivery.indexes import DEAD_LETTERS, INBOX, OUTBOX

LONGEST = timedelta(days=14)
"""Nobody is away for longer; and nobody who came later hears of what was before them."""

_BATCH = 500
_FEED_QUEUE = names.feed_queue(catalogue.FEED_TELLER)
_FACTS = dict.fromkeys(("event_id", "type", "exchange", "headers", "sealed"), 1)
_EMPTY = {"empty": {"$eq": ["$body", b""]}}
Rows = Sequence[Mapping[str, Any]]


class Listener(NamedTuple):
    """Whoever handles events and leaves marks: in which database, and under which name."""

    database: str
    consumer: str


@dataclass(slots=True)
class OnTheWay:
    """Ids of rows, by the service that told them."""

    again: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sealed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def told_again(self) -> int:
        """How many can be told again."""
        return sum(map(len, self.again.values()))

    @property
    def lost(self) -> int:
        """How many are in no backup."""
        return sum(map(len, self.sealed.values()))


def on_the_way(
    client: MongoClient[Any], at: datetime, session: ClientSession | None = None
) -> OnTheWay:
    """What stood in queues at that moment, by databases as they were then."""
    found = OnTheWay()
    for teller in catalogue.SERVICES:
        for rows in _sent(client, teller, at, session):
            waiting = _not_handled(client, teller, rows, session)
            for row in rows:
                if row["_id"] in waiting and not row["empty"]:
                    found.again[teller].append(row["_id"])
                elif row["_id"] in waiting and row["sealed"]:
                    found.sealed[teller].append(row["_id"])
    return found


def tell_again(client: MongoClient[Any], found: OnTheWay) -> None:
    """The relay sends these once more, as if for the first time."""
    for teller, ids in found.again.items():
        unsent = {"$set": {"state": "unsent"}, "$unset": {"sent_at": ""}}
        client[teller][OUTBOX].update_many({"_id": {"$in": ids}}, unsent)


def _sent(
    client: MongoClient[Any], teller: str, at: datetime, session: ClientSession | None
) -> Iterator[Rows]:
    wanted = {"state": "sent", "sent_at": {"$gte": at - LONGEST}, "event_id": {"$ne": None}}
    rows: list[Mapping[str, Any]] = []
    for row in client[teller][OUTBOX].find(wanted, _FACTS | _EMPTY, session=session):
        rows.append(row)
        if len(rows) == _BATCH:
            yield rows
            rows = []
    yield rows


def _not_handled(
    client: MongoClient[Any], teller: str, rows: Rows, session: ClientSession | None
) -> set[str]:
    """Ids of the rows that somebody who listens has neither handled nor given up."""
    expected: dict[Listener, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in rows:
        for listener in _who_listens(teller, row):
            expected[listener][row["event_id"]] = row
    waiting: set[str] = set()
    for listener, theirs in expected.items():
        database = client[listener.database]
        marks = {"_id": {"$in": [f"{listener.consumer}|{event_id}" for event_id in theirs]}}
        done = {each["event_id"] for each in database[INBOX].find(marks, session=session)}
        given_up = {"event_id": {"$in": list(theirs)}}
        for letter in database[DEAD_LETTERS].find(given_up, session=session):
            # Replayed: the replay is a row of its own, and on its way or not like any other.
            replay = theirs[letter["event_id"]]["exchange"] != names.EVENTS
            by_us = (letter["queue"] == _FEED_QUEUE) == (listener.consumer == FEED)
            if by_us and not (replay and letter["state"] == "replayed"):
                done.add(letter["event_id"])
        waiting |= {str(row["_id"]) for event_id, row in theirs.items() if event_id not in done}
    return waiting


def _who_listens(teller: str, row: Mapping[str, Any]) -> Sequence[Listener]:
    if row["exchange"] == names.EVENTS:
        return _listeners().get(row["type"], ())
    to_the_feed = row["headers"].get(letters.QUEUE) == _FEED_QUEUE
    return (Listener(teller, FEED if to_the_feed else teller),)


@cache
def _listeners() -> Mapping[str, Sequence[Listener]]:
    found: dict[str, list[Listener]] = defaultdict(list)
    for listener, tellers in catalogue.LISTENING.items():
        for contract in (each for heard in tellers.values() for each in heard):
            found[contract.event_type()].append(Listener(listener, listener))
    for contract in catalogue.for_partners():
        found[contract.event_type()].append(Listener(catalogue.FEED_TELLER, FEED))
    return found
