"""Meetings: the aggregate in clear (ids, codes and times), and words under the person's own key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.mentoring.domain.meeting import LIVING_STATES, Meeting
from services.mentoring.domain.meeting_facts import MeetingFact, RoomRequested
from services.mentoring.storage.documents import plain
from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from services.mentoring.storage.records import Records
from services.mentoring.use_cases.meeting_records import Stored
from services.mentoring.use_cases.records import Whose
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document, Session
from shared.privacy.vault import Vault

MEETINGS = "meetings"
_MEETING: TypeAdapter[Meeting] = TypeAdapter(Meeting)


class MongoMeetings(Records):
    """`requests` are all ids that a room was ever asked for under: a late answer finds its way."""

    def __init__(self, database: Database, people: Vault) -> None:
        super().__init__(database, people, MEETINGS, group=GROUP_OF_RECORDS[MEETINGS])

    async def new(
        self, meeting: Meeting, facts: Sequence[MeetingFact], whose: Whose, text: str, *, by: Actor
    ) -> Document:
        """See the port."""
        stands = {
            "author": by.username,
            "at": facts[0].at,
            "requests": _requests(facts),
            "version": 1,
        }
        return await self.sealed(meeting.id, whose, {**_fields(meeting), **stands}, {"text": text})

    def changed(self, stored: Stored, meeting: Meeting, facts: Sequence[MeetingFact]) -> Document:
        """See the port. The words are bound to the record and the field, and stay as they are."""
        requests = [*stored.document["requests"], *_requests(facts)]
        version = stored.document["version"] + 1
        return {**stored.document, **_fields(meeting), "requests": requests, "version": version}

    async def stored(self, case_id: str, meeting_id: str, *, by: Actor) -> Stored:  # noqa: ARG002
        """See the port."""
        found = await self._collection.find_one({"_id": meeting_id, "case_id": case_id})
        if found is None:
            raise NotFound
        return _stored(found)

    async def rooms_of(self, case_id: str, *, by: Actor) -> list[str]:  # noqa: ARG002
        """See the port."""
        living = {"case_id": case_id, "state": {"$in": sorted(LIVING_STATES)}}
        found = [each async for each in self._collection.find(living, {"wish": 1, "held_room": 1})]
        claims = [each[name] for each in found for name in ("wish", "held_room") if each[name]]
        return sorted(claim["request_id"] for claim in claims)

    async def of_request(
        self,
        request_id: str,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> Stored | None:
        """See the port."""
        found = await self._collection.find_one({"requests": request_id}, session=session)
        return None if found is None else _stored(found)

    async def unanswered(self, now: datetime, *, by: Actor) -> list[Stored]:  # noqa: ARG002
        """See the port."""
        found = self._collection.find({"wish.answer_by": {"$lte": now}}).limit(100)
        return [_stored(each) async for each in found]


def _fields(meeting: Meeting) -> dict[str, Any]:
    fields: dict[str, Any] = plain(meeting)
    for name in ("id", "case_id", "version"):
        del fields[name]
    for has_times in (fields, fields["wish"]):
        if has_times is not None:
            # MongoDB has no wall clock: it is text.
            times = has_times["times"]
            times["starts_local"] = times["starts_local"].isoformat()
    return fields


def _requests(facts: Sequence[MeetingFact]) -> list[str]:
    return [fact.request_id for fact in facts if isinstance(fact, RoomRequested)]


def _stored(document: Document) -> Stored:
    return Stored(_MEETING.validate_python({**document, "id": document["_id"]}), document)
