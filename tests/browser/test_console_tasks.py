"""What staff do in the console: by keyboard alone, without scripts, and side by side."""

from __future__ import annotations

import pytest
import pytest_asyncio
from playwright.async_api import expect

from shared.kernel.ids import new_id
from tests.browser.by_keys import scripts_ready, tab_to
from tests.browser.conftest import SCREENSHOTS, Chromium
from tests.browser.console_pages import console, sign_in
from tests.browser.looking import axe
from tests.browser.shown_world import Busy, busy_occasion
from tests.support.season import SEASON_HEAD, a_party, unique, weekday_ahead, write_file
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def busy(whole_copy: WholeCopy) -> Busy:
    return await busy_occasion(whole_copy)


async def test_somebody_is_moved_in_the_line_without_a_script(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """Sign in, find the occasion, move the last to the front with a reason, and take it back."""
    to = f"/console/occasions?q={busy.title}"
    async with console(chromium, whole_copy, "amina.lund", to, java_script_enabled=False) as page:
        await page.get_by_role("link", name=busy.title).click()
        await page.get_by_role("link", name="Kön").click()
        rows = page.locator("tbody tr")
        await expect(rows).to_have_count(2)
        await expect(rows.first).to_contain_text("20")
        await page.get_by_label("Vem", exact=True).select_option(index=1)
        await page.get_by_label("Skäl", exact=True).fill("Kan bara komma den dagen.")
        await page.get_by_role("button", name="Flytta").click()
        await expect(rows.first).to_contain_text("10")
        await expect(page.get_by_text("Kan bara komma den dagen.")).to_be_visible()


async def test_a_line_move_can_be_taken_back(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """With one press the line is as it was, and both moves stand in the list of reasons."""
    to = f"/console/occasions/{busy.id}/line"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        rows = page.locator("#line tbody tr")
        await page.get_by_label("Vem", exact=True).select_option(index=1)
        await page.get_by_label("Skäl", exact=True).fill("Misstag")
        await page.get_by_role("button", name="Flytta").click()
        await expect(rows.first).to_contain_text("10")
        await page.get_by_role("button", name="Ångra").click()
        await expect(rows.first).to_contain_text("20")
        await expect(page.locator("#moves ~ ul li")).to_have_count(2)


async def test_a_booking_is_cancelled_by_keyboard_alone(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """From the search to the booking to Ja, avboka: keys only; the first stop skips the menu."""
    async with console(chromium, whole_copy, "amina.lund") as page:
        await scripts_ready(page)
        await page.keyboard.press("Tab")
        first = await page.evaluate("document.activeElement.innerText")
        assert first == "Till innehållet"
        await page.keyboard.press("Control+k")
        await page.keyboard.type(busy.waiting)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console/search?*")
        await tab_to(page, "Rosengårdsskolan 8B")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/console/bookings/{busy.waiting}")
        await tab_to(page, "Avboka")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/cancel")
        await tab_to(page, "Skäl")
        await page.keyboard.type("Skolan har ringt.")
        await tab_to(page, "Ja, avboka")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_have_text("Bokningen är avbokad.")


async def test_keys_lead_where_they_say(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """G t opens the occasions; the map of all keys has a test of its own."""
    async with console(chromium, whole_copy, "amina.lund") as page:
        await scripts_ready(page)
        await page.keyboard.press("g")
        await page.keyboard.press("t")
        await page.wait_for_url("**/console/occasions")


async def test_a_change_shows_in_a_second_browser(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """A booking made elsewhere appears by itself, is told politely, and takes no focus away."""
    to = f"/console/occasions/{busy.id}"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        rows = page.locator("#occasion tbody tr")
        await expect(rows).to_have_count(3)
        link = rows.nth(1).get_by_role("link")
        await link.focus()
        async with page.expect_request("**/console/live/booking"):
            await page.reload()
        await link.focus()
        held = await page.evaluate("document.activeElement.href")
        async with whole_copy.client() as desk:
            booked = await desk.post(
                "/v1/bookings",
                json=a_party(busy.id, 9, when_full="wait"),
                headers={"Idempotency-Key": new_id()},
            )
            assert booked.status_code == 201
        await expect(rows).to_have_count(4)
        await expect(page.locator("#told")).to_have_text("Sidan är uppdaterad.")
        assert await page.evaluate("document.activeElement.href") == held


async def test_two_who_change_the_same_see_both(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """Whoever comes second loses nothing: theirs beside mine, and a choice."""
    to = f"/console/occasions/{busy.id}/change"
    async with console(chromium, whole_copy, "amina.lund", to) as first:
        async with console(chromium, whole_copy, "amina.lund", to) as second:
            await second.get_by_label("Platser", exact=True).fill("29")
            await second.get_by_role("button", name="Spara").click()
            await expect(second.get_by_role("status").first).to_have_text("Tillfället är ändrat.")
        await first.get_by_label("Platser", exact=True).fill("30")
        await first.get_by_role("button", name="Spara").click()
        await expect(first.get_by_role("heading", level=1)).to_have_text("Någon annan hann före")
        row = first.get_by_role("row", name="Platser")
        await expect(row).to_contain_text("29")
        await expect(row).to_contain_text("30")
        await expect(first.get_by_role("alert")).to_be_focused()
        assert await axe(first) == []
        await first.screenshot(path=SCREENSHOTS / "console-conflict.png", full_page=True)
        await first.get_by_role("button", name="Spara mitt ändå").click()
        await expect(first.get_by_role("status").first).to_have_text("Tillfället är ändrat.")
        await expect(first.locator("#occasion")).to_contain_text("28 av 30")


async def test_a_reason_is_not_lost_when_somebody_was_faster(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """A school comes with fewer while its booking is being cancelled: both, then it is done."""
    to, at = f"/console/bookings/{busy.waiting}/cancel", f"/v1/bookings/{busy.waiting}"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        async with whole_copy.client() as desk:
            seen = {"If-Match": (await desk.get(at)).headers["etag"]}
            fewer = await desk.patch(at, json={"pupils": 17, "adults": 1}, headers=seen)
            assert fewer.status_code == 200, fewer.text
        await page.get_by_label("Skäl").fill("Skolan har ringt.")
        await page.get_by_role("button", name="Ja, avboka").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_role("row", name="Platser")).to_contain_text("18")
        await expect(page.get_by_role("row", name="Skäl")).to_contain_text("Skolan har ringt.")
        await page.get_by_role("button", name="Ja, avboka").click()
        await expect(page.get_by_role("status").first).to_have_text("Bokningen är avbokad.")


async def test_what_is_wrong_takes_the_focus(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """A form that is not taken keeps what was written, says what is wrong, and leads there."""
    to = f"/console/occasions/{busy.id}/change"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        await page.get_by_label("Platser", exact=True).fill("fem")
        await page.get_by_role("button", name="Spara").click()
        summary = page.get_by_role("alert")
        await expect(summary).to_be_focused()
        await summary.get_by_role("link").click()
        await expect(page.get_by_label("Platser", exact=True)).to_have_value("fem")
        await expect(page.get_by_label("Platser", exact=True)).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_schedule_is_tried_and_read_in(
    whole_copy: WholeCopy, chromium: Chromium, tmp_path: object, scripts: bool
) -> None:
    """Tried first: the rows that cannot be read are named. Then for real, and it is there."""
    from pathlib import Path

    title, day = unique("Provläsning"), weekday_ahead(70)
    good = f"{day};13:30;90;{title};workshop;Sal 2;32;Leyla Sjö;skolklass"
    bad = f"{day};13:30;nittio;{title};workshop;Sal 2;32;Leyla Sjö;skolklass"
    file = write_file(Path(str(tmp_path)), "schema.csv", SEASON_HEAD, [good, bad])
    more = {"java_script_enabled": scripts}
    async with console(chromium, whole_copy, "amina.lund", "/console/import", **more) as page:
        await page.get_by_label("Fil", exact=True).set_input_files(file)
        await page.get_by_role("button", name="Läs in").click()
        await expect(page.get_by_role("heading", name="Det här skulle hända")).to_be_visible()
        await expect(
            page.get_by_role("heading", name="Rader som inte kunde läsas: 1")
        ).to_be_visible()
        if not scripts:
            await page.get_by_label("Fil", exact=True).set_input_files(file)
        await expect(page.get_by_label("Spara på riktigt", exact=True)).to_be_checked()
        await page.get_by_role("button", name="Läs in").click()
        await expect(page.get_by_role("heading", name="Inläst")).to_be_visible()
        await page.goto(f"{whole_copy.front_door}/console/occasions?q={title}")
        await expect(page.get_by_role("link", name=title)).to_have_count(1)


async def test_signed_out_is_signed_out(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """After signing out, the page that was open opens only by signing in again."""
    async with chromium.page(width=1280) as page:
        await sign_in(page, whole_copy, "amina.lund", "/console/sessions")
        await page.get_by_role("button", name="Logga ut", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Du är utloggad")
        await page.goto(f"{whole_copy.front_door}/console/sessions")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Vem är du i dag?")


async def test_the_attendance_list_prints_as_a_list(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """On paper there is the class and a line to write on, and no menu, search or button."""
    to = f"/console/occasions/{busy.id}/attendance"
    async with console(chromium, whole_copy, "leyla.sjo", to) as page:
        await page.emulate_media(media="print")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_text("Rosengårdsskolan 8B").first).to_be_visible()
        await expect(page.locator("input.count").first).to_be_visible()
        for gone in (page.locator(".side"), page.locator(".find"), page.locator("main button")):
            for each in await gone.all():
                await expect(each).to_be_hidden()
        await page.screenshot(path=SCREENSHOTS / "console-attendance-print.png", full_page=True)
