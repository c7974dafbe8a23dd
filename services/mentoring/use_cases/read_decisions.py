"""What was written when something was decided: for whoever decides next, or judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.mentoring.domain.case import BreakGlass, Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.records import Opened, Some, Writing
from shared.kernel.actor import Actor

MOST = 500
"""How many emergency accesses of a case are read at once: each has two texts at most."""


@dataclass(frozen=True, slots=True, repr=False)
class GlassSeen:
    """An emergency access, why in words, and the words of its judgement once there is one."""

    glass: BreakGlass
    text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ReadGlasses:
    """The emergency accesses to a case: by whom, why and for how long, and how each was judged."""

    disclosing: Disclosing
    words: Writing

    async def __call__(self, case_id: CaseId, *, by: Actor) -> Sequence[GlassSeen]:
        """Oldest first. Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "access-log", by=by) as (inside, reading):
            some = await reading.open(await self.words.of_case(case_id, by=by, limit=MOST))
        texts = {_about(each): each.words["text"] for each in some.items}
        return [
            GlassSeen(
                glass,
                texts.get(("reason", glass.id), ""),
                texts.get(("review", glass.id), ""),
            )
            for glass in inside.case.glasses
        ]


@dataclass(frozen=True, slots=True)
class ReadClosure:
    """How the case is to be closed, or was: what was proposed, and each time in words why."""

    disclosing: Disclosing
    words: Writing

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Case, Some]:
        """The texts newest last. Raises NotFound for a stranger."""
        async with self.disclosing.reading(case_id, "closure", by=by) as (inside, reading):
            sealed = await self.words.of_case(case_id, by=by, limit=limit, offset=offset)
            some = await reading.open(sealed)
        return inside.case, some


@dataclass(frozen=True, slots=True)
class ReadWords:
    """What was written, oldest first; only your own when no more was shown to you."""

    disclosing: Disclosing
    words: Writing
    group: FieldGroup

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Opened], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, self.group, by=by) as (inside, reading):
            sealed = await self.words.of_case(
                case_id, by=by, limit=limit, offset=offset, **inside.only()
            )
            some = await reading.open(sealed)
        return some.items, some.total


def _about(opened: Opened) -> tuple[str, str]:
    """The reason of an emergency access has its id; what was said of it later names it."""
    facts: Mapping[str, str] = opened.facts
    return facts["part"], facts.get("glass_id", opened.id)
