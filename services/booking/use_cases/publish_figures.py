"""Who came, in figures for funders: looked at, and published once a quarter is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.booking.domain.attendance_figures import Came, figures_of
from services.booking.domain.quarter import Quarter, quarter_of
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.ports import Saving
from services.booking.use_cases.records import PublishedFigures
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, Refusal

A = TypeVar("A")
BACK = 8
"""So many quarters that are over can be looked at in one list."""


class QuarterNotOver(Refusal):
    """Only a quarter that has ended is published."""

    kind = "quarter-not-over"
    sv = "Kvartalet är inte slut än. Siffrorna ges ut när det är över."
    en = "The quarter is not over yet. The figures are published when it is."


class QuarterIsPublished(Refusal):
    """A quarter is published once: two versions could be subtracted from each other."""

    kind = "quarter-is-published"
    sv = "Kvartalets siffror är redan utgivna och ändras inte."
    en = "The figures of the quarter are published already and do not change."


@dataclass(frozen=True, slots=True)
class Attended:
    """All who came in a quarter, alike ones together, and to how many occasions of each kind."""

    came: Sequence[Came]
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """A quarter in the list. `uncounted` occasions had bookings, and nobody counted who came."""

    quarter: Quarter
    counted: int
    uncounted: int
    published: PublishedFigures | None


class AttendanceFigures(Protocol):
    """What was counted, and what was published of it."""

    async def attended(self, quarter: Quarter, *, by: Actor) -> Attended:
        """Everybody who came to what was not cancelled."""
        ...

    async def occasions(
        self, first: datetime, end: datetime, *, by: Actor
    ) -> Sequence[tuple[datetime, bool]]:
        """When each occasion with places started, and whether anybody of it is counted."""
        ...

    async def published(
        self, quarters: Sequence[Quarter], *, by: Actor
    ) -> Mapping[Quarter, PublishedFigures]:
        """Those that are published."""
        ...


@dataclass(frozen=True, slots=True)
class PublishFigures:
    """Publish who came in a quarter that is over: small groups hidden, the rest rounded, for good.

    What is counted afterwards is in no figures: count first, publish then.
    """

    figures: AttendanceFigures
    decisions: Decisions
    clock: Clock

    async def __call__(
        self, quarter: Quarter, *, by: Actor, once: Any, present: Callable[[PublishedFigures], A]
    ) -> A:
        """Raises QuarterNotOver, QuarterIsPublished."""
        now = self.clock.now()

        async def make() -> tuple[Saving, A]:
            if quarter >= quarter_of(now):
                raise QuarterNotOver
            if await self.figures.published([quarter], by=by):
                raise QuarterIsPublished
            found = await self.figures.attended(quarter, by=by)
            made = PublishedFigures(quarter, figures_of(found.came, found.held), now)
            return Saving(figures=[made]), present(made)

        return await self.decisions.save_made(make, once)


@dataclass(frozen=True, slots=True)
class SeeFigures:
    """Who came in a quarter, as it was published. Other figures are shown to nobody."""

    figures: AttendanceFigures
    clock: Clock

    async def __call__(self, quarter: Quarter, *, by: Actor) -> PublishedFigures:
        """Raises NotFound for a quarter that is not published."""
        found = await self.figures.published([quarter], by=by)
        if quarter not in found:
            raise NotFound
        return found[quarter]

    async def quarters(self, *, by: Actor) -> list[QuarterLine]:
        """The eight that ended last, the newest first."""
        now = quarter_of(self.clock.now())
        wanted = [now.later(-back) for back in range(1, BACK + 1)]
        published = await self.figures.published(wanted, by=by)
        occasions = await self.figures.occasions(wanted[-1].begins, now.begins, by=by)
        return [_line(each, occasions, published.get(each)) for each in wanted]


def _line(
    quarter: Quarter,
    occasions: Sequence[tuple[datetime, bool]],
    published: PublishedFigures | None,
) -> QuarterLine:
    within = [is_counted for at, is_counted in occasions if quarter.begins <= at < quarter.ends]
    return QuarterLine(quarter, within.count(True), within.count(False), published)
