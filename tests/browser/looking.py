"""Looks at pages as people see them: light or dark, in their language, on a desk or a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browser.conftest import SCREENSHOTS, foreign_requests

DESK, PHONE = 1280, 320


MEANT = {"console-missing": 404, "console-forbidden": 403, "nowhere": 404, "letters-over": 409}
"""Pages that say no. Any other that does is not the page that it is listed as."""


_PUBLIC = ("start", "program", "occasion", "book", "talk", "letters", "library")
_CONSOLE = (
    *("start", "start-lead", "occasion", "line", "attendance", "case", "case-plan", "matching"),
    *("mailing", "partner", "parked", "statistics"),
)
MAIN = frozenset([*_PUBLIC, *(f"console-{name}" for name in _CONSOLE)])
"""Those a person wants to look at after every run: their pictures are kept."""


class Look(NamedTuple):
    """How somebody sees a page; the width in CSS pixels (320 is also 1280 at 400 %)."""

    scheme: Any
    language: str
    width: int

    def __str__(self) -> str:
        return f"{self.language[:2]}-{self.scheme}-{self.width}"


SCHEMES, LANGUAGES, WIDTHS = ("light", "dark"), ("sv-SE", "en-GB"), (DESK, PHONE)
EVERY = tuple(Look(*each) for each in product(SCHEMES, LANGUAGES, WIDTHS))
ARABIC = tuple(Look(*each) for each in product(SCHEMES, ("ar",), WIDTHS))


_IN_TURN = (
    Look("light", "sv-SE", DESK),
    Look("light", "en-GB", PHONE),
    Look("dark", "sv-SE", PHONE),
    Look("dark", "en-GB", DESK),
)
"""Pairwise: of any two of light, language and width, each pair of values is in one of the four."""


def look_of(number: int) -> Look:
    """A page's look in every run: any four pages in a row meet all of them.

    That each page is seen in each look is the long run's: two for each took two minutes.
    """
    return _IN_TURN[number % len(_IN_TURN)]


def kinds(*more: Look) -> list[Any]:
    """For `parametrize`: pairwise over the pages in every run, each look on all in the long one."""
    long = [pytest.param(look, id=str(look), marks=pytest.mark.long) for look in (*EVERY, *more)]
    return [pytest.param(None, id="pairwise"), *long]


def visits(
    pages: Mapping[str, str], look: Look | None, also: Sequence[Look] = ()
) -> Iterator[tuple[str, str, Look]]:
    """Which page is seen how. Without a look: one for each, and one of `also`, in turn."""
    for number, (name, path) in enumerate(pages.items()):
        seen = [look] if look else [look_of(number), *also[number % (len(also) or 1) :][:1]]
        for each in seen:
            yield name, path, each


async def faults_in(
    page: Page, door: str, pages: Mapping[str, str], look: Look | None, also: Sequence[Look] = ()
) -> dict[str, list[str]]:
    """What is wrong on each page: another status, an axe rule, sideways scrolling, and so on.

    What the policy refuses and what is asked for elsewhere is wrong too. A picture is kept of what
    is wrong, of main pages and, in the long run, of each: all of them took a fifth of the looking.
    The page's browser must have no `locale` of its own: one page is seen in several languages.
    """
    faults: dict[str, list[str]] = {}
    said = foreign_requests(page, door)
    page.on("console", lambda m: said.append(m.text) if "Content Sec" in m.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name, path, seen in visits(pages, look, also):
        await page.set_extra_http_headers({"Accept-Language": seen.language})
        await page.emulate_media(color_scheme=seen.scheme)
        await page.set_viewport_size({"width": seen.width, "height": 800})
        answer = await page.goto(door + path)
        status = answer.status if answer else 0
        another = [] if status == MEANT.get(name, 200) else [f"answers {status}"]
        found = [*another, *await axe(page), *await _wrong_at_once(page, seen), *said]
        said.clear()
        if found:
            faults[f"{name} {seen}"] = found
        if found or look or name in MAIN:
            await page.screenshot(path=SCREENSHOTS / f"{name}-{seen}.png", full_page=True)
    return faults


async def axe(page: Page) -> list[str]:
    """Rules that are broken on a page as it stands now, each with where first."""
    found = await Axe().run(page)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found.response["violations"]]


_ONE_ON_ANOTHER = """() => {
  const words = document.createTreeWalker(document.querySelector("main") || document.body, 4);
  const seen = [];
  for (let text; (text = words.nextNode()); ) {
    const own = text.parentElement;
    if (!text.data.trim() || !own.checkVisibility()) continue;
    if (own.closest(".hidden, .aside, .skip, kbd, option, svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const r of range.getClientRects())
      if (r.width > 4 && r.height > 4) seen.push([text.data.trim(), r]);
  }
  const over = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 4 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * Math.min(a.height, b.height);
  const found = seen.flatMap(([text, r], i) =>
    seen.slice(i + 1).filter(([, other]) => over(r, other)).map(([on]) => `${text} over ${on}`));
  return found.slice(0, 1);
}"""
"""Words that stand on other words, which axe does not see; lines of text may touch by 40 %."""


async def _wrong_at_once(page: Page, seen: Look) -> list[str]:
    """Too wide, words on words, or another language; what has no Arabic is Swedish there."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    spoken = await page.evaluate("document.documentElement.lang")
    fits = (seen.language[:2], "sv") if seen.language == "ar" else (seen.language[:2],)
    return [
        *([f"{wide} px too wide"] if wide > 0 else []),
        *await page.evaluate(_ONE_ON_ANOTHER),
        *([f"speaks {spoken}"] if spoken not in fits else []),
    ]
