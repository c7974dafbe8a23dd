"""Newsletters, brochures and the handbook on a whole copy, from the first address to the shelf."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared.kernel.ids import new_id
from tests.journeys import newsletter_story as story
from tests.journeys.newsletter_story import Editor
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")

PEOPLE, MANY = 1_000, 20_000


@dataclass(frozen=True)
class Sent:
    """What the journey leaves to look at."""

    editor: Editor
    newsletter: Any
    over: Any
    people: int


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="session",
    params=[PEOPLE, pytest.param(MANY, marks=[pytest.mark.long, pytest.mark.timeout(900)])],
)
async def sent(whole_copy: WholeCopy, request: pytest.FixtureRequest) -> AsyncIterator[Sent]:
    """The whole journey, once."""
    people: int = request.param
    door = httpx.AsyncClient(base_url=whole_copy.front_door, timeout=60, trust_env=False)
    async with door as client:
        editor = Editor(whole_copy, client)
        await story.subscribers(editor, people)
        newsletter = await story.written(editor)
        over = await story.sent_with_a_pause_and_a_kill(editor, newsletter, people)
        yield Sent(editor, newsletter, over, people)


async def test_everybody_is_accounted_for(sent: Sent) -> None:
    """Counts are exact: who left got nothing, and who is in doubt after the kill is said to be."""
    ends = {name: sent.over[name] for name in ("accepted", "bounced", "suppressed", "uncertain")}
    assert sum(ends.values()) == sent.over["recipients"] == sent.people
    assert (ends["suppressed"], ends["bounced"]) == (1, 0)
    letters = of_ours(sent)
    doubles = {to for to, found in letters.items() if len(found) > 1}
    assert not doubles, "nobody in doubt is written to again by itself"
    assert sent.people - 1 - ends["uncertain"] <= len(letters) <= sent.people - 1


async def test_another_try_reaches_only_those_in_doubt(sent: Sent) -> None:
    """Asked for by a person; a double carries the Message-ID of the first, so that it is known."""
    editor, in_doubt = sent.editor, sent.over["uncertain"]
    [mailing] = (await editor.ask("GET", f"/mailings?newsletter_id={sent.newsletter['id']}"))[
        "items"
    ]
    if in_doubt:
        path = f"/mailings/{mailing['id']}"
        await editor.change("POST", f"{path}/another-try", mailing, json={"cause": "uncertain"})
        over = await story.ended(editor, mailing)
        assert (over["accepted"], over["uncertain"]) == (sent.people - 1, 0)
    letters = of_ours(sent)
    assert len(letters) == sent.people - 1, "0 lost"
    doubles = [found for found in letters.values() if len(found) > 1]
    assert len(doubles) <= in_doubt
    for found in doubles:
        assert len({story.parsed(mail)["Message-ID"] for mail in found}) == 1


async def test_each_reads_their_own_language(sent: Sent) -> None:
    """A text part always, the reader's name, and the headers that leave by one press."""
    letters = story.arrived(sent.editor.copy)
    found = {number: letters.get(story.address_of(number, sent.people)) for number in range(40)}
    seen = {number: story.parsed(mails[0]) for number, mails in found.items() if mails}
    for number, letter in seen.items():
        english = number % 10 == 0
        assert letter["Subject"] == (story.EN if english else story.SV)["subject"]
        text = letter.get_body(("plain",)).get_content()
        assert f"Åsa Öberg {number}" in text
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "list-unsubscribe-post" in letter["DKIM-Signature"].lower()


async def test_it_stands_in_the_archive(sent: Sent) -> None:
    """On a page and in the feed of its language; a reader who has it is not sent it again."""
    editor = sent.editor
    path = f"{story.API}/archives/{editor.list_id}/sv"
    listed = (await editor.client.get(path)).json()
    assert [each["id"] for each in listed["items"]] == [sent.newsletter["id"]]
    feed = await editor.client.get(f"{path}/feed")
    assert story.SV["subject"] in feed.text
    same = await editor.client.get(f"{path}/feed", headers={"If-None-Match": feed.headers["etag"]})
    assert same.status_code == 304


def of_ours(sent: Sent) -> dict[str, list[Any]]:
    """What reached this journey's readers."""
    ours = re.compile(rf"asa\.\d+@d\d\.of{sent.people}\.example")
    found = story.arrived(sent.editor.copy)
    return {to: letters for to, letters in found.items() if ours.fullmatch(to)}


async def test_a_new_edition_and_copies_until_the_shelf_is_empty(sent: Sent) -> None:
    """An edition is released, mentors are told of it, and schools never get more than there is."""
    editor = sent.editor
    id_ = f"att-vaga-{new_id()[-6:]}"
    await story.released(editor, id_)
    again = await editor.client.get(f"{story.API}/library/{id_}/1.0.0")
    assert "samtal" in again.text
    pdf = await editor.client.get(f"{story.API}/library/{id_}/1.0.0/pdf/sv")
    assert pdf.content.startswith(b"%PDF-")
    ordered = await story.orders_until_the_shelf_is_empty(editor, id_, copies=100, each=40)
    assert [status for status, _ in ordered] == [201, 201, 409]
    [shelf] = [
        item
        for item in (await editor.client.get(f"{story.API}/print-items")).json()["items"]
        if item["publication"] == id_
    ]
    assert shelf["free"] == 20
