"""What a participant does in a browser: read, answer, leave; on any screen and with any hands."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Route, expect

from tests.browser.conftest import (
    SCREENSHOTS,
    Chromium,
    Offered,
    foreign_requests,
    places_offered,
)
from tests.browser.looking import ARABIC, Look, faults_in, kinds
from tests.support.eventually import eventually
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = {
    "booking": "/min-bokning",
    "offer": "/erbjudande",
    "inbox": "/inkorg",
    "cancel": "/min-bokning/avboka",
    "another-day": "/min-bokning/flytta",
    "nowhere": "/finns-inte",
}


async def test_an_offer_is_accepted_without_a_script(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """Open the link, see the booking, press Ja: the places are theirs. No JavaScript."""
    theirs = await places_offered(whole_copy)
    async with chromium.page(java_script_enabled=False) as page:
        elsewhere = foreign_requests(page, whole_copy.front_door)
        await page.goto(theirs.first_link)
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Det finns plats för er klass"
        )
        await expect(page.get_by_text("27 elever och 1 vuxen")).to_be_visible()
        assert theirs.first_link.rsplit("/", 1)[1] not in page.url
        await page.goto(theirs.offer_link)
        assert page.url == f"{whole_copy.front_door}/erbjudande"
        await page.screenshot(path=SCREENSHOTS / "offer.png", full_page=True)
        await page.get_by_role("button", name="Ja, vi tar platserna").click()
        await expect(page.get_by_role("status")).to_have_text("Klart! Platserna är era.")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Er klass har plats")
        await page.screenshot(path=SCREENSHOTS / "accepted.png", full_page=True)
        assert elsewhere == []
    shown = whole_copy.safespace("booking", "show", theirs.booking_id)
    assert shown["state"] == "confirmed"


async def test_an_offer_is_declined_by_keyboard_alone(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """Tab and Enter are enough; the first stop is the way past the menu."""
    theirs = await places_offered(whole_copy)
    async with chromium.page() as page:
        await page.goto(theirs.offer_link)
        stops: list[str] = []
        for _ in range(12):
            await page.keyboard.press("Tab")
            stops.append(await page.evaluate("document.activeElement.innerText"))
            if stops[-1].startswith("Nej tack"):
                break
        assert stops[0] == "Till innehållet"
        assert "Lämna sidan nu" in stops
        assert stops[-1].startswith("Nej tack")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Ni tackade nej till platserna"
        )


@pytest.mark.parametrize("look", kinds(*ARABIC))
async def test_axe_finds_nothing(
    whole_copy: WholeCopy, chromium: Chromium, offered: Offered, look: Look | None
) -> None:
    """No page of a participant's has a fault that axe knows, or is wider than the window."""
    async with chromium.page(locale=None) as page:
        await page.goto(offered.first_link)
        assert await faults_in(page, whole_copy.front_door, PAGES, look, ARABIC) == {}


async def test_axe_would_have_found_something(chromium: Chromium) -> None:
    """A page with a fault is told of: the measure itself works."""
    async with chromium.page() as page:
        await page.set_content("<html lang=sv><title>x</title><main><img src=x></main>")
        found = await Axe().run(page)
    assert "image-alt" in [violation["id"] for violation in found.response["violations"]]


async def test_a_new_message_appears_in_the_open_inbox(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """While the inbox is open, a message that is sent is shown without touching anything."""
    theirs = await places_offered(whole_copy)
    async with chromium.page() as page:
        await page.goto(f"{theirs.first_link}?till=inkorg")
        before = await page.locator(".letters li").count()
        await whole_copy.reply(theirs.phone, f"ja {theirs.code}")

        async def more() -> bool:
            return await page.locator(".letters li").count() > before

        await eventually(more)
        await page.screenshot(path=SCREENSHOTS / "inbox.png", full_page=True)


async def test_leaving_leaves_nothing_behind(
    whole_copy: WholeCopy, chromium: Chromium, offered: Offered
) -> None:
    """Lämna sidan nu leads elsewhere at once, and going back shows no booking."""
    went: list[str] = []

    async def instead_of_going_there(route: Route) -> None:
        answer = await route.fetch(max_redirects=0)
        went.append(answer.headers["location"])
        cookie = {"Set-Cookie": answer.headers["set-cookie"]}
        await route.fulfill(body="<h1>Weather</h1>", content_type="text/html", headers=cookie)

    async with chromium.page() as page:
        await page.route("**/lamna", instead_of_going_there)
        await page.goto(f"{whole_copy.front_door}/")
        await page.goto(offered.first_link)
        await page.get_by_role("link", name="Lämna sidan nu").click()
        await expect(page.get_by_role("heading")).to_have_text("Weather")
        assert went[0].startswith("https://")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Välkommen")
        answer = await page.goto(f"{whole_copy.front_door}/min-bokning")
        assert answer is not None
        assert answer.status == 401


async def test_the_phone_shows_what_arrived(
    whole_copy: WholeCopy, chromium: Chromium, offered: Offered
) -> None:
    """The phone's page shows the conversation with its letters intact."""
    async with chromium.page(width=1200) as page:
        await page.goto(f"{whole_copy.sms_sink}/phone?number={offered.phone.replace('+', '%2B')}")
        await expect(page.locator(".talk li")).not_to_have_count(0)
        await expect(page.locator(".talk")).to_contain_text("Källkritik och konspirationer")
        found = await Axe().run(page)
        assert [violation["id"] for violation in found.response["violations"]] == []
        await page.screenshot(path=SCREENSHOTS / "phone.png", full_page=True)
