"""Ledgers kept together: a letter leaves when it is noted, and nobody waits for somebody else's."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from services.publishing.domain.ledger import Ledger
from services.publishing.mailing import keeping
from services.publishing.mailing.keeping import Keeping
from services.publishing.mailing.ports import Answer, Claimed, Content, Entry, Hint, StoreAway
from services.publishing.mailing.round import Round

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
MAILING = str(uuid.UUID(int=7))


class Book:
    """Keeps what it is given when the test lets it."""

    lease_seconds = 10.0

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.kept: list[Entry] = []
        self.seen: list[int] = []
        self.answer: Answer = "kept"
        self.away = 0

    async def claim(self, hint: Hint) -> Claimed | None:
        raise NotImplementedError

    async def keep(self, entries: Sequence[Entry]) -> Sequence[Answer]:
        await self.open.wait()
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise StoreAway
        self.kept += entries
        return [self.answer] * len(entries)

    async def still_ours(self, entries: Sequence[Entry]) -> None:
        self.seen += [entry.number for entry in entries]

    async def let_go(self, entry: Entry, due_in: timedelta) -> None:
        raise NotImplementedError


def a_round(number: int) -> Round:
    people = [uuid.UUID(int=n).bytes for n in range(5)]
    claimed = Claimed(MAILING, number, "ours", 1, people, Ledger.of(5).page())
    return Round(claimed, Content(MAILING, "skolor", "running", ()))


@asynccontextmanager
async def running(book: Book, lost: list[Round]) -> AsyncIterator[Keeping]:
    kept = Keeping(book, lost.append, lambda: None)
    task = asyncio.create_task(kept.run())
    try:
        async with asyncio.timeout(30):
            yield kept
    finally:
        task.cancel()


async def test_a_letter_leaves_when_it_is_noted() -> None:
    """Not before the write that says so is done, and not while the database is away."""
    book, one, gone = Book(), a_round(0), asyncio.Event()
    book.open.clear()
    book.away = 2
    async with running(book, []) as kept:
        one.ledger.take_in_hand(0, NOW)
        kept.leaves(one, gone.set)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not gone.is_set()
        book.open.set()
        await gone.wait()
        assert book.kept[-1].tally.in_hand == 1


async def test_who_lost_the_lease_sends_nothing_more() -> None:
    """The letter that waited for the write stays where it is."""
    book, one, lost, gone = Book(), a_round(0), list[Round](), asyncio.Event()
    book.answer = "lost"
    async with running(book, lost) as kept:
        kept.leaves(one, gone.set)
        await kept.kept(one)
        assert lost == [one]
        assert not gone.is_set()


async def test_one_busy_round_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is written without a pause, another is kept, let go, and said to be still ours."""
    monkeypatch.setattr(keeping, "_RENEW", 0.01)
    book, busy, other = Book(), a_round(0), a_round(1)
    async with running(book, []) as kept:
        kept.rounds = {busy, other}

        def again() -> None:
            kept.leaves(busy, again)

        again()
        kept.changed(other)
        await kept.kept(other)
        while 1 not in book.seen:  # noqa: ASYNC110 - nothing rings when a lease is renewed
            await asyncio.sleep(0.001)


async def test_most_of_what_is_in_hand_is_kept_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick server's next answers are worth a moment: two letters, one write."""
    monkeypatch.setattr(keeping, "_PATIENCE", 30.0)
    book, one, gone = Book(), a_round(0), list[int]()
    for index in range(4):
        one.ledger.take_in_hand(index, NOW)
    async with running(book, []) as kept:
        kept.rounds = {one}
        kept.leaves(one, lambda: gone.append(1))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not book.kept
        kept.leaves(one, lambda: gone.append(2))
        await kept.kept(one)
        assert (len(book.kept), gone) == (1, [1, 2])


async def test_a_slow_server_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else came in that moment: the next letters are kept as they come."""
    monkeypatch.setattr(keeping, "_PATIENCE", 0.01)
    book, one, gone = Book(), a_round(0), asyncio.Event()
    for index in range(5):
        one.ledger.take_in_hand(index, NOW)
    async with running(book, []) as kept:
        kept.rounds = {one}
        kept.leaves(one, gone.set)
        await gone.wait()
        monkeypatch.setattr(keeping, "_PATIENCE", 60.0)
        for _ in range(10):
            gone.clear()
            kept.leaves(one, gone.set)
            await gone.wait()
