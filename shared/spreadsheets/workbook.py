"""A workbook (XLSX, ODS, XLS) as rows of text: its first visible sheet, by calamine (Rust).

An archive that unpacks to far more than any office's file is refused before it is unpacked whole.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetVisibleEnum,
    load_workbook,
)

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


def is_workbook(content: bytes) -> bool:
    """By its first bytes."""
    return content.startswith((_ZIP, _OLE))


def open_workbook(
    content: bytes, columns: Sequence[Column], *, largest: int = LARGEST_UNPACKED
) -> Sheet:
    """Its headings; rows are numbered as the program shows them.

    Raises a refusal of `refusals.py` when the file as a whole cannot be read; then nothing is.
    """
    if content.startswith(_ZIP):
        _check_size(content, min(largest, max(_ALWAYS, _PACKED_AT_MOST * len(content))))
    try:
        # The library panics, which is no Exception, on some files that are broken on purpose.
        sheet = _first(load_workbook(io.BytesIO(content)))
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise WorkbookUnreadable from None
    if sheet.total_width > MAX_COLUMNS:
        raise TooManyColumns(most=MAX_COLUMNS, row=1)
    if not sheet.height:
        raise FileIsEmpty
    return sheet_of(lambda: _records(sheet), columns)


def _first(book: CalamineWorkbook) -> CalamineSheet:
    shown = [each for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    return book.get_sheet_by_name((shown or book.sheets_metadata)[0].name)


def _records(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """As a person would have typed it: whole numbers without a point, days and times in ISO."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)


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
