"""One occasion told as a story: somebody does something, and the facts of it come back."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.booking.domain.changing import Changes
from services.booking.domain.facts import BookingCancelled, Fact
from services.booking.domain.occasion import Decided, Occasion
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.place import Attendance, Place
from services.booking.domain.publishing import publish
from services.booking.domain.requesting import WhenFull
from shared.kernel.ids import ActivityId, BookingId, OccasionId, OfferId, RecipientId

GOOD_FRIDAY, EASTER_MONDAY = date(2027, 3, 26), date(2027, 3, 29)
OFFICE = OfficeCalendar(closed=frozenset({GOOD_FRIDAY, EASTER_MONDAY}))


def utc(text: str) -> datetime:
    """An instant, written without its zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def published(name: str = "occasion", **values: Any) -> Decided:
    """An occasion on Thursday 22 April 2027 at 10 in Malmö, with 30 places."""
    given: dict[str, Any] = {
        "activity_id": ActivityId("activity"),
        "title": "Demokrativerkstad åk 7–9",
        "kind": "workshop",
        "audience": "skolklass",
        "starts_local": datetime.fromisoformat("2027-04-22T10:00"),
        "zone": "Europe/Stockholm",
        "minutes": 90,
        "room": "Sal 1",
        "capacity": 30,
    }
    return publish(OccasionId(name), **(given | values))


class Story:
    """Begins on Monday 5 April 2027 at 09:00 in Malmö."""

    def __init__(self, capacity: int = 30, name: str = "occasion") -> None:
        self.occasion: Occasion
        self.occasion, _ = published(name, capacity=capacity)
        self.now = utc("2027-04-05T07:00")
        self._offers = itertools.count(1)

    @property
    def given(self) -> dict[str, Any]:
        """What each decision is given from outside."""
        return {
            "now": self.now,
            "office": OFFICE,
            "offer_ids": lambda: f"{self.occasion.id}-offer-{next(self._offers)}",
        }

    def ask(self, who: str, size: int, when_full: WhenFull = "wait") -> tuple[Fact, ...]:
        return self._then(
            self.occasion.request(
                BookingId(who), RecipientId(who), size, when_full=when_full, **self.given
            )
        )

    def ask_in_turn(self, **sizes: int) -> None:
        for who, size in sizes.items():
            self.ask(who, size)

    def accept(self, who: str) -> tuple[Fact, ...]:
        return self.answer(self.offer_of(who), yes=True)

    def decline(self, who: str) -> tuple[Fact, ...]:
        return self.answer(self.offer_of(who), yes=False)

    def answer(self, offer_id: str, *, yes: bool) -> tuple[Fact, ...]:
        reply = self.occasion.accept if yes else self.occasion.decline
        return self._then(reply(OfferId(offer_id), **self.given))

    def cancel(self, who: str) -> tuple[Fact, ...]:
        return self._then(self.occasion.cancel(BookingId(who), "by-participant", **self.given))

    def resize(self, who: str, size: int) -> tuple[Fact, ...]:
        return self._then(self.occasion.change_head_count(BookingId(who), size, **self.given))

    def change(self, **values: Any) -> tuple[Fact, ...]:
        return self._then(self.occasion.change(Changes(**values), **self.given))

    def put(self, who: str, position: int, reason: str = "rullstol") -> tuple[Fact, ...]:
        return self._then(
            self.occasion.move_in_line(
                BookingId(who), position, reason=reason, by="leyla", **self.given
            )
        )

    def call_off(self, reason: str = "Ledaren är sjuk.") -> tuple[Fact, ...]:
        return self._then(self.occasion.cancel_occasion(reason, **self.given))

    def count(self, who: str, pupils: int, adults: int) -> tuple[Fact, ...]:
        came = Attendance(pupils, adults)
        return self._then(self.occasion.record_attendance(BookingId(who), came, **self.given))

    def uncount(self, who: str) -> tuple[Fact, ...]:
        return self._then(self.occasion.record_attendance(BookingId(who), None, **self.given))

    def bring_back(self, left: Place) -> tuple[Fact, ...]:
        return self._then(self.occasion.reinstate(left, **self.given))

    def remind(self, who: str) -> tuple[Fact, ...]:
        return self._then(self.occasion.remind(BookingId(who), **self.given))

    def settle(self) -> tuple[Fact, ...]:
        return self._then(self.occasion.settle(**self.given))

    def wait(self, **duration: int) -> None:
        self.now += timedelta(**duration)

    def wait_until_before_start(self, **duration: int) -> None:
        self.now = self.occasion.starts_at - timedelta(**duration)

    def place(self, who: str) -> Place:
        return self.occasion.place_of(BookingId(who))

    def states(self, *who: str) -> list[str]:
        return [self.place(each).state for each in who]

    def line(self) -> list[str]:
        return [place.booking_id for place in self.occasion.line()]

    def offer_of(self, who: str) -> str:
        offer = self.place(who).offer
        assert offer is not None
        return offer.offer_id

    def deadline_of(self, who: str) -> datetime:
        offer = self.place(who).offer
        assert offer is not None
        return offer.deadline

    def _then(self, decided: Decided) -> tuple[Fact, ...]:
        self.occasion, facts = decided
        return facts


def as_it_was(gone: BookingCancelled) -> Place:
    """The place of a party that cancelled, with the number that its end has."""
    return Place(
        gone.booking_id,
        gone.recipient_id,
        gone.size,
        gone.was,
        joined=gone.joined,
        overtaken=gone.overtaken,
        sequence=gone.sequence,
    )


def names(facts: Iterable[Fact]) -> list[str]:
    """What happened, in order, by the facts' names."""
    return [type(fact).__name__ for fact in facts]
