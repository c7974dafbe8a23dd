"""Two occasions, people who book, answer, cancel and move, and a clock that jumps."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.booking.domain.changing import Changes
from services.booking.domain.facts import BookingCancelled, BookingFact, BookingUnserved, Fact
from services.booking.domain.moving import move
from services.booking.domain.occasion import Occasion
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.place import Place
from services.booking.domain.publishing import publish
from shared.kernel.ids import ActivityId, BookingId, OccasionId, OfferId, RecipientId
from shared.kernel.refusal import Refusal
from tests.unit.booking.recount import ENDED, SecondBook
from tests.unit.booking.story import as_it_was

BEGIN = datetime(2027, 3, 12, 8, tzinfo=UTC)
STARTS_LOCAL = datetime.fromisoformat("2027-03-31T10:00")
OFFICE = OfficeCalendar(closed=frozenset({date(2027, 3, 26), date(2027, 3, 29)}))
AGED, LAST_DAYS, OFFERS_STOP = 3, 3, timedelta(hours=2)
A, B = "occasion-a", "occasion-b"

occasions = st.sampled_from([A, A, A, B])
sizes = st.one_of(st.integers(1, 3), st.integers(1, 14))
picks = st.integers(0, 10_000)
whens = st.sampled_from(["wait", "wait", "wait", "refuse"])


class OccasionMachine(RuleBasedStateMachine):
    """Each rule makes one decision; a refusal must leave everything as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.stored: dict[str, Occasion] = {}
        self.book = SecondBook()
        self.asked: set[str] = set()
        self.left: dict[str, BookingCancelled] = {}
        self._numbers = itertools.count(1)

    @initialize(
        first=st.integers(5, 12),
        second=st.integers(4, 30),
        parties=st.lists(sizes, min_size=4, max_size=12),
    )
    def two_occasions_and_a_line(self, first: int, second: int, parties: list[int]) -> None:
        for name, capacity in ((A, first), (B, second)):
            occasion, _ = publish(
                OccasionId(name),
                activity_id=ActivityId("activity"),
                title="Demokrativerkstad",
                kind="workshop",
                audience="skolklass",
                starts_local=STARTS_LOCAL,
                zone="Europe/Stockholm",
                minutes=90,
                room="Sal 1",
                capacity=capacity,
            )
            self.stored[name] = occasion
            self.book.open(occasion)
        for size in parties:
            self.request(where=A, size=size, when_full="wait")

    @rule(where=occasions, size=sizes, when_full=whens)
    def request(self, where: str, size: int, when_full: Any) -> None:
        name = f"booking-{next(self._numbers)}"
        if self._decide(
            where,
            lambda it, **at: it.request(
                BookingId(name), RecipientId(name), size, when_full=when_full, **at
            ),
        ):
            self.asked.add(name)

    @precondition(lambda self: self._offers())
    @rule(pick=picks)
    def accept(self, pick: int) -> None:
        where, offer = self._some_offer(pick)
        self._decide(where, lambda it, **at: it.accept(offer, **at))

    @precondition(lambda self: self._offers())
    @rule(pick=picks)
    def decline(self, pick: int) -> None:
        where, offer = self._some_offer(pick)
        self._decide(where, lambda it, **at: it.decline(offer, **at))

    @precondition(lambda self: self._bookings())
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        where, booking = self._some_booking(pick)
        self._decide(where, lambda it, **at: it.cancel(booking, "participant", **at))

    @precondition(lambda self: self._left())
    @rule(pick=picks)
    def take_a_cancellation_back(self, pick: int) -> None:
        where, place = self._left()[pick % len(self._left())]
        self._decide(where, lambda it, **at: it.reinstate(place, **at))

    @precondition(lambda self: self._bookings())
    @rule(pick=picks, size=sizes)
    def change_head_count(self, pick: int, size: int) -> None:
        where, booking = self._some_booking(pick)
        self._decide(where, lambda it, **at: it.change_head_count(booking, size, **at))

    @rule(where=occasions, by=st.integers(-6, 6))
    def change_capacity(self, where: str, by: int) -> None:
        wanted = self.stored[where].capacity + by
        self._decide(where, lambda it, **at: it.change(Changes(capacity=wanted), **at))

    @rule(where=occasions, days=st.integers(-12, 12))
    def change_time(self, where: str, days: int) -> None:
        wanted = self.stored[where].starts_local + timedelta(days=days)
        self._decide(where, lambda it, **at: it.change(Changes(starts_local=wanted), **at))

    @rule(where=occasions, room=st.sampled_from(["Sal 1", "Sal 2"]))
    def change_room(self, where: str, room: str) -> None:
        self._decide(where, lambda it, **at: it.change(Changes(room=room), **at))

    @precondition(lambda self: self._bookings())
    @rule(pick=picks, position=st.integers(1, 6))
    def move_in_line(self, pick: int, position: int) -> None:
        where, booking = self._some_booking(pick)
        self._decide(
            where,
            lambda it, **at: it.move_in_line(
                booking, position, reason="rullstol", by="coordinator", **at
            ),
        )

    @precondition(lambda self: self._bookings())
    @rule(pick=picks, when_full=whens)
    def move_to_the_other(self, pick: int, when_full: Any) -> None:
        where, booking = self._some_booking(pick)
        target = B if where == A else A
        source, other = self.stored[where], self.stored[target]
        try:
            left, joined, facts = move(source, other, booking, when_full=when_full, **self._at())
        except Refusal:
            return
        self._save({where: left, target: joined}, facts)

    @rule(hours=st.sampled_from([1, 2, 3, 8, 20, 26, 75]))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(where=occasions)
    def the_clockwork_looks(self, where: str) -> None:
        self._decide(where, lambda it, **at: it.settle(**at))

    @precondition(lambda self: self.now < BEGIN + timedelta(days=5))
    @rule(where=occasions, minutes=st.integers(1, 300))
    def time_jumps_to_the_end(self, where: str, minutes: int) -> None:
        self.now = max(self.now, self.stored[where].starts_at - timedelta(minutes=minutes))

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        """Confirmed and live offers never exceed the capacity."""
        for occasion in self._settled():
            held = sum(place.size for place in occasion.places if place.state != "waiting")
            assert held <= occasion.capacity
            for place in occasion.places:
                if place.state == "offered":
                    assert place.offer is not None
                    assert self.now < place.offer.deadline
                    assert place.offer.deadline <= occasion.starts_at - OFFERS_STOP

    @invariant()
    def who_fits_has_an_offer(self) -> None:
        """A party that fits, with no aged party ahead, has an offer while offers are made."""
        for occasion in self._settled():
            if self.now >= occasion.starts_at - OFFERS_STOP:
                continue
            free = occasion.capacity - sum(
                place.size for place in occasion.places if place.state != "waiting"
            )
            for place in self._line(occasion):
                assert place.size > free or place.size > occasion.capacity
                aged = place.overtaken >= AGED and place.size <= occasion.capacity
                if aged and not self._in_last_days(occasion.starts_at):
                    break

    @invariant()
    def nobody_waits_in_vain(self) -> None:
        """Once no offer can be made any more nobody waits; until then the end is looked for."""
        for occasion in self._settled():
            if self.now >= occasion.starts_at - OFFERS_STOP:
                assert not occasion.line()
                assert occasion.settles_at(OFFICE) is None
            elif occasion.line():
                due = occasion.settles_at(OFFICE, after=self.now)
                assert due is not None
                assert due <= occasion.starts_at - OFFERS_STOP

    @invariant()
    def the_second_book_agrees(self) -> None:
        """States, sizes, sequences, line and overtakings are those that the facts tell."""
        for occasion in self.stored.values():
            known = self.book.living(occasion.id)
            assert {
                place.booking_id: (place.size, place.state, place.sequence, place.overtaken)
                for place in occasion.places
            } == {
                name: (party.size, party.state, party.sequence, party.overtaken)
                for name, party in known.items()
            }
            line = [place.booking_id for place in self._line(occasion)]
            assert line == self.book.lines[occasion.id]
            assert occasion.free == self.book.free(occasion.id)
            assert occasion.sequence == self.book.sequence[occasion.id]
            keys = [place.joined for place in occasion.places]
            assert keys == sorted(set(keys))

    @invariant()
    def nobody_is_lost(self) -> None:
        """Whoever asked stands on exactly one occasion, or has been told of the end."""
        standing = [
            place.booking_id for occasion in self.stored.values() for place in occasion.places
        ]
        assert len(standing) == len(set(standing))
        ended = {name for name, party in self.book.parties.items() if party.state in ENDED}
        assert set(standing) | ended == self.asked
        assert not set(standing) & ended

    def _decide(
        self, where: str, decision: Callable[..., tuple[Occasion, tuple[Fact, ...]]]
    ) -> bool:
        before = self.stored[where]
        try:
            after, facts = decision(before, **self._at())
        except Refusal:
            return False
        assert (after is before) == (not facts)
        self._save({where: after}, facts)
        return True

    def _save(self, after: dict[str, Occasion], facts: tuple[Fact, ...]) -> None:
        for fact in facts:
            if isinstance(fact, BookingUnserved):
                ends = self.stored[fact.occasion_id], after[fact.occasion_id]
                assert self.now >= min(it.starts_at for it in ends) - OFFERS_STOP, "sent away early"
            if isinstance(fact, BookingCancelled):
                self.left[fact.booking_id] = fact
            elif isinstance(fact, BookingFact):
                self.left.pop(fact.booking_id, None)
        self.stored |= after
        self.book.follow(facts, self.stored, self._in_last_days)

    def _at(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "office": OFFICE,
            "offer_ids": lambda: f"offer-{next(self._numbers)}",
        }

    def _settled(self) -> list[Occasion]:
        return [occasion.settle(**self._at())[0] for occasion in self.stored.values()]

    def _line(self, occasion: Occasion) -> list[Any]:
        return [place for place in occasion.places if place.state == "waiting"]

    def _in_last_days(self, start: datetime) -> bool:
        return OFFICE.working_days_until(self.now, start) <= LAST_DAYS

    def _bookings(self) -> list[tuple[str, BookingId]]:
        return [(it.id, place.booking_id) for it in self.stored.values() for place in it.places]

    def _left(self) -> list[tuple[str, Place]]:
        """Those who cancelled, as they stood."""
        return [(gone.occasion_id, as_it_was(gone)) for gone in self.left.values()]

    def _offers(self) -> list[tuple[str, OfferId]]:
        """Open offers, those already taken, and the last dead one of each occasion."""
        found: list[tuple[str, OfferId]] = []
        for it in self.stored.values():
            found += [(it.id, place.offer.offer_id) for place in it.places if place.offer]
            found += [(it.id, ended.offer_id) for ended in it.ended_offers[-1:]]
        return found

    def _some_booking(self, pick: int) -> tuple[str, BookingId]:
        bookings = self._bookings()
        return bookings[pick % len(bookings)]

    def _some_offer(self, pick: int) -> tuple[str, OfferId]:
        offers = self._offers()
        return offers[pick % len(offers)]
