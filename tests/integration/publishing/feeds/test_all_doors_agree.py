"""Partners on all doors, with breaks, slow readers and restarts: one log, one order."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.publishing.feeds.domain import line, retry_plan
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import (
    Partnered,
    Receiver,
    an_occasion,
    receiving,
)
from tests.integration.publishing.feeds.simulated import (
    Reader,
    all_came,
    flaky,
    slice_of,
    subjects_in_order,
)
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.support.eventually import eventually

PATIENT = 90.0


async def with_restarts(partnered: Partnered, ports: dict[str, int], chance: random.Random) -> None:
    """A sender ends in the middle of things; the next one goes on."""
    while True:
        sender = asyncio.create_task(partnered.sender(ports).run())
        try:
            await asyncio.sleep(chance.uniform(0.5, 2))
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)


async def happenings(partnered: Partnered, count: int, chance: random.Random) -> list[Envelope]:
    subjects = [new_id() for _ in range(7)]
    sequences = dict.fromkeys(subjects, 0)
    told: list[Envelope] = []
    while len(told) < count:
        some = []
        for _ in range(chance.randint(1, 6)):
            subject = chance.choice(subjects)
            sequences[subject] += 1
            some.append(an_occasion(subject, sequences[subject]))
        await partnered.happens(*some)
        told += some
        await asyncio.sleep(chance.uniform(0, 0.05))
    return told


@pytest.mark.parametrize(("seed", "count"), [(20270201, 60)])
async def test_ids_and_order_agree_everywhere(
    partnered: Partnered, monkeypatch: pytest.MonkeyPatch, seed: int, count: int
) -> None:
    """No gap; twice only with the same id; subjects in order; one away all day catches up.

    Fifty partners and kills: `test_killed_processes.py`.
    """
    # The first pause would be five seconds, and so would the first rest.
    monkeypatch.setattr(retry_plan, "STEPS", (retry_plan.STEPS[0] / 10,) * 9)
    monkeypatch.setattr(line, "_FIRST_REST", line._FIRST_REST / 10)
    chance = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:

        async def reader(name: str) -> Reader:
            client = await partnered.partner(name, per_minute=100_000)
            return Reader(await stack.enter_async_context(client), random.Random(name))

        paging, streaming, looking, called, away = [
            await reader(name) for name in ("paging", "streaming", "looking", "called", "away")
        ]
        receiver: Receiver = await stack.enter_async_context(
            receiving(answers=flaky(random.Random(seed)))
        )
        await webhook(called.client, "hook")
        ports = {"hook.partner.test": receiver.port}
        loops: list[Callable[[], Coroutine[Any, Any, None]]] = [
            paging.by_pages,
            streaming.by_stream,
            looking.by_atom,
            lambda: with_restarts(partnered, ports, chance),
        ]
        running = [asyncio.create_task(one()) for one in loops]
        try:
            told = await happenings(partnered, count, chance)
            ids = [one.id for one in told]
            everybody = [paging.got, streaming.got, receiver.got]
            await eventually(lambda: all_came(ids, everybody), within=PATIENT)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        await away.catch_up()
        assert paging.ids == streaming.ids == away.ids == ids
        subjects_in_order(receiver.got, told)
        assert looking.shown
        for shown in looking.shown:
            slice_of(ids, shown)
