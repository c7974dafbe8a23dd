"""Events → use cases: the one table of what booking hears."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from services.booking.use_cases.answer_offer import AnswerOffer, TellRefusedAnswer
from services.booking.use_cases.answer_room_request import (
    AnswerRoomRequest,
    ReleaseRequestedRoom,
    RoomAsked,
)
from services.booking.use_cases.ports import Bookings
from shared.contracts.cards import (
    MentoringSealingKeyAnnounced,
    NotificationsSealingKeyAnnounced,
    SealingKeyAnnounced,
)
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.contracts.mentoring import RoomRelease, RoomRequested
from shared.contracts.notifications import RecipientUnreachable, ReplyReceived
from shared.delivery.inbox import HANDLED, SUPERSEDED, Outcome, refused
from shared.delivery.listener import Handler
from shared.kernel.actor import housekeeping
from shared.kernel.ids import BookingId, OfferId, RecipientId
from shared.kernel.refusal import Refusal, VersionConflict
from shared.mongo.client import Session
from shared.privacy.sealing import KnownKeys


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the handlers ask."""

    answer: AnswerOffer
    tell_refused: TellRefusedAnswer
    bookings: Bookings
    keys: KnownKeys
    answer_room: AnswerRoomRequest
    release_room: ReleaseRequestedRoom

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what is done with it."""
        return {
            ReplyReceived: self.reply_received,
            RecipientUnreachable: self.recipient_unreachable,
            NotificationsSealingKeyAnnounced: self.key_announced,
            MentoringSealingKeyAnnounced: self.key_announced,
            RoomRequested: self.room_requested,
            RoomRelease: self.room_release,
        }

    async def reply_received(
        self, envelope: Envelope, reply: ReplyReceived, session: Session
    ) -> Outcome | None:
        """A yes or no from a phone. A no of the rules is told to the person by an event."""
        by = housekeeping(envelope.id)
        booking_id = BookingId(reply.booking_id)
        try:
            await self.answer(
                booking_id,
                reply.answer,
                offer_id=OfferId(reply.offer_id),
                version=None,
                by=by,
                session=session,
                present=lambda standing: standing,
            )
        except VersionConflict:
            raise
        except Refusal as refusal:
            await self.tell_refused(
                booking_id, OfferId(reply.offer_id), refusal.kind, by=by, session=session
            )
            return refused(refusal)
        return None

    async def recipient_unreachable(
        self, envelope: Envelope, heard: RecipientUnreachable, session: Session
    ) -> None:
        """Staff see a flag on the booking."""
        if heard.source != "booking":
            return
        await self.bookings.note_unreachable(
            RecipientId(heard.recipient_id), by=housekeeping(envelope.id), session=session
        )

    async def room_requested(
        self, envelope: Envelope, heard: RoomRequested, session: Session
    ) -> Outcome:
        """A room for something of the house's own; the answer is an event either way."""
        asked = RoomAsked(
            request_id=heard.request_id,
            room=heard.room,
            people=heard.people,
            starts_at=heard.starts_at,
            ends_at=heard.ends_at,
            zone=heard.zone,
            answer_by=heard.answer_by,
        )
        by = housekeeping(envelope.id)
        answered = await self.answer_room(asked, by=by, session=session)
        return HANDLED if answered else SUPERSEDED

    async def room_release(
        self, envelope: Envelope, heard: RoomRelease, session: Session
    ) -> Outcome:
        """The room is free again, or never taken if this came first."""
        by = housekeeping(envelope.id)
        released = await self.release_room(heard.request_id, by=by, session=session)
        return HANDLED if released else SUPERSEDED

    async def key_announced(
        self, _: Envelope, heard: SealingKeyAnnounced, session: Session
    ) -> None:
        """From now on cards, or questions, are sealed with the newest. Once more is harmless."""
        del session
        await self.keys.learn(heard.teller, heard.key_id, _bytes(heard.public_key), heard.made_at)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
