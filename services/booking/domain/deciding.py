"""The work surface of one decision: opened from an occasion, changed in place, closed again.

It lets a decision walk the line once and touch only the parties that change. It never outlives the
decision, so that an occasion itself stays frozen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.booking.domain.facts import BookingFact, Fact
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.place import EndedOffer, OfferEnd, Place
from services.booking.domain.rules import BookingIsNotHere, OccasionHasStarted
from services.booking.domain.turns import OFFERS_STOP
from shared.kernel.ids import BookingId, OccasionId


@dataclass(slots=True)
class Deciding:
    """The parties of one occasion at `now`, and the facts noted so far."""

    occasion_id: OccasionId
    capacity: int
    starts_at: datetime
    now: datetime
    office: OfficeCalendar
    offer_ids: Callable[[], str]
    places: list[Place]
    ended_offers: list[EndedOffer]
    facts: list[Fact]
    last_days: bool | None = None  # looked up in the calendar only once somebody has aged

    @property
    def offers_are_over(self) -> bool:
        """Whether it is too late to offer anything."""
        return self.now >= self.starts_at - OFFERS_STOP

    def ensure_not_started(self) -> None:
        """Raises OccasionHasStarted from the start on."""
        if self.now >= self.starts_at:
            raise OccasionHasStarted

    def index_of(self, booking_id: BookingId) -> int:
        """Where the booking stands in `places`; raises BookingIsNotHere."""
        for index, place in enumerate(self.places):
            if place.booking_id == booking_id:
                return index
        raise BookingIsNotHere

    def position_at(self, index: int) -> int:
        """The position, counted from 1 among those who wait, of the party at an index."""
        return 1 + [place.state for place in self.places[:index]].count("waiting")

    def tell(self, place: Place, fact: Callable[..., BookingFact], **what: object) -> Place:
        """Note a fact about a booking; returns its place with the sequence one higher."""
        sequence = place.sequence + 1
        self.facts.append(
            fact(
                occasion_id=self.occasion_id,
                sequence=sequence,
                booking_id=place.booking_id,
                recipient_id=place.recipient_id,
                size=place.size,
                **what,
            )
        )
        return replace(place, sequence=sequence)

    def remove(self, index: int, offer_end: OfferEnd) -> Place:
        """Take a party out; its offer, if it still was open, ended like this."""
        place = self.places.pop(index)
        if place.state == "offered" and place.offer:
            self.ended_offers.append(EndedOffer(place.offer.offer_id, offer_end))
        return place
