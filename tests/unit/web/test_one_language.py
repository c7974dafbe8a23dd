"""Nothing on a page is said in one language only: not in a template, and not in a catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from services.web.wording import WORDS

HOUSE = Path(__file__).resolve().parents[3]
TEMPLATES = HOUSE / "services/web/templates"
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


_FOR_STAFF = "Den som skriver "
"""How words of somebody who needs help begin, for those who read them; free text, so Swedish."""


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


def in_one_language(source: str) -> list[str]:
    """Swedish of a module that has no English beside it, docstrings aside: nobody is shown them."""
    tree = ast.parse(source)
    of = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not isinstance(of[node], ast.Expr) and " " in node.value.strip()
        if _SWEDISH.search(node.value) and not _has_english_beside(node, of)
    ]


def _has_english_beside(node: ast.AST, of: dict[ast.AST, ast.AST]) -> bool:
    """`sv = … ; en = …` of a class, `{"sv": …, "en": …}`, or the description of an API."""
    while (above := of.get(node)) is not None:
        match above:
            case ast.Dict():
                return {"sv", "en"} <= {getattr(key, "value", "") for key in above.keys}
            case ast.ClassDef():
                return {"sv", "en"} <= {name for name, _ in _named(above)}
            case ast.keyword(arg="description" | "summary"):
                return True
            case _:
                node = above
    return False


def _named(of: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for each in of.body:
        if isinstance(each, ast.Assign):
            for target in each.targets:
                yield getattr(target, "id", ""), each.value


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('say("Det går inte.")', 1),
        ('class No:\n    sv = "Det går inte."', 1),
        ('class No:\n    sv = "Det går inte."\n    en = "It cannot be done."', 0),
        ('{"sv": "Det går inte."}', 1),
        ('{"sv": "Det går inte.", "en": "It cannot be done."}', 0),
        ('"""Om det som inte går."""', 0),
    ],
)
def test_a_sentence_in_a_module_is_found(source: str, found: int) -> None:
    """The measure itself works: called with, in a class, in a table; a docstring is none."""
    assert len(in_one_language(source)) == found


def test_no_module_says_anything_in_one_language() -> None:
    """What people read does not hide in Python: it is in a catalogue, or stands in both."""
    found = {
        str(path.relative_to(HOUSE)): said
        for path in sorted((HOUSE / "services/web").rglob("*.py"))
        if (
            said := [
                each
                for each in in_one_language(path.read_text("utf-8"))
                if not each.startswith(_FOR_STAFF)
            ]
        )
    }
    assert found == {}


def test_every_refusal_is_said_in_both() -> None:
    """A no of any service stands in Swedish and in English, with the same facts in both."""
    refusals = [
        (f"{path.stem}.{node.name}", {name: ast.unparse(value) for name, value in _named(node)})
        for root in ("services", "shared", "deploy")
        for path in sorted((HOUSE / root).rglob("*.py"))
        if "    sv" in (source := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and {"sv", "en"} & {name for name, _ in _named(node)}
    ]
    assert len(refusals) > 250, "the measure itself works"
    wrong = [
        name
        for name, said in refusals
        if not {"sv", "en"} <= said.keys()
        or _SWEDISH.search(said["en"])
        or _facts(said["sv"]) != _facts(said["en"])
    ]
    assert wrong == []


def _facts(sentence: str) -> set[str]:
    """What is filled in; a fact in words is another in each language (`why_sv`, `why_en`)."""
    named = {field for _, field, _, _ in Formatter().parse(sentence) if field}
    return {re.sub(r"^sv_|_(?:sv|en)$", "", each) for each in named}


def _without_names(text: str) -> str:
    for name in _SWEDISH_IN_ENGLISH:
        text = text.replace(name, "")
    return text
