"""The HTTP feed, the stream and Atom: the same entries, in order, exactly where one left off."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from services.publishing.feeds.doors.feed import BATCH
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion
from tests.support.eventually import eventually


async def page(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/feed", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == BATCH
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_page_by_page_to_the_end(partnered: Partnered) -> None:
    """All entries, in order, without a gap or a double; at the end an empty array."""
    ids = await partnered.happens(*(an_occasion() for _ in range(25)))
    async with await partnered.partner() as client:
        seen: list[dict[str, Any]] = []
        while some := await page(
            client, limit=10, **({"lastEventId": seen[-1]["id"]} if seen else {})
        ):
            seen += some
        assert [one["id"] for one in seen] == ids
        assert [one["position"] for one in seen] == list(range(1, 26))


async def test_a_full_page_may_be_kept_and_the_last_one_not(partnered: Partnered) -> None:
    """A full page has an ETag and answers 304; one that may grow is never kept."""
    await partnered.happens(*(an_occasion() for _ in range(3)))
    async with await partnered.partner() as client:
        full = await client.get("/v1/feed", params={"limit": 3})
        tag = full.headers["etag"]
        assert "max-age" in full.headers["cache-control"]
        again = await client.get("/v1/feed", params={"limit": 3}, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        for seen, status in ((f'W/{tag}, "x"', 304), ('"x"', 200)):
            asked = {"If-None-Match": seen}
            answer = await client.get("/v1/feed", params={"limit": 3}, headers=asked)
            assert answer.status_code == status
        assert full.headers["vary"] == "Authorization"
        assert "private" in full.headers["cache-control"]
        assert "no-store" in (await client.get("/v1/feed")).headers["cache-control"]


async def test_long_polling_waits_for_the_next_entry(partnered: Partnered) -> None:
    """Asked at the end, it answers when something happens; when nothing does, with nothing."""
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        assert await page(client, lastEventId=first, timeout=50) == []
        waiting = asyncio.create_task(page(client, lastEventId=first, timeout=50_000))
        await eventually(lambda: _waits(waiting))
        (second,) = await partnered.happens(an_occasion())
        assert [one["id"] for one in await asyncio.wait_for(waiting, 40)] == [second]


def _waits(task: asyncio.Task[Any]) -> bool:
    return not task.done()


async def test_filters_and_scopes(partnered: Partnered) -> None:
    """A partner gets what it asked for of what it may have; without a scope, nothing."""
    here, there = an_occasion(room="Sal 2"), an_occasion(room="Möllan")
    await partnered.happens(here, there)
    only = {"types": ["se.safespace.booking.*"], "places": ["sal  2"]}
    async with await partnered.partner("one", only=only) as client:
        assert [one["id"] for one in await page(client)] == [here.id]
        assert await page(client, places="Möllan") == []
        assert await page(client, types="se.safespace.publishing.*") == []
        assert (await client.get("/v1/feed", params={"types": "#"})).status_code == 422
        assert (await client.get(f"/v1/feed/entries/{here.id}")).json()["id"] == here.id
        assert (await client.get(f"/v1/feed/entries/{there.id}")).status_code == 404
    async with await partnered.partner("two", scopes=["webhooks:manage"]) as client:
        for path in ("/v1/feed", "/v1/feed/stream", "/v1/feed.atom"):
            assert (await client.get(path)).status_code == 403
        assert (await client.get(f"/v1/feed/entries/{here.id}")).status_code == 404


async def test_an_unknown_id_is_said_so(partnered: Partnered) -> None:
    """Beginning anew in silence would be a double or a gap."""
    async with await partnered.partner() as client:
        for odd in (new_id(), "x", "\0", "😀"):
            answer = await client.get("/v1/feed", params={"lastEventId": odd})
            assert answer.status_code == 404
            assert answer.json()["type"].endswith("unknown-position")
        for odd in (new_id(), "x", "é"):
            headers = {"Last-Event-ID": odd.encode()}
            answer = await client.get("/v1/feed/stream", headers=headers)  # type: ignore[arg-type]
            assert answer.status_code == 404


async def test_what_makes_no_sense_is_said_so_and_not_repeated(partnered: Partnered) -> None:
    """Ids, pages, waits, types, places, positions and times: a problem, without a word of it."""
    odd = "zzOdd"
    async with await partnered.partner(per_minute=100_000) as client:
        feed, stream = "/v1/feed", "/v1/feed/stream"
        many = [f"{odd}{n}" for n in range(51)]
        asked: list[tuple[str, dict[str, Any], int]] = [
            (feed, {"lastEventId": odd}, 404),
            (feed, {"lastEventId": odd * 30}, 422),
            (feed, {"timeout": odd}, 422),
            (feed, {"timeout": -1}, 422),
            (feed, {"timeout": 50_001}, 422),
            (feed, {"limit": f"1{odd}"}, 422),
            (feed, {"limit": 0}, 422),
            (feed, {"limit": 1001}, 422),
            *((each, {"types": f"se.safespace.{odd}"}, 422) for each in (feed, stream)),
            *((each, {"places": f"{odd}\n<script>"}, 422) for each in (feed, stream)),
            *((each, {"places": f"{odd}\0"}, 422) for each in (feed, stream)),
            *((each, {"places": f"%{odd}"}, 422) for each in (feed, stream)),
            *((each, {"places": many}, 422) for each in (feed, stream)),
            (f"/v1/feed/entries/{odd}", {}, 404),
            (f"/v1/partner/webhooks/{odd}", {}, 404),
            (f"/v1/partner/webhooks/{odd}/attempts", {}, 404),
        ]
        for path, query, status in asked:
            _said_so(await client.get(path, params=query), status, odd)
        for last, status in ((odd, 404), (odd * 30, 422)):
            _said_so(await client.get(stream, headers={"Last-Event-ID": last}), status, odd)
        made = await client.post(
            "/v1/partner/webhooks", json={"url": "https://hook.partner.example/"}
        )
        at = f"/v1/partner/webhooks/{made.json()['id']}"
        for path, body, status in (
            (f"{at}/replays", {"after": odd}, 422),
            (f"{at}/replays", {"after": -1}, 422),
            (f"{at}/replays", {"since": odd}, 422),
            (f"{at}/resends", {"event_id": odd}, 404),
            (f"{at}/resends", {odd: odd}, 422),
            (f"{at}/secrets", {"scheme": odd}, 422),
        ):
            _said_so(await client.post(path, json=body), status, odd)
        broken = f'{{"after": {odd}'
        for kind, status in (("application/json", 400), (odd, 415)):
            sent = {"content": broken, "headers": {"Content-Type": kind}}
            _said_so(await client.post(f"{at}/replays", **sent), status, odd)


def _said_so(answer: httpx.Response, status: int, odd: str) -> None:
    assert answer.status_code == status, (answer.request.url, answer.text)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["type"]
    assert odd not in answer.text


async def test_whoever_has_no_id_yet_begins_at_the_beginning(partnered: Partnered) -> None:
    """An empty id is that of a reader that has nothing yet."""
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        assert [one["id"] for one in await page(client, lastEventId="")] == [first]


async def test_the_stream_goes_on_exactly_where_it_was(partnered: Partnered) -> None:
    """History first, then live; after a break the next one and nothing twice."""
    ids = await partnered.happens(*(an_occasion() for _ in range(5)))
    async with await partnered.partner() as client:
        assert await streamed(client, None, 3) == ids[:3]
        listening = asyncio.create_task(streamed(client, ids[2], 4))
        more = await partnered.happens(an_occasion(), an_occasion())
        assert await asyncio.wait_for(listening, 40) == [*ids[3:], *more]


async def streamed(client: httpx.AsyncClient, after: str | None, count: int) -> list[str]:
    """The ids of the next so many entries; then it hangs up."""
    headers = {"Last-Event-ID": after} if after else {}
    seen: list[str] = []
    async with client.stream("GET", "/v1/feed/stream", headers=headers) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line[6:])["id"])
            if line.startswith("id: "):
                assert line[4:] == seen[-1]
                if len(seen) == count:
                    return seen
    return seen


async def test_atom_for_people(partnered: Partnered) -> None:
    """With the key as password; an unchanged feed is not sent twice."""
    await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        key = client.headers["authorization"].split(" ")[1]
        asked = httpx.BasicAuth("partner", key)
        async with httpx.AsyncClient(base_url=client.base_url, auth=asked) as reader:
            answer = await reader.get("/v1/feed.atom")
            assert answer.status_code == 200
            assert "Nytt tillfälle: Demokrativerkstad" in answer.text
            tag = {"If-None-Match": answer.headers["etag"]}
            assert (await reader.get("/v1/feed.atom", headers=tag)).status_code == 304
        stranger = await partnered.world.client.get("/v1/feed.atom")
        assert stranger.status_code == 401
        assert stranger.headers["www-authenticate"].startswith("Basic ")


async def test_contracts_can_be_fetched_by_anybody(partnered: Partnered) -> None:
    """AsyncAPI names every type with its schema; internal events are not among them.

    A partner's tool sends its key along with all that it asks: that is no reason for a no.
    """
    client = partnered.world.client
    key = {"Authorization": "Bearer ssk_not_a_token_but_a_key"}
    described = (await client.get("/v1/feed/asyncapi.json", headers=key)).json()
    for name in described["channels"]:
        schema = await client.get(f"/v1/feed/schemas/{name}.json")
        assert schema.status_code == 200
        assert schema.json()["type"] == "object"
    assert "booking.occasion-published.v1" in described["channels"]
    hidden = "booking.booking-confirmed.v1"
    assert hidden not in described["channels"]
    assert (await client.get(f"/v1/feed/schemas/{hidden}.json")).status_code == 404
