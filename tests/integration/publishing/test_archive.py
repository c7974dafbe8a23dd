"""The archive and its feeds: per list and language, for everybody, without what was redacted."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from tests.integration.publishing.test_images import PNG
from tests.integration.publishing.world import World
from tests.integration.publishing.writing import (
    AR,
    EN,
    SV,
    a_list,
    a_newsletter,
    change,
    publish,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")
NS = {"a": "http://www.w3.org/2005/Atom"}


async def sent(world: World, **texts: dict[str, str]) -> str:
    """A newsletter that was published an hour after the one before."""
    world.clock.advance(timedelta(hours=1))
    made = await a_newsletter(world, texts)
    await publish(world, made["id"])
    return str(made["id"])


async def test_the_archive_by_list_and_language(world: World) -> None:
    """The newest first, each list and language by itself; a draft is not in it."""
    await a_list(world)
    await a_list(world, "annan")
    first = await sent(world, sv=SV)
    second = await sent(world, sv=SV, en=EN, ar=AR)
    draft = await a_newsletter(world, {"sv": SV})

    async def ids(path: str) -> list[str]:
        answer = await world.client.get(f"/v1/archives/{path}")
        assert answer.status_code == 200
        return [each["id"] for each in answer.json()["items"]]

    assert await ids("skolor/sv") == [second, first]
    assert await ids("skolor/sv?limit=1&offset=1") == [first]
    assert await ids("skolor/en") == [second]
    assert await ids("skolor/fi") == []
    assert await ids("annan/sv") == []
    languages = (await world.client.get("/v1/archives/skolor")).json()
    assert languages == {"languages": ["ar", "en", "sv"]}
    for path in (
        f"skolor/sv/issues/{draft['id']}",
        f"skolor/en/issues/{first}",
        f"annan/sv/issues/{first}",
        "skolor/sv/issues/ingen",
        "ingen/sv",
    ):
        assert (await world.client.get(f"/v1/archives/{path}")).status_code == 404, path


async def test_an_issue_shows_nobodys_name_and_our_own_images(world: World) -> None:
    """The greeting is the one for everybody; an image from elsewhere stays a link."""
    await a_list(world)
    kept = await world.ask("POST", "/v1/images", 201, by="editor", content=PNG)
    pictures = f"\n::: bild\nid: {kept['id']}\nalt: Ett bord\n:::\n\n![En pixel](https://x.example/p.gif)\n"
    found = await sent(world, sv={**SV, "markdown": SV["markdown"] + pictures}, ar=AR)
    seen = (await world.client.get(f"/v1/archives/skolor/sv/issues/{found}")).json()
    assert seen["title"] == "Hej du"
    assert "<h2>Hej du!</h2>" in seen["html"]
    assert seen["html"].count("<img") == 1
    assert f'/bilder/{kept["id"]}" alt="Ett bord">' in seen["html"]
    assert '<a href="https://x.example/p.gif">En pixel</a>' in seen["html"]
    assert seen["languages"] == ["ar", "sv"]
    seen = (await world.client.get(f"/v1/archives/skolor/ar/issues/{found}")).json()
    assert seen["direction"] == "rtl"


async def test_the_feed_is_stable_and_not_sent_twice(world: World) -> None:
    """Ids stay when the archive grows; who has the feed gets 304 until something changes."""
    await a_list(world)
    address = "/v1/archives/skolor/sv/feed"
    empty = await world.client.get(address)
    assert ET.fromstring(empty.text).findall("a:entry", NS) == []
    first = await sent(world, sv=SV)
    answer = await world.client.get(address)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    [entry] = ET.fromstring(answer.text).findall("a:entry", NS)
    known = entry.findtext("a:id", namespaces=NS)
    assert known == f"tag:safespace.example,2026:newsletters/{first}/sv"
    again = await world.client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await sent(world, sv=SV)
    later = await world.client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert later.status_code == 200
    entries = ET.fromstring(later.text).findall("a:entry", NS)
    assert entries[1].findtext("a:id", namespaces=NS) == known
    links = [each.find("a:link", NS) for each in entries]
    assert all(link is not None and link.get("href", "").startswith("http") for link in links)


async def test_what_is_redacted_is_gone_everywhere(world: World) -> None:
    """Out of the archive and every feed at once; its page says that it was taken away."""
    await a_list(world)
    kept = await sent(world, sv=SV)
    found = await sent(world, sv=SV, en=EN)
    before = await world.client.get("/v1/archives/skolor/sv/feed")
    seen = await world.ask("GET", f"/v1/newsletters/{found}", by="editor")
    world.clock.advance(timedelta(minutes=5))
    await change(world, seen, "POST", "/redaction", json={"because": "wrong"})
    for language in ("sv", "en"):
        answer = await world.client.get(f"/v1/archives/skolor/{language}/issues/{found}")
        assert answer.status_code == 410
        assert answer.json()["type"].endswith("newsletter-redacted")
    items = (await world.client.get("/v1/archives/skolor/sv")).json()["items"]
    assert [each["id"] for each in items] == [kept]
    assert (await world.client.get("/v1/archives/skolor")).json() == {"languages": ["sv"]}
    feed = await world.client.get(
        "/v1/archives/skolor/sv/feed", headers={"If-None-Match": before.headers["etag"]}
    )
    assert feed.status_code == 200
    assert found not in feed.text
    root, old = ET.fromstring(feed.text), ET.fromstring(before.text)
    updated = [each.findtext("a:updated", "", NS) for each in (old, root)]
    assert updated[0] < updated[1]
