"""Drives the delivery queue: takes what is due, sends several at once, wakes when there is more."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

import structlog

from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.delivery import IN_HAND, Delivery
from services.notifications.use_cases.ports import Deliveries
from services.notifications.use_cases.send_delivery import SendDelivery
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock, real_now

log = structlog.get_logger()

_LOOK_AT_LEAST_EVERY = 1.0
_DRAIN = 3.0
_BY = housekeeping("dispatch")


class Dispatcher:
    """`at_once` per channel bounds what is in flight; a number has one SMS at a time."""

    def __init__(
        self,
        deliveries: Deliveries,
        send: SendDelivery,
        clock: Clock,
        *,
        at_once: Mapping[Channel, int],
        lease: timedelta,
        woken: Callable[[], AsyncIterator[None]],
    ) -> None:
        self._deliveries, self._send, self._clock = deliveries, send, clock
        self._at_once, self._lease, self._woken = at_once, lease, woken
        self._bells: dict[Channel, asyncio.Event] = {way: asyncio.Event() for way in at_once}
        self._busy: set[str] = set()

    async def run(self) -> None:
        """Until cancelled; then what is in flight has a moment to end."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            for channel, limit in self._at_once.items():
                group.create_task(self._drive(channel, limit))

    async def _listen(self) -> None:
        async for _ in self._woken():
            self._ring()

    def _ring(self) -> None:
        for bell in self._bells.values():
            bell.set()

    async def _drive(self, channel: Channel, limit: int) -> None:
        bell = self._bells[channel]
        flying: set[asyncio.Task[None]] = set()
        try:
            while True:
                bell.clear()
                while len(flying) < limit and (row := await self._next(channel)):
                    task = asyncio.create_task(self._fly(row))
                    flying.add(task)
                    task.add_done_callback(flying.discard)
                # Not wait_for: before Python 3.12 it can swallow a cancellation.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_AT_LEAST_EVERY):
                        await bell.wait()
        finally:
            if flying:
                await asyncio.wait(flying, timeout=_DRAIN)

    async def _next(self, channel: Channel) -> Delivery | None:
        """Claim one. Stopped in the middle of it, what was claimed is put back at once."""
        claiming = asyncio.create_task(self._claim(channel))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            row = await claiming
            if row is not None:
                await self._deliveries.move(
                    row.id, "queued", since=IN_HAND[:1], by=_BY, attempt=row.attempt
                )
            raise

    async def _claim(self, channel: Channel) -> Delivery | None:
        try:
            row = await self._deliveries.claim(
                channel, real_now(), self._clock.now(), self._lease, frozenset(self._busy), by=_BY
            )
        except Exception as error:  # noqa: BLE001 - the queue outlives a database that is away
            log.warning("claim_failed", channel=channel, reason=type(error).__name__)
            return None
        if row is not None and row.number is not None:
            self._busy.add(row.number)
        return row

    async def _fly(self, row: Delivery) -> None:
        try:
            await self._send(row)
        except Exception as error:  # noqa: BLE001 - its lease runs out, then it is looked into
            log.warning("delivery_broke_off", delivery=row.id, reason=type(error).__name__)
        finally:
            if row.number is not None:
                self._busy.discard(row.number)
            self._ring()
