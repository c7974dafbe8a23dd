"""Editors write newsletters, see what readers would get, and cannot rewrite what was sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.publishing.domain.newsletter import NotADraft
from services.publishing.mailing.compiling import compile_variant
from services.publishing.use_cases.publish_newsletter import NewsletterHasFaults
from shared.contracts.booking import OccasionCancelled, OccasionChanged
from shared.contracts.publishing import NewsletterPublished
from tests.integration.publishing import books
from tests.integration.publishing.test_images import PNG
from tests.integration.publishing.world import World
from tests.integration.publishing.writing import (
    AR,
    BY,
    EN,
    SV,
    a_list,
    a_newsletter,
    change,
    occasion,
    publish,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_newsletter_is_written_language_by_language(world: World) -> None:
    """Whoever writes names the version that they saw; a language can be taken out again."""
    await a_list(world)
    made = await a_newsletter(world, {"sv": SV, "en": EN, "AR": AR})
    assert set(made["texts"]) == {"sv", "en", "ar"}
    stale = {**made, "version": 1}
    await change(world, stale, "PUT", "/texts/sv", 412, json=EN)
    fewer = await change(world, made, "DELETE", "/texts/en")
    aimed = await change(
        world, fewer, "PUT", "/segment", json={"segment": {"is": "role", "values": ["teacher"]}}
    )
    assert set(aimed["texts"]) == {"sv", "ar"}
    assert aimed["segment"] == {"is": "role", "values": ["teacher"]}
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}", by="editor")
    assert seen == aimed
    found = await world.ask("GET", "/v1/newsletters?list=skolor&state=draft", by="editor")
    assert [each["subjects"]["sv"] for each in found["items"]] == [SV["subject"]]
    assert (await world.ask("GET", "/v1/newsletters?list=annan", by="editor"))["total"] == 0


async def test_begun_once(world: World) -> None:
    """The same key makes one newsletter, however often it is asked."""
    await a_list(world)
    headers = {"Idempotency-Key": "begin-1"}
    asked = [
        world.ask("POST", "/v1/newsletters", 201, by="editor", headers=headers,
                  json={"list_id": "skolor"})
        for _ in range(3)
    ]  # fmt: skip
    assert len({made["id"] for made in await asyncio.gather(*asked)}) == 1
    assert (await world.ask("GET", "/v1/newsletters", by="editor"))["total"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", "/v1/newsletters", {"list_id": "ingen"}, 404, "not-found"),
        (
            "POST",
            "/v1/newsletters",
            {"list_id": "skolor", "segment": {"x": 1}},
            422,
            "not-a-segment",
        ),
        ("POST", "/v1/newsletters", {}, 422, "validation-failed"),
        ("PUT", "{one}/texts/klingonska-ja!", SV, 422, "unknown-language"),
        ("PUT", "{one}/texts/sv", {**SV, "subject": " \n"}, 422, "subject-missing"),
        ("PUT", "{one}/texts/sv", {**SV, "markdown": "x" * 100_001}, 422, "newsletter-too-long"),
        ("POST", "{one}/redaction", {"because": "wrong"}, 409, "newsletter-not-published"),
        ("POST", "{one}/redaction", {"because": "Karin bad om det"}, 422, "validation-failed"),
        ("POST", "/v1/previews", {"list_id": "ingen", "language": "sv", **SV}, 404, "not-found"),
    ],
)
async def test_bad_input_gets_a_sentence(
    world: World, method: str, path: str, body: dict[str, object], status: int, kind: str
) -> None:
    """What cannot be done is said in problem+json, and nothing that was sent is repeated."""
    await a_list(world)
    made = await a_newsletter(world)
    where = path.format(one=f"/v1/newsletters/{made['id']}")
    headers = {"If-Match": f'"{made["version"]}"'}
    no = await world.ask(method, where, status, by="editor", json=body, headers=headers)
    assert no["type"].endswith(kind)
    assert "Karin" not in str(no)


@pytest.mark.parametrize("role", ["coordinator", "operator", "auditor", "mentor"])
async def test_only_editors_write_and_read_drafts(world: World, role: str) -> None:
    """A draft is nobody else's business."""
    await a_list(world)
    made = await a_newsletter(world)
    await world.ask("GET", "/v1/newsletters", 403, by=role)
    await world.ask("GET", f"/v1/newsletters/{made['id']}", 403, by=role)
    await world.ask("POST", "/v1/newsletters", 403, by=role, json={"list_id": "skolor"})
    await world.ask("POST", "/v1/images", 403, by=role, content=PNG)
    assert (await world.client.get(f"/v1/newsletters/{made['id']}")).status_code == 401


