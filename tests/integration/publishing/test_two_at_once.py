"""Two editors, or two workers, do the same with a mailing at the same moment: it is done once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from services.publishing.domain.job import Job
from shared.kernel.ids import new_id
from tests.integration.publishing.mailing_world import Mailings
from tests.integration.publishing.world import World, mailer_settings
from tests.support.mail_server import MailServer, yes
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
EDITORS = 4


@pytest_asyncio.fixture(loop_scope="session")
async def mailings(world: World) -> Mailings:
    return Mailings(world.house)


async def all_at_once(world: World, job: Job, step: str, **more: Any) -> list[int]:
    """Each from a page of their own, on the version that they saw; what they were answered."""

    async def one() -> int:
        headers = {
            **world.signed_in("editor"),
            "If-Match": f'"{job.version}"',
            "Idempotency-Key": new_id(),
        }
        path = f"/v1/mailings/{job.id}/{step}"
        return (await world.client.post(path, headers=headers, **more)).status_code

    return sorted(await asyncio.gather(*(one() for _ in range(EDITORS))))


async def test_started_and_tried_again_by_all_at_once(
    world: World, mailings: Mailings, servers: RealServers
) -> None:
    """One start, one freezing by two workers, one more try: nobody gets a letter too many."""
    await mailings.a_list_with(7)
    job = await mailings.created()
    assert await all_at_once(world, job, "start") == [200, 412, 412, 412]
    await asyncio.gather(mailings.freeze(), mailings.freeze())
    server = MailServer(says=lambda _: "cut")
    async with (
        server.serving() as port,
        mailings.mailers(mailer_settings(servers, port, scribes=0, connections=2), 2),
    ):
        found = await mailings.ended(job.id)
        assert (found.tally.total, found.tally.uncertain) == (7, 7)
        assert set(server.accepted.values()) == {1}
        server.says = yes
        again = {"json": {"cause": "uncertain"}}
        assert await all_at_once(world, found.job, "another-try", **again) == [200, 412, 412, 412]
        await asyncio.gather(mailings.settle(), mailings.settle())
        found = await mailings.ended(job.id)
    assert (found.job.mailing.state, found.tally.accepted) == ("finished", 7)
    assert list(server.accepted.values()) == [2] * 7, "one before, one now"
    assert len(await world.told("mailing-finished")) == 2
