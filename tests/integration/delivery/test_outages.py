"""Processes and servers go away in the middle; nothing is lost and nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from shared.contracts.booking import HeadCountChanged
from shared.delivery.on_the_way import WINDOW
from shared.kernel.ids import new_id
from tests.integration.delivery.ends import Ends, head_count
from tests.support.eventually import eventually


@contextmanager
def relay_process(ends: Ends) -> Iterator[subprocess.Popen[str]]:
    """A relay that can be killed."""
    places = {
        "RELAY_MONGODB_URL": ends.servers.mongo_url("booking"),
        "RELAY_AMQP_URL": ends.servers.amqp_url("booking"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.delivery.relay_process"],
        env=os.environ | places,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


async def test_a_killed_relay_loses_nothing(ends: Ends) -> None:
    """A relay killed between publishing and marking: every event has exactly one effect."""
    await ends.listen({HeadCountChanged: ends.note})
    # Few subjects, so that the relay has to wait for confirms and is met in the middle.
    subjects = [new_id() for _ in range(3)]
    told = []
    for sequence in range(1, 101):
        told += await ends.tell(*(head_count(subject, sequence) for subject in subjects))
    with relay_process(ends) as process:
        await ends.effects_reach(1)
        process.send_signal(signal.SIGKILL)
    unsent = await ends.booking["outbox"].count_documents({"state": "unsent"})
    assert unsent, "killed too late to prove anything"
    await ends.relay()
    await ends.all_sent()
    await ends.effects_reach(300)
    await ends.quiet()
    effects = await ends.effects()
    assert sorted(effect["event_id"] for effect in effects) == sorted(told)
    for subject in subjects:
        order = [effect["sequence"] for effect in effects if effect["subject"] == subject]
        assert order == list(range(1, 101))


async def test_a_broker_restart_during_traffic_loses_nothing(ends: Ends) -> None:
    """The broker is killed and comes back while events flow: each still has exactly one effect."""
    bus = await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    told: list[str] = []
    subjects = [new_id() for _ in range(5)]

    async def traffic() -> None:
        for sequence in range(1, 101):
            told.extend(await ends.tell(*(head_count(subject, sequence) for subject in subjects)))
            await asyncio.sleep(0.01)

    telling = asyncio.create_task(traffic())
    await ends.effects_reach(50)
    before = ends.servers.pid("rabbitmq")
    os.kill(before, signal.SIGKILL)
    await telling
    await eventually(lambda: ends.servers.pid("rabbitmq") != before)
    await eventually(lambda: bus.connected and all(bus.listening().values()))
    await ends.effects_reach(500)
    await ends.quiet()
    effects = await ends.effects()
    assert sorted(effect["event_id"] for effect in effects) == sorted(told)
    for subject in subjects:
        order = [effect["sequence"] for effect in effects if effect["subject"] == subject]
        assert order == list(range(1, 101))


async def test_a_long_backlog_drains(ends: Ends) -> None:
    """More waiting events than the relay takes in hand at once all get out, each once."""
    await ends.listen({HeadCountChanged: ends.note})
    told: list[str] = []
    for _ in range(6):
        told += await ends.tell(*(head_count(new_id(), 1) for _ in range(100)))
    assert len(told) > 2 * WINDOW
    await ends.relay()
    await ends.effects_reach(600)
    await ends.quiet()
    assert sorted(effect["event_id"] for effect in await ends.effects()) == sorted(told)


async def test_telling_goes_on_while_the_broker_is_away(ends: Ends) -> None:
    """Without a relay or broker, commits succeed and their events are told afterwards."""
    told = await ends.tell(*(head_count(new_id(), 1) for _ in range(5)))
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    effects = await ends.effects_reach(5)
    assert sorted(effect["event_id"] for effect in effects) == sorted(told)


async def test_a_clean_stop_loses_nothing(ends: Ends) -> None:
    """A listener that stops while handling lets what it began end, and hands the rest on."""
    begun = asyncio.Event()
    may_end = asyncio.Event()

    async def slow(envelope: object, data: object, session: object) -> None:
        begun.set()
        await may_end.wait()
        await ends.note(envelope, data, session)  # type: ignore[arg-type]

    first = await ends.listen({HeadCountChanged: slow}, prefetch=4)
    await ends.relay()
    told = await ends.tell(*(head_count(new_id(), 1) for _ in range(12)))
    await begun.wait()
    await ends.all_sent()
    stopping = asyncio.create_task(first.stop(drain_for=10))
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    done = len(await ends.effects())
    assert 1 <= done <= 8
    await ends.listen({HeadCountChanged: ends.note})
    await ends.effects_reach(12)
    await ends.quiet()
    assert sorted(effect["event_id"] for effect in await ends.effects()) == sorted(told)


async def test_a_stop_is_bounded_and_leaves_no_half_effect(ends: Ends) -> None:
    """A handler that does not end in time is cut off; the next listener handles its event, once."""
    begun = asyncio.Event()

    async def stuck(envelope: object, data: object, session: object) -> None:
        await ends.note(envelope, data, session)  # type: ignore[arg-type]
        begun.set()
        await asyncio.Event().wait()

    first = await ends.listen({HeadCountChanged: stuck}, steps=(("10m", 600),))
    await ends.relay()
    [event_id] = await ends.tell(head_count(new_id(), 1))
    await begun.wait()
    await asyncio.wait_for(first.stop(drain_for=0.1), 20)
    assert await ends.effects() == []
    await ends.listen({HeadCountChanged: ends.note})
    [effect] = await ends.effects_reach(1)
    assert effect["event_id"] == event_id
