"""Real mailer processes, a worker and a mail server; and whether what they say is so."""

from __future__ import annotations

import os
import random
import signal
from dataclasses import dataclass, field

import pytest
from pymongo.errors import PyMongoError

from services.publishing.domain.recipients import Row, mailing_key, recipient_id
from services.publishing.house import House
from services.publishing.main import house_of
from services.publishing.settings import HttpSettings
from tests.integration.publishing.mailing_world import EDITOR, Mailings, nothing_more
from tests.support.eventually import eventually
from tests.support.mail_server import MailServer
from tests.support.processes import Processes, Running
from tests.support.servers import RealServers

CONNECTIONS = 5


@dataclass
class Post:
    """Real mailer processes and a worker, a mail server of the test's own, and its mailings."""

    servers: RealServers
    processes: Processes
    server: MailServer
    mailings: Mailings
    lease: str = "2"
    """Seconds: short, so that what a dead mailer had in hand is soon somebody else's."""
    mailers: list[Running] = field(default_factory=list)

    async def a_mailer(self, second: str = "") -> Running:
        started = await self.processes.start(
            "publishing-mailer",
            second=second,
            wait=False,
            SAFESPACE_SMTP_PORT=str(self.server.port),
            SAFESPACE_CONNECTIONS=str(CONNECTIONS),
            SAFESPACE_BATCH_LEASE=self.lease,
        )
        self.mailers.append(started)
        return started

    async def begun(self, letters: int, mailers: int) -> str:
        """So many readers more, a worker, so many mailers, and a mailing that has begun; its id."""
        await self.mailings.house.make_indexes()
        if letters:
            await self.mailings.a_list_with(letters)
        smtp_port = str(self.server.port)
        await self.processes.start("publishing-worker", wait=False, SAFESPACE_SMTP_PORT=smtp_port)
        for number in range(mailers):
            await self.a_mailer(f"-{number}" if number else "")
        job = await self.mailings.created()
        await self.mailings.house.steer.start(job.id, job.version, nothing_more, by=EDITOR)
        return job.id

    async def mailer_dies(self) -> None:
        """As by a power cut; another one is started in its place."""
        victim = random.choice(self.mailers)
        victim.kill()
        await victim.restart(wait=False)

    async def broker_dies(self) -> None:
        os.kill(self.servers.pid("rabbitmq"), signal.SIGKILL)

    async def database_dies(self) -> None:
        os.kill(self.servers.pid("mongodb"), signal.SIGKILL)

    async def sent(self, at_least: int, within: float = 120) -> None:
        await eventually(lambda: self.server.letters >= at_least, within=within, every=0.05)

    async def account(self, mailing_id: str, within: float) -> int:
        """Everybody's end stands beside what the mail server knows; how many are uncertain."""
        stores = self.mailings.house.stores

        async def ended() -> bool:
            try:
                return (await self.mailings.job(mailing_id)).ended_at is not None
            except PyMongoError:
                return False  # it is being restarted

        await eventually(ended, within=within, every=0.5)
        found = await self.mailings.progress(mailing_id)
        assert found.tally.total == found.job.mailing.recipients
        assert found.tally.bounced == found.tally.suppressed == found.tally.open == 0
        assert not [name for name, count in self.server.accepted.items() if count > 1], "a double"
        uncertain = set()
        key = mailing_key(mailing_id)
        async for row in stores.database["batches"].find({"mailing": mailing_id}):
            for index, state in enumerate(row["states"]):
                name = str(recipient_id(Row(key, row["n"], index)))
                if state == 4:
                    uncertain.add(name)
                else:
                    assert state == 2
                    assert self.server.accepted[name] == 1, "accepted, and the server has it not"
        known = found.tally.accepted + len(uncertain & set(self.server.accepted))
        assert known == len(self.server.accepted), "the server has one that nobody knows of"
        return len(uncertain)


def a_house(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house that the processes stand on: the same keys."""
    told = processes.table.command("publishing-http").environment
    for name, value in told.items():
        if name.startswith("SAFESPACE_"):
            monkeypatch.setenv(name, value)
    return house_of(HttpSettings())
