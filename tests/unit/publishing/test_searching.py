"""Words are found in an edition, with the place where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.domain.searching import AROUND, Section, folded, search, sections
from services.publishing.typesetting.read_markdown import read

BOOK = sections(
    read(
        "Förord utan rubrik om kaffe.\n\n# Att lyssna\n\nEtt *mentors*samtal är ett **samtal**.\n\n"
        "- punkt om kaféet\n\n| a | Tystnad |\n|---|---|\n| b | c |\n\n## Samtal\n\nKort.\n\n"
        "# Tystnadsplikt\n\nÅtta gånger åtta.\n\n![Ett kök](kok.png 'Köket')\n"
    )
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("samtal", ["samtal", "att-lyssna"]),
        ("SAMTAL mentor", ["att-lyssna"]),
        ("tystnad", ["tystnadsplikt", "att-lyssna"]),
        ("kafe", ["att-lyssna"]),
        ("kaffe", [""]),
        ("atta", []),
        ("åtta", ["tystnadsplikt"]),
        ("köket", ["tystnadsplikt"]),
        ("finns inte", []),
        ("", []),
        ("  ?! ", []),
        ("x" * 5000, []),
    ],
)
def test_every_word_is_in_what_is_found(question: str, found: list[str]) -> None:
    """Headings first; å is no a, é is an e; a question without letters finds nothing."""
    assert [each.anchor for each in search(BOOK, question)] == found


def test_the_excerpt_marks_the_words() -> None:
    """Around the first place, with the words marked, as they stand in the text."""
    text = ("ord " * 100) + "Ett Mentorssamtal till. " + ("slut " * 100)
    (found,) = search((Section("a", "A", text),), "samtal ett")
    assert {piece.text for piece in found.excerpt if piece.hit} == {"samtal", "Ett"}
    shown = "".join(piece.text for piece in found.excerpt)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 6 * AROUND


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_and_question(text: str, question: str) -> None:
    """Folding keeps each letter's place, and an excerpt is a piece of the text."""
    assert len(folded(text)) == len(text)
    for found in search((Section("a", "", text),), question):
        shown = "".join(piece.text for piece in found.excerpt if piece.text not in {"… ", " …"})
        assert shown in text


def test_a_section_ends_at_the_next_heading() -> None:
    """Of any level; what stands before the first heading has no place of its own."""
    assert [(each.anchor, each.heading) for each in BOOK] == [
        ("", ""),
        ("att-lyssna", "Att lyssna"),
        ("samtal", "Samtal"),
        ("tystnadsplikt", "Tystnadsplikt"),
    ]
