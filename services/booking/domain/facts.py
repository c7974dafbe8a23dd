"""What happened, in the words of the domain. `outgoing.py` decides what the world may know of it.

A fact about a booking carries the booking's own `sequence`, one higher than the fact before it; a
fact about the occasion carries the occasion's. Sizes are in people, times aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.booking.domain.place import PlaceState
from shared.kernel.ids import BookingId, OccasionId, OfferId, RecipientId

if TYPE_CHECKING:
    from services.booking.domain.occasion_state import OccasionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened on an occasion."""

    occasion_id: OccasionId
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFact(Fact):
    """Something that happened to one booking of `size` people."""

    booking_id: BookingId
    recipient_id: RecipientId
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingConfirmed(BookingFact):
    """The party has its places; through an offer when `offer_id` is there.

    `by_staff`: it had left, and staff took that back.
    """

    offer_id: OfferId | None = None
    by_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWaitlisted(BookingFact):
    """The party stands in line; `position` counts from 1 among those who wait."""

    position: int
    larger_than_room: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOffered(BookingFact):
    """Places are held for a party from the line until the deadline."""

    offer_id: OfferId
    made_at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeadlineMoved(BookingFact):
    """The occasion was moved to an earlier time, and with it the last moment to answer."""

    offer_id: OfferId
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExpired(BookingFact):
    """Nobody answered in time: the party has left the line. Final.

    `passed_on`: in the same breath somebody else was offered places.
    """

    offer_id: OfferId
    passed_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeclined(BookingFact):
    """The party said no and has left the line. Final. `passed_on` as for one that expired."""

    offer_id: OfferId
    passed_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingUnserved(BookingFact):
    """The party waited until no place could be given any more, and has left the line. Final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCancelled(BookingFact):
    """The party has left; `was` is what it had. `occasion_cancelled`: so has everybody.

    Final unless staff take it back: `joined` and `overtaken` are its turn in the line, to that end.
    """

    reason: str
    was: PlaceState
    joined: int = 0
    overtaken: int = 0
    occasion_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMoved(BookingFact):
    """From one occasion to another (`occasion_id`) in one step; `position` only when it waits."""

    from_occasion_id: OccasionId
    state: PlaceState
    position: int | None
    larger_than_room: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOrPlaceChanged(BookingFact):
    """The occasion of a booking has another time or room than `before`; the booking stands."""

    before: OccasionState
    state: PlaceState


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCountChanged(BookingFact):
    """The party is now `size` people."""

    size_before: int
    state: PlaceState
    larger_than_room: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LargerThanRoomChanged(BookingFact):
    """A new capacity made a waiting party larger than the room, or no longer so."""

    larger_than_room: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMoved(BookingFact):
    """Staff moved the party in the line. Positions count from 1 among those who wait."""

    from_position: int
    to_position: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(BookingFact):
    """So many came; a later record replaces it."""

    pupils: int
    adults: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceTakenBack(BookingFact):
    """What was counted was a mistake: nobody has counted the party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAsked(BookingFact):
    """Staff want the party reminded on `day`, as the calendar stands where the occasion is."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionPublished(Fact):
    """A new occasion can be booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionChanged(Fact):
    """`changed` names the occasion's fields that have new values."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionCancelled(Fact):
    """The occasion will not take place; each living party is told by a fact of its own."""

    reason: str
