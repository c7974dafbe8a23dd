"""Mailers come and go in the middle of a large mailing, and their memory does not grow with it."""

from __future__ import annotations

import asyncio
import random
import signal
from pathlib import Path

import pytest

from tests.integration.publishing.mailing_world import Mailings
from tests.integration.publishing.real_mailers import Post, a_house
from tests.support.mail_server import MailServer
from tests.support.processes import Processes, Running
from tests.support.servers import RealServers

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

LARGEST_MB = 200
GROWS_AT_MOST_MB = 15
POLITE = (0, -signal.SIGTERM)
"""Told to stop while it was still starting it ends at once: it had nothing in hand."""


def post_of(
    servers: RealServers, processes: Processes, monkeypatch: pytest.MonkeyPatch, pause: float = 0.0
) -> Post:
    house = a_house(processes, monkeypatch)
    # As it is unless told otherwise: nobody dies here.
    return Post(servers, processes, MailServer(pause=pause), Mailings(house), lease="10")


async def told_to_stop(one: Running) -> int:
    """In a thread: the mail server in this process answers what is on its way meanwhile."""
    return await asyncio.to_thread(one.stop)


@pytest.mark.timeout(900)
async def test_one_four_and_one_again(
    servers: RealServers,
    processes: Processes,
    clean_databases: None,
    clean_queues: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """50,000 letters; mailers come and are told to stop meanwhile: nobody lost, none in doubt."""
    letters = 50_000
    post = post_of(servers, processes, monkeypatch, pause=0.0005)
    async with post.server.serving():
        mailing = await post.begun(letters, mailers=1)
        await post.sent(letters // 10)
        for number in range(2, 5):
            await post.a_mailer(f"-{number}")
        await post.sent(letters // 2)
        for one in post.mailers[1:]:
            assert await told_to_stop(one) in POLITE
        assert await post.account(mailing, within=400) == 0
        processes.stop()


@pytest.mark.timeout(900)
async def test_told_to_stop_again_and_again(
    servers: RealServers,
    processes: Processes,
    clean_databases: None,
    clean_queues: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """20,000 letters and ten SIGTERMs, to either of two mailers: nobody lost, none in doubt."""
    letters, chance = 20_000, random.Random(4)
    post = post_of(servers, processes, monkeypatch, pause=0.0005)
    async with post.server.serving():
        mailing = await post.begun(letters, mailers=2)
        for number in range(1, 11):
            await post.sent(number * letters // 12)
            victim = chance.choice(post.mailers)
            assert await told_to_stop(victim) in POLITE
            await victim.restart(wait=False)
        assert await post.account(mailing, within=400) == 0
        processes.stop()


@pytest.mark.timeout(1700)
async def test_memory_does_not_grow_with_the_mailing(
    servers: RealServers,
    processes: Processes,
    clean_databases: None,
    clean_queues: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mailer and its children: as much for a million as for a hundred thousand."""
    peaks = {}
    post = post_of(servers, processes, monkeypatch)
    async with post.server.serving():
        before = 0
        for readers in (1_000, 100_000, 1_000_000):
            await post.mailings.a_list_with(readers - before, first=before)
            before = readers
            peaks[readers] = await _peak_of_a_mailing(post, readers)
    assert max(peaks.values()) <= LARGEST_MB, peaks
    assert peaks[1_000_000] - peaks[100_000] <= GROWS_AT_MOST_MB, peaks


async def _peak_of_a_mailing(post: Post, readers: int) -> float:
    """Megabytes of a fresh mailer and its children, at their highest."""
    post.server.forget()
    mailing = await post.begun(0, mailers=1)
    await post.sent(readers, within=900)
    [mailer] = post.mailers
    family = [mailer.pid, *_children(mailer.pid)]
    peak = sum(_peak(pid) for pid in family)
    assert await post.account(mailing, within=60) == 0
    post.processes.stop()
    post.mailers.clear()
    return peak


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [each for each in status if each.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
