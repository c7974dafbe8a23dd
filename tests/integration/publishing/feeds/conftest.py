"""Feeds on the real databases."""

from __future__ import annotations

import pytest_asyncio
from aio_pika.abc import AbstractRobustConnection

from tests.integration.publishing.feeds.broker_world import Broker
from tests.integration.publishing.feeds.partners_world import Partnered
from tests.integration.publishing.world import World
from tests.support.servers import RealServers


@pytest_asyncio.fixture(loop_scope="session")
async def partnered(world: World) -> Partnered:
    """Publishing with an empty log and no partner yet."""
    return Partnered.of(world)


@pytest_asyncio.fixture(loop_scope="session")
async def broker(
    servers: RealServers,
    clean_queues: None,
    amqp_administrator: AbstractRobustConnection,
    partnered: Partnered,
) -> Broker:
    """The feed's queue, empty, and everybody's users."""
    return Broker(servers, amqp_administrator, partnered)
