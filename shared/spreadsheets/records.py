"""Text → records of cells, numbered as a spreadsheet shows them. A broken record stops no other.

A quotation mark that is never closed, or closed by the opening one of a later row, would swallow
the rows between: its line alone is given up, and the reading goes on with the next line.
"""

from __future__ import annotations

import csv
import io
import itertools
import unicodedata
from collections.abc import Iterator, Sequence

from shared.kernel.joiners import filtered
from shared.spreadsheets.refusals import CellTooLarge, QuoteNotClosed, TooManyColumns

MAX_COLUMNS = 200
MOST_UNCLOSED = 20
"""Lines given up before the file is: each costs reading on until the quote must have ended."""
UNCLOSED = "\x1eunclosed\x1e"
"""The only cell of a record that was given up; no text that is read holds this character."""
_END = "\x1eend\x1e"  # behind the last line; if a quote swallows it, that quote was never closed


class _Lines:
    """The text's lines; those of the record at hand can be handed out again."""

    def __init__(self, text: str) -> None:
        self._rest: Iterator[str] = iter(io.StringIO(f"{text}\n{_END}\n", newline=""))
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._rest)
        self.taken.append(line)
        return line

    def again_from_the_second(self) -> None:
        """All but the first line of the record at hand come once more."""
        self._rest = itertools.chain(self.taken[1:], self._rest)


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record and its number, from 1. Raises a refusal where the file itself breaks."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    given_up = 0
    for number in itertools.count(1):
        lines.taken.clear()
        cells = _next(reader, lines, number)
        if cells == [_END]:
            return
        if cells is None or _swallowed(cells, lines.taken, delimiter):
            given_up += 1
            if given_up > MOST_UNCLOSED:
                raise QuoteNotClosed(row=number)
            lines.again_from_the_second()
            reader = csv.reader(lines, delimiter=delimiter)
            yield number, [UNCLOSED]
            continue
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns(most=MAX_COLUMNS, row=number)
        yield number, [tidy(cell) for cell in cells]


def tidy(cell: str) -> str:
    """White space of every kind, made single and taken from the ends; a line stays a line.

    What steers writing without being seen (a zero-width space, the marks of direction that phones
    put around a copied number) is left out: nobody could find it in their sheet and mend it. What
    spells a name in a joining script stays.
    """
    if cell.isprintable():  # of one line, as nearly all are
        return " ".join(cell.split())
    cell = filtered(cell, lambda sign: unicodedata.category(sign) != "Cf")
    return "\n".join(line for part in cell.splitlines() if (line := " ".join(part.split())))


def _next(reader: Iterator[list[str]], lines: _Lines, number: int) -> list[str] | None:
    """The next record, or None when it runs through more lines than any real one."""
    try:
        return next(reader)
    except csv.Error:
        if len(lines.taken) > 1:
            return None
        raise CellTooLarge(most=csv.field_size_limit(), row=number) from None


def _swallowed(cells: Sequence[str], lines: Sequence[str], delimiter: str) -> bool:
    if any(_END in cell for cell in cells):
        return True
    return len(lines) > 1 and _runs_on(lines, delimiter)


def _runs_on(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a quote was closed by the opening one of a later row: the rows between are in it."""
    try:
        return not list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
