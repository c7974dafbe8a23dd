"""Notes: written once, signed, sealed; corrected by an addendum beside them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, NoteId
from services.mentoring.domain.notes import Note, new_note, signed_bytes, write_note
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.records import Opened, Some, Writing, of_person
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

A = TypeVar("A")


class Signature(Protocol):
    """The service's own signature: whoever changes a note cannot make it again."""

    def sign(self, content: bytes) -> bytes:
        """64 bytes of Ed25519."""
        ...

    def is_genuine(self, content: bytes, signature: bytes) -> bool:
        """Whether it signs this content."""
        ...


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Write a note, or an addendum to one. Neither is ever changed afterwards."""

    work: CaseWork
    notes: Writing
    signature: Signature

    async def __call__(
        self,
        case_id: CaseId,
        text: str,
        *,
        addendum_to: NoteId | None = None,
        by: Actor,
        once: Any,
        present: Callable[[Case, NoteId], A],
    ) -> A:
        """Raises what `CaseWork.change` and `notes.new_note` do; NotFound for an unknown note."""
        note_id = NoteId(new_id())

        async def decide(at: LetIn) -> Change:
            first = await self._first(at, addendum_to)
            note = new_note(at.case, note_id, text, addendum_to=first, **at.given())
            change = Change.of(write_note(at.case, note, **at.given()))
            signature = base64.b64encode(self.signature.sign(signed_bytes(note))).decode()
            document = await self.notes.sealed(
                note_id,
                of_person(at.case),
                {"author": note.author, "at": note.at, "addendum_to": note.addendum_to},
                {"text": note.text, "signature": signature},
            )
            change.inserts.append((self.notes.name, document))
            return change

        return await self.work.change(
            case_id,
            "write",
            decide,
            group="notes",
            by=by,
            once=once,
            present=lambda case: present(case, note_id),
        )

    async def _first(self, at: LetIn, note_id: NoteId | None) -> Note | None:
        if note_id is None:
            return None
        found = await self.notes.plain(at.case.id, note_id, by=at.by)
        if found is None or (at.granted.own_only and found["author"] != at.username):
            raise NotFound
        return Note(note_id, at.case.id, found["author"], found["at"], "", found["addendum_to"])


@dataclass(frozen=True, slots=True, repr=False)
class NoteSeen:
    """A note in clear. `genuine` says whether it is as it was signed."""

    note: Note
    genuine: bool


@dataclass(frozen=True, slots=True)
class ReadNotes:
    """The notes of a case, oldest first; only your own when no more was let you see."""

    disclosing: Disclosing
    notes: Writing
    signature: Signature

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[list[NoteSeen], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "notes", by=by) as (inside, reading):
            sealed: Sealed[Some] = await self.notes.of_case(
                case_id, by=by, limit=limit, offset=offset, **inside.only()
            )
            some = await reading.open(sealed)
        return [self._seen(case_id, each) for each in some.items], some.total

    def _seen(self, case_id: CaseId, opened: Opened) -> NoteSeen:
        facts, words = opened.facts, opened.words
        note = Note(
            NoteId(opened.id),
            case_id,
            facts["author"],
            facts["at"],
            words["text"],
            facts["addendum_to"],
        )
        signature = base64.b64decode(words["signature"])
        return NoteSeen(note, self.signature.is_genuine(signed_bytes(note), signature))
