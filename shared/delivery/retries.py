"""What becomes of a message that could not be handled now: it waits, or it is parked."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.errors import NotConfirmed
from shared.broker.messages import Delivery, HeaderValue, Outgoing
from shared.delivery import letters
from shared.kernel.pauses import Pauses
from shared.observability import metrics

log = structlog.get_logger(__name__)


class Later(Exception):
    """Raised by a handler: not yet; come back after about so many seconds. Not a failure.

    The wait is rounded up to a step of the ladder (1 s, 10 s, 1 min, 10 min), and down to the last.
    How long to go on waiting is the handler's own rule, e.g. by the event's time.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class GiveUp(Exception):
    """Raised by a handler: it will never work, however often it is tried. Parked at once.

    `reason` is kebab-case and our own: people read it, and it holds nothing that was sent.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Retries:
    """The ladder of one service. `steps` are (name, seconds) of delay queues, shortest first."""

    def __init__(self, service: str, bus: Bus, steps: Sequence[tuple[str, int]] = names.DELAYS):
        self._service = service
        self._bus = bus
        self._steps = tuple(steps)

    async def wait(self, delivery: Delivery, seconds: float) -> None:
        """Put it into the waiting room for about so long; its failures so far are kept."""
        longest = self._steps[-1][0]
        step = next((name for name, length in self._steps if length >= seconds), longest)
        await self._publish(self._into_waiting_room(delivery, step, self._carried(delivery)))

    async def failed(self, delivery: Delivery, reason: str) -> bool:
        """Count the failure: the next step of the ladder, or parked after the last (then True)."""
        failures = letters.count(delivery, letters.ATTEMPT) + 1
        if failures > len(self._steps):
            await self.park(delivery, reason)
            return True
        headers = self._carried(delivery) | {letters.ATTEMPT: failures}
        step = self._steps[failures - 1][0]
        await self._publish(self._into_waiting_room(delivery, step, headers))
        return False

    async def park(self, delivery: Delivery, reason: str) -> None:
        """Give it up, with the class of the reason."""
        metrics.PARKED.labels(self._service, reason).inc()
        headers = self._carried(delivery) | {letters.REASON: reason}
        await self._publish(
            Outgoing(names.parked(self._service), delivery.queue, delivery.body, headers=headers)
        )

    def _into_waiting_room(
        self, delivery: Delivery, step: str, headers: dict[str, HeaderValue]
    ) -> Outgoing:
        metrics.RETRIES.labels(self._service, step).inc()
        room = names.delay_queue(self._service, delivery.queue, step)
        exchange = names.retry_exchange(self._service)
        return Outgoing(exchange, room, delivery.body, headers=headers)

    def _carried(self, delivery: Delivery) -> dict[str, HeaderValue]:
        return {
            letters.ATTEMPT: letters.count(delivery, letters.ATTEMPT),
            letters.REPLAY: letters.count(delivery, letters.REPLAY),
            letters.QUEUE: delivery.queue,
            letters.ROUTING_KEY: letters.first_routing_key(delivery),
        }

    async def _publish(self, outgoing: Outgoing) -> None:
        """Until it is confirmed: the original is acknowledged only then.

        Nothing is lost by waiting, as the original stays with the broker and is delivered again
        when this process goes.
        """
        pauses = Pauses(0.1, 5.0)
        while True:
            try:
                await self._bus.publish(outgoing)
            except NotConfirmed as error:
                kind = type(error).__name__
                log.warning("retry_not_confirmed", to=outgoing.routing_key, kind=kind)
            else:
                return
            await pauses.rest()
