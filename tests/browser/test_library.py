"""Publications in a browser: read, search, order; and mentoring hears of the handbook."""

from __future__ import annotations

import pytest
import pytest_asyncio
from playwright.async_api import expect

from shared.kernel.ids import new_id
from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests
from tests.browser.looking import Look, faults_in, kinds
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES = {
    "library": "/publikationer",
    "library-brochure": "/publikationer/att-vaga-fraga",
    "library-handbook": "/publikationer/mentorshandboken/1.0.0?sok=fara",
    "library-order": "/bestall",
    "library-ordered": "{ordered}",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ordered(library: WholeCopy) -> str:
    """Where a school sees what it ordered: the path of its own page."""
    contact = {"name": "Åsa", "email": "asa@x.example", "address": "Skolgatan 1\n211 00 Malmö"}
    wish = {"publication": "att-vaga-fraga", "language": "sv", "copies": 3, "contact": contact}
    place = {"school": "Bergaskolan", "municipality": "Malmö"}
    once = {"Idempotency-Key": new_id()}
    async with library.client(None, "publishing") as school:
        made = await school.post("/v1/print-orders", json=wish | place, headers=once)
    return f"/bestallning/{made.json()['link_secret']}"


async def test_a_school_reads_and_orders_without_a_script(
    library: WholeCopy, chromium: Chromium
) -> None:
    """From the list to the text, its PDF, the form, the receipt, and back again."""
    async with chromium.page(java_script_enabled=False) as page:
        elsewhere = foreign_requests(page, library.front_door)
        await page.goto(f"{library.front_door}/publikationer")
        await page.get_by_role("link", name="Att våga fråga").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Att våga fråga")
        pdf = await page.request.get(
            f"{library.front_door}/publikationer/att-vaga-fraga/1.0.0/sv.pdf"
        )
        assert (await pdf.body()).startswith(b"%PDF-")
        await page.get_by_role("searchbox").fill("LYSSNA")
        await page.get_by_role("button", name="Sök").click()
        await expect(page.locator("mark").first).to_have_text("Lyssna")
        await page.get_by_role("link", name="Beställ tryckta exemplar").click()
        for label, text in (
            ("Antal", "25"),
            ("Skola", "Bergaskolan"),
            ("Kommun", "Malmö"),
            ("Ditt namn", "Åsa Exempel"),
            ("Din e-postadress", "asa@bergaskolan.example"),
            ("Adress dit vi skickar", "Skolgatan 1\n211 00 Malmö"),
        ):
            await page.get_by_label(label, exact=True).fill(text)
        await page.get_by_role("button", name="Beställ").click()
        await expect(page.get_by_role("status")).to_contain_text("Tack!")
        number = await page.locator("dd.num").first.inner_text()
        await page.screenshot(path=SCREENSHOTS / "print-order.png", full_page=True)
        seen = library.safespace("publications", "orders", "--state", "received")
        assert number in [each["number"] for each in seen]
        await page.get_by_role("button", name="Avboka beställningen").click()
        await expect(page.get_by_role("status")).to_contain_text("avbokad")
        assert elsewhere == []


@pytest.mark.parametrize("look", kinds())
async def test_axe_finds_nothing(
    library: WholeCopy, chromium: Chromium, ordered: str, look: Look | None
) -> None:
    """No page has a fault that axe knows, nor is wider than the window."""
    pages = {name: path.format(ordered=ordered) for name, path in PAGES.items()}
    async with chromium.page(locale=None) as page:
        assert await faults_in(page, library.front_door, pages, look) == {}
