"""What mailers follow while letters leave: mailings' states, leavings, slowed limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeAlias

import structlog
from pymongo.errors import PyMongoError

from services.publishing.domain.leaving import Left
from services.publishing.domain.mailing import State
from services.publishing.storage.leavings import MongoLeavings
from services.publishing.storage.mail_limits import LIMITS
from services.publishing.storage.mailings import MAILINGS
from shared.kernel.actor import housekeeping
from shared.mongo.client import Database, Document
from shared.mongo.following import Following

log = structlog.get_logger(__name__)
_RETRY = 0.5
_BY = housekeeping("mailer")
_WRITES = ["insert", "update", "replace"]

Change: TypeAlias = tuple[str, str, str]
"""Collection, then id and state of a mailing or scope and name of a limit."""
_STAGES: list[Document] = [
    {
        "$match": {
            "operationType": {"$in": _WRITES},
            "$or": [
                {"ns.coll": MAILINGS},
                {"ns.coll": LIMITS, "operationType": "insert"},
                {"ns.coll": LIMITS, "updateDescription.updatedFields.slowed_at": {"$exists": True}},
            ],
        }
    },
    {
        "$project": {
            "clusterTime": 1,
            "ns.coll": 1,
            "documentKey": 1,
            "fullDocument.state": 1,
            "fullDocument.scope": 1,
            "fullDocument.name": 1,
        }
    },
]


class MongoSteering:
    """Each goes on after a database that was away; None says that something may be missed."""

    def __init__(self, database: Database, leavings: MongoLeavings) -> None:
        self._leavings = leavings
        self._following: Following[Change] = Following(database, _STAGES, _read, whole=True)

    async def states(self) -> AsyncIterator[Sequence[tuple[str, State]] | None]:
        """See the port."""
        async for some in self._changes(MAILINGS):
            yield None if some is None else [(one, state) for _, one, state in some]  # type: ignore[misc]

    async def slowed(self) -> AsyncIterator[Sequence[tuple[str, str]] | None]:
        """See the port."""
        async for some in self._changes(LIMITS):
            yield None if some is None else [(scope, name) for _, scope, name in some]

    async def leavings(self) -> AsyncIterator[Sequence[Left] | None]:
        """See the port."""
        place: str | None = None
        while True:
            try:
                place = place or await self._leavings.here(by=_BY)
                async for seen, left in self._leavings.since(place, by=_BY):
                    place = seen
                    yield left
            except PyMongoError as error:
                log.warning("leavings_lost", kind=type(error).__name__)
            await asyncio.sleep(_RETRY)

    async def _changes(self, collection: str) -> AsyncIterator[Sequence[Change] | None]:
        place: str | None = None
        while True:
            try:
                place = place or await self._following.here()
                async for some in self._following.since(place):
                    place = str(some[-1].place)
                    changes = [seen.change for seen in some]
                    known = [each for each in changes if each is not None]
                    if len(known) < len(changes):
                        yield None
                    yield [each for each in known if each[0] == collection]
            except PyMongoError as error:
                log.warning("steering_lost", kind=type(error).__name__)
            await asyncio.sleep(_RETRY)


def _read(event: Document) -> Change | None:
    row = event.get("fullDocument")
    name = event["ns"]["coll"]
    if row is None:
        return None
    if name == MAILINGS:
        return name, event["documentKey"]["_id"], row["state"]
    return name, row["scope"], row["name"]
