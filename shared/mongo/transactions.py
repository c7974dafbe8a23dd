"""Several writes that happen together or not at all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pymongo import ReadPreference, WriteConcern
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from shared.kernel.pauses import Pauses
from shared.mongo.client import Client, Session
from shared.mongo.sessions import session_on

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds after which a transaction that keeps colliding is given up."""

BORDER = 2.0
"""Seconds that a transaction has left to end by itself when its caller is cancelled."""

_COMMIT_MS = 10_000


async def transact(client: Client, work: Callable[[Session], Awaitable[T]]) -> T:
    """Run `work` in one transaction and give back what it returns.

    `work` may be called again after a collision or a lost connection, so it must do nothing but
    database work with the session it is given. An error that it raises undoes the transaction and
    is passed on (a `DuplicateKeyError` too: inside a transaction it undoes everything).

    Cancelling takes effect at the transaction's border, or after `BORDER` seconds: the driver works
    in threads that cannot be stopped, and ending the session under a write that is on its way could
    let that write through alone.
    """
    running = asyncio.ensure_future(_until_done(client, work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running}, timeout=BORDER)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        raise


async def _until_done(client: Client, work: Callable[[Session], Awaitable[T]]) -> T:
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + PATIENCE
    pauses = Pauses(0.004, 0.2)
    async with session_on(client) as session:
        while True:
            try:
                return await _once(session, work, give_up_at)
            except PyMongoError as error:
                if not error.has_error_label("TransientTransactionError"):
                    raise
                if loop.time() > give_up_at:
                    raise
            await pauses.rest()


async def _once(session: Session, work: Callable[[Session], Awaitable[T]], give_up_at: float) -> T:
    session.start_transaction(
        read_concern=ReadConcern("snapshot"),
        write_concern=WriteConcern("majority"),
        read_preference=ReadPreference.PRIMARY,
        max_commit_time_ms=_COMMIT_MS,
    )
    try:
        result = await work(session)
    except BaseException:
        with contextlib.suppress(PyMongoError):
            await session.abort_transaction()
        raise
    await _commit(session, give_up_at)
    return result


async def _commit(session: Session, give_up_at: float) -> None:
    """Commit; an answer that got lost is asked for again, which is safe."""
    loop = asyncio.get_running_loop()
    pauses = Pauses(0.01, 0.5)
    while True:
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            unknown = error.has_error_label("UnknownTransactionCommitResult")
            if not unknown or loop.time() > give_up_at:
                raise
            await pauses.rest()
