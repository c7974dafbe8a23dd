"""Several wishes about one occasion, decided in order on one loaded aggregate. Pure.

One write then carries all of it: that is why crowding makes booking cheaper (DESIGN §3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from services.booking.domain.facts import Fact
from services.booking.domain.occasion import Occasion, OfferIds
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.party import Party
from services.booking.domain.room_day import DayKey, RoomDay
from services.booking.use_cases.records import LineMove, NewBooking
from shared.contracts.event import News
from shared.kernel.ids import BookingId, OccasionId
from shared.kernel.refusal import Refusal

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a decision is given from outside: the time, the calendar and new offer ids.

    `version_after` is the version that the occasion has once the group is saved; `days` are those
    of rooms that a wish said it touches.
    """

    now: datetime
    office: OfficeCalendar
    offer_ids: OfferIds
    version_after: int = 0
    days: Mapping[DayKey, RoomDay] = field(default_factory=dict)

    def given(self) -> dict[str, Any]:
        """As the keyword arguments that every decision of the domain takes."""
        return {"now": self.now, "office": self.office, "offer_ids": self.offer_ids}

    def as_saved(self, before: Occasion, after: Occasion) -> Occasion:
        """The occasion with the version that it will have; unchanged ones keep theirs."""
        return after if after is before else replace(after, version=self.version_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Generic[R]):
    """One decision: the occasion afterwards, what happened, the answer, and what to keep with it.

    `ends` says why a booking ended, in sealed words; `also` are events that no fact stands
    for (sealed cards, sealed questions).
    """

    occasion: Occasion
    answer: R
    facts: Sequence[Fact] = ()
    new: NewBooking | None = None
    parties: Mapping[BookingId, Party] = field(default_factory=dict)
    ends: Mapping[BookingId, Mapping[str, bytes]] = field(default_factory=dict)
    line_move: LineMove | None = None
    also: Sequence[News] = ()


@dataclass(frozen=True, slots=True)
class Wish(Generic[R]):
    """One member of a group: authorised before it joins. `decide` raises a Refusal or answers.

    `creates` names a booking that is made only once: if it is there, `found` is the answer.
    `once` (an idempotency key with `id` and `fingerprint`) and `cause` (the trace) belong to
    whoever asked and are carried through untouched; an answer kept under a key is given again.
    `touches` says which days of rooms the decision needs, given the occasion as it is.
    """

    decide: Callable[[Occasion, Moment], Taken[R]]
    creates: BookingId | None = None
    found: R | None = None
    once: Any = None
    cause: Any = None
    touches: Callable[[Occasion], Iterable[DayKey]] | None = None


@dataclass(slots=True)
class Decision:
    """What a group came to: the occasion before and after, and each member's outcome in order.

    An outcome is the `Taken`, the refusal, or None where the booking was there already.
    """

    before: Occasion
    after_settling: Occasion
    after: Occasion
    settled: Sequence[Fact]
    outcomes: list[Taken[Any] | Refusal | None]

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to save."""
        return self.after is not self.before

    @property
    def facts(self) -> Iterable[Fact]:
        """Everything that happened, in order."""
        yield from self.settled
        for taken in self.taken:
            yield from taken.facts

    @property
    def taken(self) -> list[Taken[Any]]:
        """The members that got through."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Taken)]


def decide_in_order(
    occasion: Occasion,
    wishes: Sequence[Wish[Any]],
    moment: Moment,
    existing: frozenset[str] = frozenset(),
) -> Decision:
    """Decide one wish after the other; a refusal ends only its own member.

    Time does its work first and is kept even if every wish is refused. `existing` are the ids,
    among those that the wishes would create, of bookings that are there already.
    """
    moment = replace(moment, version_after=occasion.version + 1)
    settled_occasion, settled = occasion.settle(**moment.given())
    after = moment.as_saved(occasion, settled_occasion)
    decision = Decision(occasion, after, after, settled, [])
    made = set(existing)
    for wish in wishes:
        if wish.creates is not None and wish.creates in made:
            decision.outcomes.append(None)
            continue
        try:
            taken = wish.decide(decision.after, moment)
        except Refusal as refusal:
            decision.outcomes.append(refusal)
            continue
        decision.after = moment.as_saved(decision.after, taken.occasion)
        decision.outcomes.append(taken)
        if wish.creates is not None:
            made.add(wish.creates)
    return decision


def occasions_of(*occasions: Occasion) -> dict[OccasionId, Occasion]:
    """By id."""
    return {occasion.id: occasion for occasion in occasions}
