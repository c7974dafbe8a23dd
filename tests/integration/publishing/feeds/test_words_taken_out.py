"""What editors take out is gone at every door, and every position stays."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from shared.contracts import publishing
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import (
    NOW,
    Partnered,
    an_occasion,
    receiving,
    told_as,
)
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.integration.publishing.writing import SV, a_list, change, publish
from tests.integration.publishing.writing import a_newsletter as written
from tests.support.eventually import eventually

WORDS = "Kim Hemlig"
PATIENT = 40.0
MEMBER = ("feed:read", "cews:read", "cews:post", "webhooks:manage")


def an_edition(publication: str, sequence: int = 1, says: str = WORDS) -> Envelope:
    told = publishing.EditionReleased(
        publication_id=publication,
        kind="brochure",
        edition=f"{sequence}.0.0",
        titles={"sv": says},
        changes={"sv": says},
        released_at=NOW,
        path="/material/x",
    )
    return told_as(told, publication, sequence)


def a_newsletter(newsletter: str) -> Envelope:
    told = publishing.NewsletterPublished(
        newsletter_id=newsletter,
        list_id="skolor",
        titles={"sv": WORDS},
        published_at=NOW,
        path="/nyhetsbrev/x",
    )
    return told_as(told, newsletter)


def an_occasion_with_words(subject: str, sequence: int = 1) -> Envelope:
    one = an_occasion(subject, sequence)
    occasion = {**one.data["occasion"], "title": WORDS}
    return one.model_copy(update={"data": {**one.data, "occasion": occasion}})


def a_bulletin(bulletin: str) -> Envelope:
    told = publishing.BulletinPublished(
        bulletin_id=bulletin,
        kind="online",
        area="Malmö",
        begins=NOW.date(),
        ends=NOW.date(),
        trend="rising",
        text=WORDS,
    )
    return told_as(told, bulletin)


async def take_out(partnered: Partnered, about: str, status: int = 201) -> dict[str, Any]:
    body = {"about": about, "because": "personal-data"}
    found: dict[str, Any] = await partnered.world.ask(
        "POST", "/v1/feed-redactions", status, by="editor", json=body
    )
    return found


async def streamed(client: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with client.stream("GET", "/v1/feed/stream") as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: ") and "specversion" in line:
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


@pytest.mark.parametrize("told", [an_edition, a_newsletter, an_occasion_with_words, a_bulletin])
async def test_gone_at_every_door_with_its_position(partnered: Partnered, told: Any) -> None:
    """Pages, one entry, stream, Atom; a webhook's replay and resend, thin or whole."""
    bad, good = told(new_id()), an_occasion()
    async with (
        receiving() as thin,
        receiving() as whole,
        await partnered.partner(scopes=MEMBER) as client,
        partnered.sending(thin=thin, whole=whole),
    ):
        hooks = [await webhook(client, "thin"), await webhook(client, "whole", thin=False)]
        await partnered.happens(bad, good)
        await eventually(lambda: len(thin.got) == len(whole.got) == 2, within=PATIENT)
        assert WORDS in str(whole.got)
        done = await take_out(partnered, bad.subject)
        assert done["entries"] == 1
        for one in hooks:
            at = f"/v1/partner/webhooks/{one['id']}"
            assert (await client.post(f"{at}/replays", json={"after": 0})).status_code == 202
            asked = await client.post(f"{at}/resends", json={"event_id": bad.id})
            assert asked.status_code == 202
        await eventually(lambda: len(thin.got) == len(whole.got) == 5, within=PATIENT)
        again = str([*thin.bodies[2:], *whole.bodies[2:]])
        page = await client.get("/v1/feed")
        texts = [
            again,
            page.text,
            str(await streamed(client, 2)),
            (await client.get(f"/v1/feed/entries/{bad.id}")).text,
            (await client.get("/v1/feed.atom")).text,
        ]
        assert all(WORDS not in text for text in texts)
        assert all(bad.id in text for text in texts)
        first, second = page.json()
        assert (first["id"], first["position"], first["redacted"]) == (bad.id, 1, True)
        assert (second["id"], second["position"]) == (good.id, 2)
        assert WORDS not in str(await partnered.world.rows("feed_log"))
    (noted,) = (await partnered.world.ask("GET", "/v1/feed-redactions", by="auditor"))["items"]
    assert (noted["about"], noted["because"]) == (bad.subject, "personal-data")


async def test_what_is_newer_is_told_and_what_is_older_stays_out(partnered: Partnered) -> None:
    """Taken out up to the second; a first that comes late is empty, and a mended third is not."""
    subject = new_id()
    first, second = (an_occasion_with_words(subject, n) for n in (1, 2))
    await partnered.happens(second)
    await take_out(partnered, subject)
    await partnered.happens(first, an_occasion(subject, 3))
    async with await partnered.partner() as client:
        page = (await client.get("/v1/feed")).json()
    assert [one.get("redacted", False) for one in page] == [True, True, False]
    assert WORDS not in str(page)


async def test_one_entry_alone(partnered: Partnered) -> None:
    """By the id of its event: its neighbours of the same subject stay as they are."""
    publication = new_id()
    bad, good = an_edition(publication), an_edition(publication, 2, "En broschyr")
    await partnered.happens(bad, good)
    assert (await take_out(partnered, bad.id))["entries"] == 1
    async with await partnered.partner() as client:
        first, second = (await client.get("/v1/feed")).json()
    assert (first["redacted"], second["data"]["titles"]["sv"]) == (True, "En broschyr")
    await take_out(partnered, new_id(), 404)


async def test_only_editors_take_out(partnered: Partnered) -> None:
    """Others may not, and the auditor sees what was done."""
    await partnered.happens(an_occasion(subject := new_id()))
    body = {"about": subject, "because": "wrong"}
    for role in ("coordinator", "operator", "auditor"):
        await partnered.world.ask("POST", "/v1/feed-redactions", 403, by=role, json=body)
    await partnered.world.ask("GET", "/v1/feed-redactions", 403, by="coordinator")


@pytest.mark.parametrize("late", [False, True])
async def test_a_newsletter_leaves_archive_and_feed_in_one_step(
    partnered: Partnered, late: bool
) -> None:
    """Also when the feed has not heard of it yet: it comes empty."""
    world = partnered.world
    await a_list(world)
    made = await written(world, {"sv": {**SV, "subject": WORDS}})
    await publish(world, made["id"])
    seen = await world.ask("GET", f"/v1/newsletters/{made['id']}", by="editor")
    (told,) = await world.told("newsletter-published")
    assert WORDS in str(told.data)
    if not late:
        await partnered.happens(told)
    await change(world, seen, "POST", "/redaction", json={"because": "personal-data"})
    if late:
        await partnered.happens(told)
    async with await partnered.partner() as client:
        (entry,) = (await client.get("/v1/feed")).json()
    assert (entry["id"], entry["redacted"]) == (told.id, True)
    assert WORDS not in str(entry)
