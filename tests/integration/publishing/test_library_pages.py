"""Publications' public pages: to read, search and print; and a school's order of printed copies."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.integration.publishing.books import (
    CONTACT,
    EN,
    SLUG,
    SV,
    added,
    brochure,
    drafted,
    released,
    stocked,
)
from tests.integration.publishing.door import AWAY, the_door
from tests.integration.publishing.world import World
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
AT = f"/publikationer/{SLUG}"
AR = {
    "title": "جرأة السؤال",
    "summary": "",
    "markdown": "# الاستماع\n\nمرحبا.\n\n# لاحقا\n\nاتصل بنا.",
}
FORM = {
    "item": f"{SLUG}/sv",
    "copies": "30",
    "school": "Bergaskolan",
    "municipality": "Malmö",
    **CONTACT,
    "address": "Skolgatan 1\r\n211 00 Malmö",
}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _door(servers: RealServers, _served: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with the_door(servers, str(_served.client.base_url)) as visitor:
        yield visitor


@pytest_asyncio.fixture(loop_scope="session")
async def door(_door: httpx.AsyncClient, world: World) -> httpx.AsyncClient:
    """A visitor who comes for the first time."""
    _door.cookies.clear()
    return _door


async def shown(door: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """A page that is safe to show: nothing inline, nothing kept."""
    answer = await door.get(path)
    assert answer.status_code == status, answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return answer.text


async def form_number(door: httpx.AsyncClient) -> str:
    found = re.search(r'name="form" value="([0-9a-f-]{36})"', await shown(door, "/bestall"))
    assert found is not None
    return found[1]


async def test_a_brochure_is_found_and_read(world: World, door: httpx.AsyncClient) -> None:
    """In the visitor's language, with contents, the PDF, and the other languages beside."""
    assert "inga publikationer" in await shown(door, "/publikationer")
    await brochure(world)
    assert f'href="{AT}"' in await shown(door, "/publikationer")
    page = await shown(door, AT)
    assert f"<h1>{SV['title']}</h1>" in page
    assert '<h2 id="att-lyssna">Att lyssna</h2>' in page
    assert '<a href="#sedan">Sedan</a>' in page
    assert f"<h1>{EN['title']}</h1>" in await shown(door, f"{AT}?lang=en")
    door.cookies.clear()
    assert f"<h1>{EN['title']}</h1>" in await shown(door, f"{AT}/1.0.0?sprak=en")
    pdf = await door.get(f"{AT}/1.0.0/sv.pdf")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    again = await door.get(f"{AT}/1.0.0/sv.pdf", headers={"If-None-Match": pdf.headers["etag"]})
    assert again.status_code == 304


async def test_an_old_edition_says_that_it_is(world: World, door: httpx.AsyncClient) -> None:
    """It stays where it was, and shows the way to the newest and what was new in it."""
    await brochure(world)
    text = {**SV, "markdown": SV["markdown"] + "\n\n# Mer\n\nText."}
    await drafted(world, {"sv": text, "en": EN})
    await released(world, "1.1.0", {"sv": "Ett kapitel till.", "en": "A chapter more."})
    old = await shown(door, f"{AT}/1.0.0")
    assert "äldre utgåva, 1.0.0" in old
    assert "Till den senaste, 1.1.0" in old
    assert "Ett kapitel till." in old
    assert "äldre utgåva" not in await shown(door, AT)


async def test_words_are_looked_for(world: World, door: httpx.AsyncClient) -> None:
    """Hits are marked and lead to their section; what was asked is shown as text."""
    await brochure(world)
    page = await shown(door, f"{AT}/1.0.0?sok=samtal&sprak=sv")
    assert "<mark>samtal</mark>" in page
    assert f'{AT}/1.0.0?sprak=sv#att-lyssna"' in page
    page = await shown(door, f"{AT}/1.0.0?sok=%22%3E%3Cscript%3E")
    assert "><script>" not in page
    assert "Inget avsnitt" in page
    await shown(door, f"{AT}/1.0.0?sok={'å' * 500}")


async def test_right_to_left(world: World, door: httpx.AsyncClient) -> None:
    """The text runs as it should, inside a Swedish page."""
    await added(world)
    await drafted(world, {"sv": SV, "ar": AR})
    await released(world)
    page = await shown(door, f"{AT}?sprak=ar")
    assert '<article lang="ar" dir="rtl" class="issue">' in page
    assert '<html lang="sv" dir="ltr">' in page


