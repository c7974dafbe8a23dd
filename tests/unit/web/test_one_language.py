"""Nothing on a page is said in one language only: not in a template, and not in a catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.web.wording import WORDS

TEMPLATES = Path(__file__).resolve().parents[3] / "services/web/templates"
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_NOT_SAID = re.compile(r"<(style|script|code|pre|kbd)\b.*?</\1>", re.DOTALL)
_READ_OUT = re.compile(r"""\s(?:aria-label|title|placeholder|alt)=(["'])(.*?)\1""", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKUP = re.compile(r'="|^&')
"""An attribute that a macro hands out, and a character by its name."""
_BOTH = {"Safe Space", "Id", "ms", "PDF", "digg.se/tdosanmalan"}
"""The house's name, an address, and what is written alike in every language."""
ALIKE = {
    "man", "Text", "under 18", "Plan", "plan", "mentor", "Mentor", "{minutes} min", "Propaganda",
    "Position", "SMS", "Id", "1 person", "under 13", "Start", "Workshop",
}  # fmt: skip
"""What Swedish and English happen to say with the same word."""
_SWEDISH_IN_ENGLISH = {"På svenska", "Malmö"}
_SWEDISH = re.compile(r"[åäöÅÄÖ]|\b(?:och|inte|eller|från|utan|ingen|det|som|den)\b")


def said_in(template: str) -> list[str]:
    """What of a template people read or hear that does not come from the catalogues."""
    bare = _JINJA.sub("\0", template)
    heard = [found[2] for found in _READ_OUT.finditer(bare)]
    read = re.split(r"<[^>]*>", _NOT_SAID.sub(" ", bare))
    pieces = (piece.strip(" \n·,.:()–") for each in [*heard, *read] for piece in each.split("\0"))
    return [piece for piece in pieces if _WORD.search(piece) and not _MARKUP.search(piece)]


@pytest.mark.parametrize(
    "literal",
    ["<p>Spara</p>", '<a aria-label="Save">{{ x }}</a>', "{{ x }} kvar<br>", "<b>1</b>Ja"],
)
def test_a_literal_is_found(literal: str) -> None:
    """The measure itself works: in a text, beside a figure, and in what is read out."""
    assert len(said_in(literal)) == 1


def test_no_template_says_anything_by_itself() -> None:
    """Every word on a page comes from a catalogue, which has it in both languages."""
    found = {
        str(path.relative_to(TEMPLATES)): said
        for path in sorted(TEMPLATES.rglob("*.html"))
        if (said := [each for each in said_in(path.read_text("utf-8")) if each not in _BOTH])
    }
    assert found == {}


def test_every_name_that_a_template_says_is_known() -> None:
    """A page that is seldom opened does not break for want of a word."""
    said = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""say\("(\w+)"[,)]""", path.read_text("utf-8"))
    }
    assert len(said) > 1000, "the measure itself works"
    assert said - WORDS["sv"].keys() == set()


def test_no_swedish_stands_in_the_english_catalogue() -> None:
    """Neither Swedish letters nor Swedish small words, names and the way back to Swedish aside."""
    english = {name: _without_names(text) for name, text in WORDS["en"].items()}
    assert {name: text for name, text in english.items() if _SWEDISH.search(text)} == {}


def test_what_is_alike_is_alike_on_purpose() -> None:
    """A sentence that somebody forgot to translate is the same in both."""
    alike = {
        text
        for name, text in WORDS["sv"].items()
        if WORDS["en"][name] == text and _WORD.search(re.sub(r"\{[^}]*\}", "", text))
    }
    assert alike - ALIKE == set()


def _without_names(text: str) -> str:
    for name in _SWEDISH_IN_ENGLISH:
        text = text.replace(name, "")
    return text
