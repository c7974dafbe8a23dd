"""Did they get everything? What was owed, what each door gave, what was confirmed."""

from __future__ import annotations

import asyncio

import httpx

from services.publishing.feeds.doors.noting import Noting
from services.publishing.feeds.storage.receipts import Passage
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion
from tests.integration.publishing.feeds.test_partners import listen
from tests.support.eventually import eventually


async def test_what_was_owed_and_what_was_got(partnered: Partnered) -> None:
    """Given is not confirmed; going on after it is; nobody has what was not given to them."""
    ids = await partnered.happens(*(an_occasion() for _ in range(6)))
    async with await partnered.partner() as client:
        assert await reckoned(partnered) == (6, 0, 0, False)
        await client.get("/v1/feed", params={"limit": 4})
        assert await reckoned(partnered) == (6, 4, 0, False)
        # It says that it has all of them, but two were never given to it.
        await client.get("/v1/feed", params={"lastEventId": ids[5]})
        assert await reckoned(partnered) == (6, 4, 4, False)
        await client.get("/v1/feed", params={"lastEventId": ids[3]})
        await client.get("/v1/feed", params={"lastEventId": ids[5]})
        assert await reckoned(partnered) == (6, 6, 6, True)


async def test_a_stream_that_was_killed_has_given_what_its_reader_goes_on_after(
    partnered: Partnered,
) -> None:
    """Its reader knows what came last, its receipts died with it; one that ended gave no more."""
    receipts, note = partnered.feeds.receipts, partnered.feeds.receipts.note
    await note("p", "stream", (), begins=0)
    await note("p", "stream", [Passage(0, 3)])
    await note("p", "stream", (), begins=2)
    await note("p", "stream", (), has_upto=9, begins=9)
    (got,) = await receipts.of("p")
    assert (got.given, got.confirmed) == (((0, 9),), ((0, 9),))
    await note("q", "stream", (), begins=0)
    await note("q", "stream", [Passage(0, 3)], ends=[0])
    await note("q", "stream", (), has_upto=9, begins=9)
    (got,) = await receipts.of("q")
    assert (got.given, got.confirmed) == (((0, 3),), ((0, 3),))


async def test_the_last_one_that_a_stream_gave_is_counted(partnered: Partnered) -> None:
    """Also when its reader hung up on it: going on after it says that it arrived."""
    ids = await partnered.happens(*(an_occasion() for _ in range(5)))
    async with await partnered.partner() as client:
        heard: list[str] = []
        await _listen_to(client, heard, 5)
        listening = asyncio.create_task(listen(client, [], after=ids[4]))
        await eventually(lambda: _all_owed(partnered))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_what_one_door_gave_is_confirmed_at_the_other(partnered: Partnered) -> None:
    """A reader that changes doors goes on where it was; nobody need come back to the first one."""
    ids = await partnered.happens(*(an_occasion() for _ in range(5)))
    async with await partnered.partner() as client:
        await _listen_to(client, [], 3)
        page = await client.get("/v1/feed", params={"lastEventId": ids[2]})
        assert [one["id"] for one in page.json()] == ids[3:]
        assert await reckoned(partnered) == (5, 5, 3, False)
        listening = asyncio.create_task(listen(client, [], after=ids[4]))
        await eventually(lambda: _all_owed(partnered))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_what_no_door_gave_is_confirmed_at_none(partnered: Partnered) -> None:
    """However far a reader says that it is, and whatever a door was killed in the middle of."""
    receipts, note = partnered.feeds.receipts, partnered.feeds.receipts.note
    await note("p", "stream", [Passage(0, 2)])
    await note("p", "feed", [Passage(4, 6)], has_upto=4)
    await note("p", "feed", (), has_upto=6)
    got = {one.door: (one.given, one.confirmed) for one in await receipts.of("p")}
    assert got == {"stream": (((0, 2),), ((0, 2),)), "feed": (((4, 6),), ((4, 6),))}
    # One stream was killed before it wrote; another has given nothing yet.
    await note("q", "stream", (), begins=0)
    await note("q", "feed", (), has_upto=3)
    (got_so_far,) = await receipts.of("q")
    assert (got_so_far.door, got_so_far.confirmed) == ("stream", ((0, 3),))
    await note("q", "stream", (), has_upto=3, begins=3)
    await note("q", "feed", [Passage(3, 9)])
    await note("q", "feed", (), has_upto=9)
    got = {one.door: (one.given, one.confirmed) for one in await receipts.of("q")}
    assert got == {"stream": (((0, 3),), ((0, 3),)), "feed": (((3, 9),), ((3, 9),))}


async def test_what_a_stream_gave_a_moment_ago_is_confirmed_too(partnered: Partnered) -> None:
    """Its receipt waits to be written; whoever goes on at the other door meanwhile has had it."""
    noting = Noting(partnered.feeds.receipts)
    noting.flows("p", "stream", [Passage(0, 3)])
    await noting.now("p", "feed", has_upto=3)
    (got,) = await partnered.feeds.receipts.of("p")
    assert (got.door, got.confirmed) == ("stream", ((0, 3),))


async def _all_owed(partnered: Partnered) -> bool:
    return (await reckoned(partnered)) == (5, 5, 5, True)


async def _listen_to(client: httpx.AsyncClient, heard: list[str], count: int) -> None:
    async with client.stream("GET", "/v1/feed/stream") as answer:
        async for line in answer.aiter_lines():
            heard += [line] if line.startswith("id: ") else []
            if len(heard) == count:
                return


async def reckoned(partnered: Partnered) -> tuple[int, int, int, bool]:
    owed = await partnered.world.ask("GET", "/v1/partners/ran-nord/owed", by="auditor")
    return owed["owed"], owed["given"], owed["confirmed"], owed["everything"]


async def test_a_narrower_connection_owes_less_from_then_on(partnered: Partnered) -> None:
    """What was told before is owed by what held then."""
    await partnered.happens(an_occasion(), an_occasion())
    async with await partnered.partner():
        body = {"title": "RAN", "scopes": [], "only": {}}
        await partnered.world.ask(
            "PUT",
            "/v1/partners/ran-nord",
            by="editor",
            json=body,
            headers={"If-Match": '"2"'},
        )
        await partnered.happens(an_occasion())
        assert (await reckoned(partnered))[0] == 2
