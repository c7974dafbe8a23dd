"""Newsletters' public pages: sign up, confirm, leave by one press, choose, and the archive."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.publishing.domain.links import ONE_CLICK
from tests.integration.publishing.door import AWAY, the_door
from tests.integration.publishing.subscribing import (
    ASA,
    a_list,
    known,
    leaving_link,
    letters,
    opt_in_link,
    preference_link,
    sign_up,
    spoiled,
    subscribed,
)
from tests.integration.publishing.test_images import PNG
from tests.integration.publishing.world import World
from tests.integration.publishing.writing import AR, EN, SV, a_newsletter, change, publish
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://x.example"}


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
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


async def test_somebody_signs_up_and_confirms(world: World, door: httpx.AsyncClient) -> None:
    """The form, a letter, one press. To look at the link any number of times confirms nothing."""
    await a_list(world)
    await a_list(world, "stangd", is_open=False)
    page = await shown(door, "/nyhetsbrev")
    assert re.findall(r'name="lists" value="([^"]+)"', page) == ["skolor"]
    assert "checked" not in page, "nothing is ticked for anybody"
    assert "Ja, skicka nyhetsbrevet till mig." in page
    fields = {"email": f" {ASA} ", "lists": "skolor", "language": "en", "name": "Åsa"}
    sent = await door.post("/nyhetsbrev", data=fields)
    assert (sent.status_code, sent.headers["location"]) == (303, "/nyhetsbrev?klart=anmald")
    assert "Titta i din inkorg" in await shown(door, "/nyhetsbrev?klart=anmald")
    one = await known(world)
    assert one.language == "en"
    link = f"/o/{opt_in_link(world, one)}"
    for method in ("GET", "HEAD", "GET"):
        assert (await door.request(method, link)).status_code in (200, 405)
    assert (await known(world)).confirmed == ()
    assert "Ja, anmäl mig" in await shown(door, link)
    pressed = await door.post(link)
    assert (pressed.status_code, pressed.headers["location"]) == (303, link)
    assert (await known(world)).confirmed == ("skolor",)
    page = await shown(door, link)
    assert "Klart! Du är med" in page
    assert "<button" not in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "ingen adress", "lists": "skolor"}, "e-postadress"),
        ({"email": ASA}, "Välj minst ett nyhetsbrev."),
        ({"email": "a@b", "lists": "okand"}, "e-postadress"),
        ({"email": "", "lists": "skolor", "name": "<b>Åsa"}, "Kontrollera e-postadressen"),
    ],
)
async def test_a_form_that_was_not_taken_comes_back(
    world: World, door: httpx.AsyncClient, fields: dict[str, str], sentence: str
) -> None:
    """With a sentence on top and what was written still in it, as text."""
    await a_list(world)
    answer = await door.post("/nyhetsbrev", data=fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<b>Åsa" not in answer.text
    assert f'value="{fields["email"]}"' in answer.text
    assert ("checked" in answer.text) == (fields.get("lists") == "skolor")
    assert await letters(world) == []


async def test_another_site_signs_nobody_up(world: World, door: httpx.AsyncClient) -> None:
    """A form elsewhere is not ours: nothing is asked, confirmed or chosen for anybody."""
    await a_list(world)
    await sign_up(world)
    one = await known(world)
    fields = {"email": "b@skola.example", "lists": "skolor"}
    for path, data in (
        ("/nyhetsbrev", fields),
        (f"/o/{opt_in_link(world, one)}", {}),
        (f"/p/{preference_link(world, one)}", {"never": "yes", "version": str(one.version)}),
    ):
        answer = await door.post(path, data=data, headers=ELSEWHERE)
        assert answer.status_code == 403, path
    assert await known(world) == one
    assert len(await letters(world)) == 1


async def test_one_press_of_a_mail_program_leaves(world: World, door: httpx.AsyncClient) -> None:
    """RFC 8058: a POST from elsewhere, without cookies, in either way to send a form."""
    await a_list(world)
    one = await subscribed(world)
    link = f"/u/{leaving_link(world, one.id)}"
    for method in ("GET", "HEAD"):
        await door.request(method, f"{link}?List-Unsubscribe=One-Click", headers=ELSEWHERE)
    await door.post(link, data={"something": "else"}, headers=ELSEWHERE)
    assert (await known(world)).confirmed == ("skolor",)
    name, value = ONE_CLICK
    answer = await door.post(link, files={name: (None, value)}, headers=ELSEWHERE)
    assert answer.status_code == 200, "a redirect would be lost on a mail program"
    after = await known(world)
    assert after.confirmed == ()
    assert after.on["skolor"].left_by == "one-click"
    again = await door.post(link, data={name: value}, headers=ELSEWHERE)
    assert again.status_code == 200
    assert await known(world) == after


async def test_one_press_on_the_page_leaves(world: World, door: httpx.AsyncClient) -> None:
    """The page has one button and says which letter; afterwards it says that it is done."""
    await a_list(world)
    one = await subscribed(world)
    link = f"/u/{leaving_link(world, one.id)}"
    page = await shown(door, link)
    assert "Nyheter för skolor" in page
    assert page.count("<button") == 1
    press = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', page))
    answer = await door.post(link, data=press)
    assert "Du får inte brevet mer" in answer.text
    assert (await known(world)).on["skolor"].left_by == "page"
    english = await shown(door, f"{link}?lang=en")
    assert "You get the letter no more" in english


async def test_preferences_take_everything_at_once(world: World, door: httpx.AsyncClient) -> None:
    """Lists and language in one form; a page that is too old changes nothing and says so."""
    await a_list(world)
    await a_list(world, "unga")
    one = await subscribed(world)
    link = f"/p/{preference_link(world, one)}"
    page = await shown(door, link)
    assert re.findall(r'value="(\w+)" id="[^"]+" aria-describedby="[^"]+" checked', page) == [
        "skolor"
    ]
    old = {"version": str(one.version), "lists": ["unga"], "language": "en"}
    answer = await door.post(link, data=old)
    assert answer.status_code == 303
    page = await shown(door, answer.headers["location"])
    assert "Sparat." in page
    assert "bekräftat det i brevet" in page
    after = await known(world)
    assert (after.confirmed, after.language) == ((), "en")
    stale = await door.post(link, data={**old, "lists": ["skolor"]})
    assert stale.status_code == 412
    assert await known(world) == after
    never = {"version": str(after.version), "lists": ["unga"], "language": "en", "never": "yes"}
    assert (await door.post(link, data=never)).status_code == 303
    assert len(await world.rows("suppressions")) == 1


async def test_links_that_are_over_or_not_ours(world: World, door: httpx.AsyncClient) -> None:
    """A kind sentence and a way on, whatever is wrong with a link; none is repeated."""
    await a_list(world)
    one = await subscribed(world)
    wrong = spoiled(leaving_link(world, one.id))
    over = opt_in_link(world, one, asking=7)
    for path, status in (
        (f"/u/{wrong}", 404),
        (f"/p/{leaving_link(world, one.id)}", 404),
        (f"/o/{over}", 409),
        ("/u/x", 404),
        ("/u/" + "a" * 200, 404),
        ("/nyhetsbrev/okand", 404),
        ("/nyhetsbrev/..%2Flists/sv", 404),
        ("/nyhetsbrev/skolor/sv/ingen", 404),
        ("/bilder/..%2Fopen-lists", 404),
    ):
        page = await shown(door, path, status)
        assert 'class="card"' in page, path
        assert wrong not in page


async def test_the_archive_is_read(world: World, door: httpx.AsyncClient) -> None:
    """Pages per language, each letter with its own language and direction; the feed beside."""
    await a_list(world)
    kept = await world.ask("POST", "/v1/images", 201, by="editor", content=PNG)
    picture = f"\n::: bild\nid: {kept['id']}\nalt: Ett bord\n:::\n"
    texts = {"sv": {**SV, "markdown": SV["markdown"] + picture}, "en": EN, "ar": AR}
    made = await a_newsletter(world, texts)
    await publish(world, made["id"])
    page = await shown(door, "/nyhetsbrev/skolor")
    assert f'href="/nyhetsbrev/skolor/sv/{made["id"]}"' in page
    assert 'type="application/atom+xml"' in page
    assert "العربية" in page
    page = await shown(door, f"/nyhetsbrev/skolor/ar/{made['id']}")
    assert '<article lang="ar" dir="rtl"' in page
    page = await shown(door, f"/nyhetsbrev/skolor/sv/{made['id']}")
    assert re.findall(r"<h[1-6]>", page) == ["<h1>", "<h2>"]
    [where] = re.findall(r'<img src="([^"]+)" alt="Ett bord">', page)
    image = await door.get(where.partition("/bilder/")[1] + where.partition("/bilder/")[2])
    assert (image.status_code, image.content) == (200, PNG)
    feed = await door.get("/nyhetsbrev/skolor/sv/atom.xml")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert made["id"] in feed.text
    again = await door.get(
        "/nyhetsbrev/skolor/sv/atom.xml", headers={"If-None-Match": feed.headers["etag"]}
    )
    assert again.status_code == 304
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}", by="editor")
    await change(world, seen, "POST", "/redaction", json={"because": "wrong"})
    page = await shown(door, f"/nyhetsbrev/skolor/sv/{made['id']}", 410)
    assert "har tagits bort" in page
    assert "Här finns inget brev än" in await shown(door, "/nyhetsbrev/skolor/sv")


async def test_no_page_loads_anything_from_elsewhere(world: World, door: httpx.AsyncClient) -> None:
    """Every address that a page fetches by itself is ours: nobody else learns who reads."""
    await a_list(world)
    one = await subscribed(world)
    text = "# Hej\n\n![Pixel](https://x.example/p.gif)\n\n[Ut](https://x.example/?a=1)\n"
    made = await a_newsletter(world, {"sv": {"subject": "Hej", "markdown": text}})
    await publish(world, made["id"])
    for path in (
        "/nyhetsbrev",
        "/nyhetsbrev/skolor/sv",
        f"/nyhetsbrev/skolor/sv/{made['id']}",
        f"/u/{leaving_link(world, one.id)}",
        f"/p/{preference_link(world, one)}",
        f"/o/{opt_in_link(world, one)}",
    ):
        page = await shown(door, path)
        fetched = re.findall(r'(?:src|<link [^>]*href)="([^"]+)"', page)
        assert fetched
        assert all(each.startswith("/") for each in fetched), (path, fetched)
        assert "style=" not in page


async def test_without_publishing_the_rest_of_the_door_stands(servers: RealServers) -> None:
    """Not behind this door: no such page. Behind it but away: a kind sentence, and nothing lost."""
    async with the_door(servers, "") as visitor:
        assert (await visitor.get("/nyhetsbrev")).status_code == 404
        assert (await visitor.get("/")).status_code == 200
    async with the_door(servers, AWAY) as visitor:
        answer = await visitor.get("/nyhetsbrev")
        assert answer.status_code == 503
        assert "Vi når inte nyhetsbreven just nu" in answer.text
        assert (await visitor.post("/u/" + "a" * 39, data={"press": "leave"})).status_code == 503
