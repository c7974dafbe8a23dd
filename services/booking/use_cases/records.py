"""What is kept of a booking besides its standing on the occasion. No name and no address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.booking.domain.attendance_figures import Figures
from services.booking.domain.party import Party
from services.booking.domain.place import PlaceState
from services.booking.domain.quarter import Quarter
from shared.kernel.ids import BookingId, OccasionId, OfferId, RecipientId

BookingState = Literal[
    "confirmed", "waiting", "offered", "cancelled", "declined", "expired", "unserved"
]
LIVING: tuple[BookingState, ...] = ("confirmed", "waiting", "offered")


@dataclass(frozen=True, slots=True)
class Stood:
    """What a party had when it cancelled, and its turn in the line (see `Place`)."""

    state: PlaceState
    joined: int
    overtaken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRecord:
    """A booking as it is stored. `state` and `sequence` mirror the occasion's place, or the end.

    `link_hash` is the SHA-256 of the link secret; `fingerprint` the keyed one of an imported row;
    `needs` and `ended_because` (staff's words) ciphertext under the recipient's own key; `offer_id`
    the last offer made to it; `stood` is there once it is cancelled.
    """

    id: BookingId
    recipient_id: RecipientId
    occasion_id: OccasionId
    party: Party
    state: BookingState
    sequence: int
    link_hash: str
    created_at: datetime
    flags: tuple[str, ...] = ()
    fingerprint: str | None = None
    needs: Mapping[str, bytes] | None = field(default=None, repr=False)
    ended_because: Mapping[str, bytes] | None = field(default=None, repr=False)
    offer_id: OfferId | None = None
    stood: Stood | None = None

    @property
    def is_living(self) -> bool:
        """Whether it has places, an offer or a turn in the line."""
        return self.state in LIVING


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBooking:
    """What a new booking will be stored with, once the occasion has decided about it."""

    id: BookingId
    recipient_id: RecipientId
    party: Party
    link_hash: str
    created_at: datetime
    flags: tuple[str, ...] = ()
    fingerprint: str | None = None
    needs: Mapping[str, bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMove:
    """Staff moved a party in the line: who, where, and why. Kept for good.

    `reason` is ciphertext under the recipient's own key, readable for as long as that key lives.
    """

    occasion_id: OccasionId
    booking_id: BookingId
    recipient_id: RecipientId
    from_position: int
    to_position: int
    reason: Mapping[str, bytes] = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """What became of a request for a room that came by event: the hold is like any other.

    One that is `released` before it was heard of stays so. `version` is the one that was seen.
    """

    id: str
    state: Literal["held", "refused", "released"]
    hold_id: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """Who came in a quarter, as it was published and stays."""

    quarter: Quarter
    kinds: Figures
    at: datetime
