"""Blocks in a newsletter's Markdown: places that are filled in when it is shown or sent.

    ::: tillfällen              ::: publikation             ::: bild
    antal: 5                    namn: trygg-skola           id: 0190f5c2-…
    dagar: 60                   :::                         alt: Två unga vid ett bord
    typ: workshop                                           :::
    :::

A block stands on lines of its own, from the left margin, and never inside a code block. Names and
keys are Swedish or English. Refusals name the line, from 1, and repeat nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from services.publishing.domain.markup import ImageWithoutWords
from shared.kernel.refusal import Refusal

MOST_OCCASIONS = 20
FARTHEST_DAYS = 366
LONGEST_ALT = 300
KINDS: Mapping[str, str] = {
    "workshop": "workshop",
    "föreläsning": "lecture",
    "lecture": "lecture",
    "utbildning": "training",
    "training": "training",
    "öppen kväll": "open-evening",
    "open-evening": "open-evening",
    "rådgivning": "consultation",
    "consultation": "consultation",
}
_KEYS: Mapping[str, str] = {
    "antal": "count",
    "count": "count",
    "dagar": "days",
    "days": "days",
    "typ": "kinds",
    "kind": "kinds",
    "namn": "name",
    "name": "name",
    "id": "id",
    "alt": "alt",
    "bildtext": "caption",
    "caption": "caption",
}
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_OPEN = re.compile(r":::[ \t]*(\w+)[ \t]*")
_CLOSE = re.compile(r":::[ \t]*")
_FIELD = re.compile(r"(\w+)[ \t]*:[ \t]*(.*?)[ \t]*")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,40}")
_HIGHEST = 9999


class BlockNotUnderstood(Refusal):
    """A block has a name that is known, and under it lines of `key: value`."""

    kind = "block-not-understood"
    sv = "Blocket på rad {line} går inte att förstå. Det finns: tillfällen, publikation och bild."
    en = "The block on line {line} cannot be understood. There are: occasions, publication, image."


class BlockNotClosed(Refusal):
    """A block ends with a line of three colons."""

    kind = "block-not-closed"
    sv = "Blocket på rad {line} slutar aldrig. Avsluta det med en rad :::"
    en = "The block on line {line} never ends. End it with a line :::"


@dataclass(frozen=True, slots=True)
class OccasionsBlock:
    """What is coming up: at most `count`, within `days`, of these kinds (none: all)."""

    count: int = 5
    days: int = 60
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PublicationBlock:
    """The card of a publication, by its short name."""

    name: str


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """An image of the house's own, described in the language of the text around it."""

    id: str
    alt: str
    caption: str = ""


Block: TypeAlias = OccasionsBlock | PublicationBlock | ImageBlock


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, and the line that it begins on."""

    block: Block
    line: int


@dataclass(frozen=True, slots=True)
class Expanded:
    """Markdown without blocks; `lines[n]` is the written line that line `n` comes from."""

    markdown: str
    lines: tuple[int, ...]


def blocks_of(markdown: str) -> tuple[Placed, ...]:
    """Every block in it.

    Raises:
        BlockNotUnderstood, BlockNotClosed, ImageWithoutWords: with the line.
    """
    return tuple(piece for piece in _pieces(markdown) if isinstance(piece, Placed))


def expand(markdown: str, fill: Callable[[Block], str]) -> Expanded:
    """Put Markdown in the place of each block. Raises what `blocks_of` raises."""
    written: list[str] = []
    lines: list[int] = []
    for piece in _pieces(markdown):
        if isinstance(piece, Placed):
            # Blank lines around it: what is filled in never runs together with the text.
            rows = ["", *fill(piece.block).split("\n"), ""]
            written += rows
            lines += [piece.line] * len(rows)
        else:
            number, row = piece
            written.append(row)
            lines.append(number)
    return Expanded("\n".join(written), tuple(lines))


def _pieces(markdown: str) -> Iterator[Placed | tuple[int, str]]:
    """Lines with their numbers, and blocks where they stand."""
    rows = iter(enumerate(markdown.split("\n"), 1))
    fence = ""
    for number, row in rows:
        fence = _fence_after(fence, row)
        opened = None if fence else _OPEN.fullmatch(row)
        if opened is None:
            if not fence and row.startswith(":::"):
                raise BlockNotUnderstood(line=number)
            yield number, row
        else:
            yield Placed(_block(opened[1].lower(), _fields(rows, number), number), number)


def _fence_after(fence: str, row: str) -> str:
    """The mark that the code block has to end with, or nothing outside of one (CommonMark §4.5)."""
    found = _FENCE.fullmatch(row)
    if found is None:
        return fence
    mark, rest = found[1], found[2]
    if not fence:
        return "" if mark[0] == "`" and "`" in rest else mark
    ends = mark[0] == fence[0] and len(mark) >= len(fence) and not rest.strip()
    return "" if ends else fence


def _fields(rows: Iterator[tuple[int, str]], begun: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, row in rows:
        if _CLOSE.fullmatch(row):
            return found
        said = _FIELD.fullmatch(row)
        key = _KEYS.get(said[1].lower()) if said else None
        if said is None or key is None or key in found:
            if row.strip():
                raise BlockNotUnderstood(line=number)
            continue
        found[key] = said[2]
    raise BlockNotClosed(line=begun)


def _block(name: str, fields: Mapping[str, str], line: int) -> Block:
    known = {
        "tillfällen": _occasions,
        "occasions": _occasions,
        "publikation": _publication,
        "publication": _publication,
        "bild": _image,
        "image": _image,
    }
    make = known.get(name)
    if make is None:
        raise BlockNotUnderstood(line=line)
    return make(fields, line)


def _occasions(fields: Mapping[str, str], line: int) -> Block:
    _only(fields, {"count", "days", "kinds"}, line)
    wished = [each.strip().lower() for each in fields.get("kinds", "").split(",") if each.strip()]
    if any(each not in KINDS for each in wished):
        raise BlockNotUnderstood(line=line)
    return OccasionsBlock(
        _number(fields.get("count", "5"), MOST_OCCASIONS, line),
        _number(fields.get("days", "60"), FARTHEST_DAYS, line),
        frozenset(KINDS[each] for each in wished),
    )


def _publication(fields: Mapping[str, str], line: int) -> Block:
    _only(fields, {"name"}, line)
    return PublicationBlock(_short_name(fields.get("name", ""), line))


def _image(fields: Mapping[str, str], line: int) -> Block:
    _only(fields, {"id", "alt", "caption"}, line)
    alt = fields.get("alt", "")
    if not 0 < len(alt) <= LONGEST_ALT:
        raise ImageWithoutWords(line=line)
    return ImageBlock(_short_name(fields.get("id", ""), line), alt, fields.get("caption", ""))


def _only(fields: Mapping[str, str], known: set[str], line: int) -> None:
    if not fields.keys() <= known:
        raise BlockNotUnderstood(line=line)


def _short_name(text: str, line: int) -> str:
    if not _NAME.fullmatch(text):
        raise BlockNotUnderstood(line=line)
    return text


def _number(text: str, most: int, line: int) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:5]) <= min(most, _HIGHEST)):
        raise BlockNotUnderstood(line=line)
    return int(text)
