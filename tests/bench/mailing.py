"""How fast letters leave, beside a bare pipelined client that sends one prebuilt message.

`python -m tests.bench.mailing [letters]`. Both speak to the same sink, in a process of its own; on
two cores the sink is a part of what is measured, so the CPU time of our own process stands beside.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import aiosmtplib
import uvloop
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from services.publishing.domain.address import Address
from services.publishing.domain.limits import Bucket, Key, Limit
from services.publishing.domain.links import key_of
from services.publishing.domain.smtp_replies import Verdict
from services.publishing.domain.stamps import Keyring
from services.publishing.mailing.allowance import OwnBuckets
from services.publishing.mailing.batch import Batch
from services.publishing.mailing.compiling import Variant, Words, compile_variant
from services.publishing.mailing.connection import MailServer, ServerUnfit
from services.publishing.mailing.frame import House
from services.publishing.mailing.lines import Lines
from services.publishing.mailing.signing import DkimKey
from services.publishing.mailing.writing import Desk, Letter, Reader

CONNECTIONS = 10
SLICE = 500
AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
_HOUSE = House(
    *("Safe Space Malmö", "nyheter@exempel.se", "Nyheter", "skolor.exempel.se"),
    key_of("skolor"),
    *("Gatan 1, 211 00 Malmö", "https://exempel.se"),
)
_TEXT = "# Hej {{name|vän}}!\n\n" + "En rad om vårens öppna kvällar på Garaget.\n\n" * 15
_DESK = Desk(Keyring("b", {"b": b"bench key " * 4}), "bounce.exempel.se")
_SHARED = (Key("global"), Key("server", "sink"), Key("mailing", "m"))


@dataclass(frozen=True, slots=True)
class Sent:
    """Letters a second, and microseconds of this process's CPU for each."""

    name: str
    per_second: float
    cpu: float


def readers(count: int) -> list[Reader]:
    """People with Swedish names at four hundred domains."""
    ids = [uuid.UUID(int=n) for n in range(count)]
    return [
        Reader(one, one, Address(f"asa.{n}", f"d{n % 400}.example"), "Åsa Öberg")
        for n, one in enumerate(ids)
    ]


class Mailer:
    """What a mailer process will do: the next slice is written in a thread while one is sent."""

    def __init__(self, desk: Desk, variant: Variant, people: list[Reader]) -> None:
        self._slices = (people[n : n + SLICE] for n in range(0, len(people), SLICE))
        self._write: Callable[[list[Reader]], list[Letter]] = lambda some: desk.letters(
            variant, some, AT
        )
        self._buckets = {key: Bucket(Limit(10**6, timedelta(seconds=1))) for key in _SHARED}
        self._left = len(people)
        self._batches: list[Batch] = []
        self.finished = asyncio.Event()
        self.lines: Lines | None = None

    async def feed(self) -> None:
        """At most two slices ahead."""
        for some in self._slices:
            letters = await asyncio.to_thread(self._write, some)
            self._batches.append(Batch(letters, OwnBuckets(self._buckets), _SHARED, time.time_ns))
            if self.lines is not None:
                self.lines.wake()
            while len(self._batches) > 2:  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    def take(self) -> Letter | None:
        while self._batches:
            letter = self._batches[0].take()
            if letter is not None:
                return letter
            self._batches.pop(0)
        return None

    def told(self, letter: Letter, verdict: Verdict) -> None:
        assert verdict.fate == "taken", letter
        self._left -= 1
        if not self._left:
            self.finished.set()


async def ours(name: str, desk: Desk, port: int, count: int) -> Sent:
    """Written, counted under four limits, sent."""
    people, variant = readers(count), compile_variant(Words("sv", "Våren", _TEXT), _HOUSE)
    mailer = Mailer(desk, variant, people)
    began, cpu = time.perf_counter(), time.process_time()
    server = MailServer("127.0.0.1", port, "bench.exempel.se")
    mailer.lines = Lines(server, CONNECTIONS, mailer.take, mailer.told, _unfit)
    feeding = asyncio.create_task(mailer.feed())
    await mailer.finished.wait()
    found = _sent(name, count, began, cpu)
    await feeding
    await mailer.lines.close()
    return found


