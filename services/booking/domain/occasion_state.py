"""What an occasion is, and what can be read off it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.booking.domain.activity import ActivityKind
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.place import EndedOffer, Place, PlaceState
from services.booking.domain.rules import BookingIsNotHere
from services.booking.domain.turns import AGED_AFTER, OFFERS_STOP, PURE_FIT_DAYS
from shared.kernel.ids import ActivityId, BookingId, OccasionId
from shared.kernel.wall_clock import to_utc


@dataclass(frozen=True, slots=True)
class OccasionState:
    """One dated occurrence of an activity with its places: the whole capacity decision.

    `starts_local` is naive wall-clock time in the IANA `zone`; the instant follows from the two.
    `places` holds the living parties only, in line order (`joined` rises). `sequence` numbers the
    occasion's own facts. `version` belongs to storage: no decision changes it.
    """

    id: OccasionId
    activity_id: ActivityId
    title: str
    kind: ActivityKind
    audience: str
    starts_local: datetime
    zone: str
    minutes: int
    room: str
    capacity: int
    leaders: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    cancelled: str | None = None
    places: tuple[Place, ...] = ()
    ended_offers: tuple[EndedOffer, ...] = ()
    sequence: int = 0
    version: int = 0

    @property
    def starts_at(self) -> datetime:
        """The start, aware and in UTC."""
        return to_utc(self.starts_local, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The end, aware and in UTC: minutes are minutes, whatever the clocks do."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def free(self) -> int:
        """Places neither confirmed nor held by an offer (as last settled)."""
        return self.capacity - self.people("confirmed") - self.people("offered")

    def people(self, state: PlaceState) -> int:
        """How many people are in parties of a state."""
        return sum(place.size for place in self.places if place.state == state)

    def parties(self, state: PlaceState) -> int:
        """How many parties are in a state."""
        return [place.state for place in self.places].count(state)

    def line(self) -> tuple[Place, ...]:
        """Those who wait, first in line first; offers are not in the line."""
        return tuple(place for place in self.places if place.state == "waiting")

    def place_of(self, booking_id: BookingId) -> Place:
        """The standing of a booking; raises BookingIsNotHere."""
        for place in self.places:
            if place.booking_id == booking_id:
                return place
        raise BookingIsNotHere

    def position_of(self, booking_id: BookingId) -> int | None:
        """The position in the line, from 1; None for a party that does not wait.

        Raises BookingIsNotHere.
        """
        if self.place_of(booking_id).state != "waiting":
            return None
        return 1 + [place.booking_id for place in self.line()].index(booking_id)

    def is_larger_than_room(self, place: Place) -> bool:
        """Whether a party waits for places that the room does not have at all."""
        return place.state == "waiting" and place.size > self.capacity

    def settles_at(
        self, office: OfficeCalendar, *, after: datetime | None = None
    ) -> datetime | None:
        """The next instant (UTC) at which time alone changes something; None when it never does.

        That is an offer's deadline, the begin of the last working days for a line that an aged
        party holds, or the end of the line. It may lie in the past: then `settle` is due now;
        `after` a settling, ask for what comes later.
        """
        moments = [p.offer.deadline for p in self.places if p.offer and p.state == "offered"]
        line = self.line()
        if line:
            moments.append(self.starts_at - OFFERS_STOP)
        if self.free > 0 and any(place.overtaken >= AGED_AFTER for place in line):
            moments.append(office.begin_of_last_days(self.starts_at, PURE_FIT_DAYS))
        return min((at for at in moments if after is None or at > after), default=None)
