"""The start page of whoever leads cases: nobody who came in is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.web.staff.start_parts import TOO_LONG_DAYS
from tests.integration.mentoring.console.conftest import Desk
from tests.integration.mentoring.test_how_somebody_comes import MARK, SAID, decide
from tests.integration.mentoring.world import KARIN

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_has_waited_longest_stands_first(desk: Desk) -> None:
    """With the days once they are too many, by receipt alone; a decided one is gone."""
    world = desk.world
    first = await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **SAID})
    desk.passes(timedelta(days=TOO_LONG_DAYS, hours=1))
    later = await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "police", **SAID})
    async with desk.signed_in(KARIN) as browser:
        page = await browser.opens("/console")
        assert page.index(first["receipt"]) < page.index(later["receipt"])
        assert page.count(f"väntat {TOO_LONG_DAYS} dagar") == 1
        assert MARK not in page
        [_, oldest] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
        await decide(world, KARIN, oldest["id"], "acceptance", 201, {})
        page = await browser.opens("/console")
        assert first["receipt"] not in page
        assert later["receipt"] in page
