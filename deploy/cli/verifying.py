"""Fetching a service's audit page by page and verifying it here: the service is not believed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from nacl.signing import VerifyKey
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from deploy.cli.asking import Asker
from deploy.cli.screen import Screen
from shared.audit.chain import ChainCheck, Verdict
from shared.audit.entry import Tip

_PAGE = 2_000
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verified:
    """One service's verdict, and how long it took in seconds."""

    service: str
    verdict: Verdict
    seconds: float

    @property
    def per_second(self) -> float:
        """Entries."""
        return self.verdict.entries / self.seconds if self.seconds else 0.0


def verify(
    asker: Asker, service: str, key: VerifyKey, seen_before: Tip | None, out: Screen
) -> Verified:
    """Everything up to where the chain ends now, with a progress bar; Ctrl-C cancels it."""
    began = time.monotonic()
    checkpoints = [c for page in _pages(asker, "checkpoints") for c in page["checkpoints"]]
    check = ChainCheck(service, checkpoints, [key], seen_before=seen_before)
    with _bar(out) as bar:
        task = bar.add_task(service, total=None, pace="")
        end: int | None = None
        for page in _pages(asker, "entries"):
            # Looking leaves entries too: what was there at the start is what is verified.
            end = page["tip"] if end is None else end
            whole = check.take(e for e in page["entries"] if _number(e) <= end)
            _show(bar, task, check.seen, end, began, out)
            if not whole or check.seen >= end:
                break
    return Verified(service, check.verdict(), time.monotonic() - began)


def _pages(asker: Asker, name: str) -> Iterator[Answer]:
    """One page after the other; the next is fetched while this one is verified."""
    path = f"/v1/audit/{name}"
    with ThreadPoolExecutor(max_workers=1) as fetching:
        on_the_way: deque[Future[Answer]] = deque()

        def fetch(cursor: str) -> None:
            on_the_way.append(fetching.submit(asker.get, path, cursor=cursor, limit=_PAGE))

        fetch("0")
        while on_the_way:
            page = on_the_way.popleft().result()
            if page["cursor"]:
                fetch(page["cursor"])
            yield page


def _number(entry: Mapping[str, Any]) -> int:
    seq = entry.get("seq")
    return seq if isinstance(seq, int) else 0


def _show(bar: Progress, task: TaskID, done: int, of: int, began: float, out: Screen) -> None:
    rate = done / max(time.monotonic() - began, 0.001)
    left = round((of - done) / rate) if rate else 0
    words = out.words(f"{rate:.0f} poster/s, {left} s kvar", f"{rate:.0f} entries/s, {left} s left")
    bar.update(task, completed=done, total=of, pace=words)


def _bar(out: Screen) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=out.aside,
        transient=True,
    )
