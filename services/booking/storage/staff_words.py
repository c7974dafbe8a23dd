"""Staff's own words where they stand: with a cancelled booking, and with moves in the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.booking.storage.indexes import BOOKINGS, LINE_MOVES, OCCASIONS
from services.booking.storage.visible import visible
from services.booking.use_cases.ports import Spoken
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, RecipientId
from shared.mongo.client import Database, Document


class MongoStaffWords:
    """Found by the occasion that the booking is on, or was on last."""

    def __init__(self, database: Database) -> None:
        self._bookings, self._moves = database[BOOKINGS], database[LINE_MOVES]

    async def over(self, before: datetime, *, by: Actor, limit: int) -> list[Spoken]:
        """Whom words are kept about, though the occasion had ended before then."""
        ended: list[Document] = [
            {"$match": {"$and": [{"ended_because": {"$exists": True}}, visible(by)]}},
            *_on_an_occasion_over(before),
        ]
        moved: list[Document] = [
            {"$match": {"$and": [{"reason.why": {"$exists": True}}, visible(by, "booking_id")]}},
            {"$group": {"_id": "$booking_id"}},
            {"$lookup": {**_FROM_BOOKINGS, "localField": "_id", "as": "booking"}},
            {"$replaceRoot": {"newRoot": {"$first": "$booking"}}},
            *_on_an_occasion_over(before),
        ]
        found = {
            Spoken(BookingId(row["_id"]), RecipientId(row["recipient_id"]))
            for rows in (self._bookings.aggregate(ended), self._moves.aggregate(moved))
            for row in await rows.to_list(limit)
        }
        return sorted(found, key=lambda spoken: spoken.booking_id)[:limit]

    async def drop(self, booking_ids: Sequence[BookingId], *, by: Actor) -> None:
        """What was done, by whom and when stays; the words go."""
        these = {"$in": list(booking_ids)}
        await self._bookings.update_many(
            {"$and": [{"_id": these}, visible(by)]}, {"$unset": {"ended_because": ""}}
        )
        await self._moves.update_many(
            {"$and": [{"booking_id": these}, visible(by, "booking_id")]}, {"$set": {"reason": {}}}
        )


_FROM_BOOKINGS = {"from": BOOKINGS, "foreignField": "_id"}


def _on_an_occasion_over(before: datetime) -> list[Document]:
    return [
        {
            "$lookup": {
                "from": OCCASIONS,
                "localField": "occasion_id",
                "foreignField": "_id",
                "as": "occasion",
                "pipeline": [{"$project": {"ends_at": 1}}],
            }
        },
        {"$match": {"occasion.ends_at": {"$lt": before}}},
        {"$project": {"recipient_id": 1}},
    ]
