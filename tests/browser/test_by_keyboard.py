"""The work of a day by keyboard alone: no mouse, and the focus never gets lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import FileChooser, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from shared.kernel.ids import new_id
from tests.browser.by_keys import focus_is_somewhere, press, scripts_ready, tab_to, write
from tests.browser.conftest import SCREENSHOTS, Chromium
from tests.browser.console_pages import console
from tests.browser.looking import axe
from tests.browser.shown_cases import a_case
from tests.browser.shown_world import (
    Busy,
    a_slow_mailing,
    busy_occasion,
    nothing_parked,
    park_one,
)
from tests.support.season import SEASON_HEAD, an_occasion, unique, weekday_ahead, write_file
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def busy(whole_copy: WholeCopy) -> Busy:
    return await busy_occasion(whole_copy)


async def test_somebody_signs_in_and_finds_an_occasion(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """From the provider's page to the occasion: Tab, Enter, Ctrl+K and its name."""
    async with chromium.page(width=1280) as page:
        await page.goto(f"{whole_copy.front_door}/console")
        await press(page, "Amina Lund")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await scripts_ready(page)
        await page.keyboard.press("Control+k")
        await page.keyboard.type(busy.title)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console/search?*")
        await press(page, busy.title)
        await expect(page.get_by_role("heading", level=1)).to_have_text(busy.title)


