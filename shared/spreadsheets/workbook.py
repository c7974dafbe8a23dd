"""A workbook (XLSX, ODS, XLS) as rows of text, by calamine (Rust).

An archive that unpacks to far more than any office's file is refused before it is unpacked whole,
and a sheet that would take far more memory before it is opened here.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineSheet, load_workbook

from shared.spreadsheets.first_sheet import first_sheet, floods
from shared.spreadsheets.records import MAX_COLUMNS, tidy
from shared.spreadsheets.refusals import (
    FileIsEmpty,
    TooManyColumns,
    WorkbookTooLarge,
    WorkbookUnreadable,
)
from shared.spreadsheets.table import Column, Sheet, sheet_of

LARGEST_UNPACKED = 512 * 1024 * 1024
_ALWAYS = 32 * 1024 * 1024
_PACKED_AT_MOST = 100
"""An office's file packs to a tenth, a very regular one to a thirtieth. What unpacks to more than a
hundred times itself is made to flood: 300 kB of it took 900 MB of memory to read."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PIECE = 1 << 20
MOST_MEMORY = 1536 * 1024 * 1024
"""Bytes that opening a million rows of an office's file stays well below."""
_HALF_A_SECOND = timedelta(milliseconds=500)


def is_workbook(content: bytes) -> bool:
    """By its first bytes."""
    return content.startswith((_ZIP, _OLE))


def open_workbook(
    content: bytes,
    columns: Sequence[Column],
    *,
    largest: int = LARGEST_UNPACKED,
    memory: int = MOST_MEMORY,
) -> Sheet:
    """Its headings; rows are numbered as the program shows them.

    Raises a refusal of `refusals.py` when the file as a whole cannot be read; then nothing is.
    """
    if content.startswith(_ZIP):
        _check_size(content, min(largest, max(_ALWAYS, _PACKED_AT_MOST * len(content))))
    if floods(content, memory):
        raise WorkbookTooLarge
    try:
        # The library panics, which is no Exception, on some files that are broken on purpose.
        sheet = first_sheet(load_workbook(io.BytesIO(content)))
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise WorkbookUnreadable from None
    if sheet is None:
        raise FileIsEmpty
    if sheet.total_width > MAX_COLUMNS:
        raise TooManyColumns(most=MAX_COLUMNS, row=1)
    return sheet_of(lambda: _records(sheet), columns)


def _records(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """As a person would have typed it: whole numbers without a point, days and times in ISO."""
    if isinstance(cell, str):
        return tidy(unicodedata.normalize("NFC", cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return _to_the_second(cell).isoformat()
    if isinstance(cell, time):
        return _to_the_second(datetime.combine(date.min, cell)).time().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _to_the_second(moment: datetime) -> datetime:
    """A time is kept as a fraction of a day, and comes back a little off: 09:09:59.999."""
    return (moment + _HALF_A_SECOND).replace(microsecond=0)


def _check_size(content: bytes, largest: int) -> None:
    """By unpacking it piece by piece: what an archive says of itself may be a lie."""
    try:
        fits = _unpacks_to(content, at_most=largest)
    except Exception:  # noqa: BLE001 - each way of packing has its own errors
        raise WorkbookUnreadable from None
    if not fits:
        raise WorkbookTooLarge


def _unpacks_to(content: bytes, *, at_most: int) -> bool:
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                while piece := part.read(_PIECE):
                    unpacked += len(piece)
                    if unpacked > at_most:
                        return False
    return True
