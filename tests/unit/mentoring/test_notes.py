"""Notes: written once, signed over every field, corrected beside."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mentoring.domain.ids import CaseId, NoteId, Username
from services.mentoring.domain.notes import Note, new_note, signed_bytes, write_note
from services.mentoring.domain.record_rules import (
    AddendumToAddendum,
    NotYourNote,
    TextMissing,
    TextTooLong,
)
from shared.kernel.refusal import NotFound
from tests.unit.mentoring.casework import IDRIS, KARIN, NOW, case_in

BY: dict[str, Any] = {"by": KARIN, "now": NOW}


def test_a_note_never_changes() -> None:
    """It is frozen; there is no command that takes a note and gives another text."""
    note = new_note(case_in("active"), NoteId("n"), "Vi sågs.", **BY)
    with pytest.raises(FrozenInstanceError):
        note.text = "Vi sågs inte."  # type: ignore[misc]


def test_a_correction_is_an_addendum_to_the_note_itself() -> None:
    """Not to another addendum, and not to a note of another case."""
    case = case_in("active")
    note = new_note(case, NoteId("n"), "Vi sågs.", **BY)
    addendum = new_note(case, NoteId("a"), "På torsdagen.", addendum_to=note, **BY)
    assert addendum.addendum_to == "n"
    with pytest.raises(AddendumToAddendum):
        new_note(case, NoteId("b"), "Nej.", addendum_to=addendum, **BY)
    with pytest.raises(NotFound):
        new_note(case, NoteId("b"), "Nej.", addendum_to=replace(note, case_id=CaseId("x")), **BY)


def test_a_note_has_words_and_its_own_author() -> None:
    """Blank and endless texts are refused, and writing in somebody else's name."""
    case = case_in("active")
    with pytest.raises(TextMissing):
        new_note(case, NoteId("n"), " \n ", **BY)
    with pytest.raises(TextTooLong):
        new_note(case, NoteId("n"), "x" * 20_001, **BY)
    with pytest.raises(NotYourNote):
        write_note(case, new_note(case, NoteId("n"), "Hej.", by=IDRIS, now=NOW), **BY)


words = st.text(alphabet="ab|", max_size=3)
notes = st.builds(
    Note,
    id=words.map(NoteId),
    case_id=words.map(CaseId),
    author=words.map(Username),
    at=st.sampled_from([NOW, NOW + timedelta(milliseconds=1)]),
    text=words,
    addendum_to=st.none() | words.map(NoteId),
)


@given(notes, notes)
def test_two_different_notes_are_never_signed_alike(one: Note, other: Note) -> None:
    """Moving a letter from one field to the next, or touching any field, changes the bytes."""
    assert (signed_bytes(one) == signed_bytes(other)) == (one == other)


def test_a_signature_does_not_depend_on_the_zone_and_holds_no_text() -> None:
    """The same instant is the same bytes; the words themselves are not among them."""
    note = new_note(case_in("active"), NoteId("n"), "Vi sågs på stationen.", **BY)
    elsewhere = replace(note, at=NOW.astimezone(timezone(timedelta(hours=5))))
    assert signed_bytes(note) == signed_bytes(elsewhere)
    assert b"stationen" not in signed_bytes(note)


def test_a_note_is_genuine_as_the_database_keeps_it() -> None:
    """A clock tells microseconds, the database keeps milliseconds: the signature is over those."""
    told = NOW + timedelta(microseconds=123_987)
    note = new_note(case_in("active"), NoteId("n"), "Vi sågs.", by=KARIN, now=told)
    kept = replace(note, at=NOW + timedelta(milliseconds=123))
    assert signed_bytes(note) == signed_bytes(kept)
