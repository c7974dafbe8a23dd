"""One table: which event leads to which use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.notifications.domain.occasion import MEETING, Occasion
from services.notifications.domain.recipient_card import Recipient
from services.notifications.domain.story import BookingState, Told
from services.notifications.use_cases.forget_person import ForgetPerson
from services.notifications.use_cases.keep_card import KeepCard
from services.notifications.use_cases.remind_when_asked import RemindWhenAsked
from services.notifications.use_cases.tell_of_booking import TellOfBooking
from services.notifications.use_cases.tell_staff import TellStaff
from shared.contracts import booking, mentoring
from shared.contracts.booking import ReminderAsked
from shared.contracts.cards import (
    BookingContactCardSealed,
    BookingPersonForgotten,
    ContactCardSealed,
    MentoringContactCardSealed,
    MentoringPersonForgotten,
    PersonForgotten,
)
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery.inbox import HANDLED, SUPERSEDED, Outcome
from shared.delivery.listener import Handler
from shared.kernel.actor import housekeeping

_STATE: dict[type[Contract], BookingState] = {
    booking.BookingConfirmed: "confirmed",
    booking.BookingWaitlisted: "waiting",
    booking.BookingCancelled: "cancelled",
    booking.PlaceOffered: "offered",
    booking.OfferExpired: "waiting",
    booking.OfferDeclined: "waiting",
    booking.BookingUnserved: "unserved",
}
_MEETING_STATE: dict[type[Contract], BookingState] = {
    mentoring.MeetingScheduled: "confirmed",
    mentoring.MeetingMoved: "confirmed",
    mentoring.MeetingCancelled: "cancelled",
}
_OF_BOOKINGS: tuple[type[Contract], ...] = (
    *_STATE,
    booking.BookingMoved,
    booking.HeadCountChanged,
    booking.AnswerRefused,
)
_FORGOTTEN = Outcome("refused:person-forgotten")
_OUTCOMES = {"handled": HANDLED, "superseded": SUPERSEDED, "forgotten": _FORGOTTEN}


@dataclass(frozen=True, slots=True)
class Incoming:
    """The handlers; each runs inside the listener's transaction."""

    keep_card: KeepCard
    forget_person: ForgetPerson
    tell_of_booking: TellOfBooking
    tell_staff: TellStaff
    remind: RemindWhenAsked

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what to do."""
        table: dict[type[Contract], Handler] = dict.fromkeys(_OF_BOOKINGS, self.booking)
        table.update(dict.fromkeys(_MEETING_STATE, self.meeting))
        table[ReminderAsked] = self.reminder
        table[mentoring.AttentionNeeded] = self.attention
        table[BookingContactCardSealed] = table[MentoringContactCardSealed] = self.card
        table[BookingPersonForgotten] = table[MentoringPersonForgotten] = self.forget
        return table

    async def card(self, envelope: Envelope, data: ContactCardSealed, session: Any) -> Outcome:
        """A contact card."""
        recipient = Recipient(envelope.teller, data.recipient_id)
        by = housekeeping(envelope.id)
        outcome = await self.keep_card(
            session, recipient, data.revision, data.key_id, data.box, by=by
        )
        return _OUTCOMES[outcome]

    async def forget(self, envelope: Envelope, data: PersonForgotten, session: Any) -> Outcome:
        """Somebody is to be forgotten."""
        recipient = Recipient(envelope.teller, data.recipient_id)
        await self.forget_person(session, recipient, by=housekeeping(envelope.id))
        return HANDLED

    async def booking(self, envelope: Envelope, data: Any, session: Any) -> Outcome:
        """Anything that a booking's people are told of."""
        recipient = Recipient(envelope.teller, data.recipient_id)
        event = told(envelope, data)
        outcome = await self.tell_of_booking(session, recipient, data.booking_id, event)
        return _OUTCOMES[outcome]

    async def reminder(self, envelope: Envelope, data: ReminderAsked, session: Any) -> Outcome:
        """Staff want somebody reminded today."""
        recipient = Recipient(envelope.teller, data.recipient_id)
        outcome = await self.remind(session, recipient, data.booking_id, data.day, envelope.id)
        return _OUTCOMES[outcome]

    async def meeting(self, envelope: Envelope, data: Any, session: Any) -> Outcome:
        """Somebody is expected at a time; that is all there is to say."""
        recipient = Recipient(envelope.teller, data.recipient_id)
        event = told_of_meeting(envelope, data)
        outcome = await self.tell_of_booking(session, recipient, data.meeting_id, event)
        return _OUTCOMES[outcome]

    async def attention(
        self, envelope: Envelope, data: mentoring.AttentionNeeded, session: Any
    ) -> Outcome:
        """A member of staff should sign in and look."""
        recipient = Recipient(envelope.teller, data.recipient_id)
        outcome = await self.tell_staff(
            session,
            recipient,
            data.notice_id,
            at_once=data.at_once,
            by=housekeeping(envelope.id),
        )
        return _OUTCOMES[outcome]


def told_of_meeting(envelope: Envelope, data: Any) -> Told:
    """A meeting's event in the domain's words, without title, place or number. Pure."""
    expected = Occasion(
        id=data.meeting_id,
        title="",
        kind=MEETING,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        zone=data.zone,
        room="",
    )
    was = getattr(data, "was", None)
    return Told(
        event_id=envelope.id,
        sequence=envelope.sequence,
        name=type(data).name,
        occasion=expected,
        size=1,
        state=_MEETING_STATE[type(data)],
        before=replace(expected, starts_at=was) if was else None,
    )


def told(envelope: Envelope, data: Any) -> Told:
    """A booking's event in the domain's words. Pure."""
    kind = type(data)
    before = getattr(data, "before", None)
    state: BookingState | None = _STATE.get(kind) or getattr(data, "state", None)
    return Told(
        event_id=envelope.id,
        sequence=envelope.sequence,
        name=kind.name,
        occasion=_occasion(data.occasion),
        size=data.size,
        state=state,
        offer_id=getattr(data, "offer_id", None),
        deadline=getattr(data, "deadline", None),
        position=getattr(data, "position", None),
        larger_than_room=getattr(data, "larger_than_room", False),
        reason=getattr(data, "reason", None) or getattr(data, "why", None),
        was=getattr(data, "was", None),
        before=_occasion(before) if before else None,
        passed_on=getattr(data, "passed_on", False),
    )


def _occasion(facts: booking.OccasionFacts) -> Occasion:
    return Occasion(
        id=facts.occasion_id,
        title=facts.title,
        kind=facts.kind,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        zone=facts.zone,
        room=facts.room,
    )
