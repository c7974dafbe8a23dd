"""An editor's test letter: what readers would get, to somebody who reads our letters anyway."""

from __future__ import annotations

from typing import Any

import pytest

from services.publishing.domain.letter import Letter, Written
from services.publishing.domain.links import ONE_CLICK
from services.publishing.messaging.letters import letters_of
from shared.mail.letterbox import Letterbox
from tests.integration.publishing.subscribing import ASA, by_link, known, sign_up, subscribed
from tests.integration.publishing.world import World, worker_settings
from tests.integration.publishing.writing import AR, SV, a_list, a_newsletter, change
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def tried(world: World, newsletter: dict[str, Any], status: int = 202, **more: Any) -> Any:
    path = f"/v1/newsletters/{newsletter['id']}/test-letters"
    wanted = {"language": "sv", "to": [ASA], **more.pop("json", {})}
    return await world.ask("POST", path, status, by="editor", json=wanted, **more)


async def written(world: World, servers: RealServers) -> list[Written | None]:
    """What the worker would send now."""
    settings = worker_settings(servers, 1)
    nowhere = Letterbox("127.0.0.1", 1, connections=1)
    writer = letters_of(settings, world.house, nowhere).writers["test"]
    rows = await world.rows("letters", kind="test")
    found = [
        Letter(row["_id"], "test", row["about"], row["language"], row["due_at"], row["facts"])
        for row in rows
    ]
    return [await writer(each) for each in found]


async def test_a_test_letter_is_the_letter(world: World, servers: RealServers) -> None:
    """Both parts as a reader would get them, marked as a test; its links are that reader's own."""
    await a_list(world)
    await subscribed(world)
    made = await a_newsletter(world, {"sv": SV, "ar": AR})
    assert await tried(world, made) == {"queued": 1}
    assert await tried(world, made, json={"language": "AR", "to": [ASA, ASA.upper()]}) == {
        "queued": 1
    }
    sv, ar = await written(world, servers)
    assert sv is not None
    assert ar is not None
    assert sv.subject == "[Test] Hej Åsa Öberg"
    assert "<h1>Hej Åsa Öberg!</h1>" in sv.html
    assert '<html lang="ar" dir="rtl">' in ar.html
    token = sv.text.partition("/u/")[2].partition("\n")[0]
    field, value = ONE_CLICK
    left = await by_link(world, "POST", "/v1/my-place/leaving", token, data={field: value})
    assert left["state"] == "left"
    assert ASA not in str(await world.rows("letters"))


async def test_the_words_are_those_of_the_moment(world: World, servers: RealServers) -> None:
    """Mended before it leaves: the mended words; broken: nothing is sent."""
    await a_list(world)
    await subscribed(world)
    made = await a_newsletter(world)
    await tried(world, made)
    made = await change(world, made, "PUT", "/texts/sv", json={**SV, "subject": "Annat"})
    [letter] = await written(world, servers)
    assert letter is not None
    assert letter.subject == "[Test] Annat"
    await change(world, made, "PUT", "/texts/sv", json={**SV, "markdown": "# a\n\n### b"})
    assert await written(world, servers) == [None]


async def test_a_test_reaches_only_who_may_be_written_to(
    world: World, servers: RealServers
) -> None:
    """Not who never asked, not who has not confirmed, and nobody who said never again."""
    await a_list(world)
    made = await a_newsletter(world)
    no = await tried(world, made, 422)
    assert no["type"].endswith("test-reader-unknown")
    assert ASA not in str(no)
    await sign_up(world)
    await tried(world, made, 422)
    await subscribed(world, email="bo@skola.example")
    bo = await known(world, "bo@skola.example")
    await tried(world, made, json={"to": ["bo@skola.example"]})
    stop = {"email": "bo@skola.example", "cause": "complaint"}
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=stop)
    assert await written(world, servers) == [None]
    assert await world.rows("letters", kind="test", about=str(bo.id))
    await tried(world, made, 422, json={"to": ["ingen adress"]})
    await tried(world, made, 409, json={"language": "fi"})
    await tried(world, made, 422, json={"to": [ASA] * 6})
