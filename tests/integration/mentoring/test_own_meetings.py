"""What somebody has ahead: their own meetings of all their cases, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.mentoring.test_from_intake_to_aftercare import in_support
from tests.integration.mentoring.test_meetings import MARK, arrange
from tests.integration.mentoring.test_no_trace_no_data import audit_away
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, World
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATH = "/v1/my-meetings?days=30"


async def mine(world: World, who: str, query: str = PATH) -> list[str]:
    found = await world.asks(who, "GET", query)
    return [each["id"] for each in found["items"]]


async def test_own_meetings_of_all_cases_in_their_order(world: World) -> None:
    """The first first; only where one takes part, within the days asked for, and on record."""
    first, second = await world.a_case(), await in_support(world)
    late = await arrange(world, first, starts_local="2027-02-04T15:00")
    both = await arrange(world, second, staff=[KARIN, IDRIS])
    own = await arrange(world, second, staff=[KARIN], starts_local="2027-01-20T10:00")
    assert await mine(world, KARIN) == [own, both, late]
    assert await mine(world, IDRIS) == [both]
    assert await mine(world, KARIN, "/v1/my-meetings?days=10") == [own]
    [shown] = (await world.asks(IDRIS, "GET", PATH))["items"]
    assert (shown["case_id"], shown["text"]) == (second, MARK)
    assert shown["pseudonym"] == (await world.case(second))["pseudonym"]
    assert await world.audited(second, rule="own-meetings", purpose="meeting")
    await world.change(KARIN, "POST", second, f"/meetings/{own}/cancellation")
    world.clock.advance(timedelta(days=20))
    assert await mine(world, KARIN) == [late]
    await world.asks(GRETA, "GET", PATH, 403)


async def test_whoever_has_left_has_nothing_ahead(world: World, servers: RealServers) -> None:
    """Out of the circle, out of the list; and without the audit nobody has one."""
    case_id = await in_support(world)
    await arrange(world, case_id, staff=[KARIN, IDRIS])
    with audit_away(servers):
        refused = await world.answer(IDRIS, "GET", PATH)
    assert (refused.status_code, MARK in refused.text) == (503, False)
    # Whoever has another role now leads no case, and sees none of its meetings.
    now_a_mentor = world.signed_in("mentor", KARIN)
    found = await world.client.get(PATH, headers=now_a_mentor)
    assert (found.status_code, found.json()["items"]) == (200, [])
    await world.change(KARIN, "DELETE", case_id, f"/circle/{IDRIS}")
    assert await mine(world, IDRIS) == []
