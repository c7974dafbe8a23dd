"""How soon a word holds while letters leave at full speed: pause, cancel, somebody's leaving.

`python -m tests.bench.steering [readers]`. Seconds from the answer to the one who said it until the
last letter that goes against it is handed over, as a mail server sees it. A letter that was on its
way already, because its content had been asked for, counts too.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from unittest.mock import patch

import uvloop

from deploy.local.data_folder import data_folder
from services.publishing.main import house_of
from services.publishing.settings import HttpSettings
from shared.kernel.actor import housekeeping
from tests.integration.publishing.mailing_world import EDITOR, Mailings, nothing_more
from tests.support.eventually import eventually
from tests.support.mail_server import MailServer
from tests.support.processes import Processes, make_processes
from tests.support.servers import RealServers, emptied, start_servers, stop_process

READERS = 20_000
LEAVERS = 200
_HOUSE = housekeeping("bench")
_QUIET = 1.0
"""Seconds without a letter after which a mailing is at rest."""


@dataclass(frozen=True, slots=True)
class Steered:
    """Seconds until each holds, `leaving` for the latest of many; letters a second before."""

    pause: float
    cancel: float
    leaving: float
    letters: float


async def measure(servers: RealServers, readers: int = READERS) -> Steered:
    """Three mailings to everybody, one after the other, by one mailer."""
    emptied(servers, "publishing")
    processes = make_processes(servers)
    told = processes.table.command("publishing-http").environment
    with patch.dict(os.environ, told):
        house = house_of(HttpSettings())
    await house.make_indexes()
    mailings, server = Mailings(house), MailServer()
    await mailings.a_list_with(readers, domains=400)
    try:
        async with server.serving():
            await _start(processes, server.port)
            pause, rate = await _stopped_by("pause", mailings, server)
            cancel, _ = await _stopped_by("cancel", mailings, server)
            leaving = await _leaving(mailings, server)
    finally:
        processes.stop()
        house.close()
    return Steered(pause, cancel, leaving, rate)


async def _start(processes: Processes, port: int) -> None:
    smtp = {"SAFESPACE_SMTP_PORT": str(port)}
    await processes.start("publishing-mailer", wait=False, **smtp)
    await processes.start("publishing-worker", wait=False, **smtp)


async def _begun(mailings: Mailings, server: MailServer) -> tuple[str, float]:
    """A third of a mailing has left, at the rate that is given back."""
    server.forget()
    job, third = await mailings.created(), len(mailings.people) // 3
    await mailings.house.steer.start(job.id, job.version, nothing_more, by=EDITOR)
    await eventually(lambda: server.letters >= third // 4, within=60, every=0.005)
    began, before = time.perf_counter(), server.letters
    await eventually(lambda: server.letters >= third, within=60, every=0.005)
    return job.id, (server.letters - before) / (time.perf_counter() - began)


async def _stopped_by(word: str, mailings: Mailings, server: MailServer) -> tuple[float, float]:
    mailing, rate = await _begun(mailings, server)
    await mailings.say(word, mailing)
    said = asyncio.get_running_loop().time()
    await _at_rest(server)
    late = max(0.0, max(server.times) - said)
    if word == "pause":
        await mailings.say("cancel", mailing)
    return late, rate


async def _leaving(mailings: Mailings, server: MailServer) -> float:
    """Some leave, one after the other, while letters leave; how late the latest letter came."""
    mailing, _ = await _begun(mailings, server)
    loop, chance, left = asyncio.get_running_loop(), random.Random(7), dict[str, float]()
    subscribers = mailings.house.stores.subscribers
    for number in chance.sample(range(len(mailings.people)), LEAVERS):
        who: uuid.UUID = mailings.people[number]
        contact = await subscribers.contact(who, by=_HOUSE)
        assert contact is not None
        await mailings.leaves(who)
        left[str(contact.address)] = loop.time()
    await mailings.ended(mailing)
    came = dict(zip(server.to.values(), server.times, strict=True))
    return max([0.0, *(came[to] - at for to, at in left.items() if to in came)])


async def _at_rest(server: MailServer) -> None:
    def is_quiet() -> bool:
        return asyncio.get_running_loop().time() - server.times[-1] > _QUIET

    await eventually(is_quiet, within=60, every=0.02)


def rows(found: Steered) -> list[tuple[str, ...]]:
    """For the table that people read."""
    at = f"at {found.letters:.0f} letters/s, s until it holds"
    return [
        (f"{what} {at}", f"{seconds:.2f}", "–", "–", "≤ 1")
        for what, seconds in (
            ("a mailing paused", found.pause),
            ("a mailing cancelled", found.cancel),
            (f"the latest of {LEAVERS} who leave", found.leaving),
        )
    ]


async def _alone(readers: int) -> Steered:
    with tempfile.TemporaryDirectory() as folder:
        given = os.environ.get("SAFESPACE_TEST_SERVERS")
        servers = data_folder(given or f"{folder}/servers")
        process = None if given else start_servers(servers)
        try:
            return await measure(RealServers(servers), readers)
        finally:
            if process is not None:
                stop_process(process)


def main() -> None:
    """Measure and print."""
    readers = int(sys.argv[1]) if len(sys.argv) > 1 else READERS
    for row in rows(uvloop.run(_alone(readers))):
        print("  ".join(row))


if __name__ == "__main__":
    main()
