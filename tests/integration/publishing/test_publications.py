"""Editors write and release; everybody reads, searches and prints; old editions stay."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

import pytest

from services.publishing.use_cases import preview_publication
from tests.integration.publishing.books import (
    EN,
    SLUG,
    SV,
    added,
    brochure,
    drafted,
    etag,
    released,
)
from tests.integration.publishing.world import World
from tests.support.eventually import eventually
from tests.unit.publishing.test_images import png
from tests.unit.publishing.test_typesetting import ONE_PIXEL

pytestmark = pytest.mark.asyncio(loop_scope="session")
CANARY = "Zqkanari"
THREADS = min(32, (os.cpu_count() or 1) + 4)
"""That `asyncio.to_thread` has."""


async def public(world: World, path: str, status: int = 200, **headers: str) -> Any:
    answer = await world.client.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


async def test_from_draft_to_edition(world: World) -> None:
    """What is released is read by anybody, told to the world, and named by its version."""
    made = await added(world)
    assert (made["latest"], made["editions"], made["version"]) == (None, 0, 1)
    await public(world, f"/v1/library/{SLUG}", 404)
    await public(world, f"/v1/library/{SLUG}/latest", 404)
    await drafted(world, {"sv": SV, "en": EN})
    seen = await world.ask("GET", f"/v1/publications/{SLUG}/draft/preview?language=sv", by="editor")
    assert seen["editions"] == ["1.0.0"]
    assert '<h2 id="att-lyssna">Att lyssna</h2>' in seen["html"]
    out = await released(world)
    assert (out["edition"], out["number"], out["languages"]) == ("1.0.0", 1, ["en", "sv"])
    read = (await public(world, f"/v1/library/{SLUG}/latest?language=en-GB")).json()
    assert (read["language"], read["title"]) == ("en", EN["title"])
    assert [each["anchor"] for each in read["headings"]] == ["listening"]
    (told,) = await world.told("edition-released")
    assert told.subject == SLUG
    assert told.data["path"] == f"/publikationer/{SLUG}/1.0.0"
    assert told.data["titles"] == {"sv": SV["title"], "en": EN["title"]}


async def test_words_are_tried_before_they_are_kept(world: World) -> None:
    """An editor sees a text that is not saved, in a language that is new too; nothing changes."""
    await added(world)
    path, tried = f"/v1/publications/{SLUG}/previews", {"language": "sv", **SV}
    seen = await world.ask("POST", path, by="editor", json=tried)
    assert '<h2 id="att-lyssna">Att lyssna</h2>' in seen["html"]
    long = {**tried, "markdown": "# Å\n\n" + "Ett stycke.\n\n" * 5_000}
    assert len((await world.ask("POST", path, by="editor", json=long))["html"]) > 65_000
    for wrong, kind in (({"markdown": "## Å"}, "heading-skips-a-level"), ({"title": ""}, "title-")):
        no = await world.ask("POST", path, 422, by="editor", json={**tried, **wrong})
        assert kind in no["type"]
    await world.ask("POST", path, 403, by="coordinator", json=tried)
    now = await world.ask("GET", f"/v1/publications/{SLUG}", by="editor")
    assert (now["version"], now["draft"]["texts"]) == (1, {})


async def test_a_text_that_would_take_minutes_to_set_is_refused(world: World) -> None:
    """By how many parts it has, before anybody sets it; long words alone are no trouble."""
    await added(world)
    path = f"/v1/publications/{SLUG}/previews"
    for divided in ("*a* " * 119_000, "- a\n" * 100_000, "|a|b|\n|-|-|\n" + "|x|y|\n" * 60_000):
        body = {"language": "sv", **SV, "markdown": f"# Å\n\n{divided}"}
        no = await world.ask("POST", path, 422, by="editor", json=body)
        assert no["type"].endswith("too-many-pieces")
    text = {**SV, "markdown": f"# Å\n\n{divided}"}
    assert (await drafted(world, {"sv": text}, status=422))["type"] == no["type"]
    body = {"language": "sv", **SV, "markdown": "# Å\n\n" + "ett långt stycke " * 28_000}
    assert "ett långt stycke" in (await world.ask("POST", path, by="editor", json=body))["html"]


async def test_whoever_sets_large_texts_keeps_nobody_else_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many editors look at paper at once, and none of it gets done: others are answered."""
    await brochure(world)
    may_end, begun = threading.Event(), 0

    def never_done(*_: object) -> bytes:
        nonlocal begun
        begun += 1
        may_end.wait(60)
        return b"%PDF-"

    monkeypatch.setattr(preview_publication, "set_book", never_done)
    path, headers = f"/v1/publications/{SLUG}/draft/pdf?language=sv", world.signed_in("editor")
    looking = [
        asyncio.create_task(world.client.get(path, headers=headers)) for _ in range(THREADS + 2)
    ]
    try:
        await eventually(lambda: begun)
        async with asyncio.timeout(30):
            await world.ask("POST", "/v1/images", 201, by="editor", content=png())
            assert await asyncio.to_thread(lambda: "there is a thread for a moment")
    finally:
        may_end.set()
    seen = await asyncio.gather(*looking)
    assert {answer.status_code for answer in seen} == {200}


