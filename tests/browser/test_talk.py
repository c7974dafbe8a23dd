"""Prata med någon in a browser: written, sent, and no trace of it where the browser allows."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests
from tests.privacy.test_canary import administrator, found_in, log_files, rows
from tests.support.eventually import eventually
from tests.support.season import unique
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def addresses(page: Page) -> list[str]:
    """What Back and Forward can lead to, as the browser itself has it."""
    devtools = await page.context.new_cdp_session(page)
    history: dict[str, Any] = await devtools.send("Page.getNavigationHistory")
    return [str(entry["url"]) for entry in history["entries"]]


async def write(page: Page, words: str, reach: str = "") -> None:
    """Fill the form in and send it."""
    await page.get_by_label("Mig själv").check()
    await page.get_by_label("Skriv med dina egna ord").fill(words)
    await page.get_by_label("Hur når vi dig?").fill(reach)
    await page.get_by_role("button", name="Skicka").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tack för att du skrev")


async def test_what_was_written_leaves_no_trace(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """No address of it is in the tab's history, whoever leaves is away, and Back finds nothing."""
    words = unique("Jag vill ut. Kanarieord")

    async def instead_of_going_there(route: Route) -> None:
        await route.fulfill(body="<h1>Weather</h1>", content_type="text/html")

    async with chromium.page() as page:
        elsewhere = foreign_requests(page, whole_copy.front_door)
        await page.route("**/lamna", instead_of_going_there)
        await page.goto(f"{whole_copy.front_door}/program")
        await page.get_by_role("link", name="Prata med någon").first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Prata med någon")
        await expect(page.locator("main")).to_be_focused()
        await page.get_by_role("button", name="Skicka").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await write(page, words, "070-174 06 05")
        assert not any("prata" in address for address in await addresses(page))
        assert words not in await page.content()
        assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert elsewhere == []
        await page.get_by_role("link", name="Lämna sidan nu").click()
        await expect(page.get_by_role("heading")).to_have_text("Weather")
        assert not any("prata" in address for address in await addresses(page))
        await page.go_back()
        assert words not in await page.content()


@pytest.mark.parametrize("dialled", ["116 111", "111 116"])
async def test_a_number_to_call_reads_alike_from_the_right(
    whole_copy: WholeCopy, chromium: Chromium, dialled: str
) -> None:
    """In Arabic its figures stand in the order in which they are dialled; the wrong one is seen."""
    async with chromium.page(locale="ar") as page:
        await page.goto(f"{whole_copy.front_door}/prata")
        first, second = await page.evaluate(
            """(dialled) => {
              const text = document.querySelector('a[href="tel:116111"] bdi').firstChild;
              return dialled.split(" ").map((part) => {
                const range = document.createRange(), at = text.data.indexOf(part);
                range.setStart(text, at);
                range.setEnd(text, at + part.length);
                return range.getBoundingClientRect().left;
              });
            }""",
            dialled,
        )
    assert (first < second) is (dialled == "116 111")


async def test_opened_by_its_address_it_is_replaced(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """Whoever comes by the address itself does not keep it in the tab's history."""
    async with chromium.page() as page:
        await page.goto(f"{whole_copy.front_door}/prata")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Prata med någon")

        async def replaced() -> bool:
            return not any("prata" in address for address in await addresses(page))

        await eventually(replaced)


async def test_it_works_without_a_script_and_lies_nowhere_in_plain_text(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """A case lead reads the words; no database, no log of one, and no log file has them plain."""
    words, reach = unique("Kanarieord utan skript"), f"{unique('kanarie')}@kanarie.example"
    async with chromium.page(java_script_enabled=False) as page:
        await page.goto(f"{whole_copy.front_door}/prata")
        assert await page.title() == "Bokningar"
        await write(page, words, reach)
        await page.screenshot(path=SCREENSHOTS / "talk-sent.png", full_page=True)
        assert words not in await page.content()
    async with whole_copy.client("case-lead", "mentoring") as lead:
        found = (await lead.get("/v1/consultations?state=open")).json()["items"]
        whole = [(await lead.get(f"/v1/consultations/{each['id']}")).json() for each in found]
    [read] = [each["words"] for each in whole if words in each["words"]["question"]]
    assert read["reach"] == reach
    mongo, _ = administrator(whole_copy)
    places = [*rows(mongo), *log_files(whole_copy)]
    assert len(places) > 100, "the measure itself works"
    assert [where for where, body in places if found_in(body, (words, reach))] == []
    assert found_in(words.encode(), (words,)) == [words]
