"""Batches whose mailer died or was held up: taken over, fenced off, and never written over."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from services.publishing.domain.recipients import Row, mailing_key
from services.publishing.domain.smtp_replies import LOST, TAKEN, Code
from services.publishing.mailing.ports import Beside, Content, Hint
from services.publishing.mailing.round import Round
from services.publishing.storage.batches import MongoBatches
from tests.integration.publishing.mailing_world import LIST, Mailings
from tests.integration.publishing.world import NOW, World, mailer_settings
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


async def test_a_dead_mailers_letters_in_hand_are_uncertain_and_no_others(
    mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """It vanishes with three in hand: another takes the batch over when the lease has run out."""
    await mailings.a_list_with(50)
    job = await mailings.running()
    batches = MongoBatches(mailings.house.ground.database, timedelta(milliseconds=200))
    claimed = await batches.claim(Hint(job.id, 0))
    assert claimed is not None
    assert await batches.claim(Hint(job.id, 0)) is None, "it has an owner"
    one = Round(claimed, Content(job.id, LIST, "running", ()))
    for index in (4, 9, 14):
        one.ledger.take_in_hand(index, NOW)
    assert await batches.keep([one.entry()]) == ["kept"]
    settings = mailer_settings(servers, post.port, scribes=0, connections=3, batch_lease=0.2)
    async with mailings.mailers(settings):
        found = await mailings.ended(job.id)
    assert (found.tally.accepted, found.tally.uncertain) == (47, 3)
    assert await batches.keep([one.entry()]) == ["lost"], "it came back, and is fenced off"


async def test_who_failed_is_sent_to_again_though_the_mailer_died_at_the_end(
    mailings: Mailings, post: MailServer, servers: RealServers
) -> None:
    """Killed with all of a batch kept and not let go; who has left since is not written to."""
    await mailings.a_list_with(6)
    job = await mailings.running()
    batches = mailings.house.stores.batches
    claimed = await batches.claim(Hint(job.id, 0))
    assert claimed is not None
    one = Round(claimed, Content(job.id, LIST, "running", ()))
    for index in range(6):
        one.ledger.take_in_hand(index, NOW)
        one.ledger.conclude(index, TAKEN if index < 3 else LOST, NOW)
    assert await batches.keep([one.entry()]) == ["kept"]
    await mailings.settle()
    assert (await mailings.job(job.id)).mailing.state == "finished-with-failures"
    await mailings.leaves(uuid.UUID(bytes=claimed.people[5]))
    await mailings.say("send_again", job.id, "uncertain")
    assert not await batches.open_again(job.id, "uncertain"), "it may be at work still"
    rows = mailings.house.ground.database["batches"]
    await rows.update_many({}, {"$set": {"seen_at": NOW - timedelta(days=9_000)}})
    async with mailings.mailers(mailer_settings(servers, post.port, scribes=0)):
        found = await mailings.ended(job.id)
    assert (found.tally.accepted, found.tally.suppressed, found.tally.uncertain) == (5, 1, 0)
    assert post.letters == 2


async def test_a_write_whose_answer_was_lost_is_one_write(mailings: Mailings) -> None:
    """Said again it is known for the same; a report that came in between is not written over."""
    await mailings.a_list_with(5)
    job = await mailings.running()
    batches = mailings.house.stores.batches
    claimed = await batches.claim(Hint(job.id, 0))
    assert claimed is not None
    one = Round(claimed, Content(job.id, LIST, "running", ()))
    one.ledger.take_in_hand(0, NOW)
    one.ledger.conclude(0, TAKEN, NOW)
    entry = one.entry()
    assert await batches.keep([entry]) == ["kept"]
    assert await batches.keep([entry]) == ["kept"]
    row = Row(mailing_key(job.id), 0, 0)
    whose = uuid.UUID(bytes=claimed.people[0])
    assert await batches.report(job.id, row, Code(550, (5, 1, 1)), "hard") == (whose, True)
    one.version += 1
    one.ledger.take_in_hand(1, NOW)
    [answer] = await batches.keep([one.entry()])
    assert isinstance(answer, Beside)
    one.ledger.taken_over(answer.page)
    one.version = answer.version
    assert await batches.keep([one.entry()]) == ["kept"]
    found = await mailings.progress(job.id)
    assert (found.tally.bounced, found.tally.in_hand, found.tally.waiting) == (1, 1, 3)
