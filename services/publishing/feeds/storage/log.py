"""The feed log: positions 1, 2, 3 … without gaps, in the order of their commits.

The counter, the entries and the inbox marks are one transaction, so a position is taken only with
its entry; and as every append writes the counter, no two can commit in another order than they
count. So whoever has read up to a position has read everything before it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, ReturnDocument

from services.publishing.feeds.domain import entry as entries
from services.publishing.feeds.domain.entry import Entry
from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.refusals import UnknownPosition
from services.publishing.feeds.storage.redactions import Redactions
from services.publishing.storage.feed_indexes import COUNTER, LOG
from shared.contracts.envelope import Envelope
from shared.contracts.publishing import BulletinWithdrawn
from shared.delivery.inbox import Inbox
from shared.mongo.client import Database, Document, Session

CONSUMER = "publishing.feed"
_SIGNED = 100
_WITHDRAWN = BulletinWithdrawn.event_type()


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see and wants to see: both filters pass, and the scope is theirs.

    `scopes` are those of entries (see `seen_with`).
    """

    scopes: frozenset[str]
    allowed: Filter
    asked: Filter

    def of(self, one: Entry) -> bool:
        """Whether an entry is in sight."""
        return one.scope in self.scopes and all(
            each.wants(one.type, one.places) for each in (self.allowed, self.asked)
        )


