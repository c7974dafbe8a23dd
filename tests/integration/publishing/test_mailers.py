"""Mailers on a real database and a real mail server: exact, and at once when they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.publishing.mailing_world import Mailings
from tests.integration.publishing.world import World, mailer_settings
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
