"""A probe that waits too long does not cost anybody the connection."""

from __future__ import annotations

import asyncio

import pytest
from yarl import URL

from shared.broker import counting
from shared.broker.connection import make_broker
from shared.broker.errors import TopologyMissing, Unknown
from shared.broker.underneath import connection_of
from shared.kernel.ids import new_id
from tests.integration.delivery.gate import gate_to
from tests.support.eventually import eventually
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUEUE = "notifications.from-booking"


async def test_a_look_without_an_answer_is_not_broken_off(servers: RealServers) -> None:
    """Ten looks at a broker that stands still: unknown, one question, and the same connection."""
    url = servers.amqp_url("notifications")
    async with gate_to(url) as gate:
        bus = make_broker([str(URL(url).with_port(gate.port))], user="notifications")
        try:
            await bus.start()
            before = gate.passages
            connection = connection_of(bus._outward)
            assert connection is not None
            assert connection.transport is not None
            gate.open.clear()
            for _ in range(10):
                with pytest.raises(Unknown):
                    await bus.consumers(QUEUE, timeout=0.05)
            assert len(bus._counts._asked) == 1
            gate.open.set()
            assert await bus.consumers(QUEUE) == 0
            await bus.round_trip()
            channels = connection.transport.connection.channels
            assert await eventually(lambda: len(channels) <= 3)
            assert gate.passages == before, "no connection was lost"
        finally:
            await bus.stop()


async def test_a_look_that_hangs_gives_the_connection_up(
    servers: RealServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody answers for too long: the connection is made anew, and the next look is answered."""
    monkeypatch.setattr(counting, "GIVEN_UP_AFTER", 0.3)
    url = servers.amqp_url("notifications")
    async with gate_to(url) as gate:
        bus = make_broker([str(URL(url).with_port(gate.port))], user="notifications")
        try:
            await bus.start()
            before = gate.passages
            gate.open.clear()
            with pytest.raises(Unknown):
                await bus.consumers(QUEUE)
            gate.open.set()
            assert await eventually(lambda: gate.passages > before)

            async def answered() -> bool:
                try:
                    return await bus.consumers(QUEUE) == 0
                except Unknown:
                    return False

            assert await eventually(answered)
        finally:
            await bus.stop()


async def test_a_look_at_nothing_says_so_to_all_who_asked(servers: RealServers) -> None:
    """A queue that is not there is told to everybody who waits; a stopped bus leaves no task."""
    bus = make_broker([servers.amqp_url("notifications")], user="notifications")
    await bus.start()
    told = await asyncio.gather(
        *(bus.consumers(f"notifications.{new_id()}") for _ in range(2)),
        bus.consumers("notifications.nowhere"),
        bus.consumers("notifications.nowhere"),
        return_exceptions=True,
    )
    assert all(isinstance(each, TopologyMissing) for each in told), told
    await bus.stop()
    assert not bus._counts._asked
