"""All webhooks that this process has: taken over a lease, given a courier each, let go of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import structlog
from httpcore import AsyncConnectionPool
from pymongo.errors import PyMongoError

from services.publishing.feeds.domain.endpoint import Endpoint, Why
from services.publishing.feeds.domain.entry import seen_with
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.log.tail import Tail
from services.publishing.feeds.storage.log import Sight
from services.publishing.feeds.storage.partners import Partners
from services.publishing.feeds.storage.webhook_documents import Stand
from services.publishing.feeds.storage.webhooks import Webhooks
from services.publishing.feeds.webhooks.connecting import Connect, Resolve, pool
from services.publishing.feeds.webhooks.courier import AT_ONCE, Courier, Round
from services.publishing.feeds.webhooks.ledger import Ledger
from services.publishing.feeds.webhooks.posting import WITHIN
from shared.kernel.clock import real_now
from shared.mongo.client import Session

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=6)
_LOOKS_EVERY = 0.5
_DRAIN = 3.0
"""Seconds for answers to what is on its way when this process stops."""
_LAST_WRITE = 1.0

Transact = Callable[[Callable[[Session], Awaitable[Any]]], Awaitable[Any]]


@dataclass(slots=True)
class _AtWork:
    courier: Courier
    task: asyncio.Task[None]
    turn: int
    versions: tuple[int, int]
    leaving: bool = False

    def leave(self, within: float) -> None:
        """What is on its way has so many seconds; nobody waits for that."""
        self.leaving = True
        self.courier.leave(within)


@dataclass(frozen=True, slots=True)
class Ways:
    """How connections are made."""

    resolve: Resolve
    connect: Connect


class Sender:
    """Any number of processes may run one: each webhook is in one's hands at a time."""

    def __init__(
        self,
        tail: Tail,
        partners: Partners,
        webhooks: Webhooks,
        transact: Transact,
        ways: Ways,
        *,
        feed: str,
        within: float = WITHIN,
    ) -> None:
        self._tail, self._partners, self._webhooks = tail, partners, webhooks
        self._transact, self._ways = transact, ways
        self._ledger = Ledger(webhooks)
        self._shared = Round(
            tail, webhooks, self._ledger, self._switch_off, partners.holds, feed, within
        )
        self._at_work: dict[str, _AtWork] = {}

    async def run(self) -> None:
        """Until cancelled; then every courier lets go of what it has."""
        writing = asyncio.create_task(self._ledger.run())
        try:
            async with self._tail.listening():
                while True:
                    try:
                        await self._look()
                    except PyMongoError as error:
                        log.warning("webhooks_not_looked_at", reason=type(error).__name__)
                    await asyncio.sleep(_LOOKS_EVERY)
        finally:
            await self._all_leave()
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _all_leave(self) -> None:
        for each in self._at_work.values():
            each.leave(_DRAIN)
        tasks = [each.task for each in self._at_work.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=_DRAIN + _LAST_WRITE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        """Keep what is ours, drop what changed or went, take what is free; then the errands."""
        wanted = await self._webhooks.versions()
        partners = await self._partners.by_ids({whose for _, whose in wanted.values()})
        self._drop(wanted, partners)
        held = {webhook: each.turn for webhook, each in self._at_work.items()}
        ours = await self._webhooks.keep(held, real_now() + LEASE)
        for webhook in held.keys() - ours:
            self._at_work[webhook].leave(_DRAIN)
        for webhook, (_, partner_id) in wanted.items():
            partner = partners.get(partner_id)
            if webhook not in self._at_work and partner is not None and partner.ended_at is None:
                await self._take(webhook, partner)
        staying = [webhook for webhook, each in self._at_work.items() if not each.leaving]
        for errand in await self._webhooks.errands.waiting(staying):
            self._at_work[errand.webhook].courier.do(errand)

    def _drop(self, wanted: dict[str, tuple[int, str]], partners: dict[str, Partner]) -> None:
        """Couriers that have ended, and those that go by something that holds no longer."""
        for webhook, at_work in list(self._at_work.items()):
            version, partner_id = wanted.get(webhook, (0, ""))
            partner = partners.get(partner_id)
            now = (version, partner.version if partner and partner.ended_at is None else 0)
            if now != at_work.versions:
                # A call ends by itself before that, and its answer counts.
                at_work.leave(self._shared.within + _LAST_WRITE)
            if at_work.task.done():
                if not at_work.task.cancelled() and at_work.task.exception() is not None:
                    reason = type(at_work.task.exception()).__name__
                    log.error("courier_ended", webhook=webhook, reason=reason)
                del self._at_work[webhook]

    async def _take(self, webhook: str, partner: Partner) -> None:
        held = await self._webhooks.take(webhook, real_now() + LEASE)
        if held is None:
            return
        sight = _sight(partner, held.endpoint)
        courier = Courier(self._shared, held, sight, partner.version, self._pool())
        versions = (held.endpoint.version, partner.version)
        task = asyncio.create_task(courier.run())
        self._at_work[webhook] = _AtWork(courier, task, held.turn, versions)

    def _pool(self) -> AsyncConnectionPool:
        # Two more than entries: a test call is not behind entries that hang.
        return pool(self._ways.resolve, self._ways.connect, most=AT_ONCE + 2)

    async def _switch_off(self, partner_id: str, stand: Stand, why: str) -> None:
        """Off, with where it stands, and a notice to its partner: all or nothing."""

        async def work(session: Session) -> None:
            if await self._webhooks.switch_off(session, stand, cast("Why", why)):
                await self._partners.notify(session, partner_id, f"webhook-{why}", stand.webhook)

        await self._transact(work)
        log.warning("webhook_switched_off", webhook=stand.webhook, reason=why)


def _sight(partner: Partner, endpoint: Endpoint) -> Sight:
    return Sight(seen_with(partner.scopes), partner.only, endpoint.only)
