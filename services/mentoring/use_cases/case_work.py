"""Changing a case: let in, decide, save if nobody was faster; else load and decide again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from services.mentoring.domain.case import Case, Told
from services.mentoring.domain.facts import Fact
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.meeting_facts import MeetingFact
from services.mentoring.domain.rights import Action, FieldGroup
from services.mentoring.use_cases.attention import Attention
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.meetings_ahead import MeetingsAhead
from services.mentoring.use_cases.ports import Document, Ledger, Saving, Session
from shared.contracts.event import News
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.pauses import Pauses
from shared.kernel.refusal import ChangedElsewhere, TooBusy, VersionConflict
from shared.observability.cause import current_cause

A = TypeVar("A")
TRIES = 24
STEPS = "steps"
"""The collection that tells what happened to a case, step by step, in codes and ids."""


@dataclass(slots=True)
class Change:
    """What a decision does: the case as it is now, what happened, and what is kept beside it.

    `inserts` and `replaces` are (collection, document), see `ports.Saving`. `meeting_facts` are a
    meeting's own: they are no steps of the case, and somebody may have to look at them.
    """

    case: Case
    facts: tuple[Fact, ...] = ()
    inserts: list[tuple[str, Document]] = field(default_factory=list)
    replaces: list[tuple[str, Document]] = field(default_factory=list)
    told: list[News] = field(default_factory=list)
    meeting_facts: tuple[MeetingFact, ...] = ()

    @classmethod
    def of(cls, told: Told) -> Change:
        """A command's outcome, with nothing beside it."""
        case, facts = told
        return cls(case, facts)


Decide = Callable[[LetIn], Awaitable[Change] | Change]
"""From the case as it is now to what becomes of it; asked again when somebody was faster."""


@dataclass(frozen=True, slots=True)
class CaseWork:
    """The one way to change a case."""

    disclosing: Disclosing
    ledger: Ledger
    attention: Attention
    ahead: MeetingsAhead
    clock: Clock

    async def change(
        self,
        case_id: CaseId,
        action: Action,
        decide: Decide,
        *,
        by: Actor,
        present: Callable[[Case], A],
        group: FieldGroup | None = None,
        seen: int | None = None,
        once: Any = None,
    ) -> A:
        """Decide on the case on somebody's behalf, and save it with everything beside it.

        `seen` is the version that the asker decided on; without it the newest is decided on.

        Raises:
            NotFound, Forbidden, AuditUnavailable: see `Disclosing.to_change`.
            ChangedElsewhere: the case is another version than `seen`.
            TooBusy, or what the domain refuses.
        """
        inside = await self.disclosing.to_change(case_id, action, group, by=by)
        pauses = Pauses(0.002, 0.1)
        for _ in range(TRIES):
            kept = await self.ledger.answered(once)
            if kept is not None:
                return cast("A", kept)
            if seen is not None and inside.case.version != seen:
                raise ChangedElsewhere
            change = await _decided(decide, inside)
            answer = present(replace(change.case, version=inside.case.version + 1))
            saving = await self._saving(inside.case, change)
            if once is not None:
                saving.once = [(once, answer)]
            try:
                await self.ledger.save(saving)
            except VersionConflict:
                await pauses.rest()
                inside = await self.disclosing.let_in(case_id, action, group, by=by)
                continue
            return answer
        raise TooBusy

    async def let_time_decide(
        self, case: Case, decide: Callable[[Case, datetime], Told], *, session: Session = None
    ) -> bool:
        """What time alone does to a case; whether it did anything.

        Quiet when somebody was faster, as the clockwork comes again.
        """
        after, facts = decide(case, self.clock.now())
        if after == case:
            return False
        try:
            saving = await self._saving(case, Change(after, facts))
            await self.ledger.save(saving, session=session)
        except VersionConflict:
            return False
        return True

    async def answered(self, once: Any, about: Callable[[A], CaseId], *, by: Actor) -> A | None:
        """The answer that this key already got, for whoever still has the case that it is about.

        Raises as `Disclosing.let_in` does.
        """
        kept = cast("A | None", await self.ledger.answered(once))
        if kept is not None:
            await self.disclosing.let_in(about(kept), "list", by=by)
        return kept

    async def open(self, change: Change, *, once: Any, present: Callable[[Case], A]) -> A:
        """A case that begins. Raises VersionConflict when its id or pseudonym is taken."""
        answer = present(replace(change.case, version=1))
        saving = await self._saving(None, change)
        if once is not None:
            saving.once = [(once, answer)]
        await self.ledger.save(saving)
        return answer

    async def _saving(self, before: Case | None, change: Change) -> Saving:
        ahead = await self.ahead.follow(change.case, change.facts)
        notices = await self.attention.of((*change.facts, *change.meeting_facts, *ahead.facts))
        return Saving(
            cases=[(before, change.case)],
            inserts=[*change.inserts, *steps_of(change.facts), *notices.inserts],
            replaces=[*change.replaces, *ahead.replaces],
            told=[*change.told, *ahead.told, *notices.told],
            cause=current_cause(),
        )


def steps_of(facts: Iterable[Fact]) -> Sequence[tuple[str, Document]]:
    """The facts as they are kept: the case's own history, in codes."""
    return [(STEPS, _step(fact)) for fact in facts]


def _step(fact: Fact) -> Document:
    return {
        "_id": new_id(),
        "case_id": fact.case_id,
        "sequence": fact.sequence,
        "kind": type(fact).__name__,
        "by": fact.by,
        "at": fact.at,
        "fact": fact,
    }


async def _decided(decide: Decide, inside: LetIn) -> Change:
    found = decide(inside)
    return found if isinstance(found, Change) else await found


def username_of(actor: Actor) -> Username:
    """How the domain knows a member of the staff."""
    return Username(actor.username)
