"""How the console looks to whoever works there: in any light, language and width."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.conftest import Chromium, Offered
from tests.browser.console_pages import PAGES, console
from tests.browser.looking import Look, faults_in, kinds
from tests.browser.shown_world import everything_shown, nothing_parked
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
PEOPLE = sorted({who for who, _ in PAGES.values()})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shown(library: WholeCopy, offered: Offered) -> AsyncIterator[dict[str, str]]:
    """One of each thing that a page shows."""
    yield await everything_shown(library, offered)
    await nothing_parked(library)


@pytest.mark.parametrize("look", kinds())
@pytest.mark.parametrize("who", PEOPLE)
async def test_axe_finds_nothing_in_the_console(
    whole_copy: WholeCopy, chromium: Chromium, shown: dict[str, str], who: str, look: Look | None
) -> None:
    """No page of the console has a fault that axe knows, or is wider than its window."""
    pages = {
        f"console-{name}": path.format(**shown)
        for name, (theirs, path) in PAGES.items()
        if theirs == who
    }
    async with console(chromium, whole_copy, who, locale=None) as page:
        assert await faults_in(page, whole_copy.front_door, pages, look) == {}
