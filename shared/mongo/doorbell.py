"""Knowing at once that something was put into a collection, and looking now and then anyway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import structlog
from bson.int64 import Int64
from pymongo.errors import PyMongoError

from shared.mongo.client import Collection, Session

log = structlog.get_logger(__name__)


async def rings(collection: Collection, *, at_least_every: float = 1.0) -> AsyncIterator[None]:
    """Yield at once, then soon after each insert; many together ring once.

    It also rings every `at_least_every` seconds: a poll, which goes on while the stream is lost.

    The stream is read by whole batches with plain commands, as the driver's own iterator would
    cross a thread for each document.
    """
    wait_ms = int(at_least_every * 1000)
    while True:
        try:
            async with await collection.database.client.start_session() as session:
                cursor = await _open(collection, session)
                yield
                while cursor:
                    cursor = await _next_batch(collection, session, cursor, wait_ms)
                    yield
        except PyMongoError as error:
            log.warning("change_stream_lost", kind=type(error).__name__)
            yield
            await asyncio.sleep(at_least_every)


async def _open(collection: Collection, session: Session) -> int:
    inserts: list[dict[str, Any]] = [
        {"$changeStream": {}},
        {"$match": {"operationType": "insert"}},
        {"$project": {"_id": 1}},
    ]
    answer = await collection.database.command(
        {"aggregate": collection.name, "pipeline": inserts, "cursor": {}}, session=session
    )
    return int(answer["cursor"]["id"])


async def _next_batch(collection: Collection, session: Session, cursor: int, wait_ms: int) -> int:
    # The driver would send a small number as int32, which getMore refuses.
    answer = await collection.database.command(
        {"getMore": Int64(cursor), "collection": collection.name, "maxTimeMS": wait_ms},
        session=session,
    )
    return int(answer["cursor"]["id"])
