"""How fast both spreadsheets are imported, and how soon everybody has been told."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.whole_copy import WholeCopy

DATA = Path(__file__).resolve().parents[1] / "data"
QUIET_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Imports:
    """Rows per second of each file (the whole command), and SMS per second afterwards."""

    season: float
    requests: float
    told_per_second: float


async def measure(copy: WholeCopy) -> Imports:
    """Import both files once, as a coordinator does, and wait until the phone is quiet."""
    season = await _rows_per_second(copy, "import-season", "season-spring-2027.csv")
    began, before = time.perf_counter(), len(await copy.phone())
    requests = await _rows_per_second(copy, "import-requests", "class-requests-spring-2027.csv")
    told, ended = await _until_quiet(copy)
    return Imports(season, requests, (told - before) / (ended - began))


async def _rows_per_second(copy: WholeCopy, command: str, name: str) -> float:
    began = time.perf_counter()
    report = await asyncio.to_thread(
        copy.safespace, "booking", command, str(DATA / name), "--commit"
    )
    return float(report["rows"]) / (time.perf_counter() - began)


async def _until_quiet(copy: WholeCopy) -> tuple[int, float]:
    seen, since = len(await copy.phone()), time.perf_counter()
    while time.perf_counter() - since < QUIET_SECONDS:
        await asyncio.sleep(0.1)
        now = len(await copy.phone())
        if now != seen:
            seen, since = now, time.perf_counter()
    return seen, since
