"""What is put into a collection: known at once, in the order of the commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from bson.int64 import Int64
from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from shared.mongo.client import Database, Document, Session
from shared.mongo.moments import moment_now
from shared.mongo.sessions import session_on

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

    The stream is read by whole batches with plain commands, as the driver's own iterator would
    cross a thread for each document.
    """
    wait_ms = int(at_least_every * 1000)
    while True:
        try:
            async with session_on(database.client) as session:
                since = await moment_now(database)
                cursor = await _open(database, name, session, since)
                yield Arrivals(since, _documents(cursor["firstBatch"]))
                while cursor["id"]:
                    cursor = await _more(database, name, session, cursor["id"], wait_ms)
                    yield Arrivals(since, _documents(cursor["nextBatch"]))
        except PyMongoError as error:
            log.warning("change_stream_lost", kind=type(error).__name__)
            yield Arrivals(None)
            await asyncio.sleep(at_least_every)


def _documents(events: Sequence[Document]) -> list[tuple[Timestamp, Document]]:
    return [(event["clusterTime"], event["fullDocument"]) for event in events]


async def _open(database: Database, name: str, session: Session, since: Timestamp) -> Document:
    stream = {"$changeStream": {"startAtOperationTime": since}}
    command = {"aggregate": name, "pipeline": [stream, *_INSERTS], "cursor": {}}
    return await _cursor(database, command, session)


async def _more(
    database: Database, name: str, session: Session, cursor: int, wait_ms: int
) -> Document:
    # The driver would send a small number as int32, which getMore refuses.
    command = {"getMore": Int64(cursor), "collection": name, "maxTimeMS": wait_ms}
    return await _cursor(database, command, session)


async def _cursor(database: Database, command: Document, session: Session) -> Document:
    answer = await database.command(command, codec_options=database.codec_options, session=session)
    cursor: Document = answer["cursor"]
    return cursor
