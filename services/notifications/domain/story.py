"""A booking's, or a meeting's, story as it was told: a set of events, in whatever order they came.

Everything that follows from it (state, reminders, live offer, which messages have become pointless)
is a function of the set, so that repeats and late arrivals end in the same place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.notifications.domain.occasion import Occasion
from services.notifications.domain.recipient_card import Recipient

BookingState = Literal["confirmed", "waiting", "offered", "cancelled", "unserved"]

CONFIRMED, WAITLISTED, CANCELLED = "booking-confirmed", "booking-waitlisted", "booking-cancelled"
MOVED, HEAD_COUNT, OFFERED = "booking-moved", "head-count-changed", "place-offered"
EXPIRED, DECLINED, REFUSED = "offer-expired", "offer-declined", "answer-refused"
UNSERVED = "booking-unserved"
MEETING, MEETING_MOVED = "meeting-scheduled", "meeting-moved"
MEETING_CANCELLED = "meeting-cancelled"

_AFTER_PLACES = frozenset({CANCELLED, MOVED, CONFIRMED, WAITLISTED, UNSERVED})
POINTLESS_AFTER: dict[str, frozenset[str]] = {
    CONFIRMED: _AFTER_PLACES | {HEAD_COUNT},
    WAITLISTED: _AFTER_PLACES | {OFFERED, HEAD_COUNT},
    CANCELLED: frozenset({CONFIRMED, WAITLISTED}),  # staff took it back
    UNSERVED: frozenset(),
    MOVED: _AFTER_PLACES,
    HEAD_COUNT: _AFTER_PLACES | {HEAD_COUNT},
    OFFERED: _AFTER_PLACES | {OFFERED, EXPIRED, DECLINED},
    EXPIRED: _AFTER_PLACES | {OFFERED},
    DECLINED: _AFTER_PLACES | {OFFERED},
    REFUSED: frozenset({CONFIRMED, OFFERED}),
    MEETING: frozenset({MEETING_MOVED, MEETING_CANCELLED}),
    MEETING_MOVED: frozenset({MEETING_MOVED, MEETING_CANCELLED}),
    MEETING_CANCELLED: frozenset(),
}
"""What each event's message need not say any more once one of these came after it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a booking, as far as people are told of it."""

    event_id: str
    sequence: int
    name: str
    occasion: Occasion
    size: int
    state: BookingState | None = None
    offer_id: str | None = None
    deadline: datetime | None = None
    position: int | None = None
    larger_than_room: bool = False
    reason: str | None = None
    was: str | None = None
    before: Occasion | None = None
    passed_on: bool = False

    @property
    def place(self) -> tuple[int, str]:
        """Its place in the story; event ids break ties, as they are ordered in time."""
        return (self.sequence, self.event_id)


@dataclass(frozen=True, slots=True)
class Offer:
    """A live offer: what a yes or no is about."""

    id: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """All that was told of one booking, in its own order."""

    booking_id: str
    recipient: Recipient
    told: tuple[Told, ...] = ()

    def with_(self, event: Told) -> Story:
        """The story and one event more; one that it has changes nothing."""
        if any(known.event_id == event.event_id for known in self.told):
            return self
        return replace(self, told=tuple(sorted((*self.told, event), key=lambda t: t.place)))

    def pointless(self, event: Told) -> bool:
        """Whether something told after it makes its message needless."""
        ends = POINTLESS_AFTER[event.name]
        return any(later.place > event.place and later.name in ends for later in self.told)

    @property
    def newest(self) -> Told:
        """The last word on occasion and size."""
        return self.told[-1]

    @property
    def state(self) -> BookingState:
        """The last word on the state. An answer refused says nothing of it."""
        said = [event.state for event in self.told if event.state is not None]
        return said[-1] if said else "waiting"

    @property
    def expected_at(self) -> Occasion | None:
        """The occasion that the party has places on, if any."""
        return self.newest.occasion if self.state == "confirmed" else None

    @property
    def live_offer(self) -> Offer | None:
        """The offer that is still to be answered, if any."""
        for event in reversed(self.told):
            if event.name == OFFERED and event.offer_id and event.deadline:
                return None if self._closed(event) else Offer(event.offer_id, event.deadline)
        return None

    def offered_at(self, offer_id: str | None) -> Occasion | None:
        """The occasion that an offer was about, as it last was while the offer stood.

        A booking that was moved since is about another one. None for an offer not heard of.
        """
        found: Occasion | None = None
        stands = False
        for event in self.told:
            if event.name == OFFERED and event.offer_id == offer_id:
                found, stands = event.occasion, True
            elif stands and event.name == MOVED and event.state == "offered":
                found = event.occasion
            elif event.name in POINTLESS_AFTER[OFFERED]:
                stands = False
        return found

    def _closed(self, offered: Told) -> bool:
        """An occasion's new time or room makes the offer's message old, and leaves the offer."""
        later = (told for told in self.told if told.place > offered.place)
        ends = POINTLESS_AFTER[OFFERED]
        return any(told.name in ends and told.state != "offered" for told in later)


def template_for(event: Told) -> str:
    """The template that tells of an event."""
    if event.name == WAITLISTED and event.larger_than_room:
        return "waitlisted-larger-than-room"
    if event.name == CANCELLED and event.reason == "occasion-cancelled":
        return "occasion-cancelled"
    return _TEMPLATES[event.name]


_TEMPLATES = {
    CONFIRMED: "confirmed",
    WAITLISTED: "waitlisted",
    CANCELLED: "cancelled",
    MOVED: "moved",
    HEAD_COUNT: "head-count-changed",
    OFFERED: "offer",
    EXPIRED: "offer-expired",
    DECLINED: "offer-declined",
    UNSERVED: "unserved",
    REFUSED: "answer-refused",
    MEETING: "meeting-scheduled",
    MEETING_MOVED: "meeting-moved",
    MEETING_CANCELLED: "meeting-cancelled",
}
