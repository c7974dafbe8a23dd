"""Meetings: the aggregate in clear (ids, codes and times), words and rooms under the person's key.

Where somebody can be found at a known time is not in clear: a room's name is sealed as words are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.mentoring.domain.meeting import LIVING_STATES, Meeting, Times
from services.mentoring.domain.meeting_facts import MeetingFact, RoomRequested
from services.mentoring.storage.documents import plain
from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from services.mentoring.storage.records import WORDS, Records
from services.mentoring.use_cases.meeting_records import Stored
from services.mentoring.use_cases.records import Opened, Whose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document, Session
from shared.privacy.vault import Vault

MEETINGS = "meetings"
_MEETING: TypeAdapter[Meeting] = TypeAdapter(Meeting)
_ROOMS = {"wish": "wished_room", "held_room": "room"}
"""Where a meeting has a room → the field under which its name is sealed."""


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
        words = {"text": text, **_rooms(meeting)}
        return await self.sealed(meeting.id, whose, {**_fields(meeting), **stands}, words)

    async def changed(
        self, stored: Stored, meeting: Meeting, facts: Sequence[MeetingFact]
    ) -> Document:
        """See the port. The text is bound to the record and the field, and stays as it is."""
        before = stored.document
        whose = Whose(before["case_id"], before["person_id"])
        rooms = await self.sealed(meeting.id, whose, {}, _rooms(meeting))
        return {
            **before,
            **_fields(meeting),
            WORDS: {"text": before[WORDS]["text"], **rooms[WORDS]},
            "requests": [*before["requests"], *_requests(facts)],
            "version": before["version"] + 1,
        }

    async def stored(self, case_id: str, meeting_id: str, *, by: Actor) -> Stored:  # noqa: ARG002
        """See the port."""
        found = await self._collection.find_one({"_id": meeting_id, "case_id": case_id})
        if found is None:
            raise NotFound
        [stored] = await self._stored([found])
        return stored

    async def living(self, case_id: str, *, by: Actor) -> list[Stored]:  # noqa: ARG002
        """See the port."""
        living = {"case_id": case_id, "state": {"$in": sorted(LIVING_STATES)}}
        found = self._collection.find(living).sort("_id", 1)
        return await self._stored([each async for each in found])

    async def rooms_of(self, case_id: str, *, by: Actor) -> list[str]:  # noqa: ARG002
        """See the port."""
        living = {"case_id": case_id, "state": {"$in": sorted(LIVING_STATES)}}
        found = [each async for each in self._collection.find(living, {"wish": 1, "held_room": 1})]
        claims = [each[name] for each in found for name in ("wish", "held_room") if each[name]]
        return sorted(claim["request_id"] for claim in claims)

    async def ahead_of(
        self, username: str, case_ids: Sequence[str], since: datetime, until: datetime, *, by: Actor
    ) -> Sealed[list[Opened]]:
        """See the port in `use_cases.see_own_meetings`."""
        del by
        living = {
            "case_id": {"$in": list(case_ids)},
            "state": {"$in": sorted(LIVING_STATES)},
            "staff": username,
        }
        found = [(_starts_at(each), each) async for each in self._collection.find(living)]
        ahead = sorted(
            (each for each in found if since <= each[0] < until),
            key=lambda each: (each[0], each[1]["_id"]),
        )
        items = await self._opened([document for _, document in ahead])
        subjects = dict.fromkeys(str(each.facts["case_id"]) for each in items)
        return Sealed(items, subjects=list(subjects), fields=[self.group])

    async def of_request(
        self,
        request_id: str,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> Stored | None:
        """See the port."""
        found = await self._collection.find_one({"requests": request_id}, session=session)
        return None if found is None else (await self._stored([found]))[0]

    async def unanswered(self, now: datetime, *, by: Actor) -> list[Stored]:  # noqa: ARG002
        """See the port."""
        found = self._collection.find({"wish.answer_by": {"$lte": now}}).limit(100)
        return await self._stored([each async for each in found])

    async def _stored(self, documents: Sequence[Document]) -> list[Stored]:
        """With the names of their rooms, in one round trip to the keys."""
        names = await self._people.open_many(
            [
                (each["person_id"], _sealed_rooms(each), self._place(each["_id"]))
                for each in documents
            ]
        )
        return [_stored(each, found or {}) for each, found in zip(documents, names, strict=True)]


def _starts_at(document: Document) -> datetime:
    at = document["times"]
    return Times(datetime.fromisoformat(at["starts_local"]), at["zone"], at["minutes"]).starts_at


def _fields(meeting: Meeting) -> dict[str, Any]:
    fields: dict[str, Any] = plain(meeting)
    for name in ("id", "case_id", "version"):
        del fields[name]
    for has_times in (fields, fields["wish"]):
        if has_times is not None:
            # MongoDB has no wall clock: it is text.
            times = has_times["times"]
            times["starts_local"] = times["starts_local"].isoformat()
    for name in _ROOMS:
        if fields[name] is not None:
            del fields[name]["room"]
    return fields


def _rooms(meeting: Meeting) -> dict[str, str]:
    """The names of its rooms, to be sealed; any room that is wished for has none."""
    places = {_ROOMS["wish"]: meeting.wish, _ROOMS["held_room"]: meeting.held_room}
    return {field: place.room for field, place in places.items() if place and place.room}


def _sealed_rooms(document: Document) -> Mapping[str, bytes]:
    return {name: box for name, box in document[WORDS].items() if name in _ROOMS.values()}


def _requests(facts: Sequence[MeetingFact]) -> list[str]:
    return [fact.request_id for fact in facts if isinstance(fact, RoomRequested)]


def _stored(document: Document, rooms: Mapping[str, str]) -> Stored:
    whole = {**document, "id": document["_id"]}
    for name, field in _ROOMS.items():
        if document[name] is not None:
            nameless = None if name == "wish" else ""
            whole[name] = {**document[name], "room": rooms.get(field, nameless)}
    return Stored(_MEETING.validate_python(whole), document)
