"""A second book, kept from the facts alone: what the occasion ought to be if its facts are true.

It shares no code with the rules. It knows who has which places, the order of the line and how often
each one was overtaken, and says so with an AssertionError when a fact cannot be true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from services.booking.domain import facts as f
from services.booking.domain.occasion import Occasion

MOST_TIMES_OVERTAKEN = 3
TIME_AND_PLACE = {"starts_local", "zone", "minutes", "room"}
ENDED = ("cancelled", "declined", "expired", "unserved")


@dataclass
class Party:
    """What the second book knows of one booking."""

    occasion: str
    size: int
    state: str
    sequence: int = 0
    overtaken: int = 0
    offers: list[str] = field(default_factory=list)


class SecondBook:
    """Follows the facts of several occasions."""

    def __init__(self) -> None:
        self.parties: dict[str, Party] = {}
        self.lines: dict[str, list[str]] = {}
        self.capacity: dict[str, int] = {}
        self.sequence: dict[str, int] = {}
        self.starts: dict[str, datetime] = {}

    def open(self, occasion: Occasion) -> None:
        """Begin to follow an occasion that was just published."""
        self.capacity[occasion.id], self.lines[occasion.id] = occasion.capacity, []
        self.sequence[occasion.id] = occasion.sequence
        self.starts[occasion.id] = occasion.starts_at

    def follow(
        self,
        happened: tuple[f.Fact, ...],
        occasions: dict[str, Occasion],
        in_last_days: Callable[[datetime], bool],
    ) -> None:
        """Take in the facts of one decision, in their order; what is told before a new time too."""
        for fact in happened:
            if isinstance(fact, f.BookingFact):
                self._follow_booking(fact, in_last_days)
            else:
                assert fact.sequence == self.sequence[fact.occasion_id] + 1
                self.sequence[fact.occasion_id] = fact.sequence
                self.capacity[fact.occasion_id] = occasions[fact.occasion_id].capacity
                self.starts[fact.occasion_id] = occasions[fact.occasion_id].starts_at
        self._everybody_knows_when_and_where(happened)
        _passed_on_is_true(happened)

    def living(self, occasion_id: str) -> dict[str, Party]:
        """The parties that stand on an occasion."""
        alive = ("confirmed", "waiting", "offered")
        return {
            booking: party
            for booking, party in self.parties.items()
            if party.occasion == occasion_id and party.state in alive
        }

    def free(self, occasion_id: str) -> int:
        """Places that nobody has or holds."""
        living = self.living(occasion_id).values()
        held = sum(party.size for party in living if party.state != "waiting")
        return self.capacity[occasion_id] - held

    def _everybody_knows_when_and_where(self, happened: tuple[f.Fact, ...]) -> None:
        changed = {
            fact.occasion_id
            for fact in happened
            if isinstance(fact, f.OccasionChanged) and TIME_AND_PLACE & set(fact.changed)
        }
        told = [fact.booking_id for fact in happened if isinstance(fact, f.TimeOrPlaceChanged)]
        living = [booking for occasion in changed for booking in self.living(occasion)]
        assert sorted(told) == sorted(living), "another time or room is told to each, once"

    def _follow_booking(
        self, fact: f.BookingFact, in_last_days: Callable[[datetime], bool]
    ) -> None:
        new = fact.booking_id not in self.parties
        if new:
            assert isinstance(fact, f.BookingConfirmed | f.BookingWaitlisted)
            self.parties[fact.booking_id] = Party(fact.occasion_id, fact.size, "asked")
        party = self.parties[fact.booking_id]
        assert fact.sequence == party.sequence + 1, "a booking's sequence rises by one"
        came_back = isinstance(fact, f.BookingConfirmed | f.BookingWaitlisted)
        if party.state in ENDED:
            assert came_back, "a final fact is final"
            assert party.state == "cancelled", "only a cancellation is taken back"
        party.sequence = fact.sequence
        for overtaken in self._overtaken_by(fact, party):
            other = self.parties[overtaken]
            other.overtaken += 1
            may_be = in_last_days(self.starts[fact.occasion_id])
            assert other.overtaken <= MOST_TIMES_OVERTAKEN or may_be, (
                "nobody is overtaken more than three times outside the last days"
            )
        self._change(fact, party)

    def _overtaken_by(self, fact: f.BookingFact, party: Party) -> list[str]:
        line = self.lines[fact.occasion_id]
        match fact:
            case f.PlaceOffered():
                ahead = line[: line.index(fact.booking_id)]
            case f.BookingConfirmed(offer_id=None):
                ahead = line
            case f.BookingMoved(state="confirmed"):
                ahead = line
            case f.HeadCountChanged() if party.state != "waiting" and fact.size > party.size:
                ahead = line
            case _:
                ahead = []
        free = self.free(fact.occasion_id)
        capacity = self.capacity[fact.occasion_id]
        return [other for other in ahead if free < self.parties[other].size <= capacity]

    def _change(self, fact: f.BookingFact, party: Party) -> None:
        line = self.lines[fact.occasion_id]
        match fact:
            case f.BookingConfirmed():
                party.state = "confirmed"
            case f.BookingWaitlisted(position=position):
                back = party.state == "cancelled"
                assert back or position == len(line) + 1, "a new party stands last"
                line.insert(position - 1, fact.booking_id)
                party.state = "waiting"
            case f.PlaceOffered(offer_id=offer_id):
                line.remove(fact.booking_id)
                party.offers.append(offer_id)
                party.state = "offered"
            case f.BookingCancelled(was=was):
                assert party.state == was
                self._leave_line(fact.booking_id, party)
                party.state = "cancelled"
            case f.OfferExpired():
                party.state = "expired"
            case f.OfferDeclined():
                party.state = "declined"
            case f.BookingUnserved():
                assert party.state == "waiting", "only who waits can wait in vain"
                self._leave_line(fact.booking_id, party)
                party.state = "unserved"
            case _:
                self._change_standing(fact, party, line)

    def _change_standing(self, fact: f.BookingFact, party: Party, line: list[str]) -> None:
        match fact:
            case f.LineMoved(from_position=before, to_position=after):
                assert line.pop(before - 1) == fact.booking_id
                line.insert(after - 1, fact.booking_id)
            case f.TimeOrPlaceChanged(state=state):
                assert party.state == state
            case f.HeadCountChanged(size_before=before):
                assert party.size == before
                party.size = fact.size
            case f.BookingMoved(from_occasion_id=source, state=state, position=position):
                assert party.occasion == source
                self._leave_line(fact.booking_id, party)
                party.occasion, party.state, party.overtaken = fact.occasion_id, state, 0
                if state == "waiting":
                    line.append(fact.booking_id)
                    assert position == len(line)

    def _leave_line(self, booking_id: str, party: Party) -> None:
        if party.state == "waiting":
            self.lines[party.occasion].remove(booking_id)


def _passed_on_is_true(happened: tuple[f.Fact, ...]) -> None:
    for at, fact in enumerate(happened):
        if isinstance(fact, f.OfferExpired | f.OfferDeclined):
            offered = any(isinstance(later, f.PlaceOffered) for later in happened[at + 1 :])
            assert offered or not fact.passed_on, "passed on means that somebody was offered it"
