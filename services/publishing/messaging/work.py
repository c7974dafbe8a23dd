"""Batches on the work queue: a hint that there is work. The ledger alone knows whether there is."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import structlog

from services.publishing.mailing.ports import Hint
from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.errors import NotConfirmed
from shared.broker.messages import Delivery, Outgoing, Receive

log = structlog.get_logger(__name__)
WORK = "batches"


class WorkQueue:
    """The giving end and the taking end."""

    def __init__(self, service: str, bus: Bus) -> None:
        self._bus = bus
        self._exchange, self.queue = names.work_exchange(service), names.work_queue(service, WORK)

    async def give(self, hint: Hint) -> bool:
        """Whether the broker has it; when not, somebody says it again in some seconds."""
        body = json.dumps({"mailing": hint.mailing_id, "batch": hint.number}).encode()
        try:
            await self._bus.publish(
                Outgoing(self._exchange, WORK, body, content_type="application/json")
            )
        except NotConfirmed as error:
            log.info("hint_not_given", kind=type(error).__name__)
            return False
        return True


def receives(take: Callable[[Hint], Awaitable[bool]]) -> Receive:
    """Acknowledged when the batch is in hand: from then on the ledger holds it, not the queue."""

    async def receive(delivery: Delivery) -> None:
        hint = _hint(delivery.body)
        if hint is None or await take(hint):
            await delivery.ack()

    return receive


def _hint(body: bytes) -> Hint | None:
    """None: it is none of ours, and is dropped."""
    try:
        told = json.loads(body)
        return Hint(str(told["mailing"]), int(told["batch"]))
    except (ValueError, KeyError, TypeError):
        log.warning("hint_unreadable")
        return None
