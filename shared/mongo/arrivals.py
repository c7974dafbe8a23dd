"""What is put into a collection: known at once, in the order of the commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from shared.mongo.change_batches import change_batches, from_moment
from shared.mongo.client import Database, Document
from shared.mongo.moments import moment_now

log = structlog.get_logger(__name__)

_INSERTS: list[dict[str, Any]] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {"clusterTime": 1, "fullDocument": 1}},
]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Documents as they were put in, each with the moment of its commit.

    Together with those before, they are everything that was committed since `since`. None: the
    stream is lost, and what has come meanwhile is not known.
    """

    since: Timestamp | None
    documents: Sequence[tuple[Timestamp, Document]] = ()


async def arrivals(
    database: Database, name: str, *, at_least_every: float = 1.0
) -> AsyncIterator[Arrivals]:
    """What is put into a collection, soon after each commit; many together are one.

    It yields, of nothing, at the beginning, and whenever nothing came for `at_least_every` seconds
    or the stream is lost: whoever looks for himself then goes on meanwhile.
    """
    while True:
        try:
            since = await moment_now(database)
            batches = change_batches(
                database,
                _INSERTS,
                begin=from_moment(since),
                collection=name,
                wait=at_least_every,
            )
            async for batch in batches:
                yield Arrivals(since, _documents(batch.events))
        except PyMongoError as error:
            log.warning("change_stream_lost", kind=type(error).__name__)
            yield Arrivals(None)
            await asyncio.sleep(at_least_every)


def _documents(events: Sequence[Document]) -> list[tuple[Timestamp, Document]]:
    return [(event["clusterTime"], event["fullDocument"]) for event in events]
