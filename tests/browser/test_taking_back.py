"""Many bookings at once: reminded, cancelled and taken back; and a count of heads taken back."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from shared.kernel.clock import real_now
from tests.browser.by_keys import press, write
from tests.browser.conftest import Chromium
from tests.browser.console_pages import console
from tests.browser.shown_world import busy_occasion
from tests.browser.test_behind_a_press import made, well_made
from tests.support.eventually import eventually
from tests.support.season import a_party, an_occasion, unique
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_those_with_places_are_reminded_without_a_script(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """How many are reached is said first, one message goes, and nobody is reminded twice a day."""
    busy = await busy_occasion(whole_copy)
    to, everybody = f"/console/occasions/{busy.id}", "Påminn alla som har plats (1)"
    async with whole_copy.client(service="notifications") as desk:

        async def reached() -> bool:
            found = (await desk.get("/v1/reach", params={"about": busy.confirmed})).json()
            return found["items"][0]["channel"] == "sms"

        async def reminders() -> list[str]:
            found = (await desk.get("/v1/messages", params={"subject": busy.confirmed})).json()
            return [m["template"] for m in found["items"] if m["template"].startswith("reminder")]

        await eventually(reached)
        scriptless = {"java_script_enabled": False}
        async with console(chromium, whole_copy, "amina.lund", to, **scriptless) as page:
            await page.get_by_role("button", name=everybody).click()
            await expect(page.get_by_text("Får sms: 1")).to_be_visible()
            await page.get_by_role("button", name="Påminn 1").click()
            await expect(page.get_by_text("1 av 1 är gjorda")).to_be_visible()
            assert await eventually(reminders) == ["reminder-24h"]
            await page.get_by_role("link", name="Tillbaka").click()
            await page.get_by_role("button", name=everybody).click()
            await expect(page.get_by_text("redan påmind i dag")).to_be_visible()
            await expect(page.get_by_role("button", name="Påminn")).to_have_count(0)


async def test_a_bulk_cancellation_is_taken_back(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """What cannot be had back is said first; who stood in line stands where it stood."""
    busy = await busy_occasion(whole_copy)
    to = f"/console/occasions/{busy.id}"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        rows = page.locator("#occasion tbody tr")
        await rows.first.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Avboka", exact=True).click()
        await expect(page.get_by_text("någon väntar på platserna: 1")).to_be_visible()
        await well_made(page, "console-bulk-cancel")
        await page.goto(whole_copy.front_door + to)
        await rows.nth(1).get_by_role("checkbox").check()
        await page.get_by_role("button", name="Avboka", exact=True).click()
        await page.get_by_label("Skäl", exact=True).fill("Fel klass.")
        await page.get_by_role("button", name="Avboka 1").click()
        await page.get_by_role("button", name="Ångra").click()
        await expect(page.get_by_text("1 av 1 är gjorda")).to_be_visible()
        await well_made(page, "console-bulk-undone")
        await page.get_by_role("link", name="Tillbaka").click()
        await expect(rows.nth(1)).to_contain_text("20")
        await expect(rows.nth(1)).to_contain_text("plats 1")


async def test_a_count_is_taken_back_by_keys(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """Counted at the door for the wrong class: one press, and nobody has counted."""
    soon = real_now().astimezone(ZoneInfo("Europe/Stockholm")) + timedelta(minutes=30)
    async with whole_copy.client() as desk:
        starts = f"{soon:%Y-%m-%dT%H:%M:00}"
        on = await an_occasion(desk, 28, title=unique("Vid dörren"), starts_local=starts)
        await made(desk, "/v1/bookings", a_party(on["id"], 20))
    to = f"/console/occasions/{on['id']}/attendance"
    async with console(chromium, whole_copy, "leyla.sjo", to) as page:
        state = page.locator("tbody tr .tag").first
        await write(page, "Elever, Rosengårdsskolan 8B", "18")
        await press(page, "Spara det som är räknat")
        await expect(state).to_have_text("räknad")
        await well_made(page, "console-counted")
        await page.set_viewport_size({"width": 1280, "height": 800})
        await press(page, "Ångra")
        await expect(page.get_by_role("status").first).to_contain_text("Räkningen är ångrad")
        await expect(state).to_have_text("inte räknad")
