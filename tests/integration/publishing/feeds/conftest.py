"""Feeds on the real databases."""

from __future__ import annotations

import pytest_asyncio

from tests.integration.publishing.feeds.partners_world import Partnered
from tests.integration.publishing.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def partnered(world: World) -> Partnered:
    """Publishing with an empty log and no partner yet."""
    return Partnered.of(world)
