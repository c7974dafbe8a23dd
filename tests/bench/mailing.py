"""How fast a mailing leaves, with its ledger on the disk, beside a bare pipelined client.

`python -m tests.bench.mailing [letters]`. Real mailer processes on a real database and broker, from
sealed addresses to signed letters, to the sink that the bare client and aiosmtplib speak to.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import uvloop

from deploy.local.data_folder import data_folder
from services.publishing.mailing.compiling import Words, compile_variant
from services.publishing.mailing.signing import seeded
from services.publishing.mailing.writing import Desk
from services.publishing.main import house_of
from services.publishing.settings import HttpSettings
from tests.bench.mail_sinks import Sink, postfix_sink, sink
from tests.bench.mailing_raw import Sent, bare, with_aiosmtplib, with_duties
from tests.integration.publishing.mailing_world import EDITOR, Mailings, nothing_more
from tests.support.eventually import eventually
from tests.support.processes import Processes, make_processes
from tests.support.servers import RealServers, emptied, start_servers, stop_process
from tests.unit.publishing.letters import HOUSE, NOW, RING, reader

LETTERS = 20_000
CONNECTIONS = 100
_LONGER = 5
"""Times as many for the bare client, which has sent as many as a mailing has in a moment."""
PAUSE = 0.005
"""Seconds before each reply of a slow server, or that a server is away."""
_TEXT = "# Hej {{name|vän}}!\n\n" + "En rad om vårens öppna kvällar på Garaget.\n\n" * 15
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run; the ceiling is the better of two, before and after."""

    ceiling: Sent
    duties: Sent
    one: Sent
    two: Sent
    unsigned: Sent
    library: Sent
    slow: Sent
    slow_library: Sent
    slow_ceiling: Sent
    away: Sent
    away_library: Sent
    away_ceiling: Sent
    postfix_ceiling: Sent | None
    postfix_one: Sent | None
    postfix_two: Sent | None


