"""Mailers on a real database and a real mail server: exact, and at once when they are told."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from services.publishing.domain.limits import Key, Limit
from services.publishing.domain.recipients import Row, mailing_key, recipient_id
from services.publishing.messaging.letters import refusals_of
from services.publishing.storage.mail_limits import MongoLimits
from tests.integration.publishing.mailing_world import EDITOR, Mailings
from tests.integration.publishing.world import World, mailer_settings
from tests.support.eventually import eventually
from tests.support.mail_server import MailServer
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def mailings(world: World) -> Mailings:
    return Mailings(world.house)


@pytest_asyncio.fixture(loop_scope="session")
async def post() -> AsyncIterator[MailServer]:
    server = MailServer()
    async with server.serving():
        yield server


async def test_everybody_gets_one_letter_and_the_mailing_is_told_finished(
    world: World, mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """1,200 readers in three batches, two mailers: one letter each, in order and told once."""
    await mailings.a_list_with(1200)
    job = await mailings.running()
    assert (job.mailing.recipients, job.batches) == (1200, 3)
    settings = mailer_settings(servers, post.port, scribes=0, connections=10)
    async with mailings.mailers(settings, 2):
        found = await mailings.ended(job.id)
    assert found.job.mailing.state == "finished"
    assert found.tally.accepted == 1200
    assert set(post.accepted.values()) == {1}
    assert len(set(post.to.values())) == 1200
    [told] = await world.told("mailing-finished")
    assert (told.subject, told.data["accepted"]) == (job.id, 1200)


async def test_every_recipient_comes_to_one_end(
    world: World, mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """Refused, cut off and taken: each is counted where it belongs; the failed can be chosen."""
    await mailings.a_list_with(200, domains=10)
    failing = {3: "550 5.1.1 nobody", 7: "552 5.2.2 full", 11: "cut"}
    asked_again = False

    def says(address: str) -> str | None:
        number = int(address.split("@", maxsplit=1)[0].rpartition(".")[2])
        return None if asked_again else failing.get(number % 20)

    post.says = says
    job = await mailings.running()
    settings = mailer_settings(servers, post.port, scribes=0, connections=3)
    async with mailings.mailers(settings):
        found = await mailings.ended(job.id)
        assert found.job.mailing.state == "finished-with-failures"
        assert (found.tally.accepted, found.tally.bounced, found.tally.uncertain) == (170, 20, 10)
        assert found.codes == {"550 5.1.1": 10, "552 5.2.2": 10}
        count, held_against = refusals_of(world.house), 0

        async def all_counted() -> bool:
            nonlocal held_against
            held_against += await count()
            return held_against == 20

        await eventually(all_counted)
        asked_again = True
        await mailings.say("send_again", job.id, "552 5.2.2")
        found = await mailings.ended(job.id)
        assert (found.tally.accepted, found.tally.bounced, found.tally.uncertain) == (180, 10, 10)
        await mailings.say("send_again", job.id, "uncertain")
        found = await mailings.ended(job.id)
    assert (found.tally.accepted, found.tally.uncertain) == (190, 0)
    twice = [name for name, count in post.accepted.items() if count > 1]
    assert len(twice) == 10, "a letter that is sent again has the Message-ID that it had"
    assert [each.sequence for each in await world.told("mailing-finished")] == sorted(
        each.sequence for each in await world.told("mailing-finished")
    )


async def test_paused_and_cancelled_in_the_middle(
    mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """Nothing begins after the word: resumed, the rest goes; cancelled, the rest is suppressed."""
    post.pause = 0.005
    await mailings.a_list_with(600)
    job = await mailings.running()
    settings = mailer_settings(servers, post.port, scribes=0, connections=4)
    async with mailings.mailers(settings):
        await eventually(lambda: post.letters > 20)
        await mailings.say("pause", job.id)

        async def at_rest() -> bool:
            rows = mailings.house.stores.database["batches"].find({"mailing": job.id})
            return all([row["owner"] is None async for row in rows])

        await eventually(at_rest)
        before = post.letters
        assert before < 600
        found = await mailings.progress(job.id)
        assert (found.tally.accepted, found.tally.in_hand) == (before, 0)
        await mailings.say("resume", job.id)
        await eventually(lambda: post.letters > before + 20)
        await mailings.say("cancel", job.id)
        found = await mailings.ended(job.id)
    assert found.tally.accepted == post.letters < 600
    assert found.tally.suppressed == 600 - post.letters
    assert set(post.accepted.values()) == {1}


async def test_who_leaves_while_letters_leave_gets_none(
    mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """Both before their batch is begun and in the middle of it; they are suppressed, not lost."""
    post.pause = 0.005
    await mailings.a_list_with(600)
    job = await mailings.running()
    settings = mailer_settings(servers, post.port, scribes=0, connections=2)
    waiting = mailings.house.stores.batches.pages
    async with mailings.mailers(settings):
        await eventually(lambda: post.letters > 10)
        async for number, page in waiting(job.id, "waiting", by=EDITOR):
            # The last ones of each batch: one batch is under way, the other has not begun.
            index = len(page.states) - 1
            row = await mailings.house.stores.database["batches"].find_one(
                {"mailing": job.id, "n": number}
            )
            await mailings.leaves(uuid.UUID(bytes=bytes(row["people"][-16:])))
            mailings.gone.append(str(recipient_id(Row(mailing_key(job.id), number, index))))
        found = await mailings.ended(job.id)
    assert len(mailings.gone) == 2
    assert found.tally.suppressed == 2
    assert not set(mailings.gone) & set(post.accepted)
    assert found.tally.accepted == 598


async def test_told_to_stop_a_mailer_leaves_nothing_in_doubt(
    mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """One, then four, then one: what is on its way is answered, the rest is somebody else's."""
    post.pause = 0.003
    await mailings.a_list_with(1500)
    job = await mailings.running()
    settings = mailer_settings(servers, post.port, scribes=0, connections=3)
    async with mailings.mailers(settings):
        await eventually(lambda: post.letters > 100)
    between = post.letters
    found = await mailings.progress(job.id)
    assert (found.tally.accepted, found.tally.in_hand) == (between, 0)
    async with mailings.mailers(settings, 4):
        await eventually(lambda: post.letters > between + 300)
    async with mailings.mailers(settings, 1):
        found = await mailings.ended(job.id)
    assert (found.tally.accepted, found.tally.uncertain) == (1500, 0)
    assert set(post.accepted.values()) == {1}


