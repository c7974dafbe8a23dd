"""A text as a tree: what Markdown is read into, and what web, paper and search are made from.

Nothing in it is markup of any kind: a `Words` is shown as it stands, everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

_PIECE = re.compile(r"[\n*_`\[\]<>|~&!\\#]|^[ \t]*(?:[-+]|\d{1,9}[.)])(?=[ \t])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Words:
    """Letters."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Said with weight."""

    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Stressed:
    """Said with stress."""

    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """As it is typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """`to` is a whole address (https, mailto, tel), or `#` and a heading's anchor."""

    to: str
    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A new line in the same paragraph."""


Inline: TypeAlias = Words | Strong | Stressed | Code | Link | LineBreak


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` from 1 (a chapter); `anchor` is unique in the text and stays while its words do."""

    level: int
    anchor: str
    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some lines."""

    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list; numbered from `start`, or with bullets when that is None."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words, or what stands out."""

    inside: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Several lines as they are typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A pause."""


Row: TypeAlias = tuple[tuple["Inline", ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One row of headings, then rows of as many cells."""

    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """`name` is that of a file of the same publication; `words` say what it shows."""

    name: str
    words: str
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Listed | Quote | Listing | Rule | Table | Picture
Manuscript: TypeAlias = tuple[Block, ...]


def plain(inside: tuple[Inline, ...]) -> str:
    """The letters alone."""
    return "".join(_letters(inside))


def _letters(inside: tuple[Inline, ...]) -> Iterator[str]:
    for each in inside:
        match each:
            case Words(text) | Code(text):
                yield text
            case LineBreak():
                yield " "
            case Strong(more) | Stressed(more) | Link(_, more):
                yield from _letters(more)


def all_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block, those inside lists and quotes too, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, Quote):
            yield from all_blocks(block.inside)
        elif isinstance(block, Listed):
            for item in block.items:
                yield from all_blocks(item)


def headings(manuscript: Manuscript) -> tuple[Heading, ...]:
    """The table of contents."""
    return tuple(each for each in manuscript if isinstance(each, Heading))


def pictures(manuscript: Manuscript) -> frozenset[str]:
    """The names of all pictures that it shows."""
    return frozenset(each.name for each in all_blocks(manuscript) if isinstance(each, Picture))


def pieces(markdown: str) -> int:
    """Lines and marks of a source: its tree has hardly more parts, however long its words are."""
    return len(_PIECE.findall(markdown))


class Anchors:
    """Gives each heading of a text a place of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def of(self, words: str) -> str:
        """`Att lyssna först` → `att-lyssna-forst`; the next one with these words gets a number."""
        name = anchor(words)
        number = self._numbers.get(name, 0) + 1
        candidate = name if number == 1 else f"{name}-{number}"
        while candidate in self._taken:
            number += 1
            candidate = f"{name}-{number}"
        self._numbers[name] = number
        self._taken.add(candidate)
        return candidate


def anchor(words: str) -> str:
    """A heading's place in an address, as its words say it."""
    folded = unicodedata.normalize("NFKD", words.casefold())
    letters = (c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return "-".join("".join(letters).split())[:80].rstrip("-") or "avsnitt"