class Bench:
    """A mailing's processes beside a sink, and what they use."""

    def __init__(self, servers: RealServers, processes: Processes, mailings: Mailings) -> None:
        self.servers, self.processes, self.mailings = servers, processes, mailings

    async def run(self, name: str, to: Sink, mailers: int, **told: str) -> Sent:
        """A whole mailing to everybody: from the first tenth of it to the last letter."""
        mailings, before = self.mailings, await to.taken()
        smtp = {"SAFESPACE_SMTP_PORT": str(to.port)}
        started = [
            await self.processes.start(
                "publishing-mailer",
                second=str(n),
                wait=False,
                **smtp,
                **{"SAFESPACE_CONNECTIONS": str(CONNECTIONS), **told},
            )
            for n in range(1, mailers + 1)
        ]
        await self.processes.start("publishing-worker", second="w", wait=False, **smtp)
        job = await mailings.created()
        await mailings.house.steer.start(job.id, job.version, nothing_more, by=EDITOR)
        total = len(mailings.people)
        first = await _until(to, before + total // 10)
        pids = [each for one in started for each in _family(one.pid)]
        began, cpu = time.perf_counter(), sum(map(_cpu, pids))
        last = await _until(to, before + total)
        took, spent = time.perf_counter() - began, sum(map(_cpu, pids)) - cpu
        memory = sum(map(_peak, pids))
        sent = last - first

        async def ended() -> bool:
            return (await mailings.job(job.id)).ended_at is not None

        await eventually(ended)
        found = await mailings.progress(job.id)
        assert found.tally.accepted == total, "the ledger and the sink do not agree"
        self.processes.stop()
        return Sent(name, sent / took, spent / sent * 1e6, memory)


async def _until(to: Sink, count: int) -> int:
    while (found := await to.taken()) < count:  # noqa: ASYNC110 - the sink is another process
        await asyncio.sleep(0.05)
    return found


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


async def measure(servers: RealServers, letters: int = LETTERS) -> Figures:
    """Everything against the same sink, one after the other; then against a slow one."""
    emptied(servers, "publishing")
    processes = make_processes(servers)
    told = processes.table.command("publishing-http").environment
    with patch.dict(os.environ, told):
        house = house_of(HttpSettings())
    await house.make_indexes()
    mailings = Mailings(house, text=_TEXT)
    await mailings.a_list_with(letters, domains=400)
    bench = Bench(servers, processes, mailings)
    content = _one_letter()
    unsigned = {"SAFESPACE_DKIM": "off"}
    try:
        with sink() as to:
            ceiling = await bare(to, letters * _LONGER, content, CONNECTIONS)
            one = await bench.run("one mailer, signed", to, 1)
            two = await bench.run("two mailers, signed", to, 2)
            plain = await bench.run("one mailer, unsigned", to, 1, **unsigned)
            library = await with_aiosmtplib(to, letters // 5, content, CONNECTIONS)
            notes = house.ground.database["bench_notes"]
            duties = await with_duties(to, letters, content, CONNECTIONS, notes)
            again = await bare(to, letters * _LONGER, content, CONNECTIONS)
        postfix = await _on_postfix(bench, letters, content)
        slow = await _slowly(bench, letters, content, away=False)
        away = await _slowly(bench, letters, content, away=True)
    finally:
        processes.stop()
    best = max(ceiling, again, key=lambda each: each.per_second)
    return Figures(best, duties, one, two, plain, library, *slow, *away, *postfix)


async def _on_postfix(bench: Bench, letters: int, content: bytes) -> Sequence[Sent | None]:
    """The ceiling, one mailer and two on Postfix's `smtp-sink`, where it is to be had."""
    with tempfile.TemporaryDirectory() as folder, postfix_sink(Path(folder)) as to:
        if to is None:
            return None, None, None
        ceiling = await bare(to, letters * _LONGER, content, CONNECTIONS)
        one = await bench.run("one mailer, signed", to, 1)
        two = await bench.run("two mailers, signed", to, 2)
        return ceiling, one, two


async def _slowly(bench: Bench, letters: int, content: bytes, *, away: bool) -> Sequence[Sent]:
    """Ours, the library and the ceiling, where a server thinks about each reply or is far away."""
    with sink(PAUSE, away=away) as to:
        ceiling = await bare(to, letters, content, CONNECTIONS)
        one = await bench.run("one mailer", to, 1)
        library = await with_aiosmtplib(to, letters // 2, content, CONNECTIONS)
    return one, library, ceiling


def rows(found: Figures) -> list[tuple[str, ...]]:
    """For the table of `make bench`."""
    shown: list[tuple[str, ...]] = []
    aims = (
        (found.one, "≥ 0.33, must ≥ 0.18"),
        (found.two, "≥ 0.33"),
        (found.unsigned, "≥ 0.33, must ≥ 0.18"),
        (found.library, "–"),
    )
    shown += [_beside("letters/s", each, found.ceiling, aim) for each, aim in aims]
    for mailers in (found.postfix_one, found.postfix_two):
        if mailers is not None and found.postfix_ceiling is not None:
            what = "letters/s to Postfix's smtp-sink"
            shown.append(_beside(what, mailers, found.postfix_ceiling, "≥ 0.33, must ≥ 0.18"))
    for each, raw in ((found.one, found.duties), (found.one, found.library)):
        ratio = f"{each.per_second / raw.per_second:.2f}"
        figure = f"  one mailer, signed (baseline: {raw.name}, {raw.cpu:.0f} µs CPU)"
        shown.append((figure, f"{each.per_second:.0f}", f"{raw.per_second:.0f}", ratio, "–"))
    pairs = (
        ("at 5 ms a reply (baseline: aiosmtplib)", found.slow, found.slow_library, "≥ 2"),
        ("  the bare client (baseline: aiosmtplib)", found.slow_ceiling, found.slow_library, "–"),
        ("from a server 5 ms away (baseline: aiosmtplib)", found.away, found.away_library, "≥ 2"),
        ("  the bare client (baseline: aiosmtplib)", found.away_ceiling, found.away_library, "–"),
    )
    for what, ours, library, aim in pairs:
        part = ours.per_second / library.per_second
        figures = (f"{ours.per_second:.0f}", f"{library.per_second:.0f}", f"{part:.2f}")
        shown.append((f"letters/s {what}, {CONNECTIONS} lines", *figures, aim))
    return shown


def _beside(what: str, ours: Sent, top: Sent, aim: str) -> tuple[str, ...]:
    figure = f"{what}: {ours.name} ({ours.cpu:.0f} µs CPU, {ours.memory:.0f} MB)"
    part = ours.per_second / top.per_second
    return (figure, f"{ours.per_second:.0f}", f"{top.per_second:.0f}", f"{part:.2f}", aim)


def _one_letter() -> bytes:
    variant = compile_variant(Words("sv", "Våren", _TEXT), HOUSE)
    desk = Desk(RING, "bounce.exempel.se", [seeded("exempel.se", "ed", bytes(32))])
    [letter] = desk.letters(variant, [reader(1)], NOW)
    return letter.content


async def _alone(letters: int) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        given = os.environ.get("SAFESPACE_TEST_SERVERS")
        servers = data_folder(given or f"{folder}/servers")
        process = None if given else start_servers(servers)
        try:
            return await measure(RealServers(servers), letters)
        finally:
            if process is not None:
                stop_process(process)


def main() -> None:
    """Measure and print."""
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS
    found = uvloop.run(_alone(letters))
    for name in Figures.__slots__:
        each = getattr(found, name)
        if each is None:
            continue
        print(
            f"{name:14} {each.name:36} {each.per_second:8.0f} /s {each.cpu:7.1f} µs CPU"
            f" {each.memory:6.0f} MB"
        )
    for row in rows(found):
        print("  ".join(row))


if __name__ == "__main__":
    main()