async def test_old_editions_stay(world: World) -> None:
    """A new edition beside the old one: both are read, with what was new, and both as PDF."""
    await brochure(world)
    before = (await public(world, f"/v1/library/{SLUG}/1.0.0/pdf/sv")).content
    changed = {**SV, "markdown": SV["markdown"] + "\n\n## Mer\n\nText."}
    await drafted(world, {"sv": changed, "en": EN})
    await released(world, "1.0.1", {"sv": "Rättat", "en": "Corrected"}, status=422)
    await released(world, "1.1.0", {"sv": "Mer"}, status=422)
    await released(world, "1.3.0", {"sv": "Mer", "en": "More"}, status=409)
    await released(world, "1.1.0", {"sv": "Mer", "en": "More"})
    listed = (await public(world, f"/v1/library/{SLUG}")).json()["items"]
    assert [(each["edition"], each["number"]) for each in listed] == [("1.1.0", 2), ("1.0.0", 1)]
    assert listed[0]["changes"] == {"sv": "Mer", "en": "More"}
    old = (await public(world, f"/v1/library/{SLUG}/1.0.0?language=sv")).json()
    assert "Mer" not in old["html"]
    assert (await public(world, f"/v1/library/{SLUG}/1.0.0/pdf/sv")).content == before
    assert (await public(world, f"/v1/library/{SLUG}/1.1.0/pdf/sv")).content != before
    assert [each.data["edition"] for each in await world.told("edition-released")] == [
        "1.0.0",
        "1.1.0",
    ]


async def test_the_same_bytes_are_not_sent_twice(world: World) -> None:
    """ETag and 304, for the page and for the PDF."""
    await brochure(world)
    for path in (f"/v1/library/{SLUG}/1.0.0?language=sv", f"/v1/library/{SLUG}/1.0.0/pdf/sv"):
        first = await public(world, path)
        again = await public(world, path, 304, **{"If-None-Match": first.headers["etag"]})
        assert again.content == b""
    assert "immutable" in first.headers["cache-control"]


async def test_words_are_found(world: World) -> None:
    """In one edition and language, with the section; a question may be anything."""
    await brochure(world)
    path = f"/v1/library/{SLUG}/1.0.0/search"
    found = (await public(world, f"{path}?q=samtal&language=sv")).json()
    assert [each["anchor"] for each in found["items"]] == ["att-lyssna"]
    assert (await public(world, f"{path}?q=%00%22%3Cscript&language=sv")).json()["items"] == []
    await public(world, f"{path}?q={'x' * 101}", 422)
    await public(world, path, 422)


async def test_downloads_are_counted_and_nobody_is(world: World) -> None:
    """A number per day; small ones are hidden; what was not sent is not counted."""
    await brochure(world)
    path = f"/v1/library/{SLUG}/1.0.0/pdf/sv"
    first = await public(world, path, **{"User-Agent": CANARY, "X-Forwarded-For": "192.0.2.7"})
    await public(world, path, 304, **{"If-None-Match": first.headers["etag"]})
    figures = f"/v1/publications/{SLUG}/editions/1.0.0/downloads"
    assert await world.ask("GET", figures, by="editor") == {
        "total": None,
        "days": {"2027-01-14": None},
    }
    for _ in range(4):
        await public(world, path)
    assert await world.ask("GET", figures, by="editor") == {"total": 5, "days": {"2027-01-14": 5}}
    (row,) = await world.rows("downloads")
    assert row == {
        "_id": f"{SLUG}/1.0.0/sv/2027-01-14",
        "edition": f"{SLUG}/1.0.0",
        "day": "2027-01-14",
        "count": 5,
    }


