"""Channels that are cancelled while they open, and one whose opening nobody answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aio_pika.abc import AbstractChannel
from yarl import URL

from shared.broker import punctual
from shared.broker.roaming import RoamingConnection
from tests.integration.delivery.gate import gate_to
from tests.support.eventually import eventually
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[RoamingConnection]:
    connection = RoamingConnection([url])
    await connection.connect(timeout=10)
    try:
        yield connection
    finally:
        await connection.close()


async def opened(connection: RoamingConnection) -> AbstractChannel:
    return await connection.channel()


def numbers(connection: RoamingConnection) -> set[int]:
    """Channels of it that the library counts as in use; 0 is the connection's own."""
    assert connection.transport is not None
    return set(connection.transport.connection.channels) - {0}


async def test_given_up_at_any_moment_the_connection_stays(servers: RealServers) -> None:
    """Cancelled sooner or later while it opens: same connection, nothing left open, more can be.

    The library sees to that since aiormq 7.2; ours is to notice when a later one does not.
    """
    async with connected(servers.amqp_url("publishing")) as connection:
        assert connection.transport is not None
        first = connection.transport.connection
        for turns in range(60):
            opening = asyncio.create_task(opened(connection))
            await asyncio.sleep(turns * 0.0002)
            opening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                # Too late to give it up: it is ours.
                await (await opening).close()
        channel = await connection.channel()
        assert await eventually(lambda: len(numbers(connection)) == 1, within=10)
        assert not channel.is_closed
        assert connection.transport.connection is first


async def test_one_that_hangs_is_given_up_with_its_connection(
    servers: RealServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer within its time: the connection is dropped and made anew, and channels open."""
    monkeypatch.setattr(punctual, "OPENS_WITHIN", 0.5)
    url = servers.amqp_url("publishing")
    async with (
        gate_to(url) as gate,
        connected(str(URL(url).with_port(gate.port))) as connection,
    ):
        gate.open.clear()
        with pytest.raises(TimeoutError):
            await connection.channel()
        gate.open.set()
        assert await eventually(lambda: gate.passages == 2, within=20)
        await connection.ready()
        channel = await connection.channel()
        assert not channel.is_closed
