"""Many clients at the same moment over kept connections, too cheap to be what is measured."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: method, path, headers and an optional JSON body."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any = None

    def to_bytes(self, host: str) -> bytes:
        """HTTP/1.1 (RFC 9112), the connection is kept."""
        content = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if content:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of it. Milliseconds from the common start to each answer; answers per second."""

    p50: float
    p95: float
    per_second: float
    statuses: Counter[int]


async def rush(base_url: str, asked: Sequence[Asked]) -> Rush:
    """Connect all clients first, then let all ask at once."""
    host = urlsplit(base_url).netloc
    name, port = host.split(":")
    doors = await asyncio.gather(*(asyncio.open_connection(name, int(port)) for _ in asked))
    began = time.perf_counter()

    async def one(index: int) -> tuple[int, float]:
        reader, writer = doors[index]
        writer.write(asked[index].to_bytes(host))
        status = await _answered(reader)
        return status, (time.perf_counter() - began) * 1000

    answers = await asyncio.gather(*(one(index) for index in range(len(asked))))
    seconds = time.perf_counter() - began
    for _, writer in doors:
        writer.close()
    waits = sorted(wait for _, wait in answers)
    return Rush(
        p50=waits[len(waits) // 2],
        p95=waits[int(len(waits) * 0.95)],
        per_second=len(asked) / seconds,
        statuses=Counter(status for status, _ in answers),
    )


async def _answered(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    await reader.readexactly(length)
    return status