async def test_the_preview_is_the_letter(world: World) -> None:
    """Words that are not saved: both parts, language and direction, and what to mend."""
    await a_list(world)
    body = {"list_id": "skolor", "language": "ar", **AR, "name": "Åsa <b>"}
    seen = await world.ask("POST", "/v1/previews", by="editor", json=body)
    assert '<html lang="ar" dir="rtl">' in seen["html"]
    assert "Åsa &lt;b&gt;" in seen["html"]
    assert "Åsa <b>" in seen["text"]
    assert seen["direction"] == "rtl"
    assert "/u/exempel" in seen["html"]
    assert seen["findings"] == []
    broken = {
        **body,
        "markdown": "# a\n\n### b\n\n[här](https://x.example)\n\n::: bild\nid: a\n:::",
    }
    seen = await world.ask("POST", "/v1/previews", by="editor", json=broken)
    assert (seen["html"], seen["text"]) == ("", "")
    assert [(each["kind"], each["line"]) for each in seen["findings"]] == [
        ("image-without-words", 7)
    ]
    mended = {**broken, "markdown": broken["markdown"].partition(":::")[0]}
    seen = await world.ask("POST", "/v1/previews", by="editor", json=mended)
    kinds = {each["kind"]: (each["severity"], each["line"]) for each in seen["findings"]}
    assert kinds["heading-skips-a-level"] == ("error", 3)
    assert kinds["link-says-little"] == ("advice", 5)


async def test_every_language_is_looked_at(world: World) -> None:
    """A translation that lacks a link or an image is pointed out."""
    await a_list(world)
    more = {**EN, "markdown": EN["markdown"] + "\n[Our programme](https://x.example)\n"}
    made = await a_newsletter(world, {"sv": SV, "en": more})
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}/previews", by="editor")
    assert [each["language"] for each in seen["items"]] == ["en", "sv"]
    for each in seen["items"]:
        assert [one["kind"] for one in each["findings"]] == ["languages-differ"]


async def test_what_is_coming_up_follows_booking(world: World) -> None:
    """Published, moved, cancelled, heard late or twice: the block shows what holds now."""
    await a_list(world)
    body = {"list_id": "skolor", "language": "sv", "subject": "Hej",
            "markdown": "::: tillfällen\nantal: 2\n:::\n"}  # fmt: skip

    async def shown() -> str:
        seen = await world.ask("POST", "/v1/previews", by="editor", json=body)
        return str(seen["text"]).partition("\n-- ")[0]

    assert "Inga tillfällen är planerade" in await shown()
    first = occasion(world, 1)
    await world.hear(first, subject="o1", sequence=1)
    await world.hear(occasion(world, 2, days=4), subject="o2", sequence=1)
    await world.hear(occasion(world, 3, days=5), subject="o3", sequence=1)
    text = await shown()
    assert "Källkritik 1" in text
    assert "Källkritik 2" in text
    assert "Källkritik 3" not in text
    moved = occasion(world, 1, days=6).occasion
    changed = OccasionChanged.model_validate(
        {**first.model_dump(), "occasion": moved.model_dump(), "changed": ("starts_at",)}
    )
    assert await world.hear(changed, subject="o1", sequence=3) == "handled"
    late = OccasionCancelled.model_validate(first.model_dump())
    assert await world.hear(late, subject="o1", sequence=2) == "superseded"
    text = await shown()
    assert text.index("Källkritik 2") < text.index("Källkritik 3")
    assert "Källkritik 1" not in text
    cancelled = OccasionCancelled.model_validate(
        {**first.model_dump(), "occasion": {**first.occasion.model_dump(), "occasion_id": "o2"}}
    )
    await world.hear(cancelled, subject="o2", sequence=2)
    text = await shown()
    assert text.index("Källkritik 3") < text.index("Källkritik 1")
    world.clock.advance(timedelta(days=5, hours=1))
    assert "Källkritik 3" not in await shown()


