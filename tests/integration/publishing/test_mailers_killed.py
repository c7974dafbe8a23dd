"""Mailers, broker and database are killed in the middle of a mailing: nobody lost, nobody twice."""

from __future__ import annotations

import random

import pytest

from services.publishing.house import House
from tests.integration.publishing.mailing_world import Mailings
from tests.integration.publishing.real_mailers import CONNECTIONS, Post, a_house
from tests.support.mail_server import MailServer
from tests.support.processes import Processes
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def run(
    servers: RealServers,
    processes: Processes,
    house: House,
    *,
    letters: int,
    kills: list[str],
    pause: float,
    within: float,
) -> None:
    """A mailing to so many, and one kill after the other while it is under way."""
    post = Post(servers, processes, MailServer(pause=pause), Mailings(house))
    async with post.server.serving():
        mailing = await post.begun(letters, mailers=2)
        for number, kill in enumerate(kills, start=1):
            await post.sent(number * letters // (len(kills) + 2))
            await getattr(post, f"{kill}_dies")()
        uncertain = await post.account(mailing, within)
        assert uncertain <= kills.count("mailer") * CONNECTIONS
        processes.stop()


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_three_kills(
    servers: RealServers,
    processes: Processes,
    clean_databases: None,
    clean_queues: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """2,000 letters; a mailer, the broker, the database: at most what was in hand is uncertain."""
    await run(
        servers,
        processes,
        a_house(processes, monkeypatch),
        letters=2000,
        kills=["mailer", "broker", "database"],
        pause=0.002,
        within=150,
    )


@pytest.mark.long
@pytest.mark.timeout(1500)
async def test_twenty_kills(
    servers: RealServers,
    processes: Processes,
    clean_databases: None,
    clean_queues: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """100,000 letters, twenty kills of anybody."""
    chance = random.Random(20)
    await run(
        servers,
        processes,
        a_house(processes, monkeypatch),
        letters=100_000,
        kills=[chance.choice(["mailer", "mailer", "broker", "database"]) for _ in range(20)],
        pause=0.0005,
        within=900,
    )