class _Bare(asyncio.Protocol):
    """One message again and again, pipelined, without looking at what is answered."""

    def __init__(self, count: int, content: bytes, done: Callable[[], None]) -> None:
        self._left, self._done = count, done
        self._group = b"MAIL FROM:<a@s.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
        self._step = content + b".\r\n" + self._group

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
            self._transport.write(self._step)


async def bare(port: int, count: int, content: bytes) -> Sent:
    """The ceiling."""
    loop, left, ended = asyncio.get_running_loop(), [CONNECTIONS], asyncio.Event()

    def done() -> None:
        left[0] -= 1
        if not left[0]:
            ended.set()

    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(CONNECTIONS):
        await loop.create_connection(
            lambda: _Bare(count // CONNECTIONS, content, done), "127.0.0.1", port
        )
    await ended.wait()
    return _sent("bare pipelined client, one prebuilt message", count, began, cpu)


async def with_aiosmtplib(port: int, count: int, content: bytes) -> Sent:
    """The usual library, one connection per task."""

    async def one() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for _ in range(count // CONNECTIONS):
                await client.sendmail("a@s.example", ["b@x.example"], content)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return _sent("aiosmtplib, one connection per task, prebuilt", count, began, cpu)


def costs(count: int = 2000) -> list[tuple[str, float]]:
    """Microseconds of CPU to write one letter, and to build one as `EmailMessage`."""
    variant, people = compile_variant(Words("sv", "Våren", _TEXT), _HOUSE), readers(count)
    found = []
    for name, desk, some in (
        ("patched", _DESK, people),
        ("patched, Ed25519", replace(_DESK, keys=[_key("e")]), people),
        ("patched, RSA-2048", replace(_DESK, keys=[_key("r")]), people[: count // 5]),
    ):
        began = time.process_time()
        desk.letters(variant, some, AT)
        found.append((name, (time.process_time() - began) / len(some) * 1e6))
    began = time.process_time()
    for _ in range(count // 10):
        _built()
    found.append(("EmailMessage", (time.process_time() - began) / (count // 10) * 1e6))
    return found


def _built() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@s.example", "Åsa Öberg <b@x.example>", "Våren"
    mail.set_content(_TEXT)
    mail.add_alternative(f"<p>{_TEXT}</p>" * 2, subtype="html")
    return mail.as_bytes(policy=SMTP)


def _key(kind: str) -> DkimKey:
    private = (
        ed25519.Ed25519PrivateKey.generate()
        if kind == "e"
        else rsa.generate_private_key(65537, 2048)
    )
    return DkimKey("exempel.se", kind, private)


def _sent(name: str, count: int, began: float, cpu: float) -> Sent:
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    return Sent(name, count / took, spent / count * 1e6)


def _unfit(error: ServerUnfit) -> None:
    raise error


@contextmanager
def sink() -> Iterator[int]:
    """A sink of its own, gone afterwards."""
    with subprocess.Popen([sys.executable, "-m", "tests.bench.mail_sink"], stdout=-1) as process:
        try:
            yield int(process.stdout.readline())  # type: ignore[union-attr]
        finally:
            process.terminate()


async def measure(count: int) -> list[Sent]:
    """The ceiling first and last, as other work on the machine comes and goes."""
    [letter] = _DESK.letters(compile_variant(Words("sv", "x", _TEXT), _HOUSE), readers(1), AT)
    signing = replace(_DESK, keys=[_key("e")])
    with sink() as port:
        return [
            await bare(port, count, letter.content),
            await ours("ours, unsigned", _DESK, port, count),
            await ours("ours, Ed25519", signing, port, count),
            await with_aiosmtplib(port, count // 5, letter.content),
            await bare(port, count, letter.content),
        ]


def main() -> None:
    """Measure and print."""
    for name, micros in costs():
        print(f"{name:55} {micros:8.1f} µs CPU")
    for each in uvloop.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)):
        print(f"{each.name:55} {each.per_second:8.0f} /s {each.cpu:8.1f} µs CPU")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
