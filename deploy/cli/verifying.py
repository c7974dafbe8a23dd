"""Fetching a service's audit page by page and verifying it here: the service is not believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import Any

from nacl.signing import VerifyKey
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from deploy.cli.asking import Asker
from deploy.cli.screen import Screen
from shared.audit.chain import ChainCheck, Verdict
from shared.audit.documents import documents_in, link_of
from shared.audit.entry import Tip

_CHECKPOINTS, _ENTRIES = 2_000, 10_000
"""In one answer."""

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
    asker: Asker,
    service: str,
    key: VerifyKey,
    seen_before: Tip | None,
    out: Screen,
    *,
    page: int = _ENTRIES,
) -> Verified:
    """Everything up to where the chain ends now, with a progress bar; Ctrl-C cancels it."""
    began = time.monotonic()
    with _bar(out) as bar:
        task = bar.add_task(service, total=None, pace="")
        checkpoints, end = _signed(asker)
        check = ChainCheck(service, checkpoints, [key], seen_before=seen_before)
        for documents in _pages(asker, end, page):
            whole = check.follow(map(link_of, documents))
            _show(bar, task, check.seen, end, began, out)
            if not whole:
                break
    return Verified(service, check.verdict(of=end), time.monotonic() - began)


def _signed(asker: Asker) -> tuple[list[Answer], int]:
    """All checkpoints, and where the chain ends: looking makes it longer all the time."""
    found: list[Answer] = []
    cursor: str | None = "0"
    while cursor:
        page = asker.get("/v1/audit/checkpoints", cursor=cursor, limit=_CHECKPOINTS)
        found += page["checkpoints"]
        cursor = page["cursor"]
    return found, int(page["tip"])


def _pages(asker: Asker, end: int, size: int) -> Iterator[list[bytes]]:
    """Entries up to `end`; the next ones are fetched while these are verified."""

    def after(seq: int) -> Future[bytes]:
        known = {"cursor": str(seq), "limit": min(size, end - seq)}
        return _begun(lambda: asker.octets("/v1/audit/documents", **known))

    fetched = after(0) if end else None
    while fetched is not None:
        documents = list(documents_in(fetched.result()))
        last = link_of(documents[-1]).seq if documents else None
        fetched = after(last) if isinstance(last, int) and 0 < last < end else None
        yield documents


def _begun(work: Callable[[], bytes]) -> Future[bytes]:
    """Done beside, by a thread that nobody waits for after Ctrl-C."""
    future: Future[bytes] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where the result is wanted
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


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
