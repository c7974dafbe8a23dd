"""Offers and their short codes, found by the number that they were made to."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo import ReturnDocument

from services.notifications.domain.codes import code_from
from services.notifications.domain.recipient_card import Card, Recipient
from services.notifications.domain.replies import OpenOffer
from services.notifications.domain.story import OFFERED, Story
from services.notifications.storage.documents import recipient_of
from services.notifications.storage.indexes import NUMBERS, OFFERS
from services.notifications.storage.visible import visible
from services.notifications.use_cases.ports import AnsweredOffer
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Session


class MongoOffers:
    """A number's codes are counted in `numbers`, so that none comes twice."""

    def __init__(self, database: Database) -> None:
        self._offers, self._numbers = database[OFFERS], database[NUMBERS]

    async def made(
        self, session: Session, story: Story, offer_id: str, number: str | None, *, live: bool
    ) -> None:
        """A new offer; it gets its code when its number is known."""
        occasion = [t.occasion for t in story.told if t.name == OFFERED][-1]
        await self._offers.insert_one(
            {
                "_id": offer_id,
                "booking_id": story.booking_id,
                "recipient": story.recipient.key,
                "title": occasion.title,
                "starts_at": occasion.starts_at,
                "zone": occasion.zone,
                "number": number,
                "code": await self._next_code(session, number) if number else None,
                "live": live,
                "answers": 0,
            },
            session=session,
        )

    async def only_live(self, session: Session, booking_id: str, live: str | None) -> None:
        """Every other offer of the booking is closed."""
        await self._offers.update_many(
            {"booking_id": booking_id, "live": True, "_id": {"$ne": live}},
            {"$set": {"live": False}},
            session=session,
        )

    async def renumber(self, session: Session, card: Card) -> None:
        """The recipient's number is known now, or another: live offers get a code there."""
        asked = {
            "recipient": card.recipient.key,
            "number": {"$ne": card.number},
            "$or": [{"live": True}, {"number": None}],
        }
        for row in await self._offers.find(asked, session=session).sort("_id", 1).to_list(None):
            code = await self._next_code(session, card.number) if card.number else None
            change = {"$set": {"number": card.number, "code": code}}
            await self._offers.update_one({"_id": row["_id"]}, change, session=session)

    async def code_of(self, offer_id: str, *, by: Actor) -> int | None:
        """The code that the recipient can answer with, if there is a number."""
        found = await self._offers.find_one({"_id": offer_id, **visible(by)}, {"code": 1})
        return found["code"] if found else None

    async def to_number(
        self, session: Session | None, number: str, *, by: Actor
    ) -> Sequence[OpenOffer]:
        """Every remembered offer made to this number, whoever's it is, oldest first."""
        rows = self._offers.find({"number": number, **visible(by)}, session=session).sort("code", 1)
        return [
            OpenOffer(
                row["_id"],
                row["code"],
                row["live"],
                row["title"],
                row.get("starts_at"),
                row.get("zone", ""),
            )
            async for row in rows
        ]

    async def answered(self, session: Session, offer_id: str, *, by: Actor) -> AnsweredOffer:
        """Count an answer to it."""
        found = await self._offers.find_one_and_update(
            {"_id": offer_id, **visible(by)},
            {"$inc": {"answers": 1}},
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            raise LookupError("the offer was there a moment ago")
        return AnsweredOffer(
            found["booking_id"], recipient_of(found["recipient"]), found["answers"]
        )

    async def forget(self, session: Session, recipient: Recipient) -> None:
        """No offer of somebody who is forgotten can be answered."""
        await self._offers.delete_many({"recipient": recipient.key}, session=session)

    async def _next_code(self, session: Session, number: str) -> int:
        counted = await self._numbers.find_one_and_update(
            {"_id": number},
            {"$inc": {"count": 1}},
            upsert=True,
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        return code_from(counted["count"])
