"""A file of subscribers is read in. Again changes nothing: each address is known again.

Chunk by chunk: looked up, decided, saved in one transaction. Whoever is killed leaves whole chunks;
reading the same file again goes on from there, and nobody is asked twice by a file.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import Protocol

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
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.sign_up import opt_in_letter
from services.publishing.use_cases.subscriber_ports import (
    Cipher,
    Fingerprinting,
    Letters,
    Lists,
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


@dataclass(frozen=True, slots=True)
class Imported:
    """A row on its way: the fingerprint of its address, and what it comes to."""

    row: ImportedRow
    blind: str
    before: Subscriber | None
    decided: Decided


class Keeping(Protocol):
    """Subscribers, many at a time."""

    async def at_all(self, blinds: Sequence[str], *, by: Actor) -> Mapping[str, Subscriber]:
        """Those whose mailbox is known, by fingerprint."""
        ...

    async def seal(
        self, people: Sequence[tuple[uuid.UUID, Contact]], *, by: Actor
    ) -> list[Cipher | None]:
        """Their sealed parts."""
        ...

    async def add_all(
        self, session: Session, new: Sequence[tuple[Subscriber, str, Cipher]]
    ) -> None:
        """Somebody new each, with the fingerprint of their mailbox."""
        ...

    async def save_all(
        self, session: Session, changed: Sequence[tuple[Subscriber, Subscriber]]
    ) -> None:
        """Before and after of each; raises VersionConflict if one was changed meanwhile."""
        ...

    def is_taken(self, error: BaseException) -> bool:
        """Whether an error says that a mailbox is somebody's already."""
        ...


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
        report, met, done, letters = ImportReport(), set[int](), 0, 0
        yield done, total, report
        rows = read_rows(sheet, now)
        reading = asyncio.create_task(asyncio.to_thread(self._next, rows, wanted.ask))
        try:
            while chunk := await reading:
                reading = asyncio.create_task(asyncio.to_thread(self._next, rows, wanted.ask))
                good = _sorted_out(chunk, report, met)
                imported = await self._import(good, wanted, asked, letters, by)
                for each in imported:
                    report.counts[each.decided.outcome] += 1
                    letters += each.decided.letter_at is not None
                done += len(chunk)
                yield done, total, report
        finally:
            await asyncio.gather(reading, return_exceptions=True)

    def _next(
        self, rows: Iterator[ImportedRow | list[Trouble]], ask: bool
    ) -> list[tuple[ImportedRow, str] | list[Trouble]]:
        """The next chunk, with fingerprints. In a thread: it is nothing but computing."""
        found: list[tuple[ImportedRow, str] | list[Trouble]] = []
        for row in islice(rows, CHUNK):
            if isinstance(row, list):
                found.append(row)
            elif row.proof is None and not ask:
                found.append([_NO_PROOF.at(row.number, "Samtyckte")])
            else:
                found.append((row, self.fingerprints.of(row.address)))
        return found

    async def _import(
        self,
        rows: Sequence[tuple[ImportedRow, str]],
        wanted: Wanted,
        asked: Asked,
        letters: int,
        by: Actor,
    ) -> Sequence[Imported]:
        async def once() -> Sequence[Imported]:
            decided = await self._decided(rows, wanted.list_id, asked, by)
            if wanted.commit:
                await self._save(decided, asked, letters, by)
            return decided

        return await until_alone(
            once, lambda error: was_changed(error) or self.subscribers.is_taken(error)
        )

    async def _decided(
        self, rows: Sequence[tuple[ImportedRow, str]], list_id: str, asked: Asked, by: Actor
    ) -> list[Imported]:
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

    async def _save(
        self, decided: Sequence[Imported], asked: Asked, letters: int, by: Actor
    ) -> None:
        new = [each for each in decided if each.before is None and each.decided.after is not None]
        people = [
            (after.id, Contact(each.row.address, each.row.name))
            for each in new
            if (after := each.decided.after) is not None
        ]
        sealed = await self.subscribers.seal(people, by=by)
        added = [
            (each.decided.after, each.blind, cipher)
            for each, cipher in zip(new, sealed, strict=True)
            if cipher is not None and each.decided.after is not None
        ]
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


def _letters(decided: Sequence[Imported], asked: Asked, first: int) -> list[Letter]:
    due: list[Letter] = []
    for each in decided:
        after, at = each.decided.after, each.decided.letter_at
        if after is not None and at is not None:
            at += (first + len(due)) * PER_LETTER
            due.append(replace(opt_in_letter(after, asked.at, at), made_at=at))
    return due


def _sorted_out(
    chunk: Sequence[tuple[ImportedRow, str] | list[Trouble]], report: ImportReport, met: set[int]
) -> list[tuple[ImportedRow, str]]:
    """Rows that are new in this file; the others are counted."""
    good: list[tuple[ImportedRow, str]] = []
    for each in chunk:
        if isinstance(each, list):
            report.counts["rejected"] += 1
            report.troubles.extend(each)
            continue
        sign = int(each[1][:16], 16)
        if sign in met:
            report.repeated += 1
            report.counts["unchanged"] += 1
        else:
            met.add(sign)
            good.append(each)
    return good
