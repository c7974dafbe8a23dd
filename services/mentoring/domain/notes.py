"""Notes: written once, signed by author and time, corrected only by addenda beside them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.facts import NoteWritten
from services.mentoring.domain.ids import CaseId, NoteId, Username
from services.mentoring.domain.record_rules import (
    AddendumToAddendum,
    NotYourNote,
    TextMissing,
    TextTooLong,
)
from shared.kernel.refusal import NotFound

LONGEST_NOTE = 20_000
_FORMAT = b"safespace.mentoring.note.v1"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote at an instant. `addendum_to` is the note that it corrects or adds to."""

    id: NoteId
    case_id: CaseId
    author: Username
    at: datetime
    text: str
    addendum_to: NoteId | None = None


def new_note(
    case: Case,
    note_id: NoteId,
    text: str,
    *,
    addendum_to: Note | None = None,
    by: Username,
    now: datetime,
) -> Note:
    """A note, or an addendum to a note of the same case.

    Raises NotInThisPhase, TextMissing, TextTooLong, AddendumToAddendum, or NotFound for a note of
    another case.
    """
    stay(case, "write-note")
    if not text.strip():
        raise TextMissing
    if len(text) > LONGEST_NOTE:
        raise TextTooLong(limit=LONGEST_NOTE)
    if addendum_to is not None and addendum_to.case_id != case.id:
        raise NotFound
    if addendum_to is not None and addendum_to.addendum_to is not None:
        raise AddendumToAddendum
    return Note(note_id, case.id, by, now, text, addendum_to.id if addendum_to else None)


def write_note(case: Case, note: Note, *, by: Username, now: datetime) -> Told:
    """The case knows that a note was written; raises NotInThisPhase or NotYourNote."""
    stay(case, "write-note")
    if note.author != by:
        raise NotYourNote
    return tell(case, NoteWritten, by=by, now=now, note_id=note.id, addendum_to=note.addendum_to)


def signed_bytes(note: Note) -> bytes:
    """The bytes that a signature is made over: every field of the note, each length-prefixed.

    The text goes in as its SHA-256 digest, the time in UTC to the millisecond, which is what the
    database keeps of it. Two different notes never give the same bytes. A signature over them lets
    a guess at a short text be checked, so it is kept sealed with the text and forgotten with it.
    """
    parts = (
        _FORMAT,
        note.id.encode(),
        note.case_id.encode(),
        note.author.encode(),
        note.at.astimezone(UTC).isoformat(timespec="milliseconds").encode(),
        b"addendum" if note.addendum_to is not None else b"note",
        (note.addendum_to or "").encode(),
        hashlib.sha256(note.text.encode()).digest(),
    )
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
