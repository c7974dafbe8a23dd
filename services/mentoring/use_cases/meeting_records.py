"""Meetings as use cases see them: the aggregate for deciding, and the document it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.mentoring.domain.meeting import Meeting
from services.mentoring.domain.meeting_facts import MeetingFact
from services.mentoring.use_cases.ports import Document, Session
from services.mentoring.use_cases.records import Whose, Writing
from shared.contracts.event import News
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Stored:
    """A meeting as it was loaded, with its rooms: for decisions, never for showing.

    The document stays as it lies there, sealed.
    """

    meeting: Meeting
    document: Document = field(repr=False)


class Meetings(Writing, Protocol):
    """The meetings of cases (`storage.meetings`)."""

    async def new(
        self, meeting: Meeting, facts: Sequence[MeetingFact], whose: Whose, text: str, *, by: Actor
    ) -> Document:
        """The document of a meeting that was just arranged."""
        ...

    async def changed(
        self, stored: Stored, meeting: Meeting, facts: Sequence[MeetingFact]
    ) -> Document:
        """The document as it is after a decision, with the version that it then has."""
        ...

    async def stored(self, case_id: str, meeting_id: str, *, by: Actor) -> Stored:
        """Raises NotFound, also for another case's."""
        ...

    async def living(self, case_id: str, *, by: Actor) -> Sequence[Stored]:
        """Those of a case that are neither over nor cancelled."""
        ...

    async def rooms_of(self, case_id: str, *, by: Actor) -> Sequence[str]:
        """The requests under which rooms are held or wished for, for what is still to be.

        They stay the same until the case is changed: an answer settles one, and adds none.
        """
        ...

    async def of_request(
        self, request_id: str, *, by: Actor, session: Session = None
    ) -> Stored | None:
        """The meeting that once asked for a room under this id."""
        ...

    async def unanswered(self, now: datetime, *, by: Actor) -> Iterable[Stored]:
        """Those that have waited for a room for as long as they will."""
        ...


TellMeeting = Callable[..., list[News]]
"""Facts → events (`messaging.outgoing.news_of`)."""
