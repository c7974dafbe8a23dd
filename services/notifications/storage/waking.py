"""Says when the delivery queue has more to do: a change stream, and again after an interruption."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pymongo.errors import PyMongoError

from services.notifications.storage.indexes import DELIVERIES
from shared.mongo.change_batches import change_batches, from_moment
from shared.mongo.client import Database
from shared.mongo.moments import moment_now

_QUEUED: list[dict[str, Any]] = [
    {
        "$match": {
            "$or": [
                {"operationType": "insert"},
                {"updateDescription.updatedFields.state": {"$exists": True}},
            ]
        }
    },
    {"$project": {"_id": 1}},
]


async def deliveries_changed(database: Database) -> AsyncIterator[None]:
    """One item per batch of changes that may make a delivery due. A lost one does no harm."""
    while True:
        try:
            begin = from_moment(await moment_now(database))
            async for batch in change_batches(
                database, _QUEUED, begin=begin, collection=DELIVERIES
            ):
                if batch.events:
                    yield None
        except PyMongoError:
            await asyncio.sleep(1.0)
