"""A file of subscribers is read in. Again changes nothing: each address is known again.

Chunk by chunk: looked up, decided, saved in one transaction. Whoever is killed leaves whole chunks;
reading the same file again goes on from there, and nobody is asked twice by a file.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import TypeAlias

from services.publishing.domain.consent import Asked
from services.publishing.domain.importing import (
    OUTCOMES,
    SOURCE,
    Decided,
    ImportedRow,
    Outcome,
    decide,
)
from services.publishing.domain.letter import Letter
from services.publishing.domain.preferences import NoSuchList
from services.publishing.domain.subscriber import Contact, Subscriber
from services.publishing.domain.suppression import Cause
from services.publishing.spreadsheets.subscriber_file import count_rows, read_rows
from services.publishing.use_cases.changing import until_alone, was_changed
from services.publishing.use_cases.in_turn import in_turn
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.sign_up import opt_in_letter
from services.publishing.use_cases.subscriber_ports import (
    Fingerprinting,
    Keeping,
    Letters,
    Lists,
    Newcomers,
    Suppressions,
)
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.spreadsheets.table import Sheet
from shared.spreadsheets.trouble import CellTrouble, Trouble

CHUNK = 1_000
PER_LETTER = timedelta(milliseconds=50)
"""A file's opt-in letters go out at 20 a second, so that nobody who signs up waits behind them."""
_NO_PROOF = CellTrouble(
    "no-proof",
    sv="Raden har inget bevis på samtycke. Fyll i Samtyckte och Samtyckestext, eller läs in filen "
    "så att adresserna får ett brev att bekräfta.",
    en="The row has no proof of a consent. Fill in consented_at and consent_text, or import the "
    "file so that the addresses get a letter to confirm.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`ask`: who brings no proof gets a letter to confirm; else such a row is rejected."""

    list_id: str
    ask: bool = False
    commit: bool = False


@dataclass(slots=True)
class ImportReport:
    """`rows` = all outcomes; `repeated` are rows whose address stood in the file before."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    repeated: int = 0
    troubles: list[Trouble] = field(default_factory=list)


@dataclass(slots=True)
class _Chunk:
    """Rows of a file: those that are good, with their fingerprints, and the rest of them."""

    size: int = 0
    good: list[tuple[ImportedRow, str]] = field(default_factory=list)
    repeated: int = 0
    rejected: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    def reject(self, troubles: Sequence[Trouble]) -> None:
        """One row, for these."""
        self.rejected += 1
        self.troubles.extend(troubles)


@dataclass(frozen=True, slots=True)
class Imported:
    """A row on its way: the fingerprint of its address, and what it comes to."""

    row: ImportedRow
    blind: str
    before: Subscriber | None
    decided: Decided


_Ready: TypeAlias = tuple[Sequence[Imported], Newcomers]


@dataclass(frozen=True, slots=True)
class ImportSubscribers:
    """Read a file into a list. Without `commit` nothing is saved, and the report is the same.

    A row with a proof of consent (when, and to which words) is confirmed by it; one without is
    asked by letter, if that is wanted. Who left, or is stopped, stays so.
    """

    lists: Lists
    subscribers: Keeping
    suppressions: Suppressions
    letters: Letters
    fingerprints: Fingerprinting
    transact: Transact
    clock: Clock

    async def __call__(
        self, sheet: Sheet, wanted: Wanted, *, by: Actor
    ) -> AsyncGenerator[tuple[int, int, ImportReport], None]:
        """Rows done, rows there are, and the report so far, after each chunk.

        Raises NoSuchList, or a refusal of the file as a whole: then nothing was saved.
        """
        known = await self.lists.find(wanted.list_id, by=by)
        if known is None:
            raise NoSuchList
        now = self.clock.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        asked = Asked(known.consent.version, SOURCE, now)
        total = await asyncio.to_thread(count_rows, sheet)
        report = ImportReport()
        yield 0, total, report
        run, done = _Run(self, wanted, asked, by, report), 0
        chunks = run.chunks(read_rows(sheet, now))
        async with aclosing(chunks), aclosing(in_turn(chunks, run.ready, run.save)) as saved:
            async for chunk in saved:
                done += chunk.size
                yield done, total, report

    def next_chunk(
        self, rows: Iterator[ImportedRow | list[Trouble]], ask: bool, met: set[int]
    ) -> _Chunk:
        """The next rows, with fingerprints; of two with the same address the first counts."""
        chunk = _Chunk()
        for row in islice(rows, CHUNK):
            chunk.size += 1
            if isinstance(row, list):
                chunk.reject(row)
            elif row.proof is None and not ask:
                chunk.reject([_NO_PROOF.at(row.number, "Samtyckte")])
            elif (sign := int((blind := self.fingerprints.of(row.address))[:16], 16)) in met:
                chunk.repeated += 1
            else:
                met.add(sign)
                chunk.good.append((row, blind))
        return chunk

    async def decided(
        self, rows: Sequence[tuple[ImportedRow, str]], list_id: str, asked: Asked, by: Actor
    ) -> list[Imported]:
        """What each row comes to, as things stand now."""
        blinds = [blind for _, blind in rows]
        known, causes = await asyncio.gather(
            self.subscribers.at_all(blinds, by=by), self.suppressions.causes(blinds, by=by)
        )
        none: frozenset[Cause] = frozenset()
        return [
            Imported(
                row,
                blind,
                before := known.get(blind),
                decide(row, before, causes.get(blind, none), list_id, asked, uuid.UUID(new_id())),
            )
            for row, blind in rows
        ]

    async def sealed(self, decided: Sequence[Imported], by: Actor) -> Newcomers:
        """Whoever is new, with the sealed part; who is to stay unknown is left out."""
        new = [
            (after, each)
            for each in decided
            if each.before is None and (after := each.decided.after) is not None
        ]
        people = [(after.id, Contact(each.row.address, each.row.name)) for after, each in new]
        ciphers = await self.subscribers.seal(people, by=by)
        return [
            (after, each.blind, cipher)
            for (after, each), cipher in zip(new, ciphers, strict=True)
            if cipher is not None
        ]

    async def save(
        self, decided: Sequence[Imported], added: Newcomers, asked: Asked, letters: int
    ) -> None:
        """In one transaction; `letters` are due before those of this chunk."""
        changed = [
            (each.before, each.decided.after)
            for each in decided
            if each.before and each.decided.after and each.decided.after != each.before
        ]
        due = _letters(decided, asked, letters)

        async def work(session: Session) -> None:
            await self.subscribers.add_all(session, added)
            await self.subscribers.save_all(session, changed)
            await self.letters.add(session, due)

        if added or changed:
            await self.transact(work)


class _Run:
    """One file on its way into a list, and what is counted of it."""

    def __init__(
        self, use: ImportSubscribers, wanted: Wanted, asked: Asked, by: Actor, report: ImportReport
    ) -> None:
        self._use, self._wanted, self._asked, self._by = use, wanted, asked, by
        self._report, self._letters = report, 0

    async def chunks(
        self, rows: Iterator[ImportedRow | list[Trouble]]
    ) -> AsyncGenerator[_Chunk, None]:
        """The file; one is read ahead, in a thread: it is nothing but computing."""
        met = set[int]()

        def read() -> _Chunk:
            return self._use.next_chunk(rows, self._wanted.ask, met)

        reading = asyncio.create_task(asyncio.to_thread(read))
        try:
            while (chunk := await reading).size:
                reading = asyncio.create_task(asyncio.to_thread(read))
                yield chunk
        finally:
            await asyncio.gather(reading, return_exceptions=True)

    async def ready(self, chunk: _Chunk) -> _Ready:
        """Decided, and sealed when it is to be kept."""
        decided = await self._use.decided(chunk.good, self._wanted.list_id, self._asked, self._by)
        sealed = await self._use.sealed(decided, self._by) if self._wanted.commit else []
        return decided, sealed

    async def save(self, chunk: _Chunk, first: _Ready) -> None:
        """Decided anew when somebody else came in between."""
        made = iter([first])

        async def once() -> Sequence[Imported]:
            decided, sealed = next(made, None) or await self.ready(chunk)
            if self._wanted.commit:
                await self._use.save(decided, sealed, self._asked, self._letters)
            return decided

        decided = await until_alone(once, self._raced)
        counts, report = self._report.counts, self._report
        counts["rejected"] += chunk.rejected
        counts["unchanged"] += chunk.repeated
        report.repeated += chunk.repeated
        report.troubles.extend(chunk.troubles)
        for each in decided:
            counts[each.decided.outcome] += 1
            self._letters += each.decided.letter_at is not None

    def _raced(self, error: Exception) -> bool:
        return was_changed(error) or self._use.subscribers.is_taken(error)


def _letters(decided: Sequence[Imported], asked: Asked, first: int) -> list[Letter]:
    due: list[Letter] = []
    for each in decided:
        after, at = each.decided.after, each.decided.letter_at
        if after is not None and at is not None:
            at += (first + len(due)) * PER_LETTER
            due.append(replace(opt_in_letter(after, asked.at, at), made_at=at))
    return due
