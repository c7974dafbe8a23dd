"""Feeds as partners meet them: a log to fill, partners with keys, receivers of webhooks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publishing.feeds.parts import Feeds, feeds_on
from services.publishing.feeds.webhooks.connecting import for_tests
from services.publishing.feeds.webhooks.sender import Sender, Ways
from shared.contracts import booking
from shared.contracts.booking import OccasionFacts
from shared.contracts.envelope import Envelope, wrap
from shared.contracts.event import Contract, News
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Session
from shared.web.serving import served
from tests.integration.publishing.world import NOW, World
from tests.support.world import DOOR

ALL = ("feed:read", "webhooks:manage", "keys:manage")


def an_occasion(subject: str = "", sequence: int = 1, room: str = "Sal 2") -> Envelope:
    """Booking tells that something can be booked."""
    subject = subject or new_id()
    occasion = OccasionFacts(
        occasion_id=subject,
        title="Demokrativerkstad",
        kind="workshop",
        starts_at=NOW,
        ends_at=NOW,
        zone="Europe/Stockholm",
        room=room,
    )
    told = booking.OccasionPublished(
        activity_id="a1", occasion=occasion, target_group="skolklass", capacity=30
    )
    return told_as(told, subject, sequence)


def told_as(data: Contract, subject: str, sequence: int = 1) -> Envelope:
    """An event as it comes over the bus."""
    return wrap(
        News(data, subject, sequence),
        event_id=new_id(),
        at=real_now(),
        correlation_id=new_id(),
    )


@dataclass
class Partnered:
    """Publishing's API, and the parts that its feed process is made of."""

    world: World
    feeds: Feeds

    @classmethod
    def of(cls, world: World) -> Partnered:
        return cls(world, feeds_on(world.house.ground, DOOR, local=True))

    async def happens(self, *envelopes: Envelope) -> list[str]:
        """These are entries of the log, as the feed's writer makes them; their ids."""
        told = [(one, one.type.removeprefix("se.safespace."), _audience(one)) for one in envelopes]

        async def work(session: Session) -> int:
            return await self.feeds.log.append(session, told, real_now())

        await self.feeds.ground.transact(work)
        return [one.id for one in envelopes]

    async def partner(
        self, name: str = "ran-nord", scopes: Sequence[str] = ALL, **more: Any
    ) -> httpx.AsyncClient:
        """A new partner as staff make it, and a client with its key."""
        body = {"name": name, "title": name.title(), "scopes": list(scopes), **more}
        await self.world.ask("POST", "/v1/partners", 201, by="editor", json=body)
        return self.with_key(await self.new_key(name))

    async def new_key(self, name: str, **more: Any) -> str:
        made = await self.world.ask(
            "POST", f"/v1/partners/{name}/keys", 201, by="editor", json=more
        )
        return str(made["key"])

    def with_key(self, key: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.world.client.base_url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=60,
            trust_env=False,
        )

    @asynccontextmanager
    async def sending(self, within: float = 10.0, **receivers: Receiver) -> AsyncIterator[None]:
        """A sender at work; each receiver is reached as `https://<name>.partner.test/`."""
        ports = {f"{name}.partner.test": one.port for name, one in receivers.items()}
        sender = self.sender(ports, within)
        task = asyncio.create_task(sender.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def sender(self, ports: dict[str, int], within: float = 10.0) -> Sender:
        return Sender(
            self.feeds.tail,
            self.feeds.partners,
            self.feeds.webhooks,
            self.feeds.ground.transact,
            Ways(*for_tests(ports)),
            feed=self.feeds.feed,
            within=within,
        )


Answers = Callable[[dict[str, Any], int], Response]


@dataclass
class Receiver:
    """A partner's web server. `answers` is asked with each event and how often it came."""

    port: int = 0
    answers: Answers | None = None
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    hangs: asyncio.Event | None = None
    takes: float = 0.0
    """Seconds for each."""

    @property
    def ids(self) -> list[str]:
        """Ids that were taken, each once, in the order in which they first came."""
        return list(dict.fromkeys(one["id"] for one in self.got))

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        event = json.loads(body)
        self.headers.append(dict(request.headers))
        self.bodies.append(body)
        if self.hangs is not None:
            await self.hangs.wait()
        await asyncio.sleep(self.takes)
        times = 1 + sum(one["id"] == event["id"] for one in self.got)
        answer = self.answers(event, times) if self.answers else Response(status_code=204)
        if 200 <= answer.status_code < 300:
            self.got.append(event)
        return answer


@asynccontextmanager
async def receiving(**more: Any) -> AsyncIterator[Receiver]:
    """A receiver on a port of this machine."""
    receiver = Receiver(**more)
    app = Starlette(routes=[Route("/{rest:path}", receiver.receive, methods=["POST"])])
    async with served(app) as url:
        receiver.port = int(url.rpartition(":")[2])
        yield receiver


def _audience(envelope: Envelope) -> str:
    from shared.contracts.catalogue import contract_for

    contract = contract_for(envelope.type)
    assert contract is not None
    return contract.audience
