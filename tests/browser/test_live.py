"""Pages that are open while the world changes: elsewhere, by another role, under a restart."""

from __future__ import annotations

import os
import signal
import time
from statistics import median

import httpx
import pytest
from playwright.async_api import Page, expect

from shared.kernel.ids import new_id
from tests.browser.conftest import Chromium
from tests.browser.console_pages import console
from tests.browser.shown_world import busy_occasion
from tests.support.eventually import eventually
from tests.support.season import a_party
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _one_more(copy: WholeCopy, occasion: str) -> None:
    async with copy.client() as desk:
        body, once = a_party(occasion, 9, when_full="wait"), {"Idempotency-Key": new_id()}
        booked = await desk.post("/v1/bookings", json=body, headers=once)
        assert booked.status_code == 201, booked.text


async def _listening(page: Page) -> None:
    """Until the page's stream is open."""
    async with page.expect_response("**/console/live/booking"):
        await page.reload()


async def test_a_restart_of_the_door_is_lived_through(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """The web process ends while a page is open: what happened meanwhile is shown by itself."""
    busy = await busy_occasion(whole_copy)
    async with console(chromium, whole_copy, "amina.lund", f"/console/occasions/{busy.id}") as page:
        rows = page.locator("#occasion tbody tr")
        await expect(rows).to_have_count(3)
        await _listening(page)
        before = whole_copy.pid("web")
        os.kill(before, signal.SIGTERM)

        async def another() -> bool:
            return whole_copy.described["pids"].get("web", before) != before

        await eventually(another, within=60)
        await _one_more(whole_copy, busy.id)

        async def open_again() -> bool:
            try:
                async with httpx.AsyncClient(trust_env=False) as visitor:
                    return (await visitor.get(f"{whole_copy.front_door}/program")).is_success
            except httpx.HTTPError:
                return False

        await eventually(open_again, within=60)
        await expect(rows).to_have_count(4)


async def test_two_roles_side_by_side(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """A leader sees what the coordinator changes, and neither the control nor the way to do it."""
    busy = await busy_occasion(whole_copy)
    to = f"/console/occasions/{busy.id}"
    async with (
        console(chromium, whole_copy, "leyla.sjo", to) as leader,
        console(chromium, whole_copy, "amina.lund", f"{to}/change") as desk,
    ):
        await expect(leader.locator("#occasion")).to_contain_text("28 av 28")
        await _listening(leader)
        await desk.get_by_label("Platser", exact=True).fill("29")
        await desk.get_by_role("button", name="Spara").click()
        await expect(leader.locator("#occasion")).to_contain_text("28 av 29")
        await expect(desk.get_by_role("link", name="Ändra").first).to_be_visible()
        await expect(leader.get_by_role("link", name="Ändra")).to_have_count(0)
        refused = await leader.goto(f"{whole_copy.front_door}{to}/change")
        assert refused is not None
        assert refused.status == 403


@pytest.mark.long
async def test_a_change_shows_within_a_second(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """From booking's answer to the new row in an open page: the middle of five.

    Long, as a busy machine says more of its business than of the page.
    """
    busy = await busy_occasion(whole_copy)
    async with console(chromium, whole_copy, "amina.lund", f"/console/occasions/{busy.id}") as page:
        await _listening(page)
        took = []
        for number in range(4, 9):
            await _one_more(whole_copy, busy.id)
            began = time.monotonic()
            await expect(page.locator("#occasion tbody tr")).to_have_count(number)
            took.append(time.monotonic() - began)
    assert median(took) < 1.0, took