class FeedLog:
    """Appended to by one process at a time, read by anybody with a `Sight`."""

    def __init__(self, database: Database) -> None:
        self._entries = database[LOG]
        self._counter = database[COUNTER]
        self._inbox = Inbox(database, CONSUMER)
        self._redactions = Redactions(database)
        self._database = database
        self._sessions: set[bytes] = set()

    async def append(
        self, session: Session, envelopes: Sequence[tuple[Envelope, str, str]], at: datetime
    ) -> int:
        """Entries for these events (with key and audience) that are not there yet; how many.

        In the caller's transaction. An event that has its mark already takes no position.
        """
        await self._sign(session)
        # The same event may have come twice at once: its place is that of the first.
        firsts: dict[str, tuple[Envelope, str, str]] = {}
        for each in envelopes:
            firsts.setdefault(each[0].id, each)
        fresh = set(await self._inbox.mark_new(session, [one for one, *_ in firsts.values()]))
        new = [each for each in firsts.values() if each[0].id in fresh]
        if not new:
            return 0
        counter = await self._counter.find_one_and_update(
            {"_id": "log"},
            {"$inc": {"position": len(new)}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        first = int(counter["position"]) - len(new) + 1
        rows = [_row(number, *one, at) for number, one in enumerate(new, start=first)]
        await self._entries.insert_many(rows, session=session)
        for row in rows:
            # It may have been on its way still when it was taken back.
            if row["type"] == _WITHDRAWN:
                await self._redactions.words_of(session, row["subject"], before=row["_id"])
        told = [(number, one) for number, (one, *_) in enumerate(new, start=first)]
        await self._redactions.come_late(session, told)
        return len(rows)

    async def let_go(self) -> bool:
        """Undo what other writers have begun and not ended; whether there were any.

        Whoever is killed in the middle of an append holds the counter until the database gives its
        transaction up, which it does late. Only for who alone has the queue now: if another one
        lives after all, its append is done again.
        """
        signed = await self._counter.find_one({"_id": "writers"}) or {}
        others = [one for one in signed.get("sessions", ()) if bytes(one) not in self._sessions]
        if not others:
            return False
        await self._database.client.admin.command({"killSessions": [{"id": one} for one in others]})
        await self._counter.update_one({"_id": "writers"}, {"$pullAll": {"sessions": others}})
        return True

    async def _sign(self, session: Session) -> None:
        """Before anything is written: in which of the driver's sessions that will be."""
        known: Any = session.session_id
        mine = known["id"]
        if bytes(mine) not in self._sessions:
            push = {"$push": {"sessions": {"$each": [mine], "$slice": -_SIGNED}}}
            await self._counter.update_one({"_id": "writers"}, push, upsert=True)
            self._sessions.add(bytes(mine))

    async def head(self) -> int:
        """The newest position; 0 before the first entry."""
        found = await self._counter.find_one({"_id": "log"})
        return 0 if found is None else int(found["position"])

    async def after(self, position: int, sight: Sight, *, limit: int) -> list[Entry]:
        """The next entries in sight after a position, at most so many."""
        asked = {"_id": {"$gt": position}, **_conditions(sight)}
        found = self._entries.find(asked).sort("_id", ASCENDING).limit(limit)
        return [entry_of(row) for row in await found.to_list(None)]

    async def all_after(self, position: int, *, limit: int) -> list[Entry]:
        """The next entries after a position, whoever may see them: for our own senders."""
        found = self._entries.find({"_id": {"$gt": position}}).sort("_id", ASCENDING).limit(limit)
        return [entry_of(row) for row in await found.to_list(None)]

    async def newest(self, sight: Sight, *, limit: int) -> list[Entry]:
        """The newest entries in sight, newest first."""
        found = self._entries.find(_conditions(sight)).sort("_id", DESCENDING).limit(limit)
        return [entry_of(row) for row in await found.to_list(None)]

    async def positions(self, sight: Sight, *, after: int, upto: int) -> AsyncIterator[int]:
        """The positions in sight in a part of the log, in order."""
        asked = {"_id": {"$gt": after, "$lte": upto}, **_conditions(sight)}
        async for row in self._entries.find(asked, {"_id": 1}).sort("_id", ASCENDING):
            yield int(row["_id"])

    async def count(self, sight: Sight, *, after: int, upto: int) -> int:
        """How many entries are in sight in a part of the log."""
        asked = {"_id": {"$gt": after, "$lte": upto}, **_conditions(sight)}
        return int(await self._entries.count_documents(asked))

    async def one(self, event_id: str) -> Entry | None:
        """The entry of an event."""
        row = await self._entries.find_one({"event_id": event_id})
        return None if row is None else entry_of(row)

    async def at_positions(self, positions: Sequence[int]) -> list[Entry]:
        """The entries at these positions, in order."""
        found = self._entries.find({"_id": {"$in": list(positions)}}).sort("_id", ASCENDING)
        return [entry_of(row) for row in await found.to_list(None)]

    async def position_of(self, event_id: str | None) -> int:
        """The position of an entry; 0 for none, as whoever begins has none.

        Raises:
            UnknownPosition: nothing in the log has that id.
        """
        if not event_id:
            return 0
        row = await self._entries.find_one({"event_id": event_id}, {"_id": 1})
        if row is None:
            raise UnknownPosition
        return int(row["_id"])

    async def before(self, moment: datetime) -> int:
        """The position before the first entry since a moment.

        A clock that was set back makes later entries seem older: then more is given, never less.
        """
        since = self._entries.find({"at": {"$gte": moment}}, {"_id": 1}).hint("by_time")
        rows = await since.sort("_id", ASCENDING).limit(1).to_list(None)
        return int(rows[0]["_id"]) - 1 if rows else await self.head()


def entry_of(row: Document) -> Entry:
    """As it is kept."""
    return Entry(
        position=int(row["_id"]),
        event_id=row["event_id"],
        type=row["type"],
        subject=row["subject"],
        scope=row["scope"],
        places=tuple(row["places"]),
        at=row["at"],
        body=bytes(row["body"]),
        redacted=row["redacted"],
    )


def _row(
    position: int, envelope: Envelope, routing_key: str, audience: str, at: datetime
) -> Document:
    places = entries.places_of(envelope.data)
    return {
        "_id": position,
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "scope": entries.scope_of(routing_key, audience),
        "places": list(places),
        "place_keys": list(Filter.keys_of(places)),
        "at": at,
        "body": entries.body_of(envelope.model_dump(mode="json"), position),
        "redacted": False,
    }


def _conditions(sight: Sight) -> Document:
    """The same as `Sight.of`, for the database: a page is full, however much is out of sight."""
    every: list[Document] = [{"scope": {"$in": sorted(sight.scopes)}}]
    for one in (sight.allowed, sight.asked):
        if one.types:
            every.append({"$or": [_of_type(name) for name in one.types]})
        if one.places:
            every.append({"$or": [{"place_keys": []}, {"place_keys": {"$in": list(one.places)}}]})
    return {"$and": every}


def _of_type(name: str) -> dict[str, Any]:
    if not name.endswith(".*"):
        return {"type": name}
    begin = name[:-1]
    # Everything that begins so sorts between the beginning and the beginning with its last sign up.
    return {"type": {"$gte": begin, "$lt": begin[:-1] + chr(ord(begin[-1]) + 1)}}
