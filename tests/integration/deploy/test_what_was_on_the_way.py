"""A backup holds no queue: what stood in one is told again, and nothing of an undone time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aio_pika.abc import AbstractRobustConnection

from deploy.backup.restoring import Restored, restore
from deploy.backup.taking import take
from shared.contracts.booking import HeadCountChanged
from shared.contracts.cards import BookingContactCardSealed
from shared.delivery.dead_letters import DeadLetters
from shared.delivery.retries import GiveUp
from shared.kernel.ids import new_id
from tests.integration.delivery.conftest import ends  # noqa: F401
from tests.integration.delivery.ends import Ends, card, head_count
from tests.support.eventually import eventually
from tests.support.servers import RealServers, purged

pytestmark = pytest.mark.asyncio(loop_scope="session")


def quiet(_: int, __: int) -> None:
    pass


async def put_back(servers: RealServers, data: Path, relays: list[asyncio.Task[None]]) -> Restored:
    """As into a copy that is stopped."""
    for each in relays:
        each.cancel()
    await asyncio.gather(*relays, return_exceptions=True)
    url = servers.mongo_administrator_url
    return await asyncio.to_thread(restore, url, data, None, quiet, nobody_since=True)


async def test_what_nobody_had_handled_is_told_again(
    ends: Ends,  # noqa: F811
    servers: RealServers,
    tmp_path: Path,
    amqp_administrator: AbstractRobustConnection,
) -> None:
    """Each event has its effect once, whenever the backup was made; what was sealed is counted."""
    handlers = {HeadCountChanged: ends.note, BookingContactCardSealed: ends.note}
    listener, relay = await ends.listen(handlers), await ends.relay()
    [heard] = await ends.tell(head_count(new_id(), 1))
    await ends.effects_reach(1)
    await listener.stop()
    [waits] = await ends.tell(head_count(new_id(), 1))
    await ends.tell(card(new_id()))
    await ends.all_sent()
    made = take(servers.mongo_administrator_url, tmp_path / "data", None, quiet)
    assert made.sealed_on_the_way == 1
    [undone] = await ends.tell(head_count(new_id(), 1))
    await ends.all_sent()

    done = await put_back(servers, tmp_path / "data", [relay])
    assert (done.told_again, done.lost) == (1, 1)
    assert await ends.booking["outbox"].find_one({"_id": undone}) is None
    await purged(amqp_administrator)
    await ends.listen(handlers)
    await ends.relay()
    await ends.effects_reach(2)
    await ends.quiet()
    assert [effect["event_id"] for effect in await ends.effects()] == [heard, waits]


async def test_what_was_given_up_is_not_and_a_replay_is(
    ends: Ends,  # noqa: F811
    servers: RealServers,
    tmp_path: Path,
) -> None:
    """A dead letter waits for its operator; one that was replayed goes where it was sent."""

    async def no(*_: object) -> None:
        raise GiveUp("because")

    await ends.listen({HeadCountChanged: no})
    relays = [await ends.relay()]
    ids = await ends.tell(*(head_count(new_id(), 1) for _ in range(2)))
    dead = DeadLetters("notifications", ends.notifications)

    async def both() -> bool:
        return (await dead.page())[1] == 2

    await eventually(both)
    await ends.all_sent()
    [letter] = [each for each in (await dead.page())[0] if each["event_id"] == ids[1]]
    await dead.replay(letter["_id"], by="olle")
    sent = {"$set": {"state": "sent", "sent_at": letter["parked_at"]}}
    await ends.notifications["outbox"].update_one({"event_id": ids[1]}, sent)
    take(servers.mongo_administrator_url, tmp_path / "data", None, quiet)
    done = await put_back(servers, tmp_path / "data", relays)
    assert done.told_again == 1
    unsent = {"state": "unsent"}
    assert await ends.booking["outbox"].count_documents(unsent) == 0
    [row] = await ends.notifications["outbox"].find(unsent).to_list(None)
    assert row["event_id"] == ids[1]
