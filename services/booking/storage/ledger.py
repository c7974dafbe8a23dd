"""Load for a decision, and save everything it changes in one transaction under `{_id, version}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.room_day import DayKey, RoomDay
from services.booking.storage import documents
from services.booking.storage.indexes import ACTIVITIES, BOOKINGS, FIGURES, LINE_MOVES, OCCASIONS
from services.booking.storage.published_figures import figures_document
from services.booking.storage.room_claims import RoomClaims
from services.booking.use_cases.mirror import LARGER, RecordChange
from services.booking.use_cases.ports import Loaded, Saving
from shared.delivery.outbox import Outbox
from shared.kernel.ids import OccasionId, new_id
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session
from shared.mongo.transactions import transact
from shared.web.idempotency import Idempotency

_DUPLICATE = 11000


class MongoLedger:
    """A group takes one or two round trips to load, and at most five to save, however large.

    Inside the transaction: the occasion, the bookings, the outbox, the idempotency keys, commit.
    Where a room's time changes hands there is one more each way, for its days.
    """

    def __init__(self, database: Database, office: OfficeCalendar, once: Idempotency) -> None:
        self._database, self._office, self._once = database, office, once
        self._outbox = Outbox(database)
        self._occasions, self._bookings = database[OCCASIONS], database[BOOKINGS]
        self._claims = RoomClaims(database)

    async def load(
        self,
        occasion_id: OccasionId,
        *,
        creating: Sequence[str] = (),
        asked_before: Sequence[Any] = (),
        session: Session | None = None,
    ) -> Loaded:
        """See the port.

        The occasion first: of what it holds, the other two know then as well, and nobody is told
        that their own booking stands in the way.
        """
        document = await self._occasions.find_one({"_id": occasion_id}, session=session)
        if document is None:
            raise NotFound
        answered = await self._once.find_many(asked_before) if asked_before else {}
        existing: frozenset[str] = frozenset()
        if creating:
            found = self._bookings.find(
                {"_id": {"$in": list(creating)}}, {"_id": 1}, session=session
            )
            existing = frozenset([each["_id"] async for each in found])
        return Loaded(documents.occasion_of(document), existing, answered)

    async def answered(self, once: Any) -> Any | None:
        """See the port."""
        return await self._once.find(once)

    async def days(
        self, keys: Iterable[DayKey], *, session: Session | None = None
    ) -> dict[DayKey, RoomDay]:
        """See the port."""
        return await self._claims.days(keys, session)

    async def save(self, saving: Saving, *, session: Session | None = None) -> None:
        """See the port."""
        await self._claims.know(saving.room_names)
        rows = [
            row for news, cause in saving.told for row in self._outbox.rows([news], cause=cause)
        ]

        async def write(inside: Session) -> None:
            await self._write(saving, rows, inside)

        if session is not None:
            await _or_conflict(lambda: write(session))
        else:
            await _or_conflict(lambda: transact(self._database.client, write))

    async def _write(self, saving: Saving, rows: list[Document], session: Session) -> None:
        # The occasion first: who lost the race finds out before anything else is written.
        for before, after in saving.occasions:
            await self._replace(before.version, self._occasion(after), session)
        # The days of rooms next: they are what a hold and an occasion meet in.
        await self._claims.write(saving, session)
        if saving.new_occasions:
            new = [{**self._occasion(each), "version": 1} for each in saving.new_occasions]
            await self._occasions.insert_many(new, session=session)
        if saving.activities:
            await self._database[ACTIVITIES].insert_many(
                [{**documents.activity_document(a), "version": 1} for a in saving.activities],
                session=session,
            )
        bookings = [InsertOne(documents.booking_document(b)) for b in saving.new_bookings]
        changes = [_update(each) for each in saving.changes]
        if bookings or changes:
            done = await self._bookings.bulk_write([*bookings, *changes], session=session)
            lives_again = any(each.back_from is not None for each in saving.changes)
            if lives_again and done.matched_count != len(changes):
                raise VersionConflict  # an end that is taken back was not the last word any more
        if saving.line_moves:
            moves = [documents.line_move_document(m, new_id()) for m in saving.line_moves]
            await self._database[LINE_MOVES].insert_many(moves, session=session)
        if saving.figures:
            # By its quarter: a second publication of one meets the key.
            made = [figures_document(each) for each in saving.figures]
            await self._database[FIGURES].insert_many(made, session=session)
        await self._outbox.add(session, rows)
        if saving.once:
            await self._once.record_many(session, saving.once)

    async def _replace(self, version: int, document: Document, session: Session) -> None:
        await versioned.replace(self._occasions, document, version, session)

    def _occasion(self, occasion: Any) -> Document:
        return documents.occasion_document(occasion, self._office)


async def _or_conflict(write: Callable[[], Awaitable[None]]) -> None:
    """A key that is there already means that somebody else was faster: load and decide again."""
    try:
        await write()
    except DuplicateKeyError as error:
        raise VersionConflict from error
    except BulkWriteError as error:
        if any(e.get("code") == _DUPLICATE for e in (error.details or {}).get("writeErrors", [])):
            raise VersionConflict from error
        raise


def _update(change: RecordChange) -> UpdateOne:
    values: Document = {
        "occasion_id": change.occasion_id,
        "state": change.state,
        "sequence": change.sequence,
    }
    if change.party is not None:
        values["party.pupils"], values["party.adults"] = change.party.pupils, change.party.adults
    if change.ended_because is not None:
        values["ended_because"] = dict(change.ended_because)
    if change.offer_id is not None:
        values["offer_id"] = change.offer_id
    if change.stood is not None:
        values["stood"] = asdict(change.stood)
    wanted: Document = {"_id": change.booking_id}
    gone: Document = {}
    if change.back_from is not None:
        wanted["sequence"] = change.back_from
        gone = {"$unset": {"ended_because": "", "stood": ""}}
    flag = "$addToSet" if change.larger_than_room else "$pull"
    return UpdateOne(wanted, {"$set": values, flag: {"flags": LARGER}, **gone})
