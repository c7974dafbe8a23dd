"""Notices: somebody should look at a case. Whom and which, never why in words."""

from __future__ import annotations

from collections.abc import Sequence

from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.attention import NOTICES
from services.mentoring.use_cases.ports import Document
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database


class MongoNotices:
    """Made with the change that they tell of; see the ports in `use_cases.see_attention`."""

    def __init__(self, database: Database) -> None:
        self._notices = database[NOTICES]

    async def cases_of(self, username: str, *, by: Actor) -> Sequence[CaseId]:  # noqa: ARG002
        """See the port."""
        wanted = {"for": username, "seen_at": None}
        return [CaseId(each) for each in await self._notices.distinct("case_id", wanted)]

    async def for_(
        self,
        username: str,
        *,
        of: Sequence[CaseId],
        as_role: Sequence[str],
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> Sealed[tuple[list[Document], int]]:
        """See the port."""
        own = {"for": username, "case_id": {"$in": list(of)}}
        wanted = {"seen_at": None, "$or": [own, {"for": {"$in": list(as_role)}}]}
        total = await self._notices.count_documents(wanted)
        found = self._notices.find(wanted).sort("_id", -1).skip(offset).limit(limit)
        page: list[Document] = [each async for each in found]
        return Sealed((page, total), subjects=[n["case_id"] for n in page], fields=["overview"])

    async def seen(
        self,
        notice_id: str,
        names: Sequence[str],
        *,
        by: Actor,  # noqa: ARG002
    ) -> bool:
        """See the port."""
        found = await self._notices.update_one(
            {"_id": notice_id, "for": {"$in": list(names)}}, {"$set": {"seen_at": real_now()}}
        )
        return bool(found.matched_count)
