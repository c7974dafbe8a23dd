"""A real browser before a running copy, and a class that has been offered places."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from shared.kernel.ids import new_id
from tests.support.browser import found_browser
from tests.support.eventually import eventually
from tests.support.season import a_party, a_phone, an_occasion
from tests.support.whole_copy import WholeCopy

expect.set_options(timeout=60_000)
SCREENSHOTS = Path(__file__).parent / "screenshots"
SAMPLES = Path(__file__).resolve().parents[2] / "deploy" / "samples" / "publications"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Chromium:
    """The browser; each page gets a profile of its own and tells what it asked for elsewhere."""

    browser: Browser

    @asynccontextmanager
    async def page(
        self, *, width: int = 900, height: int = 800, **more: Any
    ) -> AsyncIterator[Page]:
        settings = {"locale": "sv-SE", **more}
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, **settings
        )
        try:
            context.set_default_timeout(60_000)
            yield await context.new_page()
        finally:
            await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    SCREENSHOTS.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found_browser(), args=list(_FLAGS)
        )
        yield Chromium(browser)
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def offered(whole_copy: WholeCopy) -> Offered:
    """An offer that nobody answers, for looking at."""
    return await places_offered(whole_copy)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
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


@dataclass(frozen=True)
class Offered:
    """A class whose turn it is: its booking, and the links in its messages."""

    booking_id: str
    phone: str
    first_link: str
    offer_link: str
    code: str


async def places_offered(copy: WholeCopy) -> Offered:
    """One class has all places, a second waits, the first cancels: the second is offered them."""
    async with copy.client() as desk:
        occasion = await an_occasion(desk, 28, title="Källkritik och konspirationer")
        first = await _book(desk, a_party(occasion["id"], 28))
        phone = a_phone()
        seen = len(await copy.phone(phone))
        waiting = await _book(desk, a_party(occasion["id"], 28, phone=phone, when_full="wait"))
        line = await text_to(copy, phone, "kön", seen)
        cancelled = await desk.post(
            f"/v1/bookings/{first['id']}/cancellation",
            json={"reason": "Skolan har ringt."},
            headers={"Idempotency-Key": new_id(), "If-Match": f'"{first["version"]}"'},
        )
        assert cancelled.is_success, cancelled.text
    # With the space: a link's secret may hold the two letters by chance.
    offer = await text_to(copy, phone, "JA ", seen)
    code = re.search(r"JA (\d+)", offer)
    assert code is not None, offer
    return Offered(waiting["id"], phone, link_in(line), link_in(offer), code.group(1))


async def _book(desk: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await desk.post("/v1/bookings", json=body, headers={"Idempotency-Key": new_id()})
    assert answer.status_code == 201, answer.text
    booked: dict[str, Any] = answer.json()
    return booked


async def text_to(copy: WholeCopy, phone: str, containing: str, seen: int) -> str:
    """The newest SMS to a number with these words, among those beyond the `seen` first ones."""

    async def found() -> str:
        fresh = (await copy.phone(phone))[: -seen or None]
        return next((m["message"] for m in fresh if containing in m["message"]), "")

    return await eventually(found)


def link_in(text: str) -> str:
    found = re.search(r"http\S+/m/\S+", text)
    assert found is not None, text
    return found.group(0)


def foreign_requests(page: Page, front_door: str) -> list[str]:
    """Fills up with every address that the page asks for outside of our door."""
    ours, asked = urlsplit(front_door).netloc, list[str]()

    def look(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != ours:
            asked.append(request.url)

    page.on("request", look)
    return asked