async def test_a_server_that_is_not_there_stalls_it_and_it_goes_on_by_itself(
    mailings: Mailings, servers: RealServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cause is said; when the server is back the rest goes, and nobody gets two."""
    monkeypatch.setattr("services.publishing.mailing.relay.UNFIT_AFTER", 0.5)
    await mailings.a_list_with(40)
    job = await mailings.running()
    server = MailServer()
    async with server.serving() as port:
        pass
    settings = mailer_settings(servers, port, scribes=0, connections=2)
    async with mailings.mailers(settings):

        async def stalled() -> bool:
            return (await mailings.job(job.id)).mailing.stall == "no-server"

        await eventually(stalled)
        async with server.serving(port):
            found = await mailings.ended(job.id)
    assert found.tally.accepted == 40
    assert set(server.accepted.values()) == {1}


async def test_a_sender_that_is_refused_stalls_it(
    mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """Nobody's address is blamed for it, and nothing is tried on and on."""
    post.says_to_sender = "550 5.7.1 not from you"
    await mailings.a_list_with(30)
    job = await mailings.running()
    settings = mailer_settings(servers, post.port, scribes=0, connections=2)
    async with mailings.mailers(settings):

        async def stalled() -> bool:
            return (await mailings.job(job.id)).mailing.stall == "sender-refused"

        await eventually(stalled)
    found = await mailings.progress(job.id)
    assert (found.tally.waiting, found.tally.bounced) == (30, 0)


async def test_a_limit_holds_for_all_mailers_and_across_a_death(
    mailings: Mailings, servers: RealServers
) -> None:
    """Two reserve, one dies with what it had, a third comes: no second holds more than twenty."""
    limits, key = MongoLimits(mailings.house.ground.database), Key("server", "relay")
    limit = Limit(20, timedelta(seconds=1))
    used: list[int] = []
    until = time.time_ns() + 4 * 10**9
    turn = 0
    while time.time_ns() < until:
        turn += 1
        found = await limits.reserve(key, limit, 5)
        assert found is not None
        moments, again = found
        if turn % 4:  # every fourth dies with its moments
            used += [earliest for earliest, _ in moments]
        await asyncio.sleep(max(0.0, min(0.2, (again - time.time_ns()) / 1e9)))  # as it was told
    used.sort()
    assert len(used) > 20
    for first in used:
        assert sum(first <= at < first + 10**9 for at in used) <= 20
    assert await limits.reserve(Key("domain", "free.example"), None, 5) is None


async def test_a_complaint_slows_every_mailer_and_passes(mailings: Mailings) -> None:
    """What had no limit has one for a while, half of what was seen, and the same for all."""
    limits, key = MongoLimits(mailings.house.ground.database), Key("domain", "slow.example")
    await limits.complained(key, None, 100.0)
    other = MongoLimits(mailings.house.ground.database)
    found = await other.reserve(key, None, 500)
    assert found is not None
    assert 0 < len(found[0]) <= 30
    rows = mailings.house.ground.database["mail_limits"]
    await rows.update_one({"name": "slow.example"}, {"$set": {"slowed_at": 1}})
    assert await other.reserve(key, None, 5) is None, "quiet for long: no limit any more"
    assert await rows.count_documents({"name": "slow.example"}) == 0
