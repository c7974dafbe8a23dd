"""Statistics for funders: looked at, and published once a quarter is over. Nobody can be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from services.mentoring.domain.days import day_of
from services.mentoring.domain.statistics import BASE, LEAST, Tables, Tally, is_over, tables_of
from services.mentoring.use_cases.ports import Ledger, Saving
from shared.contracts.event import News
from shared.contracts.mentoring import StatisticsPublished
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, Refusal, VersionConflict
from shared.observability.cause import current_cause

A = TypeVar("A")
STATISTICS = "statistics"


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


class Statistics(Protocol):
    """Tallies, and what was published of them."""

    async def tallies(self, quarter: str, *, by: Actor) -> Sequence[Tally]:
        """All of a quarter."""
        ...

    async def published(self, quarter: str, *, by: Actor) -> Tables:
        """What was published; raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class PublishStatistics:
    """Publish the figures of a quarter that is over: small groups hidden, the rest rounded."""

    statistics: Statistics
    ledger: Ledger
    clock: Clock

    async def __call__(
        self, quarter: str, *, by: Actor, once: Any, present: Callable[[Tables], A]
    ) -> A:
        """Raises QuarterNotOver, QuarterIsPublished."""
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        if not is_over(quarter, day_of(self.clock.now())):
            raise QuarterNotOver
        tables = tables_of(await self.statistics.tallies(quarter, by=by))
        data = StatisticsPublished(
            period=quarter,
            tables={name: dict(rows) for name, rows in tables.items()},
            rounded_to=BASE,
            least_shown=LEAST,
        )
        answer = present(tables)
        document = {"_id": quarter, "tables": {n: dict(rows) for n, rows in tables.items()}}
        saving = Saving(
            inserts=[(STATISTICS, document)],
            told=[News(data, subject=quarter, sequence=1, fresh_trace=True)],
            cause=current_cause(),
        )
        if once is not None:
            saving.once = [(once, answer)]
        try:
            await self.ledger.save(saving)
        except VersionConflict as error:
            raise QuarterIsPublished from error
        return answer


@dataclass(frozen=True, slots=True)
class SeeStatistics:
    """The figures of a quarter as they were published. Others are shown to nobody."""

    statistics: Statistics

    async def __call__(self, quarter: str, *, by: Actor) -> Tables:
        """Raises NotFound for a quarter that is not published."""
        tables = await self.statistics.published(quarter, by=by)
        if not tables:
            raise NotFound
        return tables
