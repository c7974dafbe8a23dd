"""The one way to a case: asked on somebody's behalf, decided by the policy, written down, shown.

A stranger gets the same answer for a case that exists as for one that does not, and both attempts
leave a trace. What a store hands out of a case is sealed; only a recorded reading opens it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NoReturn

from services.mentoring.domain.access import Granted, Refused
from services.mentoring.domain.break_glass import live_glass
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.proofs import too_old
from services.mentoring.domain.rights import GROUP_OF_ACTION, Action, FieldGroup
from services.mentoring.policy import sees
from services.mentoring.use_cases.ports import Cases, Session
from shared.audit.audit import Audit, Reading
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock, real_now
from shared.kernel.refusal import NotFound, Refusal, StepUpNeeded, TooBusy

_PURPOSES: Mapping[FieldGroup, Purpose] = MappingProxyType(
    {
        "referral": Purpose.INTAKE,
        "assessment": Purpose.ASSESSMENT,
        "meetings": Purpose.MEETING,
        "identity": Purpose.CONTACT,
        "contact": Purpose.CONTACT,
        "consents": Purpose.CONSENT_SHARE,
        "closure": Purpose.CLOSURE,
        "access-log": Purpose.SUPERVISION,
    }
)
"""What a reading of a field group is for; the rest is case work."""
FRESH = 0.5
"""Seconds that a yes of the policy holds for what leaves bit by bit: access ends within one, and
the way out takes some."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """A case, as somebody may come near it: `granted` says as what."""

    case: Case
    granted: Granted
    by: Actor
    now: datetime

    @property
    def username(self) -> Username:
        """Who it is."""
        return Username(self.by.username)

    def given(self) -> dict[str, Any]:
        """Who and when, as every command takes them."""
        return {"by": self.username, "now": self.now}

    @property
    def rule(self) -> str:
        """What allowed it, for the audit."""
        return "+".join(sorted(self.granted.relations))

    @property
    def reference(self) -> str | None:
        """The emergency access that it was done under, if it was."""
        if "break-glass" not in self.granted.relations:
            return None
        glass = live_glass(self.case, self.username, self.now)
        return glass.id if glass else None

    def only(self) -> Mapping[str, Any]:
        """What a list of records is narrowed to: the actor's own, unless all are granted."""
        return {"author": self.username} if self.granted.own_only else {}

    def purpose(self, group: FieldGroup) -> Purpose:
        """What a reading is for."""
        if self.reference is not None:
            return Purpose.BREAK_GLASS
        return _PURPOSES.get(group, Purpose.CASE_WORK)


@dataclass(frozen=True, slots=True)
class Disclosing:
    """Asked by every use case that shows or changes something of a case."""

    cases: Cases
    audit: Audit
    clock: Clock

    async def let_in(
        self,
        case_id: CaseId,
        action: Action,
        group: FieldGroup | None = None,
        *,
        by: Actor,
        session: Session = None,
    ) -> LetIn:
        """The case, if the policy lets the actor do this to it now.

        Raises:
            NotFound, Forbidden, ProtectedStaysHere: and the attempt is recorded.
            StepUpNeeded: they may, and their proof of who they are is too old; recorded too.
            AuditUnavailable: it could not be recorded.
        """
        about = group or GROUP_OF_ACTION[action]
        try:
            case = await self.cases.load(case_id, by=by, session=session)
        except NotFound as unknown:
            await self._refuse(case_id, about, "unknown-case", unknown, by=by)
        now = self.clock.now()
        found = sees(case, by, now, action, group)
        if isinstance(found, Refused):
            await self._refuse(case_id, about, f"may-not-{action}", found.rule(), by=by)
        await self.ask_for_proof(case_id, action, about, by=by)
        return LetIn(case, found, by, now)

    async def ask_for_proof(
        self, case_id: CaseId, action: Action, group: FieldGroup, *, by: Actor
    ) -> None:
        """For whoever was let in to something that tells this as well. Raises StepUpNeeded."""
        if within := too_old(action, group, by.proved_at, real_now()):
            asked = StepUpNeeded(int(within.total_seconds()))
            await self._refuse(case_id, group, f"step-up:{action}", asked, by=by)

    async def to_change(
        self, case_id: CaseId, action: Action, group: FieldGroup | None = None, *, by: Actor
    ) -> LetIn:
        """The same, and recorded: somebody is about to change this. Raises as `let_in` does."""
        inside = await self.let_in(case_id, action, group, by=by)
        about = group or GROUP_OF_ACTION[action]
        await self.audit.record(
            by,
            subjects=[case_id],
            fields=[about],
            purpose=inside.purpose(about),
            rule=f"{action}:{inside.rule}",
            reference=inside.reference,
        )
        return inside

    @asynccontextmanager
    async def reading(
        self, case_id: CaseId, group: FieldGroup, *, by: Actor, action: Action = "read"
    ) -> AsyncIterator[tuple[LetIn, Reading]]:
        """Load inside the block while the entry is written; `Reading.open` gives the content.

        The block ends only when the entry is committed, and when that took a while the policy is
        asked again: access may have ended. Raises as `let_in` does.
        """
        asked_at = time.monotonic()
        inside = await self.let_in(case_id, action, group, by=by)
        async with self.audit.reading(
            by,
            subjects=[case_id],
            fields=[group],
            purpose=inside.purpose(group),
            rule=f"{action}:{inside.rule}",
            reference=inside.reference,
        ) as reading:
            yield inside, reading
        if time.monotonic() - asked_at > FRESH:
            await self.let_in(case_id, action, group, by=by)

    async def ensure_still(
        self,
        asked_at: float,
        case_ids: Collection[CaseId],
        may: Callable[[Case, datetime], bool],
        *,
        by: Actor,
    ) -> None:
        """The same for what was decided of several at once, at `asked_at` (`time.monotonic`).

        Raises TooBusy: one of them is not theirs any more; whoever asks again is shown the others.
        """
        if time.monotonic() - asked_at <= FRESH:
            return
        now = self.clock.now()
        found = {case.id: case for case in await self.cases.some(list(case_ids), by=by)}
        if not all(id_ in found and may(found[id_], now) for id_ in case_ids):
            raise TooBusy

    async def _refuse(
        self, case_id: CaseId, group: FieldGroup, rule: str, refusal: Refusal, *, by: Actor
    ) -> NoReturn:
        await self.audit.refuse(
            by,
            subjects=[case_id if _is_an_id(case_id) else "not-an-id"],
            fields=[group],
            purpose=_PURPOSES.get(group, Purpose.CASE_WORK),
            rule=rule,
            refusal=refusal,
        )


def _is_an_id(text: str) -> bool:
    """What somebody made up is not written into the audit, where nothing can be removed."""
    return len(text) == 36 and all(each in "0123456789abcdef-" for each in text)
