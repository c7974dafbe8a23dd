"""Events in: each handled once, with its mark, its effects and what it tells in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.messages import Delivery
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery import letters
from shared.delivery.holding import while_database_is_away
from shared.delivery.inbox import HANDLED, AlreadyHandled, Inbox, Outcome, refused
from shared.delivery.lanes import Lanes
from shared.delivery.letters import Letter, Unreadable
from shared.delivery.retries import GiveUp, Later, Retries
from shared.kernel.pauses import Pauses
from shared.kernel.refusal import Refusal, VersionConflict
from shared.mongo.client import Database, Session
from shared.mongo.transactions import transact
from shared.observability import metrics
from shared.observability.cause import Cause, because_of
from shared.observability.tracing import continue_from

log = structlog.get_logger(__name__)

Handler = Callable[[Envelope, Any, Session], Awaitable[Outcome | None]]
"""What a service does with an event: called with envelope, contract and the session to write in.

It may run several times for one effect, so it does nothing but database work in that session.
None means `HANDLED`. A Refusal undoes what it wrote and is recorded as the outcome; `Later` comes
back; `GiveUp` is parked at once; a VersionConflict is tried again at once; any other error climbs
the retry ladder.
"""

_CONFLICTS = 8


class Listener:
    """Handles what one service hears. Events of one subject are handled one at a time, in order."""

    def __init__(
        self,
        service: str,
        bus: Bus,
        handlers: Mapping[type[Contract], Handler],
        database: Database,
        *,
        retries: Retries | None = None,
        inbox: Inbox | None = None,
    ) -> None:
        self.service = service
        self.handlers = dict(handlers)
        self.queues = sorted({names.listening_queue(service, kind.teller) for kind in handlers})
        self._client = database.client
        self._inbox = inbox or Inbox(database, service)
        self._retries = retries or Retries(service, bus)
        self._lanes: Lanes[tuple[str, str]] = Lanes()
        for queue in self.queues:
            bus.listen(queue, self.receive)

    async def receive(self, delivery: Delivery) -> None:
        """Settle one delivery, whatever it is, and acknowledge it last."""
        try:
            letter = letters.read(delivery)
        except Unreadable as error:
            log.warning("event_unreadable", reason=error.kind, queue=delivery.queue)
            await self._retries.park(delivery, error.kind)
        else:
            async with self._lanes.turn((delivery.queue, letter.envelope.subject)):
                await self._settle(letter)
        await delivery.ack()

    async def _settle(self, letter: Letter) -> None:
        envelope = letter.envelope
        name = type(letter.data).routing_key()
        cause = Cause(envelope.correlationid, envelope.id, envelope.traceparent)
        with (
            because_of(cause),
            continue_from(envelope.traceparent, f"hear {name}"),
            metrics.HANDLE_SECONDS.labels(self.service).time(),
        ):
            outcome = await self._outcome(letter)
        if outcome is None:
            metrics.INBOX_DUPLICATES.labels(self.service).inc()
        else:
            metrics.HANDLED.labels(self.service, name, outcome.partition(":")[0]).inc()

    async def _outcome(self, letter: Letter) -> str | None:
        """How it ended; None if it had been handled before."""
        try:
            handler = self.handlers[type(letter.data)]
            return await self._handle(handler, letter)
        except AlreadyHandled:
            return None
        except Later as wait:
            await self._retries.wait(letter.delivery, wait.seconds)
            return "later"
        except GiveUp as final:
            log.warning("event_given_up", reason=final.reason, event_type=letter.envelope.type)
            await self._retries.park(letter.delivery, final.reason)
            return "parked"
        except Refusal as refusal:
            return await self._record(letter.envelope, refused(refusal))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be lost
            return await self._failed(letter, error)

    async def _failed(self, letter: Letter, error: Exception) -> str:
        # The class only: a text might hold what somebody wrote.
        reason = type(error).__name__
        log.warning("event_failed", reason=reason, event_type=letter.envelope.type)
        parked = await self._retries.failed(letter.delivery, reason)
        return "parked" if parked else "retried"

    async def _handle(self, handler: Handler, letter: Letter) -> Outcome:
        pauses = Pauses(0.005, 0.1)
        for _ in range(_CONFLICTS):
            try:
                return await self._transact(lambda s: self._effects(handler, letter, s))
            except VersionConflict:
                await pauses.rest()
        raise RuntimeError("version conflict without end")

    async def _effects(self, handler: Handler, letter: Letter, session: Session) -> Outcome:
        await self._inbox.mark(session, letter.envelope)
        outcome = await handler(letter.envelope, letter.data, session) or HANDLED
        if outcome != HANDLED:
            await self._inbox.amend(session, letter.envelope, outcome)
        return outcome

    async def _record(self, envelope: Envelope, outcome: Outcome) -> Outcome | None:
        """The mark alone: what the handler wrote before it refused has been undone."""

        async def mark(session: Session) -> Outcome:
            await self._inbox.mark(session, envelope, outcome)
            return outcome

        try:
            return await self._transact(mark)
        except AlreadyHandled:
            return None

    async def _transact(self, work: Callable[[Session], Awaitable[Outcome]]) -> Outcome:
        return await while_database_is_away(lambda: transact(self._client, work))