async def test_the_handbook_has_a_place_of_its_own(world: World, door: httpx.AsyncClient) -> None:
    """`/handboken` leads to it; without one there is a page that says so."""
    await shown(door, "/handboken", 404)
    await added(world, "mentorshandboken", "handbook")
    await drafted(world, {"sv": SV}, id_="mentorshandboken")
    await released(world, id_="mentorshandboken")
    answer = await door.get("/handboken")
    assert answer.headers["location"] == "/publikationer/mentorshandboken"


@pytest.mark.parametrize(
    "path",
    [
        "/publikationer/ingen",
        f"{AT}/9.9.9",
        f"{AT}/senaste",
        f"{AT}/1.0.0/ar.pdf",
        f"{AT}/..%2f..%2fdraft",
        "/publikationer/%2e%2e/1.0.0",
        f"{AT}/1.0.0/sv%2f..pdf",
        "/bestallning/abc",
        f"/bestallning/{'x' * 43}",
    ],
)
async def test_what_is_not_there(world: World, door: httpx.AsyncClient, path: str) -> None:
    """A page of ours that says so."""
    await brochure(world)
    answer = await door.get(path)
    assert answer.status_code in (404, 422)
    assert "problem+json" not in answer.headers["content-type"]
    assert "<h1>" in answer.text


async def test_a_school_orders(world: World, door: httpx.AsyncClient) -> None:
    """Form, receipt with its number, and taking it back; sent twice it is one order."""
    await brochure(world)
    assert "inget tryckt" in await shown(door, "/bestall")
    await stocked(world)
    assert f'value="{SLUG}/sv" selected' in await shown(door, f"/bestall?vad={SLUG}/sv")
    form = {**FORM, "form": await form_number(door)}
    first, again = [await door.post("/bestall", data=form) for _ in range(2)]
    assert first.status_code == again.status_code == 303
    receipt = first.headers["location"]
    assert again.headers["location"] == receipt
    page = await shown(door, receipt)
    assert "Tack! Vi har tagit emot beställningen." in page
    (row,) = await world.rows("print_orders")
    assert row["number"] in page
    assert CONTACT["name"] not in page
    pressed = await door.post(receipt.partition("?")[0])
    assert pressed.status_code == 303
    assert "Beställningen är avbokad" in await shown(door, pressed.headers["location"])
    (shelf,) = await world.rows("shelves")
    assert shelf["free"] == 100


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"copies": "trettio"}, 422, "med siffror"),
        ({"copies": "61"}, 409, "60 exemplar"),
        ({"copies": "0"}, 422, "Kontrollera"),
        ({"item": "ingen/sv"}, 422, "Välj något"),
        ({"item": ""}, 422, "Välj något"),
        ({"email": "åsa"}, 422, "e-postadress"),
        ({"name": ""}, 422, "Kontrollera"),
        ({"phone": "<b>"}, 422, "Kontrollera"),
    ],
)
async def test_a_form_that_was_not_taken_comes_back(
    world: World, door: httpx.AsyncClient, change: dict[str, str], status: int, sentence: str
) -> None:
    """With a sentence on top and what was written still in it, as text; nothing is ordered."""
    await brochure(world)
    await stocked(world)
    form = {**FORM, "school": "<b>Berga", "form": await form_number(door), **change}
    answer = await door.post("/bestall", data=form)
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'value="&lt;b&gt;Berga"' in answer.text
    assert await world.rows("print_orders") == []


async def test_another_site_orders_nothing(world: World, door: httpx.AsyncClient) -> None:
    """A form that another site sends is refused, here and on the order's own page."""
    await brochure(world)
    await stocked(world)
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://x.example"}
    assert (await door.post("/bestall", data=FORM, headers=elsewhere)).status_code == 403
    receipt = (await door.post("/bestall", data=FORM)).headers["location"].partition("?")[0]
    assert (await door.post(receipt, headers=elsewhere)).status_code == 403
    assert "Vi har fått er beställning" in await shown(door, receipt)


async def test_without_publishing(servers: RealServers, world: World) -> None:
    """Away: the page says so. Not there at all: the pages are not either."""
    async with the_door(servers, AWAY) as visitor:
        assert "Vi når inte publikationerna" in await shown(visitor, "/publikationer", 503)
    async with the_door(servers, "") as visitor:
        await shown(visitor, "/publikationer", 404)
