"""What matching sees of cases: one sealed document per case, `_id` is the case's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter

from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.matching_needs import MatchingNeeds
from services.mentoring.use_cases.matching_needs import NEEDS, RecordedNeeds
from services.mentoring.use_cases.ports import Document as Written
from services.mentoring.use_cases.records import Whose
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.mongo.client import Document

_NEEDS: TypeAdapter[MatchingNeeds] = TypeAdapter(MatchingNeeds)


class MongoNeeds:
    """See the port in `use_cases.matching_needs`."""

    def __init__(self, ground: Ground) -> None:
        self._needs = ground.database[NEEDS]
        self._people = ground.people

    async def of_cases(
        self,
        case_ids: Sequence[CaseId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sealed[Mapping[CaseId, RecordedNeeds]]:
        """See the port."""
        found = [each async for each in self._needs.find({"_id": {"$in": list(case_ids)}})]
        opened = await self._people.open_many(
            [(each["person_id"], each["words"], _place(each["_id"])) for each in found]
        )
        content: Mapping[CaseId, RecordedNeeds] = {
            CaseId(document["_id"]): _recorded(document, words)
            for document, words in zip(found, opened, strict=True)
            if words is not None
        }
        return Sealed(content, subjects=list(content), fields=["assessment"])

    async def versions(
        self,
        case_ids: Sequence[CaseId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Mapping[CaseId, int]:
        """See the port."""
        found = self._needs.find({"_id": {"$in": list(case_ids)}}, {"version": 1})
        return {CaseId(each["_id"]): each["version"] async for each in found}

    async def document(
        self,
        recorded: RecordedNeeds,
        whose: Whose,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Written:
        """See the port."""
        words = {"needs": _NEEDS.dump_json(recorded.needs).decode()}
        place = _place(whose.case_id)
        return {
            "_id": whose.case_id,
            "case_id": whose.case_id,
            "person_id": whose.person_id,
            "author": recorded.author,
            "at": recorded.at,
            "words": await self._people.seal(whose.person_id, words, record=place),
            "version": recorded.version,
        }


def _recorded(document: Document, words: Mapping[str, str]) -> RecordedNeeds:
    needs = _NEEDS.validate_json(words["needs"])
    return RecordedNeeds(needs, document["author"], document["at"], document["version"])


def _place(case_id: str) -> str:
    return f"{NEEDS}:{case_id}"
