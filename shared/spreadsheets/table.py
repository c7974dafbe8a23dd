"""A file's bytes → header and numbered rows, or one clear refusal. Row 1 is the first line.

Rows are counted as a spreadsheet shows them: blank ones too; a cell may hold line breaks.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.spreadsheets.encoding import decode
from shared.spreadsheets.records import UNCLOSED, records
from shared.spreadsheets.refusals import ColumnsMissing, ColumnTwice, FileIsEmpty, TooManyRows
from shared.spreadsheets.trouble import HEADING_AGAIN, NOT_CLOSED, SPILLS, TOTAL, CellTrouble

MAX_ROWS = 5_000
MAX_CELL = 2_000
"""Characters of a cell that is read; a longer one stops its row, not the file."""
_DELIMITERS = (";", "\t", ",")
_HEADINGS_WITHIN = 10
"""Lines that hold something, among which the headings are looked for."""
_TOTALS = frozenset(("summa", "totalt", "total", "sum", "antal totalt", "summa totalt"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file may have: our key, the heading a person knows, other headings for it.

    Of two such headings in one file the one that comes first here is read.
    """

    key: str
    heading: str
    also: tuple[str, ...] = ()
    necessary: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, its cells by column key, and what is wrong as a whole."""

    number: int
    cells: dict[str, str]
    wrong: CellTrouble | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold something, and how many held nothing."""

    rows: tuple[Row, ...]
    blank: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose headings were found: `records` reads its lines anew each time it is asked."""

    places: Mapping[str, int]
    header: Sequence[str]
    header_number: int
    records: Callable[[], Iterator[tuple[int, list[str]]]]

    def rows(self, max_rows: int) -> Iterator[Row]:
        """The rows that hold something, one at a time. Raises a refusal where the file breaks."""
        taken = 0
        for number, cells in self.records():
            if number <= self.header_number or not any(cells):
                continue
            if taken == max_rows:
                raise TooManyRows(most=max_rows)
            taken += 1
            found = {key: cells[at] if at < len(cells) else "" for key, at in self.places.items()}
            yield Row(number, found, self._wrong(cells))

    def _wrong(self, cells: Sequence[str]) -> CellTrouble | None:
        """What makes it no row at all, or one whose cells may be in each other's place."""
        if any(cells[len(self.header) :]):
            return SPILLS
        if cells[0] == UNCLOSED:
            return NOT_CLOSED
        first = next(filter(None, cells))
        if first in self.header and _filled(cells) == _filled(self.header):
            return HEADING_AGAIN
        if first.rstrip(": ").casefold() in _TOTALS:
            return TOTAL if 2 * len(_filled(cells)) <= len(self.header) else None
        return None


def open_text(content: bytes, columns: Sequence[Column]) -> Sheet:
    """Encoding, delimiter and headings of a text file; its rows are cut when they are asked for."""
    text = unicodedata.normalize("NFC", decode(content))
    if not text.strip():
        raise FileIsEmpty
    text, delimiter = _delimiter_of(text, columns)
    return sheet_of(lambda: records(text, delimiter), columns)


def sheet_of(
    lines: Callable[[], Iterator[tuple[int, list[str]]]], columns: Sequence[Column]
) -> Sheet:
    """The headings are in the line with most of them, among the first that hold anything.

    Above them may stand what the sheet is called, and when it was made.
    """
    first = itertools.islice(((n, cells) for n, cells in lines() if any(cells)), _HEADINGS_WITHIN)
    known = _known(columns)
    number, header = max(first, key=lambda line: _recognised(line[1], known), default=(0, []))
    return Sheet(_places(header, columns), header, number, lines)


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell]


def _delimiter_of(text: str, columns: Sequence[Column]) -> tuple[str, str]:
    """The delimiter under which a line has most known headings (`sep=;` says it itself)."""
    lines = [line for line in text.splitlines() if line.strip()][:_HEADINGS_WITHIN]
    first = lines[0][: MAX_CELL * 20]
    said = first.strip().casefold().removeprefix("sep=")
    if first.strip().casefold().startswith("sep=") and said in _DELIMITERS:
        # Kept as a blank line, so that rows keep the numbers that a spreadsheet shows.
        return text.replace(first, "", 1), said
    known = _known(columns)

    def recognised(delimiter: str) -> int:
        cells = (line[: MAX_CELL * 20].split(delimiter) for line in lines)
        return max(_recognised([cell.strip(' "') for cell in each], known) for each in cells)

    return text, max(_DELIMITERS, key=recognised)


def _known(columns: Sequence[Column]) -> set[str]:
    return {name for column in columns for name in _names(column)}


def _recognised(cells: Sequence[str], known: set[str]) -> int:
    return len(known.intersection(_heading(cell) for cell in cells))


def _names(column: Column) -> tuple[str, ...]:
    return tuple(_heading(name) for name in (column.heading, column.key, *column.also))


def _heading(text: str) -> str:
    """Letters and figures only: `E-post *` is `epost`."""
    return "".join(filter(str.isalnum, text.casefold()))


def _places(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    headings = [_heading(cell) for cell in header]
    places: dict[str, int] = {}
    missing: list[str] = []
    for column in columns:
        # A file may have both `Telefon` and `Mobil`: the name that stands first with us counts.
        found = next((name for name in _names(column) if name in headings), None)
        if found is None:
            missing.extend([column.heading] if column.necessary else [])
        elif headings.count(found) > 1:
            raise ColumnTwice(column=column.heading)
        else:
            places[column.key] = headings.index(found)
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    return places
