"""Workbooks give the same rows as text, and what is no workbook gets a clear no."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from shared.kernel.refusal import Refusal
from shared.spreadsheets.refusals import (
    ColumnsMissing,
    FileIsEmpty,
    TooManyRows,
    WorkbookTooLarge,
    WorkbookUnreadable,
)
from shared.spreadsheets.table import Column, Row
from shared.spreadsheets.workbook import is_workbook, open_workbook

COLUMNS = (Column("a", "A"), Column("b", "B", necessary=False))


def workbook(*rows: list[Any], hidden_first: bool = False, empty_first: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if hidden_first:
        sheet.append(["A"])
        sheet.append(["dold"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("Adresser")
    if empty_first:
        sheet = book.create_sheet("Adresser")
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


SMALL = workbook(["A", "B"], ["x", "y"])


def rows(content: bytes) -> list[Row]:
    return list(open_workbook(content, COLUMNS).rows(100))


def test_cells_are_read_as_they_look() -> None:
    """Numbers without a point, days in ISO, blanks and white space as in a text file."""
    content = workbook(
        ["B", "A"],
        ["x", 8],
        [],
        [date(2027, 3, 1), "  tva\u030a\u00a0 ord "],
        [datetime(2027, 3, 1, 9, 30), 1.5],  # noqa: DTZ001 - as a spreadsheet has it
    )
    assert is_workbook(content)
    assert [(row.number, row.cells["a"], row.cells["b"]) for row in rows(content)] == [
        (2, "8", "x"),
        (4, "två ord", "2027-03-01"),
        (5, "1.5", "2027-03-01T09:30:00"),
    ]


def test_rows_keep_the_numbers_that_a_program_shows() -> None:
    """Blank rows above the headings count too."""
    content = workbook([], [], ["A"], ["x"])
    assert [row.number for row in rows(content)] == [4]


def test_the_first_sheet_that_is_shown_is_read() -> None:
    """A hidden sheet is not what somebody meant to send, nor is an empty one."""
    assert [row.cells["a"] for row in rows(workbook(["A"], ["x"], hidden_first=True))] == ["x"]
    assert [row.cells["a"] for row in rows(workbook(["A"], ["x"], empty_first=True))] == ["x"]


def test_what_is_wrong_with_the_whole_file() -> None:
    """Each has its own sentence."""
    with pytest.raises(ColumnsMissing):
        rows(workbook(["C"], ["x"]))
    with pytest.raises(FileIsEmpty):
        rows(workbook())
    with pytest.raises(TooManyRows):
        list(open_workbook(workbook(["A"], ["x"], ["y"]), COLUMNS).rows(1))
    for content in (b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, b"\xd0\xcf\x11\xe0" + b"\0" * 600):
        with pytest.raises(WorkbookUnreadable):
            rows(content)


def test_an_archive_that_unpacks_to_a_flood() -> None:
    """It is refused by what it unpacks to, piece by piece, whatever it says of itself."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (8 << 20))
    with pytest.raises(WorkbookTooLarge):
        open_workbook(kept.getvalue(), COLUMNS, largest=1 << 20)


def test_a_small_file_that_is_packed_like_no_offices_file() -> None:
    """Far below the limit for large files, and still refused; a hundredth of it is looked at."""
    for size, refusal in ((40 << 20, WorkbookTooLarge), (4 << 20, WorkbookUnreadable)):
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"a" * size)
        with pytest.raises(refusal):
            open_workbook(kept.getvalue(), COLUMNS)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=20), st.booleans())
def test_no_broken_workbook_breaks_the_reader(at: int, noise: bytes, cut: bool) -> None:
    """Bytes changed or cut off: rows, or a refusal."""
    place = at % len(SMALL)
    broken = SMALL[:place] if cut else SMALL[:place] + noise + SMALL[place + len(noise) :]
    if is_workbook(broken):
        with contextlib.suppress(Refusal):
            rows(broken)


def test_a_cell_in_the_last_corner_floods_nothing() -> None:
    """5 kB that would take 500 GB of memory: the library ends the process where there is none."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "A", "x"
    kept = io.BytesIO()
    book.save(kept)
    with pytest.raises(WorkbookTooLarge):
        open_workbook(kept.getvalue(), COLUMNS)


def test_times_are_what_they_look_like() -> None:
    """A time is kept as a fraction of a day: 09:10 comes back as itself, and so does midnight."""
    content = workbook(["A"], [time(9, 10)], [datetime(2027, 3, 1, 23, 59, 59)], [time(0, 0)])  # noqa: DTZ001
    assert [row.cells["a"] for row in rows(content)] == [
        "09:10:00",
        "2027-03-01T23:59:59",
        "00:00:00",
    ]
