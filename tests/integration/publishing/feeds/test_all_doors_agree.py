"""Partners on all doors, with breaks, slow readers, restarts and kills: one log, one order."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from services.publishing.feeds.domain import retry_plan
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import (
    Partnered,
    Receiver,
    an_occasion,
    receiving,
)
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.support.eventually import eventually

PATIENT = 90.0
ODD = (httpx.RemoteProtocolError, httpx.ReadError, httpx.ReadTimeout, httpx.ConnectError)


@dataclass
class Reader:
    """A partner at a door that it comes to. It remembers only the last id, as it should."""

    client: httpx.AsyncClient
    chance: random.Random
    last: str | None = None
    got: list[dict[str, Any]] = field(default_factory=list)

    def take(self, event: dict[str, Any]) -> None:
        self.got.append(event)
        self.last = event["id"]

    async def by_pages(self) -> None:
        """Long polling, with pages of odd sizes, sometimes hanging up before the answer."""
        while True:
            asked: dict[str, Any] = {"timeout": 2000, "limit": self.chance.randint(1, 9)}
            asked |= {"lastEventId": self.last} if self.last else {}
            try:
                async with asyncio.timeout(self.chance.uniform(0.5, 5)):
                    answer = await self.client.get("/v1/feed", params=asked)
            except (TimeoutError, *ODD):
                continue
            if answer.status_code == 200:
                for event in answer.json():
                    self.take(event)

    async def by_stream(self) -> None:
        """The stream, broken off at odd moments, read slowly now and then."""
        while True:
            headers = {"Last-Event-ID": self.last} if self.last else {}
            with contextlib.suppress(TimeoutError, *ODD):
                async with (
                    asyncio.timeout(self.chance.uniform(0.5, 5)),
                    self.client.stream("GET", "/v1/feed/stream", headers=headers) as answer,
                ):
                    async for line in answer.aiter_lines():
                        if line.startswith("data: ") and "specversion" in line:
                            self.take(json.loads(line[6:]))
                            if self.chance.random() < 0.1:
                                await asyncio.sleep(self.chance.uniform(0, 0.2))


def flaky(chance: random.Random) -> Callable[[dict[str, Any], int], Response]:
    """A receiver that is unwell one time in twenty, and asks for a second of rest."""

    def answers(_event: dict[str, Any], _times: int) -> Response:
        if chance.random() < 0.05:
            return Response(status_code=503, headers={"retry-after": "1"})
        return Response(status_code=204)

    return answers


async def with_kills(partnered: Partnered, ports: dict[str, int], chance: random.Random) -> None:
    """A sender is killed in the middle of things, without a word; the next one goes on."""
    while True:
        sender = asyncio.create_task(partnered.sender(ports).run())
        try:
            await asyncio.sleep(chance.uniform(2, 5))
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


@pytest.mark.parametrize(
    ("partners", "count"),
    [(3, 40), pytest.param(50, 1500, marks=pytest.mark.long)],
)
async def test_ids_and_order_agree_everywhere(
    partnered: Partnered, monkeypatch: pytest.MonkeyPatch, partners: int, count: int
) -> None:
    """No gap; twice only with the same id; subjects in order; one away all day catches up."""
    # The second pause would be five minutes.
    monkeypatch.setattr(retry_plan, "STEPS", (retry_plan.STEPS[0] / 10,) * 9)
    chance = random.Random(20270201)
    async with contextlib.AsyncExitStack() as stack:
        readers: list[Reader] = []
        receivers: dict[str, Receiver] = {}
        loops: list[Callable[[], Awaitable[None]]] = []
        for number in range(partners):
            client = await partnered.partner(f"partner-{number}", per_minute=100_000)
            await stack.enter_async_context(client)
            if number % 3 == 2:
                name = f"p{number}"
                receivers[name] = await stack.enter_async_context(
                    receiving(answers=flaky(random.Random(number)))
                )
                await webhook(client, name, thin=bool(number % 2))
            else:
                reader = Reader(client, random.Random(number))
                readers.append(reader)
                loops.append(reader.by_pages if number % 3 else reader.by_stream)
        away = await partnered.partner("away")
        await stack.enter_async_context(away)
        ports = {f"{name}.partner.test": one.port for name, one in receivers.items()}
        running = [asyncio.create_task(one()) for one in loops]  # type: ignore[arg-type]
        running.append(asyncio.create_task(with_kills(partnered, ports, chance)))
        try:
            told = await happenings(partnered, count, chance)
            ids = [one.id for one in told]
            patient = PATIENT * (1 if count < 100 else 10)
            await eventually(lambda: _missing(ids, [each.got for each in readers]), within=patient)
            calls = [each.got for each in receivers.values()]
            await eventually(lambda: _missing(ids, calls), within=patient)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        for reader in readers:
            assert [one["id"] for one in reader.got] == ids
        for receiver in receivers.values():
            assert set(receiver.ids) == set(ids)
            _in_order(receiver.got, told)
        catching_up = Reader(away, chance)
        await _catch_up(catching_up, len(ids))
        assert _ids(catching_up.got) == ids


def _ids(events: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in events]


def _missing(ids: list[str], many: list[list[dict[str, Any]]]) -> bool:
    left = [len(set(ids) - set(_ids(got))) for got in many]
    assert not any(left), f"still missing: {left}"
    return True


def _in_order(got: list[dict[str, Any]], told: list[Envelope]) -> None:
    """The first time that each came, within its subject."""
    firsts = {one["id"]: one for one in reversed(got)}
    seen = [firsts[event_id] for event_id in dict.fromkeys(one["id"] for one in got)]
    for subject in {one.subject for one in told}:
        own = [one["sequence"] for one in seen if one["subject"] == subject]
        assert own == sorted(own)


async def _catch_up(reader: Reader, count: int) -> None:
    while len(reader.got) < count:
        asked = {"lastEventId": reader.last} if reader.last else {}
        for event in (await reader.client.get("/v1/feed", params=asked)).json():
            reader.take(event)
