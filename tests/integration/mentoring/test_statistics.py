"""What funders are told: counted without anybody, published once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.mentoring.world import KARIN, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_quarter_is_published_once_it_is_over(world: World) -> None:
    """Counts without ids, rounded, small groups hidden; told to partners, and never changed."""
    for place in ("Malmö",) * 6 + ("Lund",):
        await world.a_case(municipality=place)
    path = "/v1/statistics/2027-Q1"
    early = await world.asks(KARIN, "POST", path, 409)
    assert early["type"].endswith("quarter-not-over")
    world.clock.advance(timedelta(days=90))
    published = await world.asks(KARIN, "POST", path, 201)
    assert published["tables"]["case-opened/municipality"] == {"Malmö": 5}
    assert published["tables"]["case-opened/age-band"]["13-15"] is None
    [told] = await world.told("statistics-published")
    assert told.data["tables"] == published["tables"]
    assert (await world.asks(KARIN, "GET", path)) == published
    await world.a_case()
    again = await world.asks(KARIN, "POST", path, 409)
    assert again["type"].endswith("quarter-is-published")


async def test_no_tally_leads_to_a_case(world: World) -> None:
    """A tally holds a kind, a quarter and what is counted; its id says nothing of when."""
    case_id = await world.a_case()
    [row] = await world.rows("tallies")
    assert set(row) == {"_id", "kind", "quarter", "attributes"}
    assert len(row["_id"]) == 32
    assert case_id[:13] not in row["_id"]
