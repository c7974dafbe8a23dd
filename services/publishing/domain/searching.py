"""Looking for words in an edition: which chapters and sections hold all of them, and where.

A word is found inside others too (*samtal* in *mentorssamtal*): Swedish puts them together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from services.publishing.domain.manuscript import (
    Block,
    Heading,
    Listed,
    Listing,
    Manuscript,
    Paragraph,
    Picture,
    Quote,
    Table,
    plain,
)

LONGEST = 100
"""Characters of a question."""
MOST_WORDS = 8
AROUND = 60
"""Characters shown on each side of what was found."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, up to the next of any level."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of an excerpt; `hit` where it is one of the words asked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A section that holds every word."""

    anchor: str
    heading: str
    excerpt: tuple[Piece, ...]


def sections(manuscript: Manuscript) -> tuple[Section, ...]:
    """The text cut at its headings; what stands before the first has neither anchor nor heading."""
    cut: list[tuple[str, str, list[str]]] = [("", "", [])]
    for block in manuscript:
        if isinstance(block, Heading):
            cut.append((block.anchor, plain(block.inside), []))
        else:
            cut[-1][2].extend(_texts(block))
    return tuple(
        Section(anchor, heading, " ".join(" ".join(texts).split()))
        for anchor, heading, texts in cut
        if anchor or texts
    )


def search(found_in: tuple[Section, ...], question: str) -> tuple[Found, ...]:
    """Sections whose heading has a word come first, then those that say the words more often.

    Nothing is found for a question without a letter or digit.
    """
    words = tuple(dict.fromkeys(_words(question)))[:MOST_WORDS]
    ranked: list[tuple[bool, int, int, Found]] = []
    for at, section in enumerate(found_in if words else ()):
        heading, text = folded(section.heading), folded(section.text)
        if all(word in heading or word in text for word in words):
            in_heading = any(word in heading for word in words)
            often = sum(text.count(word) for word in words)
            found = Found(section.anchor, section.heading, _excerpt(section.text, text, words))
            ranked.append((not in_heading, -often, at, found))
    return tuple(found for *_, found in sorted(ranked, key=lambda each: each[:3]))


def folded(text: str) -> str:
    """Without case and accents, letter by letter: as long as the text itself. å, ä and ö stay."""
    return "".join(_fold(letter) for letter in text)


def _fold(letter: str) -> str:
    low = letter.lower()
    if low in "åäö":
        return low
    first = unicodedata.normalize("NFKD", low)[:1].casefold()
    return first if len(first) == 1 else letter


def _words(question: str) -> Iterator[str]:
    seen = folded(unicodedata.normalize("NFC", question)[:LONGEST])
    yield from "".join(c if c.isalnum() else " " for c in seen).split()


def _excerpt(text: str, seen: str, words: tuple[str, ...]) -> tuple[Piece, ...]:
    places = sorted(at for word in words if (at := seen.find(word)) >= 0)
    first = places[0] if places else 0
    start, end = max(0, first - AROUND), min(len(text), first + 2 * AROUND)
    while start > 0 and not text[start - 1].isspace() and first - start < 2 * AROUND:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - first < 3 * AROUND:
        end += 1
    pieces = [Piece("… ")] if start else []
    pieces += _marked(text[start:end], seen[start:end], words)
    return tuple(pieces if end == len(text) else [*pieces, Piece(" …")])


def _marked(text: str, seen: str, words: tuple[str, ...]) -> list[Piece]:
    hits = [False] * len(text)
    for word in words:
        at = seen.find(word)
        while at >= 0:
            hits[at : at + len(word)] = [True] * len(word)
            at = seen.find(word, at + len(word))
    pieces: list[Piece] = []
    begun = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hits[at] != hits[begun]:
            pieces.append(Piece(text[begun:at], hits[begun]))
            begun = at
    return pieces


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(inside):
            yield plain(inside)
        case Listing(text):
            yield text
        case Table(head, rows):
            yield from (plain(cell) for row in (head, *rows) for cell in row)
        case Picture(_, words, caption):
            yield from (words, caption)
        case Quote(blocks):
            yield from (text for each in blocks for text in _texts(each))
        case Listed(items):
            yield from (text for item in items for each in item for text in _texts(each))
