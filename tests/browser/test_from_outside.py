"""Whoever has a link of mentoring's and no account, in a browser: to refer, and what is shared."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Chromium
from tests.browser.looking import ARABIC, DESK, PHONE, Look, axe, faults_in, kinds
from tests.browser.shown_cases import cases_shown
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES = {"refer": "/anmal", "shared": "/delat"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def links(library: WholeCopy) -> Mapping[str, str]:
    """Secrets of a referrer's link and of a share's."""
    return await cases_shown(library)


@pytest.mark.parametrize("look", kinds(*ARABIC))
async def test_axe_finds_nothing(
    whole_copy: WholeCopy, chromium: Chromium, links: Mapping[str, str], look: Look | None
) -> None:
    """Neither page has a fault that axe knows, before it is read and after."""
    door = whole_copy.front_door
    async with chromium.page(locale=None) as page:
        for name in ("anmal", "delat"):
            await page.goto(f"{door}/{name}/{links[name]}")
        assert await faults_in(page, door, PAGES, look, ARABIC) == {}
        await page.goto(f"{door}/delat")
        await page.locator("form[action='/delat'] button").click()
        await expect(page.locator(".entry").first).to_be_visible()
        assert await _at_each_width(page, look) == []


async def _at_each_width(page: Page, look: Look | None) -> list[str]:
    """What is wrong with what is shared; it is read on a press, so it has no address to open."""
    found = []
    for width in [look.width] if look else [DESK, PHONE]:
        await page.set_viewport_size({"width": width, "height": 800})
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [*await axe(page), *([f"{wide} px too wide"] if wide > 0 else [])]
        await page.screenshot(path=SCREENSHOTS / f"shared-read-{width}.png", full_page=True)
    return found


async def test_a_teacher_refers_without_a_script(
    whole_copy: WholeCopy, chromium: Chromium, links: Mapping[str, str]
) -> None:
    """What is missing takes the focus and keeps the rest; then a receipt."""
    async with chromium.page(java_script_enabled=False) as page:
        await page.goto(f"{whole_copy.front_door}/anmal/{links['anmal']}")
        await page.locator("#referrer").fill("Kurator")
        await page.locator("form[action='/anmal'] button").click()
        await expect(page.locator("#referrer")).to_have_value("Kurator")
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.locator("#worry").fill("Har slutat komma till skolan.")
        await page.locator("form[action='/anmal'] button").click()
        await expect(page.locator("main b.num, main .large b")).to_be_visible()
        assert "Har slutat" not in await page.content()
