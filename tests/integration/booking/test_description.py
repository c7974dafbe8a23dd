"""The API's own description: complete, with examples that hold, and every route decided about."""

from __future__ import annotations

import jsonschema

from services.booking.policy import PERMISSIONS
from shared.web.openapi import examples, gaps
from tests.integration.booking.world import World

SHARED = ("/v1/dead-letters", "/v1/journal")
"""Routes that every service has: described, and tested, where they are made."""


async def test_every_operation_is_described_with_examples_that_hold(world: World) -> None:
    """Nothing is missing, and each example is valid under its own schema."""
    document = (await world.client.get("/openapi.json")).json()
    ours = [gap for gap in gaps(document) if not any(path in gap for path in SHARED)]
    assert "\n".join(ours) == ""
    shown = list(examples(document))
    assert len(shown) > 20
    for where, schema, example in shown:
        jsonschema.validate(example, {**schema, "components": document["components"]}), where


async def test_every_route_says_who_may(world: World) -> None:
    """Each operation carries a policy, and each permission of the policy is asked for somewhere."""
    document = (await world.client.get("/openapi.json")).json()
    policies = [op["x-policy"] for path in document["paths"].values() for op in path.values()]
    asked = {policy["detail"] for policy in policies if policy["kind"] == "permission"}
    assert asked == set(PERMISSIONS)
    links = [policy for policy in policies if policy["kind"] == "link"]
    assert len(links) == 7
