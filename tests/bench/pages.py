"""How fast people see a list with ten thousand rows behind it, and how heavy the first page is.

`python -m tests.bench.pages <data folder>` prints it for a copy that runs there, and leaves the
rows in it. Beside each page: its main question to the API alone, and a bare page of the same size.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import uvloop
from playwright.async_api import async_playwright
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from deploy.local.data_folder import data_folder
from shared.web.serving import served
from tests.bench.rows_behind import ten_thousand
from tests.support.browser import found_browser
from tests.support.ports import free_port
from tests.support.whole_copy import WholeCopy

TIMES = 60
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
LISTS: Mapping[str, tuple[str, str, str, str]] = {
    "occasions": ("amina.lund", "/console/occasions", "booking", "/v1/occasions"),
    "occasions, words": (
        "amina.lund",
        "/console/occasions?q=kri",
        "booking",
        "/v1/occasions?q=kri",
    ),
    "occasions, free": (
        *("amina.lund", "/console/occasions?state=free&sort=title"),
        *("booking", "/v1/occasions?state=free&sort=title"),
    ),
    "bookings": ("amina.lund", "/console/bookings", "booking", "/v1/bookings"),
    "bookings, the last": (
        *("amina.lund", "/console/bookings?state=confirmed&offset=9000"),
        *("booking", "/v1/bookings?state=confirmed&offset=9000"),
    ),
    "the line": ("amina.lund", "/console/line", "booking", "/v1/occasions?state=waiting"),
    "messages": ("amina.lund", "/console/messages", "notifications", "/v1/messages"),
    "print orders": ("amina.lund", "/console/print-orders", "publishing", "/v1/print-orders"),
    "mailings": ("elsa.blad", "/console/mailings", "publishing", "/v1/mailings"),
    "newsletters": ("elsa.blad", "/console/newsletters", "publishing", "/v1/newsletters"),
    "subscribers (API)": ("elsa.blad", "", "publishing", "/v1/subscribers"),
    "parked": ("rut.drift", "/console/parked", "notifications", "/v1/dead-letters"),
    "partners": ("rut.drift", "/console/partners", "publishing", "/v1/partners"),
    "cases (API)": ("karin.holm", "", "mentoring", "/v1/cases"),
    "programme": ("", "/program", "booking", "/v1/programme"),
}
"""Name → who looks, the page, what it asks of whom first. Without a page the API is measured."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds, one request at a time."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A list: its page, the API alone, and a bare page of its size."""

    page: Spread
    api: Spread
    bare: Spread


@dataclass(frozen=True, slots=True)
class Pages:
    """`first` has (kilobytes that went over the wire, first paint in ms) of each first page."""

    lists: Mapping[str, Seen]
    first: Mapping[str, tuple[float, float]]


async def measure(copy: WholeCopy) -> Pages:
    """On a running copy; leaves ten thousand rows of each kind in it."""
    await ten_thousand(copy)
    lists = {name: await _seen(copy, *asked) for name, asked in LISTS.items()}
    return Pages(lists, await _first_pages(copy))


async def _seen(copy: WholeCopy, who: str, page: str, service: str, path: str) -> Seen:
    limits = {"limit": "25"}
    async with copy.client(who or None, service) as api, signed_in(copy, who) as browser:
        asked = str(httpx.URL(path).copy_merge_params(limits))
        alone = await _timed(lambda: api.get(asked))
        if not page:
            return Seen(alone, alone, Spread(0, 0))
        whole = await _timed(lambda: browser.get(page))
        content = (await browser.get(page)).text
    return Seen(whole, alone, await _bare(content))


@asynccontextmanager
async def signed_in(copy: WholeCopy, who: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a window; nobody in particular for a public page."""
    async with httpx.AsyncClient(
        base_url=copy.front_door, follow_redirects=True, timeout=60, trust_env=False
    ) as browser:
        if who:
            page = await browser.get("/console")
            form = dict(_HIDDEN.findall(page.text))
            at = page.url.join("/authorize")
            came = await browser.post(at, data={**form, "person": who})
            assert str(came.url).startswith(copy.front_door), came.text
        yield browser


async def _timed(ask: Callable[[], Awaitable[httpx.Response]], times: int = TIMES) -> Spread:
    took = []
    for number in range(times + 3):
        began = time.perf_counter()
        answer = await ask()
        if number > 2:
            took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text[:500]
    cuts = quantiles(took, n=100)
    return Spread(cuts[49], cuts[94])


async def _bare(content: str) -> Spread:
    async def page(_: Any) -> HTMLResponse:
        return HTMLResponse(content)

    port = free_port()
    app = Starlette(routes=[Route("/", page)])
    async with served(app, "127.0.0.1", port), httpx.AsyncClient(trust_env=False) as browser:
        return await _timed(lambda: browser.get(f"http://127.0.0.1:{port}/"))


async def _first_pages(copy: WholeCopy) -> Mapping[str, tuple[float, float]]:
    async with async_playwright() as play:
        chromium = await play.chromium.launch(
            executable_path=found_browser(), args=["--no-sandbox"]
        )
        first = {"the site": await _painted(chromium, copy.front_door + "/")}
        at = f"{copy.front_door}/console/occasions"
        first["the console"] = await _painted(chromium, at, "amina.lund")
        await chromium.close()
    return first


async def _painted(chromium: Any, address: str, who: str = "") -> tuple[float, float]:
    """The middle of five first visits: nothing is kept from the one before."""
    seen: list[tuple[float, float]] = []
    for _ in range(5):
        context = await chromium.new_context()
        page = await context.new_page()
        if who:
            await page.goto(address)
            await page.locator(f"button[value='{who}']").click()
            await page.wait_for_load_state()
            kept = await context.storage_state()
            await context.close()
            context = await chromium.new_context(storage_state=kept)
            page = await context.new_page()
        await page.goto(address, wait_until="load")
        seen.append(tuple(await page.evaluate(_PAINTED)))
        await context.close()
    return sorted(seen, key=lambda each: each[1])[2]


_PAINTED = """async () => {
  const kept = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
  while (!painted()) await new Promise(requestAnimationFrame);
  return [kept.reduce((all, each) => all + each.transferSize, 0) / 1000, painted().startTime];
}"""


def rows(found: Pages) -> list[tuple[str, ...]]:
    """Of the table that people read."""
    table = []
    for name, seen in found.lists.items():
        ours, api, bare = seen.page.p95, seen.api.p95, seen.bare.p95
        beside = f"API alone {api:.0f}, bare {bare:.1f}"
        figure = f"list of {name}, 10,000 rows, p95 ms"
        table.append((figure, f"{ours:.0f}", beside, f"{ours / (api or 1):.1f}", "< 200 ms"))
    for name, (kilobytes, paint) in found.first.items():
        table.append(
            (f"first page of {name}, kB over the wire", f"{kilobytes:.0f}", "–", "–", "≤ 60")
        )
        table.append((f"first paint of {name}, ms", f"{paint:.0f}", "–", "–", "< 1000"))
    return table


def main(words: Sequence[str]) -> None:
    """Print it."""
    found = uvloop.run(measure(WholeCopy(data_folder(Path(words[0])))))
    table = Table("figure", "ours", "baseline", "ratio", "aim")
    for row in rows(found):
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
