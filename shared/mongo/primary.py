"""Whether the database can be written to."""

from __future__ import annotations

import asyncio

from pymongo.errors import PyMongoError

from shared.mongo.client import Database

_PATIENCE = 2.0


async def has_primary(database: Database) -> bool:
    """Whether a primary answers within two seconds; never raises for want of a database."""
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await database.command("hello")
    except (PyMongoError, TimeoutError):
        return False
    return bool(answer.get("isWritablePrimary"))
