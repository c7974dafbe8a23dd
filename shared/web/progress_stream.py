"""The answer to a long job: one line of JSON at a time, its progress, and the report at last.

Whoever closes the connection cancels the job at its next step.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from starlette.responses import StreamingResponse

from shared.kernel.refusal import Refusal

MEDIA_TYPE = "application/x-ndjson"
STREAMED: dict[str, Any] = {
    "description": "En rad JSON i taget: förlopp, och sist rapporten.",
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
}
R = TypeVar("R")


def streamed(
    steps: AsyncIterator[tuple[int, int, R]], told: Callable[[R], Mapping[str, Any]]
) -> StreamingResponse:
    """`steps` gives (done, of, report so far); `told` makes the last line's report, at the end.

    A refusal on the way is the last line.
    """
    return StreamingResponse(
        _lines(steps, told), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
    )


async def _lines(
    steps: AsyncIterator[tuple[int, int, R]], told: Callable[[R], Mapping[str, Any]]
) -> AsyncIterator[bytes]:
    began = time.monotonic()
    last: list[R] = []
    try:
        async for done, of, report in steps:
            last = [report]
            yield line({"progress": pace(done, of, time.monotonic() - began)})
    except Refusal as refusal:
        said = {"kind": refusal.kind, "sv": refusal.says("sv"), "en": refusal.says("en")}
        yield line({"problem": said})
        return
    for each in last:
        yield line({"report": told(each)})


def pace(done: int, of: int, seconds: float) -> dict[str, Any]:
    """How many of how many, rows a second, and seconds left as far as that can be said."""
    rate = done / seconds if seconds > 0 and done else None
    return {
        "done": done,
        "of": of,
        "rate": round(rate, 1) if rate else None,
        "seconds_left": round((of - done) / rate, 1) if rate else None,
    }


def line(content: Mapping[str, Any]) -> bytes:
    """One line."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
