"""Leavings, for mailers at work: kept for a day, followed as they are written.

Each stands in the same transaction as what it tells of (`subscribers`, `suppressions`), so that a
mailer hears of every one and of nothing that was undone. Who begins later asks `readers`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence

from services.publishing.domain.leaving import Left
from services.publishing.storage.subscriber_documents import key
from services.publishing.storage.subscriber_indexes import LEAVINGS
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document, Session
from shared.mongo.following import Following

_STAGES: list[Document] = [
    {"$match": {"operationType": "insert", "ns.coll": LEAVINGS}},
    {"$project": {"clusterTime": 1, "ns.coll": 1, "fullDocument": 1}},
]


class MongoLeavings:
    """Followed by place, once for all who listen (see `shared.mongo.following`)."""

    def __init__(self, database: Database) -> None:
        self._rows = database[LEAVINGS]
        self._following = Following(database, _STAGES, _read)

    async def add(self, session: Session, left: Iterable[Left]) -> None:
        """In the transaction of what they tell of. None, no write."""
        now = real_now()
        rows = [
            {"subscriber": key(each.subscriber), "list": each.list_id, "why": each.why, "at": now}
            for each in left
        ]
        if rows:
            await self._rows.insert_many(rows, session=session)

    async def here(self, *, by: Actor) -> str:  # noqa: ARG002 - ids alone, to our own processes
        """The place of now: what is committed later comes after it."""
        return await self._following.here()

    async def since(
        self,
        place: str | None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> AsyncGenerator[tuple[str, Sequence[Left] | None], None]:
        """What came after a place (None: now), with the place to go on from; never ends.

        None instead of leavings: some were missed, so everybody in hand is to be asked for anew.
        """
        async for some in self._following.since(place):
            left = [seen.change for seen in some]
            whole = [each for each in left if each is not None]
            yield some[-1].place, whole if len(whole) == len(left) else None


def _read(event: Document) -> Left | None:
    row = event["fullDocument"]
    return Left(row["subscriber"].as_uuid(), row["list"], row["why"])
