"""A case's own history: what was done to it, by whom and when, in codes and ids."""

from __future__ import annotations

from collections.abc import Sequence

from services.mentoring.use_cases.case_work import STEPS
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document


class MongoSteps:
    """Written with every change; never changed, and removed only with the person."""

    def __init__(self, database: Database) -> None:
        self._steps = database[STEPS]

    async def of_case(
        self,
        case_id: str,
        *,
        without: Sequence[str],
        newest_first: bool = False,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> Sealed[tuple[list[Document], int]]:
        """A page in order, and how many there are."""
        wanted: Document = {"case_id": case_id, "kind": {"$nin": list(without)}}
        total = await self._steps.count_documents(wanted)
        found = (
            self._steps.find(wanted)
            .sort("sequence", -1 if newest_first else 1)
            .skip(offset)
            .limit(limit)
        )
        page = [each async for each in found]
        return Sealed((page, total), subjects=[case_id], fields=["overview"])
