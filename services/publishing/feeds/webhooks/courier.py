"""Carries entries to one webhook: in order of each subject, and never waiting for another webhook.

It reads the log's end from memory, has a few on their way at once, and tells the ledger where it
stands: what was not written when it is killed is sent again, under the same ids. Whoever changes a
webhook does not take it away; its courier takes its leave, with the answers to what it had sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from httpcore import AsyncConnectionPool
from pymongo.errors import PyMongoError

from services.publishing.feeds.domain import line as lines
from services.publishing.feeds.domain.entry import Entry, ping_body, thin_body
from services.publishing.feeds.domain.line import Open, Wanted
from services.publishing.feeds.domain.ranges import with_range
from services.publishing.feeds.domain.reconciling import of_webhook
from services.publishing.feeds.domain.retry_plan import Answer, meaning
from services.publishing.feeds.domain.signatures import headers
from services.publishing.feeds.log.tail import Tail
from services.publishing.feeds.storage.log import Sight
from services.publishing.feeds.storage.webhook_documents import (
    Attempt,
    Errand,
    Held,
    Lost,
    Stand,
)
from services.publishing.feeds.storage.webhooks import Webhooks
from services.publishing.feeds.webhooks.ledger import Ledger
from services.publishing.feeds.webhooks.posting import WITHIN, post
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id

log = structlog.get_logger(__name__)

AT_ONCE = 8
_READ = 100

SwitchOff = Callable[[str, Stand, str], Awaitable[None]]
"""Partner, where it stands, why."""


@dataclass(frozen=True, slots=True)
class Round:
    """What all couriers of a process share."""

    tail: Tail
    webhooks: Webhooks
    ledger: Ledger
    switch_off: SwitchOff
    holds: Callable[[str, int], Awaitable[bool]]
    feed: str
    within: float = WITHIN


class Courier:
    """One webhook in our hands.

    `sight`: what its partner may see of what it asks for, by the partner's version `agreed`.
    """

    def __init__(
        self, shared: Round, held: Held, sight: Sight, agreed: int, pool: AsyncConnectionPool
    ) -> None:
        self._agreed, self._heard = agreed, -1
        self._shared, self._held, self._sight, self._pool = shared, held, sight, pool
        self._line = held.endpoint.line
        self._confirmed = held.confirmed
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._errands: dict[str, asyncio.Task[None]] = {}
        self._lost: set[int] = set()
        self._knows_what_is_lost = asyncio.Event()
        self._woken = asyncio.Event()
        self._ended = False
        self._ends_by = float("inf")

    async def run(self) -> None:
        """Until it is told to leave, or its partner or receiver has left."""
        try:
            self._lost = set(await self._shared.webhooks.lost(self._held.endpoint.id))
            self._knows_what_is_lost.set()
            while not self._ended:
                self._woken.clear()
                bell = self._shared.tail.bell()
                await self._read_on()
                self._send_what_is_ready()
                await self._rest(bell)
        finally:
            await self._let_go()

    def leave(self, within: float) -> None:
        """Send nothing more; what is on its way has so many seconds to be answered."""
        self._ended = True
        self._ends_by = min(self._ends_by, time.monotonic() + within)
        self._woken.set()

    def do(self, errand: Errand) -> None:
        """Something besides; again, while it is being done, is harmless."""
        if errand.id not in self._errands:
            self._errands[errand.id] = asyncio.create_task(self._done(errand))

    async def _read_on(self) -> None:
        while self._line.room:
            limit = min(self._line.room, _READ)
            found = await self._shared.tail.all_after(self._line.read_up_to, limit=limit)
            if not found:
                return
            wanted = [one for one in found if self._sight.of(one)]
            self._line = lines.read_on(
                self._line,
                [Wanted(one.position, one.event_id, one.subject) for one in wanted],
                found[-1].position,
            )
            self._shared.ledger.stands(self._stand)

    def _send_what_is_ready(self) -> None:
        for one in lines.ready(self._line, real_now(), self._flying.keys(), AT_ONCE):
            task = asyncio.create_task(self._carry(one))
            self._flying[one.position] = task

    async def _carry(self, one: Open) -> None:
        try:
            if not await self._is_agreed():
                self._ended = True
                return
            # Asked for anew each time: it may have been emptied since it was read.
            entry = await self._shared.tail.at(one.position)
            answer = await self._post(entry.event_id, self._body(entry), "entry")
            await self._told(one, answer)
        except PyMongoError as error:
            log.warning("webhook_interrupted", reason=type(error).__name__)
        finally:
            self._flying.pop(one.position, None)
            self._woken.set()

    async def _is_agreed(self) -> bool:
        """Whether its partner is as it was; looked up again when one was heard to change."""
        heard = self._shared.tail.partners_changed
        if heard != self._heard:
            if not await self._shared.holds(self._held.endpoint.partner_id, self._agreed):
                return False
            self._heard = heard
        return True

    async def _told(self, one: Open, answer: Answer) -> None:
        """What came back, into the line."""
        now, means = real_now(), meaning(answer)
        if means == "taken":
            self._line = lines.taken(self._line, one.position, now)
            self._is_found(one.position)
            self._shared.ledger.stands(self._stand)
            return
        if means == "gone":
            await self._switch_off("gone")
            return
        after = lines.failed(
            self._line,
            one.position,
            now,
            chance=random.random(),  # noqa: S311 - not a secret
            retry_after=answer.retry_after,
            slow_down=means == "slow-down",
        )
        self._line = after.line
        if after.given_up is not None:
            self._is_lost(after.given_up)
        self._shared.ledger.stands(self._stand)
        if after.given_up is not None and lines.is_dead(self._line, after.given_up):
            await self._switch_off("never-answers")

    def _is_lost(self, one: Open) -> None:
        self._lost.add(one.position)
        self._shared.ledger.lost(Lost(self._held.endpoint.id, one.position, one.event_id))

    def _is_found(self, position: int) -> None:
        if position in self._lost:
            self._lost.discard(position)
            self._shared.ledger.found(self._held.endpoint.id, position)

    @property
    def _stand(self) -> Stand:
        endpoint = self._held.endpoint
        return Stand(endpoint.id, self._held.turn, self._line, self._confirmed, endpoint.version)

    async def _switch_off(self, why: str) -> None:
        await self._shared.ledger.kept(self._stand)
        await self._shared.switch_off(self._held.endpoint.partner_id, self._stand, why)
        self._ended = True

    def _body(self, entry: Entry) -> bytes:
        thin = self._held.endpoint.thin
        return thin_body(entry.body, self._shared.feed) if thin else entry.body

    async def _post(self, message_id: str, body: bytes, kind: str) -> Answer:
        endpoint, now = self._held.endpoint, real_now()
        signed = headers(endpoint.secrets, message_id=message_id, at=now, body=body)
        began = time.monotonic()
        answer = await post(self._pool, endpoint.url, signed, body, within=self._shared.within)
        self._shared.ledger.tried(
            Attempt(
                id=new_id(),
                webhook=endpoint.id,
                event_id=message_id,
                kind=kind,
                status=answer.status,
                why=answer.why,
                milliseconds=int((time.monotonic() - began) * 1000),
                at=now,
            )
        )
        return answer

    async def _done(self, errand: Errand) -> None:
        try:
            answer = await self._errand(errand)
            if await self._shared.ledger.kept(self._stand):
                done = self._shared.webhooks.errands.done
                await done(errand.id, status=answer.status, why=answer.why)
        except PyMongoError as error:
            log.warning("errand_interrupted", reason=type(error).__name__)
        finally:
            self._errands.pop(errand.id, None)
            self._woken.set()

    async def _errand(self, errand: Errand) -> Answer:
        # Else what is resent at once would be read as lost after it had come.
        await self._knows_what_is_lost.wait()
        if errand.kind == "replay":
            self._replay(errand.after)
            return Answer(200)
        if errand.kind == "ping":
            return await self._post(errand.id, ping_body(errand.id, real_now()), "ping")
        entry = await self._shared.tail.log.one(errand.event_id)
        if entry is None or not self._sight.of(entry):
            return Answer(0, "not-in-the-feed")
        answer = await self._post(entry.event_id, self._body(entry), "resend")
        if meaning(answer) == "taken":
            self._is_found(entry.position)
        return answer

    def _replay(self, after: int) -> None:
        had = of_webhook(
            since=self._held.endpoint.since,
            read_up_to=self._line.read_up_to,
            open_positions=[one.position for one in self._line.open],
            given_up=self._lost,
        )
        for one in had:
            self._confirmed = with_range(self._confirmed, *one)
        self._line = lines.replayed(self._line, after)

    async def _rest(self, bell: asyncio.Event) -> None:
        """Until something is due, something came back, or there is more to read."""
        due = lines.next_due(self._line, self._flying.keys())
        seconds = 5.0 if due is None else max(0.0, (due - real_now()) / timedelta(seconds=1))
        waiting = [asyncio.ensure_future(self._woken.wait())]
        if self._line.room:
            waiting.append(asyncio.ensure_future(bell.wait()))
        try:
            await asyncio.wait(
                waiting, timeout=min(seconds, 5.0), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for each in waiting:
                each.cancel()

    async def _let_go(self) -> None:
        self._ends_by = min(self._ends_by, time.monotonic() + self._shared.within)
        while (going := self._going()) and (left := self._ends_by - time.monotonic()) > 0:
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._woken.wait()
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        try:
            await self._shared.ledger.kept(self._stand)
            await self._shared.webhooks.give_back(self._held.endpoint.id, self._held.turn)
        except PyMongoError as error:
            log.warning("webhook_not_given_back", reason=type(error).__name__)
        await self._pool.aclose()

    def _going(self) -> list[asyncio.Task[None]]:
        return [*self._flying.values(), *self._errands.values()]
