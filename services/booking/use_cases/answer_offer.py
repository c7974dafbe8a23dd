"""A party says yes or no to places that are held for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from services.booking.domain.occasion import Occasion
from services.booking.domain.rules import OfferNotFound
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Bookings, Session
from services.booking.use_cases.records import BookingRecord
from services.booking.use_cases.standing import Standing, place_in, standing_of
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.contracts.event import News
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OfferId
from shared.observability.cause import current_cause

A = TypeVar("A")
Yes = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """Accept or decline an offer. Yes gives the places; no passes them on and leaves the line.

    After the deadline neither counts, even if nothing has swept the offer away yet.
    """

    bookings: Bookings
    decisions: Decisions

    async def __call__(
        self,
        booking_id: BookingId,
        answer: Yes,
        *,
        offer_id: OfferId | None,
        version: int | None,
        by: Actor,
        once: Any = None,
        session: Session = None,
        present: Callable[[Standing], A],
    ) -> A:
        """Answer an offer: by its id, or the one that the booking had in the version seen.

        Inside a `session`, the effects belong to that transaction. Raises NotFound and what the
        domain refuses: OfferNotFound, OfferHasExpired, OfferIsDeclined, OfferIsWithdrawn,
        OfferIsAccepted; and ChangedElsewhere, unless the same answer is all that happened since.
        """
        record = await self.bookings.read(booking_id, by=by, session=session)
        wish: Wish[A] = Wish(
            _decide(record, answer, offer_id, version, present), once=once, cause=current_cause()
        )
        if session is not None:
            return await self.decisions.decide_within(session, record.occasion_id, wish)
        return await self.decisions.decide(record.occasion_id, wish)


@dataclass(frozen=True, slots=True)
class TellRefusedAnswer:
    """An answer came too late or no longer applies: the party is told so, with its own number."""

    bookings: Bookings
    decisions: Decisions
    refused: Callable[[BookingRecord, Occasion, OfferId, str], News]

    async def __call__(
        self, booking_id: BookingId, offer_id: OfferId, why: str, *, by: Actor, session: Session
    ) -> None:
        """`why` is the refusal's kind. Raises NotFound."""
        record = await self.bookings.read(booking_id, by=by, session=session)

        def decide(occasion: Occasion, _: Moment) -> Taken[bool]:
            news = self.refused(record, occasion, offer_id, why)
            places = tuple(
                replace(place, sequence=news.sequence) if place.booking_id == record.id else place
                for place in occasion.places
            )
            if places == occasion.places:
                return Taken(occasion=occasion, answer=False)
            return Taken(occasion=replace(occasion, places=places), answer=True, also=(news,))

        wish: Wish[bool] = Wish(decide, cause=current_cause())
        if await self.decisions.decide_within(session, record.occasion_id, wish):
            return
        loaded = await self.decisions.ledger.load(record.occasion_id, session=session)
        news = self.refused(record, loaded.occasion, offer_id, why)
        await self.bookings.tell_of(record, news, by=by, session=session)


def _decide(
    record: BookingRecord,
    answer: Yes,
    offer_id: OfferId | None,
    version: int | None,
    present: Callable[[Standing], A],
) -> Callable[[Occasion, Moment], Taken[A]]:
    def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
        offer = offer_id or _offer_of(occasion, record)
        answered = occasion.accept if answer == "yes" else occasion.decline
        after, facts = answered(offer, **moment.given())
        if version is not None:
            _ensure_that_offer_was_seen(version, occasion, record)
        place = place_in(occasion, record.id)
        left = replace(
            record, state="declined", sequence=place.sequence + 1 if place else record.sequence
        )
        return Taken(occasion=after, answer=present(standing_of(left, after)), facts=facts)

    return decide


def _ensure_that_offer_was_seen(version: int, occasion: Occasion, record: BookingRecord) -> None:
    """A page that is older than the offer answers nothing; a repeated answer is no conflict."""
    place = place_in(occasion, record.id)
    now = place.sequence if place else record.sequence
    answered = place.state == "confirmed" if place else record.state == "declined"
    ensure_seen(version, now - 1 if answered else now)


def _offer_of(occasion: Occasion, record: BookingRecord) -> OfferId:
    """The offer that the booking has, or had last (so that a repeated answer is quiet)."""
    place = place_in(occasion, record.id)
    if place is not None and place.offer is not None:
        return place.offer.offer_id
    if place is None and record.offer_id is not None:
        return record.offer_id
    raise OfferNotFound
