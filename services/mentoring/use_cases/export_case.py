"""A case, taken out whole: page by page, asked and written down anew for each.

Who was let in for the first page may be out before the last: then the export ends there and says
so. What it holds is what its asker may export at that moment, group by group.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from services.mentoring.domain.access import Granted
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import GROUPS, FieldGroup
from services.mentoring.policy import sees
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.identities import Identities, Kept
from services.mentoring.use_cases.records import Opened, Writing
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal

PAGE = 50
Line = Mapping[str, Any]


class Agreed(Protocol):
    """What was agreed to, or is shared by it: whole aggregates without words."""

    async def __call__(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Any]]:
        """All of a case."""
        ...


@dataclass(frozen=True, slots=True)
class ExportCase:
    """Everything of a case that you may take out, one line of JSON each; never a protected one.

    The last line says whether it is whole. An export of somebody who loses the case meanwhile ends
    with `access-ended`, and what was left is not sent.
    """

    disclosing: Disclosing
    identities: Identities
    records: Sequence[tuple[FieldGroup, Writing]]
    agreed: Sequence[Agreed]

    async def __call__(self, case_id: CaseId, *, by: Actor) -> AsyncIterator[Line]:
        """The lines. Raises NotFound, Forbidden, ProtectedStaysHere before the first."""
        inside = await self.disclosing.to_change(case_id, "export", "overview", by=by)
        now = self.disclosing.clock.now()
        groups = [
            group
            for group in GROUPS
            if isinstance(sees(inside.case, by, now, "export", group), Granted)
        ]
        return self._lines(case_id, groups, by)

    async def _lines(
        self, case_id: CaseId, groups: Sequence[FieldGroup], by: Actor
    ) -> AsyncIterator[Line]:
        lines = 0
        try:
            for group in groups:
                async for line in self._group(case_id, group, by):
                    lines += 1
                    yield {"group": group, **line}
        except Refusal as refused:
            yield {"whole": False, "lines": lines, "why": "access-ended", "kind": refused.kind}
            return
        yield {"whole": True, "lines": lines}

    async def _group(self, case_id: CaseId, group: FieldGroup, by: Actor) -> AsyncIterator[Line]:
        if group == "identity":
            async for line in self._identity(case_id, by):
                yield line
        if group == "consents":
            async for line in self._agreed(case_id, by):
                yield line
        for of, records in self.records:
            if of == group:
                async for line in self._pages(case_id, group, records, by):
                    yield line

    async def _identity(self, case_id: CaseId, by: Actor) -> AsyncIterator[Line]:
        reading = self.disclosing.reading(case_id, "identity", by=by, action="export")
        async with reading as (inside, opens):
            sealed = await self.identities.read(inside.case.person_id, of_case=case_id, by=by)
            kept: Kept | None = None
            if sealed is not None:
                kept = await opens.open(sealed)
        if kept is not None:
            yield {"record": "identity", "words": asdict(kept.identity)}

    async def _agreed(self, case_id: CaseId, by: Actor) -> AsyncIterator[Line]:
        for agreed in self.agreed:
            reading = self.disclosing.reading(case_id, "consents", by=by, action="export")
            async with reading as (_, opens):
                found = await opens.open(await agreed(case_id, by=by))
            for each in found:
                yield {"record": type(each).__name__.lower(), "facts": asdict(each)}

    async def _pages(
        self, case_id: CaseId, group: FieldGroup, records: Writing, by: Actor
    ) -> AsyncIterator[Line]:
        offset, more = 0, True
        while more:
            reading = self.disclosing.reading(case_id, group, by=by, action="export")
            async with reading as (inside, opens):
                sealed = await records.of_case(
                    case_id, by=by, limit=PAGE, offset=offset, **inside.only()
                )
                some = await opens.open(sealed)
            for each in some.items:
                yield _line(records.name, each)
            offset += PAGE
            more = offset < some.total


def _line(name: str, opened: Opened) -> Line:
    facts = {key: value for key, value in opened.facts.items() if key != "case_id"}
    return {"record": name, "id": opened.id, "facts": facts, "words": dict(opened.words)}
