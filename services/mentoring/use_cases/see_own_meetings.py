"""What somebody on the staff has ahead: their own meetings of all their cases, in one list."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.mentoring.domain.access import Granted
from services.mentoring.domain.case import Case
from services.mentoring.policy import sees
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.records import Opened
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


class MeetingsAhead(Protocol):
    """Meetings by who takes part."""

    async def ahead_of(
        self, username: str, case_ids: Sequence[str], since: datetime, until: datetime, *, by: Actor
    ) -> Sealed[list[Opened]]:
        """Living ones of these cases that begin in between, the first first, under their cases."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class OwnMeeting:
    """A meeting, and the case that it is of."""

    meeting: Opened
    case_id: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class SeeOwnMeetings:
    """The meetings that you take part in, of the cases that are yours, for so many days ahead."""

    disclosing: Disclosing
    meetings: MeetingsAhead

    async def __call__(self, days: int, *, by: Actor) -> Sequence[OwnMeeting]:
        """Each case that is named leaves an entry in the audit before the list is given.

        Raises AuditUnavailable, or what `Disclosing.ensure_still` does.
        """
        asked_at = time.monotonic()
        now, username = self.disclosing.clock.now(), username_of(by)
        around = await self.disclosing.cases.around(username, by=by)

        def may(case: Case, now: datetime) -> bool:
            return isinstance(sees(case, by, now, "read", "meetings"), Granted)

        words = {case.id: case.pseudonym for case in around if may(case, now)}
        sealed = await self.meetings.ahead_of(
            username, sorted(words), now - timedelta(hours=12), now + timedelta(days=days), by=by
        )
        found = await self.disclosing.audit.open(
            by, sealed, purpose=Purpose.MEETING, rule="own-meetings"
        )
        of = [(each, each.facts["case_id"]) for each in found]
        await self.disclosing.ensure_still(asked_at, {case_id for _, case_id in of}, may, by=by)
        return [OwnMeeting(each, case_id, words[case_id]) for each, case_id in of]
