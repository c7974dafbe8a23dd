"""What somebody sees of a case: where it stands, what waits, and what was done to it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

from services.mentoring.domain.access import Granted
from services.mentoring.domain.break_glass import live_glass
from services.mentoring.domain.case import BreakGlass, Case
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.domain.step_groups import GROUP_OF_STEP, shown_of
from services.mentoring.domain.waiting import Wait, waits
from services.mentoring.policy import Possible, possible, readable, reads
from services.mentoring.use_cases.disclosing import Disclosing
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """A case as somebody may see it now, and what they are to it.

    The rest is worked out when it is asked for: a list asks it of few of the cases that it counts.
    """

    case: Case
    now: datetime
    actor: Actor
    relations: frozenset[str]

    @classmethod
    def by(cls, actor: Actor, case: Case, granted: Granted, now: datetime) -> Seen:
        """As somebody who was let near it may see it now."""
        return cls(case, now, actor, frozenset(granted.relations - {"none"}))

    @cached_property
    def groups(self) -> Container[FieldGroup]:
        """What they read whole: the policy is asked of a group when somebody wants to know."""
        return _Readable(self.case, self.now, self.actor)

    @cached_property
    def waits(self) -> tuple[Wait, ...]:
        """What waits, of what they may read."""
        return waits(self.case, self.groups, self.now)

    @property
    def own_glass(self) -> BreakGlass | None:
        """The emergency access that they hold."""
        return live_glass(self.case, Username(self.actor.username), self.now)

    def of(self, group: FieldGroup, value: T) -> T | None:
        """What belongs to a field group, or None where that is not theirs to read."""
        return value if group in self.groups else None


@dataclass(frozen=True)
class _Readable:
    case: Case
    now: datetime
    actor: Actor
    known: dict[object, bool] = field(default_factory=dict)

    def __contains__(self, group: object) -> bool:
        found = self.known.get(group)
        if found is None:
            found = self.known[group] = reads(
                self.case, self.actor, self.now, cast("FieldGroup", group)
            )
        return found


class Steps(Protocol):
    """A case's own history."""

    async def of_case(
        self,
        case_id: str,
        *,
        without: Sequence[str],
        newest_first: bool = False,
        by: Actor,
        limit: int,
        offset: int,
    ) -> Sealed[tuple[list[Any], int]]:
        """A page in order, and how many there are; `without` steps of these kinds."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case's history; `what` are the codes, ids and days of it that may be shown."""

    sequence: int
    kind: str
    group: FieldGroup
    by: str
    at: datetime
    what: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any], groups: frozenset[FieldGroup]) -> Step:
        """From what was kept, for whoever may read these groups."""
        kind, fact = document["kind"], document["fact"]
        what = {
            name: fact[name]
            for name, group in shown_of(kind).items()
            if group in groups and fact.get(name) is not None
        }
        return cls(
            document["sequence"], kind, GROUP_OF_STEP[kind], document["by"], document["at"], what
        )


@dataclass(frozen=True, slots=True)
class SeeCase:
    """One case: its phase, its circle and its deadlines. Texts and the person are apart.

    What belongs to a field group that you may not read is null.
    """

    disclosing: Disclosing

    async def __call__(self, case_id: CaseId, *, by: Actor) -> tuple[Seen, Possible]:
        """And what they may do. Raises NotFound for a stranger, as for an unknown case."""
        async with self.disclosing.reading(case_id, "overview", by=by) as (inside, reading):
            seen = Seen.by(by, inside.case, inside.granted, inside.now)
            may = possible(inside.case, by, inside.now)
            return await reading.open(Sealed((seen, may), subjects=[case_id], fields=["overview"]))


@dataclass(frozen=True, slots=True)
class SeeSteps:
    """What was done to the case, by whom and when, as far as you may read what it is about.

    Oldest first, or newest first when you ask for it.
    """

    disclosing: Disclosing
    steps: Steps

    async def __call__(
        self, case_id: CaseId, *, newest_first: bool, by: Actor, limit: int, offset: int
    ) -> tuple[list[Step], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "overview", by=by) as (inside, reading):
            seen = readable(inside.case, by, inside.now)
            kinds = [kind for kind, group in GROUP_OF_STEP.items() if group not in seen]
            sealed = await self.steps.of_case(
                case_id,
                without=kinds,
                newest_first=newest_first,
                by=by,
                limit=limit,
                offset=offset,
            )
            found, total = await reading.open(sealed)
        return [Step.of(each, seen) for each in found], total
