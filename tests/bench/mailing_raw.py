"""What mailings are measured against: a bare pipelined client, and the usual library."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiosmtplib
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from shared.mongo.client import Collection
from tests.bench.mail_sinks import Sink

Write = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """Letters a second; microseconds of CPU for each, of all our processes; peak megabytes."""

    name: str
    per_second: float
    cpu: float
    memory: float = 0.0


class _Bare(asyncio.Protocol):
    """One message again and again, pipelined as RFC 2920 has it: each content after its own 354.

    It greets as it must; of the answers afterwards it looks for a 354 alone (what was taken, the
    sink has counted). `go` is called with what writes the content.
    """

    def __init__(
        self, count: int, content: bytes, done: Callable[[], None], go: Callable[[Write], None]
    ) -> None:
        self._left, self._done, self._go = count, done, go
        self._group = b"MAIL FROM:<a@s.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
        self._step = content + b".\r\n" + self._group
        self._greeting = [self._group, b"EHLO bench\r\n"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(b"EHLO bench\r\n" + self._group)

    def data_received(self, data: bytes) -> None:
        if b"354" not in data:
            return
        self._left -= 1
        if self._left < 0:
            self._transport.close()
            self._done()
        else:
            self._go(self._write)

    def _write(self) -> None:
        self._transport.write(self._step)


async def bare(to: Sink, count: int, content: bytes, connections: int) -> Sent:
    """The ceiling: one prebuilt message, no ledger, nobody's name."""
    name = "bare pipelined client"
    return await _all_of(name, to, count, content, connections, lambda write: write())


async def with_duties(
    to: Sink, count: int, content: bytes, connections: int, rows: Collection
) -> Sent:
    """The bare client, which signs each letter and notes it durably before it leaves.

    Of a letter it has nothing but its hash and its signature; of a ledger one byte, written in
    groups as they come. Nobody's address is opened, nothing is decided, nobody is asked.
    """
    _, key = crypto_sign_seed_keypair(bytes(32))
    waiting: list[Write] = []
    bell = asyncio.Event()

    def go(write: Write) -> None:
        crypto_sign(hashlib.sha256(content).digest(), key)
        waiting.append(write)
        bell.set()

    async def keeping() -> None:
        while True:
            await bell.wait()
            bell.clear()
            await asyncio.sleep(0)
            group = waiting.copy()
            waiting.clear()
            await rows.update_one({"_id": 1}, {"$set": {"states": bytes(500)}}, upsert=True)
            for write in group:
                write()

    keeper = asyncio.create_task(keeping())
    try:
        name = "the same, each letter signed and noted"
        return await _all_of(name, to, count, content, connections, go)
    finally:
        keeper.cancel()


async def _all_of(
    name: str,
    to: Sink,
    count: int,
    content: bytes,
    connections: int,
    go: Callable[[Write], None],
) -> Sent:
    before = await to.taken()
    loop, left, ended = asyncio.get_running_loop(), [connections], asyncio.Event()

    def done() -> None:
        left[0] -= 1
        if not left[0]:
            ended.set()

    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(connections):
        await loop.create_connection(
            lambda: _Bare(count // connections, content, done, go), "127.0.0.1", to.port
        )
    await ended.wait()
    sent = _sent(name, count, began, cpu)
    await _arrived(to, before, count)
    return sent


async def with_aiosmtplib(to: Sink, count: int, content: bytes, connections: int) -> Sent:
    """The usual library, one connection per task, one prebuilt message."""

    async def one() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=to.port, start_tls=False) as client:
            for _ in range(count // connections):
                await client.sendmail("a@s.example", ["b@x.example"], content)

    before = await to.taken()
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(connections)))
    sent = _sent("aiosmtplib, a connection per task", count, began, cpu)
    await _arrived(to, before, count)
    return sent


async def _arrived(to: Sink, before: int, count: int) -> None:
    taken = await to.taken() - before
    assert taken == count, f"{count} letters were sent and {taken} arrived"


def _sent(name: str, count: int, began: float, cpu: float) -> Sent:
    spent = time.process_time() - cpu
    return Sent(name, count / (time.perf_counter() - began), spent / count * 1e6)
