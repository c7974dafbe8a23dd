"""Publishing has what every service has."""

from __future__ import annotations

import pytest

from tests.integration.publishing.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_says_what_it_is(world: World) -> None:
    """Anybody may ask for the API's name and version."""
    answer = await world.client.get("/v1/api-info")
    assert answer.status_code == 200
    assert "publishing" in answer.text


async def test_an_editor_may_not_look_at_the_operators_desk(world: World) -> None:
    """Roles hold here as everywhere: what was given up is the operator's to read."""
    await world.ask("GET", "/v1/dead-letters", 403, by="editor")
    await world.ask("GET", "/v1/dead-letters", by="operator")
