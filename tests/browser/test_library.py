"""Publications in a browser: read, search, order; and mentoring hears of the handbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests
from tests.browser.test_front_door import no_sideways
from tests.support.eventually import eventually
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
SAMPLES = Path(__file__).resolve().parents[2] / "deploy" / "samples" / "publications"
PAGES = (
    "/publikationer",
    "/publikationer/att-vaga-fraga",
    "/publikationer/mentorshandboken/1.0.0?sok=fara",
    "/bestall",
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def library(whole_copy: WholeCopy) -> WholeCopy:
    """Both samples released from their folders, and copies of the brochure on the shelf."""
    for name in ("att-vaga-fraga", "mentorshandboken"):
        out = whole_copy.safespace("publications", "release", str(SAMPLES / name))
        assert (out["publication"], out["edition"]) == (name, "1.0.0")
    whole_copy.safespace("publications", "stock", "att-vaga-fraga", "500")

    async def heard() -> bool:
        async with whole_copy.client("idris.vik", "mentoring") as mentor:
            return bool((await mentor.get("/v1/handbook")).json()["named"] == "1.0.0")

    await eventually(heard, within=60)
    return whole_copy


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


@pytest.mark.parametrize(
    ("language", "scheme"),
    [pytest.param("sv-SE", "light", marks=pytest.mark.long), ("en-GB", "dark")],
)
async def test_axe_finds_nothing(
    library: WholeCopy, chromium: Chromium, scheme: Any, language: str
) -> None:
    """No page has a fault that axe knows, in light and dark, Swedish and English, at 320 px."""
    faults: dict[str, list[str]] = {}
    async with chromium.page(width=320, color_scheme=scheme, locale=language) as page:
        for path in PAGES:
            await page.goto(library.front_door + path)
            found = await Axe().run(page)
            faults[path] = [violation["id"] for violation in found.response["violations"]]
            await no_sideways(page)
            name = f"{path.partition('?')[0].strip('/').replace('/', '-')}-{language[:2]}.png"
            await page.screenshot(path=SCREENSHOTS / name, full_page=True)
    assert faults == {path: [] for path in PAGES}
