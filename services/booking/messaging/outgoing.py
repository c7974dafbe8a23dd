"""Facts → events. The only place that decides what the world may know; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from services.booking.domain import facts as domain
from services.booking.domain.occasion import Occasion
from services.booking.domain.occasion_state import OccasionState
from services.booking.use_cases.records import BookingRecord
from shared.contracts import booking as told
from shared.contracts.event import Contract, News
from shared.kernel.ids import OccasionId

Occasions = Mapping[OccasionId, Occasion]


def news_of(happened: Iterable[domain.Fact], occasions: Occasions) -> list[News]:
    """The events that tell of the facts, in order.

    `occasions` holds each occasion that the facts name, as it is after them. A fact that concerns
    only staff (a move in the line) becomes no event: its number in the sequence is skipped.
    """
    return [news for fact in happened if (news := _news(fact, occasions)) is not None]


def occasion_facts(occasion: OccasionState) -> told.OccasionFacts:
    """What a participant needs to know of an occasion."""
    return told.OccasionFacts(
        occasion_id=occasion.id,
        title=occasion.title,
        kind=occasion.kind,
        starts_at=occasion.starts_at,
        ends_at=occasion.ends_at,
        zone=occasion.zone,
        room=occasion.room,
    )


def _news(fact: domain.Fact, occasions: Occasions) -> News | None:
    teller = _TELLERS.get(type(fact))
    if teller is None:
        return None
    contract = teller(fact, occasions)
    if contract is None:
        return None
    subject = fact.booking_id if isinstance(fact, domain.BookingFact) else fact.occasion_id
    return News(contract, subject=subject, sequence=fact.sequence)


def _of_booking(fact: domain.BookingFact, occasions: Occasions) -> dict[str, Any]:
    return {
        "booking_id": fact.booking_id,
        "recipient_id": fact.recipient_id,
        "size": fact.size,
        "occasion": occasion_facts(occasions[fact.occasion_id]),
    }


def _of_occasion(fact: domain.Fact, occasions: Occasions) -> dict[str, Any]:
    occasion = occasions[fact.occasion_id]
    return {
        "activity_id": occasion.activity_id,
        "occasion": occasion_facts(occasion),
        "target_group": occasion.audience,
        "capacity": occasion.capacity,
    }


def _confirmed(fact: domain.BookingConfirmed, occasions: Occasions) -> Contract:
    return told.BookingConfirmed(
        **_of_booking(fact, occasions),
        through="staff" if fact.by_staff else "offer" if fact.offer_id else "request",
        offer_id=fact.offer_id,
    )


def _waitlisted(fact: domain.BookingWaitlisted, occasions: Occasions) -> Contract:
    return told.BookingWaitlisted(
        **_of_booking(fact, occasions),
        position=fact.position,
        larger_than_room=fact.larger_than_room,
    )


def _larger_changed(fact: domain.LargerThanRoomChanged, occasions: Occasions) -> Contract | None:
    """Told as the place in the line, worded anew. Someone who was offered places is told that."""
    occasion = occasions[fact.occasion_id]
    place = next((p for p in occasion.places if p.booking_id == fact.booking_id), None)
    if place is None or place.state != "waiting":
        return None
    return told.BookingWaitlisted(
        **_of_booking(fact, occasions),
        position=occasion.position_of(fact.booking_id) or 1,
        larger_than_room=fact.larger_than_room,
    )


def _offered(
    fact: domain.PlaceOffered | domain.OfferDeadlineMoved, occasions: Occasions
) -> Contract:
    return told.PlaceOffered(
        **_of_booking(fact, occasions), offer_id=fact.offer_id, deadline=fact.deadline
    )


def _expired(fact: domain.OfferExpired, occasions: Occasions) -> Contract:
    return told.OfferExpired(
        **_of_booking(fact, occasions), offer_id=fact.offer_id, passed_on=fact.passed_on
    )


def _declined(fact: domain.OfferDeclined, occasions: Occasions) -> Contract:
    return told.OfferDeclined(
        **_of_booking(fact, occasions), offer_id=fact.offer_id, passed_on=fact.passed_on
    )


def _unserved(fact: domain.BookingUnserved, occasions: Occasions) -> Contract:
    return told.BookingUnserved(**_of_booking(fact, occasions))


def _cancelled(fact: domain.BookingCancelled, occasions: Occasions) -> Contract:
    return told.BookingCancelled(**_of_booking(fact, occasions), reason=_reason(fact), was=fact.was)


def _reason(
    fact: domain.BookingCancelled,
) -> Literal["by-participant", "by-staff", "occasion-cancelled"]:
    if fact.occasion_cancelled:
        return "occasion-cancelled"
    return "by-participant" if fact.reason == "by-participant" else "by-staff"


def _moved(fact: domain.BookingMoved, occasions: Occasions) -> Contract:
    return told.BookingMoved(
        **_of_booking(fact, occasions),
        before=occasion_facts(occasions[fact.from_occasion_id]),
        state=fact.state,
        reason="moved",
    )


def _occasion_moved(fact: domain.TimeOrPlaceChanged, occasions: Occasions) -> Contract:
    return told.BookingMoved(
        **_of_booking(fact, occasions),
        before=occasion_facts(fact.before),
        state=fact.state,
        reason="occasion-changed",
    )


def _head_count(fact: domain.HeadCountChanged, occasions: Occasions) -> Contract:
    return told.HeadCountChanged(**_of_booking(fact, occasions), state=fact.state)


def _attendance(fact: domain.AttendanceRecorded, occasions: Occasions) -> Contract:
    return told.AttendanceRecorded(
        **_of_booking(fact, occasions), pupils=fact.pupils, adults=fact.adults
    )


def _uncounted(fact: domain.AttendanceTakenBack, occasions: Occasions) -> Contract:
    return told.AttendanceTakenBack(**_of_booking(fact, occasions))


def _reminder(fact: domain.ReminderAsked, _: Occasions) -> Contract:
    return told.ReminderAsked(
        booking_id=fact.booking_id,
        recipient_id=fact.recipient_id,
        occasion_id=fact.occasion_id,
        day=fact.day,
    )


def _published(fact: domain.OccasionPublished, occasions: Occasions) -> Contract:
    return told.OccasionPublished(**_of_occasion(fact, occasions))


def _changed(fact: domain.OccasionChanged, occasions: Occasions) -> Contract:
    return told.OccasionChanged(**_of_occasion(fact, occasions), changed=fact.changed)


def _occasion_cancelled(fact: domain.OccasionCancelled, occasions: Occasions) -> Contract:
    return told.OccasionCancelled(**_of_occasion(fact, occasions))


_TELLERS: Mapping[type[domain.Fact], Callable[[Any, Occasions], Contract | None]] = {
    domain.BookingConfirmed: _confirmed,
    domain.BookingWaitlisted: _waitlisted,
    domain.LargerThanRoomChanged: _larger_changed,
    domain.PlaceOffered: _offered,
    domain.OfferDeadlineMoved: _offered,
    domain.OfferExpired: _expired,
    domain.OfferDeclined: _declined,
    domain.BookingUnserved: _unserved,
    domain.BookingCancelled: _cancelled,
    domain.BookingMoved: _moved,
    domain.TimeOrPlaceChanged: _occasion_moved,
    domain.HeadCountChanged: _head_count,
    domain.AttendanceRecorded: _attendance,
    domain.AttendanceTakenBack: _uncounted,
    domain.ReminderAsked: _reminder,
    domain.OccasionPublished: _published,
    domain.OccasionChanged: _changed,
    domain.OccasionCancelled: _occasion_cancelled,
}


def answer_refused(record: BookingRecord, occasion: Occasion, offer_id: str, why: str) -> News:
    """An answer to an offer no longer applies; numbered after the booking's last event."""
    data = told.AnswerRefused(
        booking_id=record.id,
        recipient_id=record.recipient_id,
        size=record.party.size,
        occasion=occasion_facts(occasion),
        offer_id=offer_id,
        why=why,
    )
    return News(data, subject=record.id, sequence=record.sequence + 1)
