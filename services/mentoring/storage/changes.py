"""What changed, as it changes: cases as they became, and notices as they are written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.storage import documents
from services.mentoring.storage.indexes import CASES
from services.mentoring.use_cases.attention import NOTICES
from services.mentoring.use_cases.follow_changes import Happened, Noticed
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document
from shared.mongo.following import Following

_WRITES = ["insert", "update", "replace"]
_STAGES: list[Document] = [
    {
        "$match": {
            "$or": [
                {"ns.coll": CASES, "operationType": {"$in": _WRITES}},
                {"ns.coll": NOTICES, "operationType": "insert"},
            ]
        }
    },
    {"$project": {"clusterTime": 1, "ns.coll": 1, "fullDocument": 1}},
]


class MongoChanges:
    """Followed by place, once for all who listen (see `shared.mongo.following`).

    It gives every change: who may be told of it is decided in `use_cases.follow_changes`.
    """

    def __init__(self, database: Database) -> None:
        self._following: Following[Case | Noticed] = Following(
            database, _STAGES, _happened, whole=True
        )

    async def since(
        self,
        last: str | None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> AsyncIterator[Sequence[Happened]]:
        """See the port."""
        async for some in self._following.since(last):
            yield [Happened(seen.place, seen.change) for seen in some]


def _happened(event: Document) -> Case | Noticed | None:
    document = event.get("fullDocument")
    if document is None:
        return None  # gone again since
    if event["ns"]["coll"] == CASES:
        return documents.case_of(document)
    return Noticed(document["_id"], document["for"], CaseId(document["case_id"]))
