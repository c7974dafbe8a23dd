"""`python -m tests.bench.mentoring`: mentoring's figures alone, beside their raw baselines.

Parts can be named: `matching`, `case-read`, `audit`. A copy of its own is started for the last two.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Sequence

import structlog
import uvloop
from rich.console import Console
from rich.table import Table

from deploy.local.data_folder import data_folder
from tests.bench import audit, case_read, matching
from tests.support.whole_copy import running_copy

PARTS = ("matching", "case-read", "audit")
Rows = list[tuple[str, ...]]


async def measure(parts: Sequence[str]) -> Rows:
    """The rows of a table: figure, ours, raw baseline, ratio, aim."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rows: Rows = []
    if "matching" in parts:
        rows += _matching(matching.measure())
    if {"case-read", "audit"}.isdisjoint(parts):
        return rows
    with tempfile.TemporaryDirectory() as folder, running_copy(data_folder(folder)) as copy:
        if "case-read" in parts:
            rows += case_read.rows(await case_read.measure(copy))
        if "audit" in parts:
            rows += audit.rows(await audit.measure(copy))
    return rows


def _matching(found: matching.Rounds) -> Rows:
    return [
        (
            f"matching {one.size} × {one.size}, s (baseline: the solver, random matrix)",
            *(f"{one.whole:.2f}", f"{one.raw:.2f}", f"{one.whole / one.raw:.1f}", aim),
        )
        for one, aim in zip(found.sizes, ("< 1 s", "< 10 s"), strict=True)
    ]


def main() -> None:
    """Print the table."""
    parts = sys.argv[1:] or PARTS
    table = Table(title="Safe Space – mentoring's figures")
    for name in ("figure", "ours", "raw baseline", "ratio", "aim"):
        table.add_column(name, justify="left" if name in ("figure", "aim") else "right")
    for row in uvloop.run(measure(parts)):
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
