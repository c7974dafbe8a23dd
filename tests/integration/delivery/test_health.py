"""Readiness tells the truth: each thing that is missing is named."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from shared.broker.errors import Away, NotConfirmed, TopologyMissing, Turned
from shared.broker.messages import Outgoing
from shared.broker.underneath import cancel
from shared.contracts.booking import HeadCountChanged
from shared.delivery.health import WorkerHealth
from shared.delivery.relay import Relay
from shared.delivery.worker import DeliveryWorker
from shared.kernel.ids import new_id
from tests.integration.delivery.ends import Ends, head_count
from tests.support.eventually import eventually

QUEUE = "listening to notifications.from-booking"


async def test_a_worker_starts_ready_and_stops(ends: Ends) -> None:
    """One object brings relay, listener and collector up, says ready, and takes them down."""
    bus = ends.bus("notifications")
    worker = DeliveryWorker("notifications", ends.notifications, bus, {HeadCountChanged: ends.note})
    assert not all((await worker.ready()).values())
    await worker.start()

    async def well() -> bool:
        return all((await worker.ready()).values())

    assert await eventually(well)
    assert set(await worker.ready()) == {
        "database",
        "publishing",
        "outbox",
        QUEUE,
        "listening to notifications.parked",
    }
    await worker.stop()
    ready = await worker.ready()
    assert (ready["database"], ready["publishing"], ready[QUEUE]) == (True, False, False)


async def test_not_ready_without_its_consumer_and_gives_up(ends: Ends) -> None:
    """A consumer that is gone while the broker is there makes the worker unready, then end."""
    bus = await ends.listen({HeadCountChanged: ends.note})
    relay = Relay(ends.notifications, bus)
    health = WorkerHealth(ends.notifications, bus, relay, without_consumer=0.4)
    watching = asyncio.create_task(health.consumer_gone())

    async def well() -> bool:
        return all((await health.ready()).values())

    assert await eventually(well)
    done, _ = await asyncio.wait({watching}, timeout=1.0)
    assert not done, "it does not give up while all is well"
    await cancel(bus._subscribers["notifications.from-booking"])
    ready = await health.ready()
    assert (ready[QUEUE], ready["publishing"]) == (False, True)
    await asyncio.wait_for(watching, 60)


async def test_not_ready_while_the_outbox_is_stuck(ends: Ends) -> None:
    """An old unsent row means that events do not get out, whatever else works."""
    bus = await ends.listen({HeadCountChanged: ends.note})
    health = WorkerHealth(ends.booking, bus, Relay(ends.booking, bus))
    [event_id] = await ends.tell(head_count(new_id(), 1))
    assert (await health.ready())["outbox"]
    rows = ends.booking["outbox"]
    row = await rows.find_one({"_id": event_id})
    assert row is not None
    old = {"$set": {"created_at": row["created_at"] - timedelta(seconds=31)}}
    await rows.update_one({"_id": event_id}, old)
    assert not (await health.ready())["outbox"]


async def test_a_publish_says_what_became_of_it(ends: Ends) -> None:
    """No connection, no queue, no right: each is told apart, and none looks like success."""
    bus = ends.bus("booking")
    with pytest.raises(Away):
        await bus.publish(Outgoing("safespace.events", "booking.x.v1", b""))
    await bus.start(exchanges=["safespace.events"])
    await bus.publish(Outgoing("safespace.events", "booking.nobody-listens.v1", b""))
    with pytest.raises(Turned):
        await bus.publish(Outgoing("booking.retry", "no-such-room", b""))
    await bus.round_trip()


async def test_a_wrong_publish_does_not_stop_the_next(ends: Ends) -> None:
    """A publish that the broker forbids closes its channel; the bus gets over it by itself."""
    bus = ends.bus("booking")
    await bus.start()
    with pytest.raises(NotConfirmed):
        await bus.publish(Outgoing("safespace.events", "notifications.not-ours.v1", b""))

    async def works_again() -> bool:
        try:
            await bus.round_trip()
        except NotConfirmed:
            return False
        return True

    assert await eventually(works_again)


async def test_a_missing_topology_is_said_at_start(ends: Ends) -> None:
    """A queue that is not there ends the start, and is named."""
    bus = ends.bus("booking")

    async def nothing(_: object) -> None: ...

    bus.listen("booking.from-nowhere", nothing)
    with pytest.raises(TopologyMissing, match="from-nowhere"):
        await bus.start()