async def test_pictures_are_kept_images(world: World) -> None:
    """A text shows what was uploaded; the edition keeps it, and its words."""
    image = await world.client.post(
        "/v1/images",
        content=ONE_PIXEL,
        headers={**world.signed_in("editor"), "Content-Type": "image/png"},
    )
    assert image.status_code == 201, image.text
    await added(world)
    text = {**SV, "markdown": "# Vi\n\n![Vårt kök](kok.png)"}
    await drafted(world, {"sv": text})
    await released(world, status=422)
    await drafted(world, {"sv": text}, {"kok.png": "0" * 32}, status=404)
    await drafted(world, {"sv": text}, {"kok.png": image.json()["id"]})
    await released(world)
    read = (await public(world, f"/v1/library/{SLUG}/1.0.0")).json()
    assert f'<img src="/bilder/{image.json()["id"]}"' in read["html"]
    assert 'alt="Vårt kök"' in read["html"]


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        (f"## {CANARY}", "heading-skips-a-level"),
        (f"[{CANARY}](http://x.example)", "link-says-nothing"),
        (f"![](a.png)\n\n{CANARY}", "image-without-words"),
        (f"# {CANARY} \U0001f600", "character-without-font"),
        ("", "nothing-written"),
    ],
)
async def test_a_text_that_shuts_somebody_out(world: World, markdown: str, kind: str) -> None:
    """It may be drafted; a release says what is wrong and where, and repeats nothing."""
    await added(world)
    await drafted(world, {"sv": {**SV, "markdown": markdown}})
    problem = await released(world, status=422)
    assert problem["type"].endswith(kind)
    assert CANARY not in str(problem)
    assert await world.rows("editions") == []
    assert await world.told("edition-released") == []


async def test_two_release_at_the_same_time(world: World) -> None:
    """One edition comes of it, one event, and the other is told that somebody was faster."""
    await added(world)
    await drafted(world, {"sv": SV})
    headers = {**world.signed_in("editor"), **etag(2)}
    path, wanted = f"/v1/publications/{SLUG}/editions", {"edition": "1.0.0"}
    answers = await asyncio.gather(
        *(world.client.post(path, json=wanted, headers=headers) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    assert len(await world.rows("editions")) == len(await world.told("edition-released")) == 1


async def test_there_is_one_handbook(world: World) -> None:
    """Mentors confirm that they have read it; an address is given once."""
    await added(world, "mentorshandboken", "handbook")
    for id_, kind in (("en-handbok-till", "handbook"), ("mentorshandboken", "brochure")):
        await world.ask(
            "POST", "/v1/publications", 409, by="editor", json={"id": id_, "kind": kind}
        )
    await world.ask(
        "POST", "/v1/publications", 422, by="editor", json={"id": "Ååå", "kind": "brochure"}
    )


async def test_who_may(world: World) -> None:
    """Editors write; others read what is out. A draft is nobody else's."""
    await brochure(world)
    for role in ("coordinator", "mentor", "auditor"):
        await world.ask("GET", f"/v1/publications/{SLUG}", 403, by=role)
        await world.ask("GET", f"/v1/publications/{SLUG}/draft/pdf?language=sv", 403, by=role)
    await public(world, f"/v1/publications/{SLUG}", 401)
    draft = await world.client.get(
        f"/v1/publications/{SLUG}/draft/pdf?language=sv", headers=world.signed_in("editor")
    )
    assert draft.content.startswith(b"%PDF-")


async def test_a_change_names_what_it_saw(world: World) -> None:
    """Without If-Match 428, with an old one 412; the draft stands."""
    await added(world)
    await drafted(world, {"sv": SV})
    path = f"/v1/publications/{SLUG}/draft"
    await world.ask("PUT", path, 428, by="editor", json={"texts": {}})
    await world.ask("PUT", path, 412, by="editor", json={"texts": {}}, headers=etag(1))
    seen = await world.ask("GET", f"/v1/publications/{SLUG}", by="editor")
    assert seen["draft"]["texts"] == {"sv": SV}


@pytest.mark.parametrize(
    "path",
    ["ingen", "ingen/1.0.0", f"{SLUG}/9.9.9", f"{SLUG}/1.0.0/pdf/ar", "ingen/1.0.0/search?q=x"],
)
async def test_what_is_not_there(world: World, path: str) -> None:
    """404, whatever is asked for."""
    await brochure(world)
    await public(world, f"/v1/library/{path}", 404)


async def test_a_version_that_is_none(world: World) -> None:
    """422 with a sentence."""
    await public(world, f"/v1/library/{SLUG}/senaste", 422)