async def test_a_party_is_moved_in_the_line(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """Who, where to and why; then the reason stands in the list of moves."""
    own = await busy_occasion(whole_copy)
    to = f"/console/occasions/{own.id}/line"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        await tab_to(page, "Vem")
        await page.keyboard.press("ArrowDown")
        await write(page, "Till plats", "1")
        await write(page, "Skäl", "Kan bara den dagen.")
        await press(page, "Flytta")
        await expect(page.locator("#line tbody tr").first).to_contain_text("10")
        await expect(page.get_by_text("Kan bara den dagen.")).to_be_visible()


async def _file_asked_for(page: Page, tries: int = 5) -> FileChooser:
    """By Enter on its field. A busy chromium now and then asks for none at the first press."""
    try:
        async with page.expect_file_chooser(timeout=8_000) as asked:
            await page.keyboard.press("Enter")
        return await asked.value
    except PlaywrightTimeout:
        if tries == 1:
            raise
        return await _file_asked_for(page, tries - 1)


async def test_an_import_is_tried(
    whole_copy: WholeCopy, chromium: Chromium, tmp_path: Path
) -> None:
    """The file is chosen from the field, and what would happen is told without being done."""
    row = f"{weekday_ahead(70)};13:30;90;{unique('Prov')};workshop;Sal 2;32;Leyla Sjö;skolklass"
    file = write_file(tmp_path, "schema.csv", SEASON_HEAD, [row])
    async with console(chromium, whole_copy, "amina.lund", "/console/import") as page:
        await scripts_ready(page)
        await tab_to(page, "Fil")
        await (await _file_asked_for(page)).set_files(file)
        await tab_to(page, "Läs in")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Det här skulle hända")).to_be_visible()
        await focus_is_somewhere(page)


async def test_a_mailing_is_paused_and_goes_on(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """While its progress renews itself under the fingers, the focus stays on the button."""
    to = f"/console/mailings/{await a_slow_mailing(whole_copy)}"
    async with console(chromium, whole_copy, "elsa.blad", to) as page:
        await press(page, "Skicka nu")
        await expect(page.get_by_text("på väg")).to_be_visible()
        await scripts_ready(page)
        async with page.expect_response(lambda answer: answer.url.endswith(to)):
            await tab_to(page, "Pausa")
        await _settled(page)
        assert await page.evaluate("document.activeElement.value") == "pause"
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("pausat", exact=True)).to_be_visible()
        await press(page, "Fortsätt")
        await expect(page.get_by_text("på väg")).to_be_visible()


async def _settled(page: Page) -> None:
    """Until what was swapped in has settled.

    Not by `wait_for_function`: where the first look is not enough, the page's policy refuses more.
    """
    await expect(page.locator(".htmx-settling, .htmx-swapping")).to_have_count(0)


async def test_what_was_given_up_is_sent_again(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """Chosen in the list, looked at once more, and each to its queue again."""
    await park_one(whole_copy)
    to = "/console/parked?service=notifications"
    async with console(chromium, whole_copy, "rut.drift", to) as page:
        await tab_to(page, "Välj")
        await page.keyboard.press("Space")
        await press(page, "Skicka igen")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Skicka igen: 1")
        await page.screenshot(path=SCREENSHOTS / "console-chosen.png", full_page=True)
        assert await axe(page) == []
        await press(page, "Skicka 1 igen")
        await expect(page.get_by_role("heading", level=1)).to_have_text("1 av 1 är gjorda")
        await expect(page.get_by_role("row").nth(1)).to_contain_text("gjort")
        await page.screenshot(path=SCREENSHOTS / "console-chosen-done.png", full_page=True)
        assert await axe(page) == []
    await nothing_parked(whole_copy)


async def test_a_note_is_written(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """In a case of one's own, and signed."""
    case = await a_case(whole_copy)
    words = unique("Vi gick en runda")
    async with console(chromium, whole_copy, "karin.holm", f"/console/cases/{case}/notes") as page:
        await tab_to(page, "Anteckning")
        await page.keyboard.type(words)
        await press(page, "Signera")
        await expect(page.get_by_text(words)).to_be_visible()


async def test_an_occasion_gets_another_time(
    whole_copy: WholeCopy, chromium: Chromium, busy: Busy
) -> None:
    """No dragging: the hour is written, and the occasion stands at it."""
    async with console(
        chromium, whole_copy, "amina.lund", f"/console/occasions/{busy.id}/change"
    ) as page:
        await tab_to(page, "Börjar")
        for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
            await page.keyboard.press(key)
        await page.keyboard.type("15")
        await press(page, "Spara")
        await expect(page.get_by_role("status").first).to_have_text("Tillfället är ändrat.")
        await expect(page.locator("#occasion")).to_contain_text("15:30")


async def test_a_view_is_kept_and_opened(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """A filtered list gets a name, stands among one's own, and opens as it was."""
    name = unique("Väntar")
    to = "/console/bookings?state=waiting"
    async with console(chromium, whole_copy, "amina.lund", to) as page:
        await tab_to(page, "Spara vyn")
        await page.keyboard.press("Enter")
        await write(page, "Namn", name)
        await press(page, "Spara")
        await page.goto(f"{whole_copy.front_door}/console/views")
        await press(page, name)
        await page.wait_for_url(f"**{to}")


async def test_the_map_of_keys_opens_and_closes(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """Over the page, with ?; Esc closes it and the focus is where it was."""
    async with console(chromium, whole_copy, "amina.lund") as page:
        await scripts_ready(page)
        await tab_to(page, "Tillfällen")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await focus_is_somewhere(page)
        assert await page.evaluate("document.activeElement.innerText") == "Tillfällen"


async def test_a_class_is_booked(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """A teacher books from the occasion's page to the booking's own, and writes no letter twice."""
    async with whole_copy.client() as desk:
        occasion = await an_occasion(desk, 40)
    async with chromium.page() as page:
        await page.goto(f"{whole_copy.front_door}/program/{occasion['id']}")
        await press(page, "Boka")
        for name, text in (
            ("Elever", "24"),
            ("Vuxna", "2"),
            ("Skola eller organisation", "Rosengårdsskolan"),
            ("Namn på den som bokar", "Åsa Exempel"),
            ("Mobilnummer", f"+4670175{int(new_id()[-4:], 16) % 10000:04d}"),
        ):
            await write(page, name, text)
        await press(page, "Boka")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Er klass har plats")
