"""How the console looks to whoever works there: in any light, language and width."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe

from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests
from tests.browser.console_pages import PAGES, Busy, busy_occasion, console
from tests.browser.test_front_door import no_sideways
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKS = (
    ("light", "sv-SE", 1280),
    ("dark", "en-GB", 320),
    ("light", "en-GB", 320),
    ("dark", "sv-SE", 1280),
    ("light", "en-GB", 1280),
    ("light", "sv-SE", 320),
    ("dark", "en-GB", 1280),
    ("dark", "sv-SE", 320),
)
"""The first two, with half of the pages in each, in every run; every page in each in the long."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def busy(whole_copy: WholeCopy) -> AsyncIterator[Busy]:
    yield await busy_occasion(whole_copy)


def _looks() -> Iterator[Any]:
    for number, look in enumerate(LOOKS):
        name = "-".join(map(str, look))
        if number < 2:
            yield pytest.param(*look, list(PAGES)[number::2], id=f"{name}-half")
        yield pytest.param(*look, list(PAGES), marks=pytest.mark.long, id=name)


@pytest.mark.parametrize(("scheme", "language", "width", "pages"), _looks())
async def test_axe_finds_nothing_in_the_console(
    whole_copy: WholeCopy,
    chromium: Chromium,
    busy: Busy,
    scheme: Any,
    language: str,
    width: int,
    pages: list[str],
) -> None:
    """No page of the console has a fault that axe knows, or is wider than its window."""
    faults: dict[str, list[str]] = {}
    by_person: dict[str, list[str]] = {}
    for name in pages:
        by_person.setdefault(PAGES[name][0], []).append(name)
    for who, names in by_person.items():
        look = {"width": width, "color_scheme": scheme, "locale": language}
        async with console(chromium, whole_copy, who, **look) as page:
            elsewhere = foreign_requests(page, whole_copy.front_door)
            said: list[str] = []
            page.on(
                "console", lambda m, s=said: s.append(m.text) if "Content Sec" in m.text else None
            )
            page.on("pageerror", lambda error, s=said: s.append(str(error)))
            for name in names:
                path = PAGES[name][1].format(**vars(busy))
                await page.goto(whole_copy.front_door + path)
                found = await Axe().run(page)
                faults[name] = [
                    f"{v['id']}: {v['nodes'][0]['html'][:120]}"
                    for v in found.response["violations"]
                ]
                await no_sideways(page)
                shot = f"console-{name}-{language[:2]}-{scheme}-{width}.png"
                await page.screenshot(path=SCREENSHOTS / shot, full_page=True)
            assert (said, elsewhere) == ([], [])
    assert {name: found for name, found in faults.items() if found} == {}
    assert set(faults) == set(pages)
