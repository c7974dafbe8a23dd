"""Matchings: a head without a case in it, and each case's outcome under that person's key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.matching_cases import Basis
from services.mentoring.storage import documents
from services.mentoring.use_cases.matchings import (
    MATCHINGS,
    OUTCOMES,
    LeftOut,
    MatchingHead,
    Outcome,
)
from services.mentoring.use_cases.ports import Document as Written
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.mongo.client import Document

_BASIS: TypeAdapter[Basis] = TypeAdapter(Basis)


class MongoMatchings:
    """See the port in `use_cases.matchings`."""

    def __init__(self, ground: Ground) -> None:
        self._matchings = ground.database[MATCHINGS]
        self._outcomes = ground.database[OUTCOMES]
        self._people = ground.people

    async def head(self, matching_id: str, *, by: Actor) -> MatchingHead:  # noqa: ARG002
        """See the port."""
        found = await self._matchings.find_one({"_id": matching_id})
        if found is None:
            raise NotFound
        return _head(found)

    async def some(
        self,
        made_by: str,
        case_ids: Sequence[CaseId],
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> tuple[Sequence[MatchingHead], int]:
        """See the port."""
        of_cases = {"case_id": {"$in": list(case_ids)}}
        with_them = await self._outcomes.distinct("matching_id", of_cases)
        wanted: Document = {"$or": [{"made_by": made_by}, {"_id": {"$in": with_them}}]}
        total = await self._matchings.count_documents(wanted)
        found = self._matchings.find(wanted).sort("_id", -1).skip(offset).limit(limit)
        return [_head(each) async for each in found], total

    async def outcomes(
        self,
        matching_id: str,
        case_ids: Sequence[CaseId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sealed[list[Outcome]]:
        """See the port."""
        wanted = {"matching_id": matching_id, "case_id": {"$in": list(case_ids)}}
        found = [each async for each in self._outcomes.find(wanted).sort("case_id", 1)]
        opened = await self._people.open_many(
            [(each["person_id"], each["words"], _place(each["_id"])) for each in found]
        )
        content = [
            _outcome(document, words)
            for document, words in zip(found, opened, strict=True)
            if words is not None
        ]
        return Sealed(content, subjects=[each.case_id for each in content], fields=["assessment"])

    async def documents(
        self,
        head: MatchingHead,
        outcomes: Sequence[Outcome],
        cases: Mapping[CaseId, Case],
        *,
        by: Actor,  # noqa: ARG002
    ) -> list[tuple[str, Written]]:
        """See the port."""
        plain: Document = documents.plain(head)
        plain["_id"] = plain.pop("id")
        # A username may hold a dot, which a field's name had better not.
        plain["mentors"] = [[name, sequence] for name, sequence in sorted(head.mentors.items())]
        ids = [new_id() for _ in outcomes]
        sealed = await self._people.seal_many(
            [
                (cases[each.case_id].person_id, {"found": json.dumps(each.found)}, _place(id_))
                for id_, each in zip(ids, outcomes, strict=True)
            ]
        )
        rows = [
            {
                "_id": id_,
                "matching_id": head.id,
                "case_id": each.case_id,
                "person_id": cases[each.case_id].person_id,
                "made_at": head.made_at,
                "kind": each.kind,
                "basis": each.basis,
                "words": words,
            }
            for id_, each, words in zip(ids, outcomes, sealed, strict=True)
        ]
        return [(MATCHINGS, plain), *((OUTCOMES, row) for row in rows)]


def _head(document: Document) -> MatchingHead:
    return MatchingHead(
        document["_id"],
        document["made_by"],
        document["made_at"],
        document["objective"],
        document["keep_existing"],
        dict(document["mentors"]),
        tuple(LeftOut(each["mentor"], tuple(each["obstacles"])) for each in document["left_out"]),
    )


def _outcome(document: Document, words: Mapping[str, str]) -> Outcome:
    basis = _BASIS.validate_python(document["basis"])
    found = json.loads(words["found"])
    return Outcome(CaseId(document["case_id"]), basis, document["kind"], found)


def _place(outcome_id: str) -> str:
    return f"{OUTCOMES}:{outcome_id}"
