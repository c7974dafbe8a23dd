"""A case read and a booking while a newsletter leaves at full speed, beside the same without.

`python -m tests.bench.beside_a_mailing [readers]`. On a running copy, with a mailer and a mail sink
of its own: the copy's sink shows every letter, and is too slow to be full speed. With and without a
mailing in turn, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from unittest.mock import patch

import httpx
import uvloop

from deploy.local.data_folder import data_folder
from services.publishing.main import house_of
from services.publishing.settings import HttpSettings
from tests.bench.mail_sinks import Sink, sink
from tests.integration.publishing.mailing_world import EDITOR, Mailings, nothing_more
from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy, running_copy

READERS = 20_000
ROUNDS = 3
_PLACES = 1000
_PAUSE = 0.005
"""Seconds between an answer and the next question: nobody asks for cases as fast as they come."""


@dataclass(frozen=True, slots=True)
class Beside:
    """p95 in milliseconds without a mailing and beside one; letters a second meanwhile."""

    read_alone: float
    read_beside: float
    booking_alone: float
    booking_beside: float
    letters: float


@dataclass(slots=True)
class _Waits:
    read: list[float] = field(default_factory=list)
    booking: list[float] = field(default_factory=list)


async def measure(copy: WholeCopy, readers: int = READERS) -> Beside:
    """Leaves a case, bookings and subscribers; the copy's own mailer is away meanwhile."""
    environment = copy.table().command("publishing-http").environment
    with patch.dict(os.environ, environment):
        house = house_of(HttpSettings())
    mailings = Mailings(house)
    await mailings.a_list_with(readers, domains=400)
    copy.safespace("process", "stop", "publishing-mailer")
    alone, beside, rates = _Waits(), _Waits(), list[float]()
    try:
        async with AsyncExitStack() as stack:
            to = stack.enter_context(sink())
            stack.enter_context(
                copy.another("publishing-mailer", "-bench", SAFESPACE_SMTP_PORT=str(to.port))
            )
            staff = await stack.enter_async_context(copy.client("karin.holm", "mentoring"))
            booking = await stack.enter_async_context(copy.client())
            case = await _a_case(staff)
            for _ in range(ROUNDS):
                rates.append(await _a_mailing(mailings, to, staff, booking, case, beside))
                seconds = readers / rates[-1]
                await _asked(staff, booking, case, alone, lambda: asyncio.sleep(seconds))  # noqa: B023
    finally:
        copy.safespace("process", "start", "publishing-mailer")
        house.close()
    return Beside(
        *(_p95(alone.read), _p95(beside.read), _p95(alone.booking), _p95(beside.booking)),
        letters=statistics.median(rates),
    )


async def _a_case(staff: httpx.AsyncClient) -> str:
    wanted = {"identity": {"name": "Kim Exempel", "birth_date": "2003-05-01"}}
    made = (await staff.post("/v1/cases", json=wanted)).raise_for_status().json()
    return f"/v1/cases/{made['id']}"


async def _a_mailing(
    mailings: Mailings,
    to: Sink,
    staff: httpx.AsyncClient,
    booking: httpx.AsyncClient,
    case: str,
    waits: _Waits,
) -> float:
    """To everybody; letters a second, from the first tenth to the last letter."""
    before, total = await to.taken(), len(mailings.people)
    job = await mailings.created()
    await mailings.house.steer.start(job.id, job.version, nothing_more, by=EDITOR)
    await _until(to, before + total // 10)
    began = time.perf_counter()
    await _asked(staff, booking, case, waits, lambda: _until(to, before + total))
    return total * 0.9 / (time.perf_counter() - began)


async def _until(to: Sink, count: int) -> None:
    while await to.taken() < count:  # noqa: ASYNC110 - the sink is another process
        await asyncio.sleep(0.05)


async def _asked(
    staff: httpx.AsyncClient,
    booking: httpx.AsyncClient,
    case: str,
    waits: _Waits,
    until: Callable[[], Awaitable[None]],
) -> None:
    """A case is read again and again, and somebody books again and again, until then."""
    asking = [
        asyncio.create_task(_read_again_and_again(staff, case, waits.read)),
        asyncio.create_task(_book_again_and_again(booking, waits.booking)),
    ]
    ending = asyncio.ensure_future(until())
    await asyncio.wait([ending, *asking], return_when=asyncio.FIRST_COMPLETED)
    for task in asking:
        if task.done():
            task.result()
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    await ending


async def _read_again_and_again(staff: httpx.AsyncClient, case: str, waits: list[float]) -> None:
    while True:
        await _timed(lambda: staff.get(case), waits)


async def _book_again_and_again(booking: httpx.AsyncClient, waits: list[float]) -> None:
    while True:
        occasion = await an_occasion(booking, capacity=_PLACES)
        party = a_party(occasion["id"], phone="+46701740605", contact={"email": None})
        for _ in range(_PLACES):
            await _timed(lambda: booking.post("/v1/bookings", json=party), waits)  # noqa: B023


async def _timed(ask: Callable[[], Awaitable[httpx.Response]], waits: list[float]) -> None:
    began = time.perf_counter()
    answer = await ask()
    waits.append((time.perf_counter() - began) * 1000)
    answer.raise_for_status()
    await asyncio.sleep(_PAUSE)


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100)[94]


def rows(found: Beside) -> list[tuple[str, ...]]:
    """For the table that people read."""
    table = []
    for what, beside, alone in (
        ("case read", found.read_beside, found.read_alone),
        ("booking", found.booking_beside, found.booking_alone),
    ):
        figure = f"{what}, p95 ms beside {found.letters:.0f} letters/s (baseline: no mailing)"
        ratio = f"{beside / alone:.2f}"
        table.append((figure, f"{beside:.1f}", f"{alone:.1f}", ratio, "–"))
    return table


def main() -> None:
    """On a copy of its own."""
    readers = int(sys.argv[1]) if len(sys.argv) > 1 else READERS
    with (
        tempfile.TemporaryDirectory() as folder,
        running_copy(data_folder(f"{folder}/copy")) as copy,
    ):
        found = uvloop.run(measure(copy, readers))
    for row in rows(found):
        print("  ".join(row))


if __name__ == "__main__":
    main()
