"""Which cases changed, as they change: told to those who may see them at that very moment."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from services.mentoring.domain.access import Granted, is_called_upon
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.policy import sees
from services.mentoring.use_cases.attention import EVERY_DATA_PROTECTION_CONTACT
from services.mentoring.use_cases.disclosing import FRESH, Disclosing
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Noticed:
    """A notice was written, for somebody or for a role."""

    id: str
    whom: str
    case_id: CaseId


@dataclass(frozen=True, slots=True)
class Happened:
    """A case as it became, a notice, or None: some changes were missed. `place`: go on after it."""

    place: str
    what: Case | Noticed | None


@dataclass(frozen=True, slots=True)
class Told:
    """What leaves: ids and versions. `reset`: some changes were missed, read everything anew."""

    kind: Literal["case", "notice", "reset"]
    place: str
    id: str = ""
    version: int = 0


class Changes(Protocol):
    """What changes, for everybody."""

    def since(self, last: str | None, *, by: Actor) -> AsyncIterator[Sequence[Happened]]:
        """After a place or from now on; what is there is given together."""
        ...


@dataclass(frozen=True, slots=True)
class FollowChanges:
    """What changes of the cases that you see: id and version, and what begins to wait for you.

    Whoever is taken out of a circle is told nothing more, also while they listen.
    """

    changes: Changes
    disclosing: Disclosing

    async def __call__(self, last: str | None, *, by: Actor) -> AsyncIterator[Told]:
        """Every case that is told leaves an entry in the audit first, one for those told together.

        Raises AuditUnavailable: nothing more is told.
        """
        async for some in self.changes.since(last, by=by):
            mine = [each for each in some if self._may_concern(each, by)]
            async for told in self._told(mine, by):
                yield told

    async def _told(self, mine: Sequence[Happened], by: Actor) -> AsyncIterator[Told]:
        asked_at, ours = time.monotonic(), await self._still(mine, by)
        named = {each.what.id for each in ours if isinstance(each.what, Case)}
        sealed = Sealed(ours, subjects=sorted(named), fields=["overview"])
        audit = self.disclosing.audit
        opened = await audit.open(by, sealed, purpose=Purpose.CASE_WORK, rule="follow-own")
        allowed = {each.place for each in opened}
        for each in opened:
            # Recording takes a while at times, and so does a slow line.
            if time.monotonic() - asked_at > FRESH:
                asked_at = time.monotonic()
                allowed = {still.place for still in await self._still(opened, by)}
            if each.place in allowed:
                yield _as_told(each)

    def _may_concern(self, each: Happened, by: Actor) -> bool:
        """By what the change itself says: asks nobody, as it is asked of every listener."""
        if isinstance(each.what, Case):
            return isinstance(sees(each.what, by, self.disclosing.clock.now(), "list"), Granted)
        return each.what is None or each.what.whom == by.username or _for_a_role(each.what, by)

    async def _still(self, mine: Sequence[Happened], by: Actor) -> Sequence[Happened]:
        """Those of which the actor may know as the cases are now."""
        asked = _cases_of(mine, by)
        found = await self.disclosing.cases.some(asked, by=by) if asked else ()
        cases, now = {case.id: case for case in found}, self.disclosing.clock.now()

        def may_know(each: Happened) -> bool:
            if each.what is None or (isinstance(each.what, Noticed) and _for_a_role(each.what, by)):
                return True
            if isinstance(each.what, Noticed):
                case = cases.get(each.what.case_id)
                return case is not None and is_called_upon(case, by, now)
            case = cases.get(each.what.id)
            return case is not None and isinstance(sees(case, by, now, "list"), Granted)

        return [each for each in mine if may_know(each)]


def _for_a_role(notice: Noticed, by: Actor) -> bool:
    return notice.whom == EVERY_DATA_PROTECTION_CONTACT and notice.whom in by.roles


def _cases_of(mine: Iterable[Happened], by: Actor) -> list[CaseId]:
    found: dict[CaseId, None] = {}
    for each in mine:
        if isinstance(each.what, Case):
            found[each.what.id] = None
        elif each.what is not None and not _for_a_role(each.what, by):
            found[each.what.case_id] = None
    return list(found)


def _as_told(each: Happened) -> Told:
    if each.what is None:
        return Told("reset", each.place)
    if isinstance(each.what, Noticed):
        return Told("notice", each.place, each.what.id, 1)
    return Told("case", each.place, each.what.id, each.what.version)
