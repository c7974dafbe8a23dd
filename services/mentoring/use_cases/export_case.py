"""A case, taken out whole: part by part, page by page, asked and written down anew for each.

Who was let in for the first page may be out before the last, and before the last line of a page
that a slow reader takes: then the export ends there and says so.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.case_file import Line, Part, groups_of
from services.mentoring.use_cases.disclosing import FRESH, Disclosing
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal

PAGE = 50


@dataclass(frozen=True, slots=True)
class ExportCase:
    """Everything of a case that you may take out, one line of JSON each; never a protected one.

    The last line says whether it is whole. An export of somebody who loses the case meanwhile, or
    is signed out, ends with `access-ended`, and what was left is not sent.
    """

    disclosing: Disclosing
    parts: Sequence[Part]

    async def __call__(
        self, case_id: CaseId, *, by: Actor, still: Callable[[], None] = lambda: None
    ) -> AsyncIterator[Line]:
        """The lines; `still` refuses whoever is signed in no more.

        Raises NotFound, Forbidden, ProtectedStaysHere before the first.
        """
        inside = await self.disclosing.to_change(case_id, "export", "overview", by=by)
        groups = groups_of(inside)
        mine = [part for part in self.parts if part.group in groups]
        return self._lines(case_id, mine, by, still)

    async def _lines(
        self, case_id: CaseId, parts: Sequence[Part], by: Actor, still: Callable[[], None]
    ) -> AsyncIterator[Line]:
        lines = 0
        try:
            for part in parts:
                async for line in self._part(case_id, part, by):
                    still()
                    lines += 1
                    yield {"group": part.group, "record": part.name, **line}
        except Refusal as refused:
            yield {"whole": False, "lines": lines, "why": "access-ended", "kind": refused.kind}
            return
        yield {"whole": True, "lines": lines}

    async def _part(self, case_id: CaseId, part: Part, by: Actor) -> AsyncIterator[Line]:
        offset, more = 0, True
        while more:
            asked_at = time.monotonic()
            reading = self.disclosing.reading(case_id, part.group, by=by, action="export")
            async with reading as (at, opens):
                page = await opens.open(await part.page(at, limit=PAGE, offset=offset))
            for line in page.lines:
                # Recording takes a while at times, and so does a slow reader.
                if time.monotonic() - asked_at > FRESH:
                    asked_at = time.monotonic()
                    await self.disclosing.let_in(case_id, "export", part.group, by=by)
                yield line
            offset, more = offset + PAGE, page.more
