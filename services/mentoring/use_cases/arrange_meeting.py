"""Meetings: arranged, moved, cancelled, and held or missed. A room comes from booking, by event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.contacts import new_contact, record_contact
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import CaseId, MeetingId, Username
from services.mentoring.domain.meeting import Arranged, Meeting, Times
from services.mentoring.domain.meetings import (
    cancel_meeting,
    move_meeting,
    propose_meeting,
    record_meeting,
    schedule,
)
from services.mentoring.domain.rooms import ask_for_room
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.meeting_records import Meetings, Stored, TellMeeting
from services.mentoring.use_cases.records import Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which change of a case, on what they saw, and how they are answered."""

    case_id: CaseId
    by: Actor
    seen: int | None = None
    once: Any = None


@dataclass(frozen=True, slots=True)
class RoomWanted:
    """A room of booking's: by its name, or any that holds everybody."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingWanted:
    """A meeting; without a room it is settled at once."""

    times: Times
    staff: frozenset[Username]
    people: int
    text: str
    room: RoomWanted | None = None


@dataclass(frozen=True, slots=True)
class MeetingWork:
    """What each change of a meeting needs: the case's one way, the meetings, and what is told."""

    work: CaseWork
    meetings: Meetings
    tell: TellMeeting

    async def change(
        self,
        asked: Asked,
        meeting_id: MeetingId,
        decide: Callable[[LetIn, Meeting], Arranged],
        present: Callable[[Case], A],
    ) -> A:
        """Decide on a meeting as it is now. Raises what `CaseWork.change` and the domain do."""

        async def decided(at: LetIn) -> Change:
            stored = await self.load(at, meeting_id)
            return await self.changed(at, stored, decide(at, stored.meeting))

        return await self.save(asked, decided, present)

    async def save(
        self, asked: Asked, decided: Callable[[LetIn], Any], present: Callable[[Case], A]
    ) -> A:
        """Through the one way to change a case."""
        return await self.work.change(
            asked.case_id,
            "write",
            decided,
            group="meetings",
            seen=asked.seen,
            by=asked.by,
            once=asked.once,
            present=present,
        )

    async def load(self, at: LetIn, meeting_id: MeetingId) -> Stored:
        """A meeting that the actor may change. Raises NotFound."""
        stored = await self.meetings.stored(at.case.id, meeting_id, by=at.by)
        part = {stored.meeting.arranged_by, *stored.meeting.staff}
        if at.granted.own_only and at.username not in part:
            raise NotFound
        return stored

    async def changed(self, at: LetIn, stored: Stored, arranged: Arranged) -> Change:
        """The case stays as it is, with another version: it was worked on."""
        meeting, facts = arranged
        document = await self.meetings.changed(stored, meeting, facts)
        return Change(
            at.case,
            meeting_facts=facts,
            replaces=[(self.meetings.name, document)],
            told=self.tell(facts, before=stored.meeting, protected=at.case.protected),
        )


@dataclass(frozen=True, slots=True)
class ArrangeMeeting:
    """Arrange a meeting.

    Without a room it is settled, and the young person told, at once; with one when booking holds
    it. The answer comes within a quarter of an hour, or counts as a no.
    """

    meetings: MeetingWork

    async def __call__(
        self, asked: Asked, wanted: MeetingWanted, *, present: Callable[[Case, MeetingId], A]
    ) -> A:
        """Raises what `CaseWork.change`, `meetings.propose_meeting` and `ask_for_room` do."""
        meeting_id, request_id = MeetingId(new_id()), new_id()
        work = self.meetings

        async def decided(at: LetIn) -> Change:
            meeting, facts = propose_meeting(
                at.case,
                meeting_id,
                wanted.times,
                staff=wanted.staff,
                people=wanted.people,
                **at.given(),
            )
            meeting, more = _settle(meeting, wanted.room, request_id, at)
            facts += more
            document = await work.meetings.new(
                meeting, facts, of_person(at.case), wanted.text, by=at.by
            )
            return Change(
                at.case,
                meeting_facts=facts,
                inserts=[(work.meetings.name, document)],
                told=work.tell(facts, protected=at.case.protected),
            )

        return await work.save(asked, decided, lambda case: present(case, meeting_id))


@dataclass(frozen=True, slots=True)
class SettleMeeting:
    """Ask for a room for a meeting that has none, or settle a proposed one without."""

    meetings: MeetingWork

    async def __call__(
        self,
        asked: Asked,
        meeting_id: MeetingId,
        room: RoomWanted | None,
        *,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change`, `meetings.schedule` and `rooms.ask_for_room` do."""
        request_id = new_id()
        return await self.meetings.change(
            asked,
            meeting_id,
            lambda at, meeting: _settle(meeting, room, request_id, at),
            present,
        )


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """Move a meeting. One with a room keeps time and room until the new room is held."""

    meetings: MeetingWork

    async def __call__(
        self, asked: Asked, meeting_id: MeetingId, times: Times, *, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `meetings.move_meeting` do."""
        request_id = new_id()
        return await self.meetings.change(
            asked,
            meeting_id,
            lambda at, meeting: move_meeting(meeting, times, request_id, **at.given()),
            present,
        )


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """Cancel a meeting: whoever knew of it is told, and its room is given back."""

    meetings: MeetingWork

    async def __call__(
        self, asked: Asked, meeting_id: MeetingId, *, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `meetings.cancel_meeting` do."""
        return await self.meetings.change(
            asked,
            meeting_id,
            lambda at, meeting: cancel_meeting(meeting, **at.given()),
            present,
        )


@dataclass(frozen=True, slots=True)
class RecordMeeting:
    """Say whether they met. A held meeting is a successful contact, a missed one an attempt."""

    meetings: MeetingWork
    contacts: Writing

    async def __call__(
        self,
        asked: Asked,
        meeting_id: MeetingId,
        *,
        held: bool,
        text: str,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change`, `record_meeting` and `contacts.new_contact` do."""
        contact_id = new_id()

        async def decided(at: LetIn) -> Change:
            stored = await self.meetings.load(at, meeting_id)
            met = record_meeting(stored.meeting, held=held, **at.given())
            change = await self.meetings.changed(at, stored, met)
            contact = new_contact(
                at.case,
                contact_id,
                on=day_of(stored.meeting.times.starts_at),
                way="meeting",
                successful=held,
                meeting_id=meeting_id,
                **at.given(),
            )
            change.case, change.facts = record_contact(at.case, contact, **at.given())
            facts = {name: each for name, each in asdict(contact).items() if name not in _PLACED}
            document = await self.contacts.sealed(
                contact_id, of_person(at.case), facts, {"text": text}
            )
            change.inserts.append((self.contacts.name, document))
            return change

        return await self.meetings.save(asked, decided, present)


_PLACED = ("id", "case_id")


def _settle(meeting: Meeting, room: RoomWanted | None, request_id: str, at: LetIn) -> Arranged:
    if room is None:
        return schedule(meeting, **at.given())
    return ask_for_room(meeting, request_id, room.name, **at.given())
