"""Who gets a mailing is put down once: whoever lost their turn adds, takes and starts nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from services.publishing.domain.job import Job
from services.publishing.use_cases import freeze_mailing
from services.publishing.use_cases.freeze_mailing import FreezeMailing
from services.publishing.use_cases.ports import Session, Transact
from shared.mongo.client import Document
from tests.integration.publishing.mailing_world import EDITOR, Mailings, nothing_more
from tests.integration.publishing.world import NOW, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
READERS = 9
STEPS = ("drop", "first-put", "second-put", "last-put", "run")
"""The transactions of one that is frozen, two people to a batch and two batches at a time."""


@pytest_asyncio.fixture(loop_scope="session")
async def mailings(world: World, monkeypatch: pytest.MonkeyPatch) -> Mailings:
    monkeypatch.setattr(freeze_mailing, "LARGEST", 2)
    monkeypatch.setattr(freeze_mailing, "_TOGETHER", 2)
    return Mailings(world.house)


class HeldUp:
    """A worker's transactions, of which one begins late: `meanwhile` happens before it."""

    def __init__(
        self, transact: Transact, before: int, meanwhile: Callable[[], Awaitable[None]]
    ) -> None:
        self._transact, self._before, self._meanwhile = transact, before, meanwhile
        self._begun = 0

    async def __call__(self, work: Callable[[Session], Awaitable[Any]]) -> Any:
        if self._begun == self._before:
            self._begun += 1
            await self._meanwhile()
        self._begun += 1
        return await self._transact(work)


def worker(mailings: Mailings, transact: Transact) -> FreezeMailing:
    stores, house = mailings.house.stores, mailings.house
    return FreezeMailing(
        stores.mailings,
        stores.batches,
        stores.newsletters,
        stores.lists,
        stores.subscribers,
        house.publish,
        house.letterhead,
        transact,
        house.ground.clock,
    )


async def due(mailings: Mailings) -> Job:
    """A mailing that somebody started a moment ago."""
    await mailings.a_list_with(READERS)
    job = await mailings.created()
    await mailings.house.steer.start(job.id, job.version, nothing_more, by=EDITOR)
    return job


async def turn_runs_out(mailings: Mailings, job: Job) -> None:
    rows = mailings.house.ground.database["mailings"]
    long_ago = NOW - timedelta(days=9_000)
    await rows.update_one({"_id": job.id}, {"$set": {"freezing_until": long_ago}})


async def put_down(mailings: Mailings, job: Job) -> tuple[list[Document], Document | None]:
    """All that stands of it: its people, and the mailing."""
    database = mailings.house.ground.database
    rows = await database["batches"].find({"mailing": job.id}).sort("n", 1).to_list(None)
    return rows, await database["mailings"].find_one({"_id": job.id})


async def everybody_once(mailings: Mailings, job: Job, readers: int) -> None:
    """The ledger holds as many people as the mailing was started with, each in one place."""
    rows, _ = await put_down(mailings, job)
    told = b"".join(bytes(row["people"]) for row in rows)
    people = [told[at : at + 16] for at in range(0, len(told), 16)]
    found = await mailings.progress(job.id)
    assert found.job.mailing.state == "running"
    assert (len(people), len(set(people))) == (readers, readers)
    assert (found.job.mailing.recipients, found.tally.total) == (readers, readers)
    assert found.job.batches == len(rows)


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
async def test_who_lost_their_turn_changes_nothing_of_what_another_froze(
    mailings: Mailings, step: int
) -> None:
    """Held up at any step, longer than its turn; somebody joined, and the other has started it."""
    job, frozen = await due(mailings), []

    async def another_freezes_it() -> None:
        await turn_runs_out(mailings, job)
        await mailings.a_list_with(1, first=READERS)
        await mailings.freeze()
        frozen.append(await put_down(mailings, job))

    await worker(mailings, HeldUp(mailings.house.ground.transact, step, another_freezes_it))()
    assert await put_down(mailings, job) == frozen[0]
    await everybody_once(mailings, job, READERS + 1)
    await mailings.a_list_with(1, first=READERS + 1)
    await mailings.freeze()
    assert await put_down(mailings, job) == frozen[0], "who joins later is not written to"


@pytest.mark.parametrize("step", [2, 4], ids=[STEPS[2], STEPS[4]])
async def test_who_lost_their_turn_starts_nothing_while_another_is_at_it(
    mailings: Mailings, step: int
) -> None:
    """The other one is in the middle: the first stands back, and what is started is the other's."""
    job, stores = await due(mailings), mailings.house.stores

    async def another_begins() -> None:
        await turn_runs_out(mailings, job)
        assert await stores.mailings.begins_freezing(job.id) is not None

    await worker(mailings, HeldUp(mailings.house.ground.transact, step, another_begins))()
    assert (await mailings.job(job.id)).mailing.state == "scheduled"
    await mailings.freeze()
    assert (await mailings.job(job.id)).mailing.state == "scheduled", "it is the other one's turn"
    await turn_runs_out(mailings, job)
    await mailings.freeze()
    await everybody_once(mailings, job, READERS)


@pytest.mark.parametrize("word", ["unschedule", "cancel"])
@pytest.mark.parametrize("step", [1, 4], ids=[STEPS[1], STEPS[4]])
async def test_what_is_put_off_or_cancelled_meanwhile_leaves_nobody_behind(
    mailings: Mailings, step: int, word: str
) -> None:
    """Nothing starts, and nobody stays put down; started anew, everybody is there once."""
    job = await due(mailings)

    async def an_editor_says_no() -> None:
        await mailings.say(word, job.id)

    await worker(mailings, HeldUp(mailings.house.ground.transact, step, an_editor_says_no))()
    rows, mailing = await put_down(mailings, job)
    assert mailing is not None
    assert (rows, mailing["started_at"]) == ([], None)
    if word == "unschedule":
        await mailings.say("start", job.id)
        await mailings.freeze()
        await everybody_once(mailings, job, READERS)
