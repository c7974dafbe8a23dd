"""Mongo sessions, begun and ended without crossing a thread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClientSession

from shared.mongo.client import Client, Session


@asynccontextmanager
async def session_on(client: Client, **options: Any) -> AsyncIterator[Session]:
    """A session for the block.

    The driver draws sessions from a pool in memory and asks the server nothing; motor goes to a
    thread and back for each end of it all the same, a tenth of a small transaction.
    """
    driven = client.delegate.start_session(**options)
    session: Session = AsyncIOMotorClientSession(driven, client)
    try:
        yield session
    finally:
        if driven.in_transaction:
            # Now the server is told.
            await session.end_session()
        else:
            driven.end_session()
