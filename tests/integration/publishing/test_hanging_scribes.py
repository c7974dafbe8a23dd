"""A child that writes letters may hang: nobody waits for it for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from services.publishing.mailing.ports import Content
from services.publishing.mailing.scribes import InThread
from services.publishing.mailing.scribing import Wanted
from services.publishing.mailing.writing import Letter
from tests.integration.publishing.mailing_world import Mailings
from tests.integration.publishing.world import World, mailer_settings
from tests.support.mail_server import MailServer
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_writes_and_hangs_keeps_no_batch(
    world: World, servers: RealServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is let go after a while, instead of being held for nothing, and taken again."""
    monkeypatch.setattr("services.publishing.mailing.preparing.WITHIN", 0.3)
    monkeypatch.setattr("services.publishing.mailing.mailer._LATER", timedelta(milliseconds=100))
    hung: list[int] = []

    class HangsOnce(InThread):
        async def write(self, content: Content, some: Wanted, at: datetime) -> Sequence[Letter]:
            if not hung:
                hung.append(len(some.readers))
                await asyncio.Event().wait()
            return await super().write(content, some, at)

    monkeypatch.setattr("services.publishing.messaging.mailings.InThread", HangsOnce)
    mailings, post = Mailings(world.house), MailServer()
    await mailings.a_list_with(20)
    job = await mailings.running()
    async with post.serving() as port:
        settings = mailer_settings(servers, port, scribes=0, connections=2)
        async with mailings.mailers(settings):
            found = await mailings.ended(job.id)
    assert (found.tally.accepted, hung) == (20, [20])
    assert set(post.accepted.values()) == {1}
