"""Reading the aggregate. It holds codes, ids and times only: no text, no name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, PersonId
from services.mentoring.domain.phases import SUPPORT
from services.mentoring.storage import documents
from services.mentoring.storage.indexes import CASES
from services.mentoring.storage.known_cases import KnownCases
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Session

_AT_ONCE = 1000
"""Ids in one question."""


class MongoCases:
    """Every read names who asks; the policy decides on what is read (`use_cases.disclosing`)."""

    def __init__(self, database: Database) -> None:
        self._cases = database[CASES]
        self._known = KnownCases()

    async def load(
        self,
        case_id: CaseId,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> Case:
        """See the port."""
        found = await self._cases.find_one({"_id": case_id}, session=session)
        if found is None:
            raise NotFound
        return documents.case_of(found)

    async def some(
        self,
        case_ids: Sequence[CaseId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[Case]:
        """See the port."""
        found = self._cases.find({"_id": {"$in": list(case_ids)}}).sort("_id", 1)
        return [documents.case_of(each) async for each in found]

    async def named(self, pseudonym: str, *, by: Actor) -> CaseId | None:  # noqa: ARG002
        """See the port."""
        found = await self._cases.find_one({"pseudonym": pseudonym}, {"_id": 1})
        return None if found is None else CaseId(found["_id"])

    async def around(self, username: str, *, by: Actor) -> Sequence[Case]:  # noqa: ARG002
        """See the port."""
        heads = self._cases.find({"around": username}, {"version": True}).sort("_id", -1)
        found = [(each["_id"], each["version"]) for each in await heads.to_list(None)]
        known = {id_: self._known.at(id_, version) for id_, version in found}
        missing = [id_ for id_, case in known.items() if case is None]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            # Asked as whose they are still: who left meanwhile is not shown what was changed.
            asked = {"_id": {"$in": some}, "around": username}
            read = [documents.case_of(each) async for each in self._cases.find(asked)]
            self._known.keep(read)
            known.update({case.id: case for case in read})
        return [case for id_, _ in found if (case := known[id_]) is not None]

    async def in_phases(
        self,
        phases: frozenset[str],
        *,
        by: Actor,  # noqa: ARG002
    ) -> AsyncIterator[Case]:
        """See the port."""
        async for each in self._cases.find({"phase": {"$in": sorted(phases)}}).sort("_id", 1):
            yield documents.case_of(each)

    async def of_people(
        self,
        person_ids: Sequence[PersonId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[Case]:
        """See the port in `use_cases.see_referrals`."""
        found = self._cases.find({"person_id": {"$in": list(person_ids)}}).sort("_id", 1)
        return [documents.case_of(each) async for each in found]

    async def loads(self, *, by: Actor) -> Mapping[str, int]:  # noqa: ARG002
        """See the port in `use_cases.mentors`."""
        counted = self._cases.aggregate(
            [
                {"$match": {"phase": {"$in": sorted(SUPPORT)}, "circle.kind": "mentor"}},
                {"$unwind": "$circle"},
                {"$match": {"circle.kind": "mentor"}},
                {"$group": {"_id": "$circle.username", "mentees": {"$sum": 1}}},
            ]
        )
        return {each["_id"]: each["mentees"] async for each in counted}
