"""Reading bookings as somebody may see them, and the few changes that no decision makes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from services.booking.storage import documents
from services.booking.storage.indexes import BOOKINGS, OCCASIONS
from services.booking.storage.visible import visible
from services.booking.use_cases.ports import Page
from services.booking.use_cases.records import LIVING, BookingRecord
from shared.contracts.event import News
from shared.delivery.outbox import Outbox
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId, RecipientId
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Database, Document, Session

UNREACHABLE = "unreachable"


class MongoBookings:
    """A participant sees the one booking whose link they hold; staff and the clockwork see all."""

    def __init__(self, database: Database) -> None:
        self._bookings, self._occasions = database[BOOKINGS], database[OCCASIONS]
        self._outbox = Outbox(database)

    async def read(
        self, booking_id: BookingId, *, by: Actor, session: Session | None = None
    ) -> BookingRecord:
        """Raises NotFound, also for one that the actor may not see."""
        query = {"$and": [{"_id": booking_id}, visible(by)]}
        found = await self._bookings.find_one(query, session=session)
        if found is None:
            raise NotFound
        return documents.booking_of(found)

    async def by_link(self, link_hash: str, *, by: Actor) -> BookingRecord:  # noqa: ARG002
        """The booking of a link; raises NotFound. Whoever knows the link is who it was made for."""
        found = await self._bookings.find_one({"link_hash": link_hash})
        if found is None:
            raise NotFound
        return documents.booking_of(found)

    async def listed(
        self,
        *,
        occasion_id: OccasionId | None,
        state: str | None,
        flag: str | None,
        limit: int,
        offset: int,
        by: Actor,
    ) -> Page:
        """Oldest first."""
        asked = {"occasion_id": occasion_id, "state": state, "flags": flag}
        wanted: Document = {name: value for name, value in asked.items() if value is not None}
        query = {"$and": [wanted, visible(by)]}
        found = self._bookings.find(query).sort("_id", 1).skip(offset).limit(limit)
        rows, total = await asyncio.gather(
            found.to_list(limit), self._bookings.count_documents(query)
        )
        return Page([documents.booking_of(each) for each in rows], total)

    async def fingerprints(
        self, fingerprints: Sequence[str], *, by: Actor
    ) -> dict[str, BookingRecord]:
        """Those that an import has made, by fingerprint."""
        query = {"$and": [{"fingerprint": {"$in": list(fingerprints)}}, visible(by)]}
        return {
            each["fingerprint"]: documents.booking_of(each)
            async for each in self._bookings.find(query)
        }

    async def of_classes(
        self, occasion_ids: Sequence[OccasionId], *, by: Actor
    ) -> list[BookingRecord]:
        """Living bookings of these occasions that name a class."""
        query = {
            "occasion_id": {"$in": list(occasion_ids)},
            "state": {"$in": list(LIVING)},
            "party.class_name": {"$type": "string"},
        }
        found = self._bookings.find({"$and": [query, visible(by)]})
        return [documents.booking_of(each) async for each in found]

    async def with_needs(self, occasion_id: OccasionId, *, by: Actor) -> list[BookingRecord]:
        """Living bookings of an occasion that say something of needs."""
        query = {
            "occasion_id": occasion_id,
            "needs": {"$exists": True},
            "state": {"$in": list(LIVING)},
        }
        found = self._bookings.find({"$and": [query, visible(by)]}).sort("_id", 1)
        return [documents.booking_of(each) async for each in found]

    async def note_unreachable(
        self, recipient_id: RecipientId, *, by: Actor, session: Session
    ) -> None:
        """Flag the bookings of a recipient whom nothing reaches."""
        query = {"$and": [{"recipient_id": recipient_id}, visible(by)]}
        flag = {"$addToSet": {"flags": UNREACHABLE}}
        await self._bookings.update_many(query, flag, session=session)

    async def tell_of(
        self, record: BookingRecord, news: News, *, by: Actor, session: Session
    ) -> None:
        """Number an event after the booking's last one and tell it.

        For bookings that have left their occasion: there the record holds the number. Raises
        VersionConflict.
        """
        query = {"$and": [{"_id": record.id, "sequence": record.sequence}, visible(by)]}
        number = {"$set": {"sequence": news.sequence}}
        if not (await self._bookings.update_one(query, number, session=session)).matched_count:
            raise VersionConflict
        await self._outbox.tell(session, news)

    async def needs_over(self, before: datetime, *, by: Actor, limit: int) -> list[BookingRecord]:
        """Bookings with needs whose occasion ended before then, or is cancelled and would have."""
        stages: list[Document] = [
            {"$match": {"$and": [{"needs": {"$exists": True}}, visible(by)]}},
            {
                "$lookup": {
                    "from": self._occasions.name,
                    "localField": "occasion_id",
                    "foreignField": "_id",
                    "as": "occasion",
                    "pipeline": [{"$project": {"ends_at": 1}}],
                }
            },
            {"$match": {"occasion.ends_at": {"$lt": before}}},
            {"$limit": limit},
        ]
        return [documents.booking_of(each) async for each in self._bookings.aggregate(stages)]

    async def drop_needs(self, booking_ids: Sequence[BookingId], *, by: Actor) -> None:
        """Delete the needs of these."""
        query = {"$and": [{"_id": {"$in": list(booking_ids)}}, visible(by)]}
        await self._bookings.update_many(query, {"$unset": {"needs": ""}})
