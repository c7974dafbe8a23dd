"""What a human decided about a proposal: never changed, its words under the person's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.mentoring.domain.ids import CaseId
from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from services.mentoring.storage.records import Records
from services.mentoring.use_cases.matchings import DECISIONS
from services.mentoring.use_cases.ports import Document
from services.mentoring.use_cases.records import Whose
from services.mentoring.use_cases.see_matching import Decided, decided_of
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor


class MongoDecisions:
    """See the ports in `use_cases.see_matching` and `use_cases.decide_match`."""

    def __init__(self, ground: Ground) -> None:
        self._decisions = ground.database[DECISIONS]
        self._people = ground.people
        self._records = Records(
            ground.database, ground.people, DECISIONS, group=GROUP_OF_RECORDS[DECISIONS]
        )

    async def of_matching(
        self,
        matching_id: str,
        case_ids: Sequence[CaseId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sealed[list[Decided]]:
        """See the port."""
        wanted = {"matching_id": matching_id, "case_id": {"$in": list(case_ids)}}
        found = [each async for each in self._decisions.find(wanted).sort("_id", 1)]
        opened = await self._people.open_many(
            [(each["person_id"], each["words"], f"{DECISIONS}:{each['_id']}") for each in found]
        )
        content = [
            decided_of(document["_id"], document, words["text"])
            for document, words in zip(found, opened, strict=True)
            if words is not None
        ]
        return Sealed(content, subjects=[each.case_id for each in content], fields=["assessment"])

    async def document(
        self,
        decision_id: str,
        whose: Whose,
        facts: Mapping[str, Any],
        text: str,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Document:
        """See the port."""
        return await self._records.sealed(decision_id, whose, facts, {"text": text})
