"""`make bench`: figures of this machine, each beside a raw baseline of the same run."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from dataclasses import asdict
from typing import Any

import structlog
import uvloop
from rich.console import Console
from rich.table import Table

from deploy.local.data_folder import data_folder
from tests.bench import (
    audit,
    beside_a_mailing,
    case_read,
    contended,
    event_path,
    feeds,
    handbook,
    imports,
    mailing,
    matching,
    pages,
    steering,
    subscriber_import,
)
from tests.support.servers import RealServers, start_servers, stop_process
from tests.support.whole_copy import running_copy


async def measure() -> dict[str, Any]:
    """Everything, one part after the other, each on servers of its own."""
    # What is asked of an app in this process is not told line by line.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    matched = matching.measure()
    printed = handbook.measure()
    with tempfile.TemporaryDirectory() as folder:
        servers = data_folder(f"{folder}/servers")
        process = start_servers(servers)
        try:
            events = await event_path.measure(RealServers(servers))
            mailings = await mailing.measure(RealServers(servers))
            steered = await steering.measure(RealServers(servers))
            imported = await subscriber_import.measure(RealServers(servers), 20_000)
            partners = await feeds.measure(RealServers(servers))
        finally:
            stop_process(process)
        with running_copy(data_folder(f"{folder}/copy")) as copy:
            files = await imports.measure(copy)
            rush = await contended.measure(copy)
            audited = await audit.measure(copy)
            case = await case_read.measure(copy)
            beside = await beside_a_mailing.measure(copy)
            seen = await pages.measure(copy)  # the last, as it leaves ten thousand rows of each
    return {
        "events": events,
        "mailings": mailings,
        "steered": steered,
        "subscribers": imported,
        "beside a mailing": beside,
        "partners": partners,
        "imports": files,
        "contended": rush,
        "audit": audited,
        "case read": case,
        "matching": matched,
        "handbook": printed,
        "pages": seen,
    }


def shown(found: dict[str, Any]) -> Table:
    """The table that people read."""
    table = Table(title="Safe Space – make bench")
    for name in ("figure", "ours", "raw baseline", "ratio", "aim"):
        table.add_column(name, justify="left" if name in ("figure", "aim") else "right")
    for row in _rows(found):
        table.add_row(*row)
    files = found["imports"]
    table.add_row("import of the season, rows/s", f"{files.season:.0f}", "–", "–", "–")
    table.add_row("import of requests, rows/s", f"{files.requests:.0f}", "–", "–", "–")
    table.add_row("SMS after the import, per second", f"{files.told_per_second:.0f}", "–", "–", "–")
    return table


def _rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        *_events(found["events"]),
        *mailing.rows(found["mailings"]),
        *steering.rows(found["steered"]),
        *subscriber_import.rows(found["subscribers"]),
        *beside_a_mailing.rows(found["beside a mailing"]),
        *feeds.rows(found["partners"]),
        *_contended(found["contended"]),
        *audit.rows(found["audit"]),
        *case_read.rows(found["case read"]),
        *_matching(found["matching"]),
        *handbook.rows(found["handbook"]),
        *pages.rows(found["pages"]),
    ]


def _events(found: event_path.EventPath) -> list[tuple[str, ...]]:
    rows = []
    aims = {"p50": "idle ≤ 15 ms", "p99": "≤ 2.5 (see decision 0033)"}
    for latency in (found.idle, found.at_100):
        for name, aim in aims.items():
            ours, raw, bare = (
                getattr(each, name) for each in (latency.ours, latency.raw, latency.bare)
            )
            figure = f"event path {latency.rate}, {name} ms"
            rows.append((figure, f"{ours:.1f}", f"{raw:.1f}", f"{ours / raw:.2f}", aim))
            beside = "  beside a bare loop with the same writes"
            rows.append((beside, f"{ours:.1f}", f"{bare:.1f}", f"{ours / bare:.2f}", "≤ 1.5"))
    through = found.throughput
    rows.append(
        (
            "events/s end to end (baseline: bare loop, same writes)",
            *(f"{through.ours:.0f}", f"{through.bare:.0f}", f"{through.ratio:.2f}", "≥ 0.8"),
        )
    )
    rows.append(
        (
            "events/s end to end (baseline: bare loop, one write a side)",
            *(f"{through.ours:.0f}", f"{through.barest:.0f}"),
            *(f"{through.ours / through.barest:.2f}", "–"),
        )
    )
    return rows


def _contended(found: contended.Contended) -> list[tuple[str, ...]]:
    one, many, read = found.one_occasion, found.many_occasions, found.small_read

    def row(figure: str, ours: float, raw: float, aim: str) -> tuple[str, ...]:
        return (figure, f"{ours:.0f}", f"{raw:.0f}", f"{ours / raw:.2f}", aim)

    return [
        row("200 on one occasion, p50 ms (beside 200 occasions)", one.p50, many.p50, "–"),
        row("200 on one occasion, p95 ms (beside 200 occasions)", one.p95, many.p95, "p95 < 600"),
        row(
            *("answers/s on one occasion (beside 200 occasions)", one.per_second),
            *(many.per_second, "≥ 1"),
        ),
        row("answers/s on one occasion (beside a GET)", one.per_second, read.per_second, "≥ 0.3"),
    ]


def _matching(found: matching.Rounds) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one, aim in zip(found.sizes, ("< 1 s", "< 10 s"), strict=True):
        figure = f"matching {one.size} × {one.size}, s (baseline: the solver, random matrix)"
        ratio = f"{one.whole / one.raw:.1f}"
        rows.append((figure, f"{one.whole:.2f}", f"{one.raw:.2f}", ratio, aim))
        reasons = f"of which why not for {one.unmatched} people, s"
        rows.append((reasons, f"{one.why_not:.2f}", "–", "–", "–"))
    return rows


def main() -> None:
    """Print the table, or JSON with --json."""
    found = uvloop.run(measure())
    if "--json" in sys.argv:
        json.dump({name: asdict(part) for name, part in found.items()}, sys.stdout, default=dict)
    else:
        Console(width=120).print(shown(found))


if __name__ == "__main__":
    main()
