"""One party's standing on an occasion: a confirmed place, a turn in the line, or an open offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.kernel.ids import BookingId, OfferId, RecipientId

PlaceState = Literal["confirmed", "waiting", "offered"]
OfferEnd = Literal["expired", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A hold on places for a party from the line; dead from `deadline` on, whoever looks."""

    offer_id: OfferId
    made_at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class EndedOffer:
    """An offer that can no longer be taken, kept so that a late answer gets the right words."""

    offer_id: OfferId
    end: OfferEnd


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many came."""

    pupils: int
    adults: int


@dataclass(frozen=True, slots=True)
class Place:
    """A living party. `size` in people; `joined` orders the line, lowest first.

    `overtaken` counts later parties that were granted places while this one waited and did not
    fit. `offer` is the open offer, or the one that the party was confirmed through. `sequence`
    is the number of the last fact told about the booking; `reminded` the last day on which staff
    asked for a reminder.
    """

    booking_id: BookingId
    recipient_id: RecipientId
    size: int
    state: PlaceState
    joined: int
    overtaken: int = 0
    offer: Offer | None = None
    sequence: int = 0
    flags: tuple[str, ...] = ()
    attended: Attendance | None = None
    reminded: date | None = None
