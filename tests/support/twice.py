"""Every delivery handled twice, and in shuffled order: what consumers must be able to live with.

    with everything_twice(seed=7):
        ...   # listeners made in here

Deliveries are collected for a moment, shuffled, and each is handed on two times; only the second
handing acknowledges. A consumer that is right ends in the same state as without it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from shared.broker.messages import Delivery
from shared.delivery.listener import Listener

GATHER_SECONDS = 0.03
"""How long deliveries are collected before they are shuffled."""


class Twice:
    """Stands before one listener."""

    def __init__(self, listener: Listener, shuffle: random.Random) -> None:
        self._receive = listener.receive
        self._shuffle = shuffle
        self._collected: list[tuple[Delivery, asyncio.Future[None]]] = []
        self._dealing: asyncio.Task[None] | None = None
        self.copies = 0

    async def receive(self, delivery: Delivery) -> None:
        """Takes the place of `Listener.receive`."""
        done = asyncio.get_running_loop().create_future()
        self._collected.append((delivery, done))
        if self._dealing is None:
            self._dealing = asyncio.create_task(self._deal())
        await done

    async def _deal(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        cards, self._collected, self._dealing = self._collected, [], None
        self._shuffle.shuffle(cards)
        await asyncio.gather(*(self._both(delivery, done) for delivery, done in cards))

    async def _both(self, delivery: Delivery, done: asyncio.Future[None]) -> None:
        try:
            await self._receive(replace(delivery, ack=_not_yet))
            self.copies += 1
            await self._receive(delivery)
        finally:
            if not done.done():
                done.set_result(None)


async def _not_yet() -> None:
    """The first handling's acknowledgement got lost, as it were."""


@contextmanager
def everything_twice(*, seed: int = 1) -> Iterator[list[Twice]]:
    """Listeners made within get every delivery twice, shuffled; gives what stands before them."""
    made: list[Twice] = []
    original = Listener.__init__
    shuffle = random.Random(seed)

    def with_twice(
        self: Listener, service: str, bus: object, *args: object, **kwargs: object
    ) -> None:
        original(self, service, _Interposed(bus, self, made, shuffle), *args, **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Listener, "__init__", with_twice)
        yield made


class _Interposed:
    """A bus on which the listener's `receive` is replaced by ours."""

    def __init__(
        self, bus: object, listener: Listener, made: list[Twice], shuffle: random.Random
    ) -> None:
        self._bus = bus
        self._listener = listener
        self._made = made
        self._shuffle = shuffle

    def listen(self, queue: str, receive: object) -> None:
        twice = Twice(self._listener, self._shuffle)
        self._made.append(twice)
        self._bus.listen(queue, twice.receive)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._bus, name)


@pytest.fixture(params=["once", "twice and shuffled"])
def delivered(request: pytest.FixtureRequest) -> Iterator[list[Twice]]:
    """For a whole module of consumer tests: each test as it is, and with every delivery doubled."""
    if request.param == "once":
        yield []
        return
    with everything_twice(seed=3) as before:
        yield before
        assert sum(one.copies for one in before) > 0, "nothing was doubled"