async def test_published_once_and_told(world: World) -> None:
    """When the first mailing starts the words are frozen: booking may change, the issue stands."""
    await a_list(world)
    block = "\n::: tillfällen\n:::\n"
    texts = {
        tag: {**text, "markdown": text["markdown"] + block} for tag, text in
        {"sv": SV, "en": EN, "ar": AR}.items()
    }  # fmt: skip
    made = await a_newsletter(world, texts)
    await world.hear(occasion(world, 1), subject="o1", sequence=1)
    by = world.house
    before = await by.publish.frozen(made["id"], world.clock.now(), by=BY)
    words = await publish(world, made["id"])
    assert list(before) == list(words)
    assert [each.language for each in words] == ["ar", "en", "sv"]
    known = await by.stores.lists.find("skolor", by=BY)
    assert known is not None
    for each in words:
        assert "Källkritik" in each.markdown
        compile_variant(each, by.letterhead.of(known, each.language))
    await world.hear(occasion(world, 2), subject="o2", sequence=1)
    assert list(await publish(world, made["id"])) == list(words)
    assert list(await by.publish.frozen(made["id"], world.clock.now(), by=BY)) == list(words)
    [news] = await world.told("newsletter-published")
    said = NewsletterPublished.model_validate(news.data)
    assert said.titles == {"sv": "Hej du", "en": "Hello", "ar": AR["subject"]}
    assert said.path == f"/nyhetsbrev/skolor/sv/{made['id']}"
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}", by="editor")
    assert seen["state"] == "published"
    assert "Källkritik 1" in seen["texts"]["sv"]["markdown"]
    await change(world, seen, "PUT", "/texts/sv", 409, json=EN)
    await change(world, seen, "DELETE", "/texts/sv", 409)
    await change(world, seen, "PUT", "/segment", 409, json={"segment": {}})


async def test_two_mailings_that_start_at_once_publish_once(world: World) -> None:
    """One issue and one event, whoever is first."""
    await a_list(world)
    made = await a_newsletter(world)
    found = await asyncio.gather(
        *(publish(world, made["id"]) for _ in range(4)), return_exceptions=True
    )
    assert any(not isinstance(each, BaseException) for each in found)
    assert len(await world.told("newsletter-published")) == 1


async def test_what_only_some_get_is_not_told_to_everybody(world: World) -> None:
    """A list that nobody can sign up to has no public archive, and no event says its titles."""
    await a_list(world, "interna", is_open=False)
    made = await a_newsletter(world, list_id="interna")
    await publish(world, made["id"])
    assert await world.told("newsletter-published") == []
    assert (await world.client.get("/v1/archives/interna/sv")).status_code == 404
    assert (await world.client.get("/v1/archives/interna/sv/feed")).status_code == 404
    where = f"/v1/archives/interna/sv/issues/{made['id']}"
    assert (await world.client.get(where)).status_code == 404


async def test_a_letter_with_faults_is_not_sent(world: World) -> None:
    """What would shut somebody out is mended first; nothing is half published."""
    await a_list(world)
    made = await a_newsletter(world, {"sv": {**SV, "markdown": "# a\n\n### b\n"}})
    with pytest.raises(NewsletterHasFaults):
        await publish(world, made["id"])
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}", by="editor")
    assert seen["state"] == "draft"
    assert await world.told("newsletter-published") == []


async def test_what_was_redacted_is_not_sent_again(world: World) -> None:
    """Not a word of it is left in the database, and no mailing can start with it."""
    await a_list(world)
    made = await a_newsletter(world)
    await publish(world, made["id"])
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}", by="editor")
    gone = await change(world, seen, "POST", "/redaction", json={"because": "personal-data"})
    assert (gone["state"], gone["texts"]) == ("redacted", {})
    [row] = await world.rows("newsletters")
    assert "Garaget" not in str(row)
    with pytest.raises(NotADraft):
        await publish(world, made["id"])
    with pytest.raises(NotADraft):
        await world.house.publish.frozen(made["id"], world.clock.now(), by=BY)


async def test_a_card_names_the_newest_edition(world: World) -> None:
    """Title, summary and edition in the language around it; one that is missing is pointed out."""
    await a_list(world)
    body = {"list_id": "skolor", "subject": "Hej",
            "markdown": f"Hej\n\n::: publikation\nnamn: {books.SLUG}\n:::\n"}  # fmt: skip

    async def shown(language: str) -> Any:
        wanted = {**body, "language": language}
        return await world.ask("POST", "/v1/previews", by="editor", json=wanted)

    seen = await shown("sv")
    assert [each["kind"] for each in seen["findings"]] == ["publication-unknown"]
    assert "Publikationen finns inte längre." in seen["text"]
    await books.added(world)
    assert (await shown("sv"))["findings"], "a draft is nothing to show"
    await books.drafted(world, {"sv": books.SV, "en": books.EN})
    await books.released(world)
    seen = await shown("sv")
    assert seen["findings"] == []
    assert f'/publikationer/{books.SLUG}/1.0.0">Att våga fråga</a>' in seen["html"]
    assert "Utgåva 1.0.0" in seen["text"]
    assert "Till dig som möter unga." in seen["text"]
    assert "Daring to ask" in (await shown("en"))["text"]
    assert "Att våga fråga" in (await shown("fi"))["text"]
