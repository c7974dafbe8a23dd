"""The meetings of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.records import Opened, Writing
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ReadMeetings:
    """The meetings of a case, in the order in which they were arranged.

    When no more was shown to you: only those that you arranged or take part in.
    """

    disclosing: Disclosing
    meetings: Writing

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Opened], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "meetings", by=by) as (inside, reading):
            sealed = await self.meetings.of_case(
                case_id, by=by, limit=limit, offset=offset, **_own(inside)
            )
            some = await reading.open(sealed)
        return some.items, some.total


def _own(inside: LetIn) -> dict[str, Any]:
    if not inside.granted.own_only:
        return {}
    return {"$or": [{"author": inside.username}, {"staff": inside.username}]}
