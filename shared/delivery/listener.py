"""Events in: each handled once, with its mark, its effects and what it tells in one transaction."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from pymongo.errors import ConnectionFailure, PyMongoError

from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.messages import Delivery
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery import letters, measured
from shared.delivery.cause import Cause, because_of
from shared.delivery.inbox import HANDLED, AlreadyHandled, Inbox, Outcome, refused
from shared.delivery.lanes import Lanes
from shared.delivery.letters import Letter, Unreadable
from shared.delivery.retries import Later, Retries
from shared.kernel.refusal import Refusal, VersionConflict
from shared.mongo.client import Database, Session
from shared.mongo.transactions import transact

log = structlog.get_logger(__name__)

Handler = Callable[[Envelope, Any, Session], Awaitable[Outcome | None]]
"""What a service does with an event: called with envelope, contract and the session to write in.

It may run several times for one effect, so it does nothing but database work in that session.
None means `HANDLED`. A Refusal undoes what it wrote and is recorded as the outcome; `Later` comes
back; a VersionConflict is tried again at once; any other error climbs the retry ladder.
"""

_CONFLICTS = 8
_ALREADY = Outcome("already-handled")


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
        self._at_work = 0
        for queue in self.queues:
            bus.listen(queue, self.receive)

    @property
    def at_work(self) -> int:
        """Deliveries that are being handled or wait for their turn."""
        return self._at_work

    async def receive(self, delivery: Delivery) -> None:
        """Settle one delivery, whatever it is, and acknowledge it last."""
        self._at_work += 1
        try:
            await self._settle(delivery)
        finally:
            self._at_work -= 1

    async def _settle(self, delivery: Delivery) -> None:
        try:
            letter = letters.read(delivery)
        except Unreadable as error:
            await self._park(delivery, error.kind)
        else:
            async with self._lanes.turn((delivery.queue, letter.envelope.subject)):
                await self._settle_letter(letter)
        await delivery.ack()

    async def _settle_letter(self, letter: Letter) -> None:
        handler = self.handlers.get(type(letter.data))
        if handler is None:
            return await self._park(letter.delivery, "no-handler")
        envelope = letter.envelope
        cause = Cause(envelope.correlationid, envelope.id, envelope.traceparent)
        with (
            because_of(cause),
            structlog.contextvars.bound_contextvars(
                event_id=envelope.id, event_type=envelope.type, correlation_id=cause.correlation_id
            ),
            measured.HANDLING.labels(self.service, envelope.type).time(),
        ):
            outcome = await self._outcome(handler, letter)
        measured.OUTCOMES.labels(self.service, envelope.type, outcome.partition(":")[0]).inc()

    async def _outcome(self, handler: Handler, letter: Letter) -> Outcome:
        try:
            return await self._handle(handler, letter)
        except AlreadyHandled:
            return _ALREADY
        except Later as wait:
            await self._retries.wait(letter.delivery, wait.seconds)
            return Outcome("later")
        except Refusal as refusal:
            return await self._record(letter.envelope, refused(refusal))
        except Exception as error:
            # The class only: a text might hold what somebody wrote.
            reason = type(error).__name__
            log.warning("event_failed", reason=reason)
            parked = await self._retries.failed(letter.delivery, reason)
            return Outcome("parked" if parked else "failed")

    async def _handle(self, handler: Handler, letter: Letter) -> Outcome:
        conflicts = 0
        while True:
            try:
                return await self._while_database_is_away(handler, letter)
            except VersionConflict:
                conflicts += 1
                if conflicts > _CONFLICTS:
                    raise RuntimeError("version conflict without end") from None
                await asyncio.sleep(random.uniform(0, 0.005 * conflicts))

    async def _while_database_is_away(self, handler: Handler, letter: Letter) -> Outcome:
        """Hold the letter while the database is not there: that is no fault of the letter's."""
        pause = 0.2
        while True:
            try:
                return await transact(self._client, lambda s: self._effects(handler, letter, s))
            except PyMongoError as error:
                if not isinstance(error, ConnectionFailure):
                    raise
                log.warning("database_away", kind=type(error).__name__)
            await asyncio.sleep(random.uniform(pause / 2, pause))
            pause = min(pause * 2, 5.0)

    async def _effects(self, handler: Handler, letter: Letter, session: Session) -> Outcome:
        await self._inbox.mark(session, letter.envelope)
        outcome = await handler(letter.envelope, letter.data, session) or HANDLED
        if outcome != HANDLED:
            await self._inbox.amend(session, letter.envelope, outcome)
        return outcome

    async def _record(self, envelope: Envelope, outcome: Outcome) -> Outcome:
        """The mark alone: what the handler wrote before it refused has been undone."""
        try:
            await transact(self._client, lambda s: self._inbox.mark(s, envelope, outcome))
        except AlreadyHandled:
            return _ALREADY
        return outcome

    async def _park(self, delivery: Delivery, kind: str) -> None:
        log.warning("event_parked", reason=kind, queue=delivery.queue)
        measured.OUTCOMES.labels(self.service, "unreadable", "parked").inc()
        await self._retries.park(delivery, kind)

    async def drained(self, *, within: float) -> bool:
        """Wait until nothing is at work; False if time ran out first."""
        until = asyncio.get_running_loop().time() + within
        while self._at_work and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.02)
        return not self._at_work
