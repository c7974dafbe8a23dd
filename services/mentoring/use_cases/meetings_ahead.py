"""What a change of the circle does to meetings that are still to be: asked with every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.mentoring.domain.case import Case
from services.mentoring.domain.facts import Fact, RelationEnded
from services.mentoring.domain.meeting_facts import MeetingFact
from services.mentoring.domain.meetings_ahead import after_leaving, successors_of
from services.mentoring.use_cases.meeting_records import Meetings, TellMeeting
from services.mentoring.use_cases.ports import Document
from shared.contracts.event import News
from shared.kernel.actor import housekeeping

_BY = housekeeping("meetings-ahead")


@dataclass(slots=True)
class Followed:
    """What is written beside the case."""

    replaces: list[tuple[str, Document]] = field(default_factory=list)
    told: list[News] = field(default_factory=list)
    facts: list[MeetingFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MeetingsAhead:
    """Whoever leaves a circle leaves its meetings, however it is that they leave.

    Unassigned, handed over, no longer named, or the case closed, declined or put away.
    """

    meetings: Meetings
    tell: TellMeeting

    async def follow(self, case: Case, facts: Sequence[Fact]) -> Followed:
        """For the case as it is after these facts."""
        followed = Followed()
        left = [each for each in facts if isinstance(each, RelationEnded)]
        if not left:
            return followed
        around = frozenset(relation.username for relation in case.circle)
        successors = successors_of(facts)
        for stored in await self.meetings.living(case.id, by=_BY):
            meeting, happened = after_leaving(
                stored.meeting, around, successors, by=left[-1].by, now=left[-1].at
            )
            if meeting == stored.meeting:
                continue
            document = await self.meetings.changed(stored, meeting, happened)
            followed.replaces.append((self.meetings.name, document))
            followed.told += self.tell(happened, before=stored.meeting, protected=case.protected)
            followed.facts += happened
        return followed
