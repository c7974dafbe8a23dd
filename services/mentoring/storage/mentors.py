"""Mentors' profiles: whole and sealed, for what they must not meet tells where danger is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from services.mentoring.domain.ids import PersonId
from services.mentoring.domain.mentor import MentorProfile
from services.mentoring.use_cases.mentors import MENTORS, KnownMentor, subject_of
from services.mentoring.use_cases.ports import Document as Written
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Document

_PROFILE: TypeAdapter[MentorProfile] = TypeAdapter(MentorProfile)
_FIELDS = ["mentor-profile"]


class MongoMentors:
    """See the port in `use_cases.mentors`. `_id` is the username."""

    def __init__(self, ground: Ground) -> None:
        self._mentors = ground.database[MENTORS]
        self._people = ground.people

    async def load(self, username: str, *, by: Actor) -> Sealed[KnownMentor]:
        """See the port."""
        sealed = await self.some([username], by=by)
        if not sealed.subjects:
            raise NotFound
        return sealed.map(lambda known: known[0])

    async def some(
        self,
        usernames: Sequence[str] | None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sealed[list[KnownMentor]]:
        """See the port."""
        wanted = {} if usernames is None else {"_id": {"$in": list(usernames)}}
        found = [each async for each in self._mentors.find(wanted).sort("_id", 1)]
        opened = await self._people.open_many(
            [(each["person_id"], each["words"], _place(each["_id"])) for each in found]
        )
        known = [
            _known(document, words)
            for document, words in zip(found, opened, strict=True)
            if words is not None
        ]
        subjects = [subject_of(each.profile.username) for each in known]
        return Sealed(known, subjects=subjects, fields=_FIELDS)

    async def usernames(self, *, by: Actor) -> Sequence[str]:  # noqa: ARG002
        """See the port."""
        return [each["_id"] async for each in self._mentors.find({}, {"_id": 1}).sort("_id", 1)]

    async def sequences(
        self,
        usernames: Sequence[str],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Mapping[str, int]:
        """See the port."""
        found = self._mentors.find({"_id": {"$in": list(usernames)}}, {"sequence": 1})
        return {each["_id"]: each["sequence"] async for each in found}

    async def document(self, known: KnownMentor, *, by: Actor) -> Written:  # noqa: ARG002
        """See the port."""
        profile = known.profile
        if profile.version == 0:
            await self._people.new_person(known.person_id)
        words = {"profile": _PROFILE.dump_json(profile).decode(), "notes": known.notes}
        place = _place(profile.username)
        return {
            "_id": profile.username,
            "person_id": known.person_id,
            "sequence": profile.sequence,
            "words": await self._people.seal(known.person_id, words, record=place),
            "version": profile.version + 1,
        }


def _known(document: Document, words: Mapping[str, str]) -> KnownMentor:
    kept = _PROFILE.validate_json(words["profile"])
    profile = replace(kept, version=document["version"])
    return KnownMentor(profile, words["notes"], PersonId(document["person_id"]))


def _place(username: str) -> str:
    return f"{MENTORS}:{username}"
