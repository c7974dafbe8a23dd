"""Says when the delivery queue has more to do: a change stream, and again after an interruption."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pymongo.errors import PyMongoError

from services.notifications.storage.indexes import DELIVERIES
from shared.mongo.client import Database

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
    """One item per change that may make a delivery due. Never ends; a lost one does no harm."""
    while True:
        try:
            async with database[DELIVERIES].watch(_QUEUED) as changes:
                async for _ in changes:
                    yield None
        except PyMongoError:
            await asyncio.sleep(1.0)
