"""Hundreds wait for the same next entry: what it costs them together, and that nobody misses it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import httpx

from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.doors.noting import Noting
from services.publishing.feeds.storage.partners import Partners
from services.publishing.feeds.storage.receipts import Passage, Receipts
from services.publishing.feeds.use_cases.keep_partners import Wanted
from services.publishing.feeds.use_cases.look_again import LookAgain
from shared.mongo.client import Database, Session
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion
from tests.integration.publishing.feeds.test_reading_the_feed import page, streamed
from tests.support.eventually import eventually

MANY = 20


class Counted(Partners):
    """The real ones; how often they were asked."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked: list[frozenset[str]] = []

    async def by_ids(self, partner_ids: Collection[str]) -> dict[str, Partner]:
        self.asked.append(frozenset(partner_ids))
        return await super().by_ids(partner_ids)


async def partners_of(partnered: Partnered, count: int) -> list[str]:
    """Their ids."""

    async def nothing(_session: Session, _made: Any) -> None:
        return None

    wanted = Wanted("P", frozenset({"feed:read"}), EVERYTHING)
    keep = partnered.feeds.keep_partners
    made = [await keep.add(f"many-{n}", wanted, nothing, by="test") for n in range(count)]
    return [one.id for one in made]


async def test_one_question_for_all_who_were_woken(partnered: Partnered) -> None:
    """However many partners and readers; once more when more was heard, and not before."""
    partners = Counted(partnered.world.house.ground.database)
    ids, look = await partners_of(partnered, MANY), LookAgain(partners)

    async def all_look(heard: int) -> None:
        found = await asyncio.gather(*(look(one, heard, 60.0) for one in ids for _ in range(5)))
        assert {one.id for one in found if one} == set(ids)

    await all_look(1)
    await all_look(1)
    assert partners.asked == [frozenset(ids)]
    await all_look(2)
    assert partners.asked == [frozenset(ids)] * 2
    assert await look("nobody", 2, 60.0) is None


async def test_a_partner_that_was_heard_to_change_is_asked_for_anew(
    partnered: Partnered,
) -> None:
    """Also for whoever asks while an older question is still on its way."""
    partners = Counted(partnered.world.house.ground.database)
    ids, look = await partners_of(partnered, 1), LookAgain(partners)
    early = asyncio.ensure_future(look(ids[0], 1, 60.0))
    while not partners.asked:  # noqa: ASYNC110 - the question has left
        await asyncio.sleep(0)
    later = asyncio.ensure_future(look(ids[0], 2, 60.0))
    await asyncio.gather(early, later)
    assert len(partners.asked) == 2


async def versions(partnered: Partnered) -> dict[str, int]:
    """How often the receipts of each door were written."""
    rows = await partnered.world.rows("feed_receipts")
    return {row["door"]: row["version"] for row in rows}


async def test_receipts_of_many_readers_are_written_together(partnered: Partnered) -> None:
    """Streams and polls of a partner: an entry that all get is not a write for each."""
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner(per_minute=100_000) as client:
        streams = [asyncio.create_task(streamed(client, first, 2)) for _ in range(MANY)]
        polls = [
            asyncio.create_task(page(client, lastEventId=first, timeout=50_000))
            for _ in range(MANY)
        ]
        await eventually(lambda: _began(partnered))
        before = await versions(partnered)
        (second,) = await partnered.happens(an_occasion())
        found = await asyncio.wait_for(asyncio.gather(*polls), 40)
        assert [[one["id"] for one in some] for some in found] == [[second]] * MANY
        (third,) = await partnered.happens(an_occasion())
        assert await asyncio.wait_for(asyncio.gather(*streams), 40) == [[second, third]] * MANY
        assert await page(client, lastEventId=third) == []
        await eventually(lambda: _all_written(partnered))
        after = await versions(partnered)
        assert after["stream"] - before["stream"] < MANY / 2
        assert after["feed"] - before["feed"] < MANY / 2


async def _began(partnered: Partnered) -> bool:
    rows = await partnered.world.rows("feed_receipts")
    return [len(row["begun"]) for row in rows] == [MANY, MANY]


async def _all_written(partnered: Partnered) -> bool:
    rows = await partnered.world.rows("feed_receipts")
    return all(row["begun"] == [] for row in rows)


async def test_what_a_killed_poll_gave_its_reader_has(partnered: Partnered) -> None:
    """The receipt died with the process; whoever goes on after the entry was given it."""
    receipts, note = partnered.feeds.receipts, partnered.feeds.receipts.note
    await note("p", "feed", (), has_upto=0, begins=0)
    await note("p", "feed", (), has_upto=4, begins=4)
    (got,) = await receipts.of("p")
    assert (got.given, got.confirmed) == (((0, 4),), ((0, 4),))
    await note("p", "feed", (), ends=[4])
    await note("p", "feed", (), has_upto=9)
    (got,) = await receipts.of("p")
    assert (got.given, got.confirmed) == (((0, 4),), ((0, 4),)), "nothing was given after 4"


async def test_what_waits_is_written_with_what_is_noted_next(partnered: Partnered) -> None:
    """In one write; and what two processes note of a partner does not undo each other."""
    database = partnered.world.house.ground.database
    one, other = Noting(Receipts(database)), Noting(Receipts(database))
    await one.now("p", "feed", begins=0)
    one.flows("p", "feed", [Passage(0, 3)], ends=[0])
    await other.now("p", "feed", [Passage(10, 12)])
    await one.now("p", "feed", has_upto=3, begins=3)
    (got,) = await partnered.feeds.receipts.of("p")
    assert (got.given, got.confirmed) == (((0, 3), (10, 12)), ((0, 3),))
    (row,) = await partnered.world.rows("feed_receipts")
    assert (row["version"], row["begun"]) == (3, [3])


async def test_a_slow_reader_comes_to_the_same_end(partnered: Partnered) -> None:
    """One that is behind what is remembered reads the database, and misses nothing on the way."""
    ids = await partnered.happens(*(an_occasion() for _ in range(3)))
    async with await partnered.partner() as client:
        live = asyncio.create_task(streamed(client, ids[2], 2))
        late = asyncio.create_task(_slowly(client))
        more = await partnered.happens(an_occasion(), an_occasion())
        assert await asyncio.wait_for(live, 40) == more
        assert await asyncio.wait_for(late, 40) == [*ids, *more]


async def _slowly(client: httpx.AsyncClient) -> list[str]:
    seen: list[str] = []
    while len(seen) < 5:
        some = await page(
            client, limit=1, timeout=20_000, **({"lastEventId": seen[-1]} if seen else {})
        )
        seen += [one["id"] for one in some]
    return seen
