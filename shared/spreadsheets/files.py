"""A file as somebody sends it: a workbook or a text, by its first bytes; anything else is named."""

from __future__ import annotations

from collections.abc import Sequence

from shared.spreadsheets.other_files import ensure_may_be_a_spreadsheet
from shared.spreadsheets.table import MAX_ROWS, Column, Sheet, Table, open_text
from shared.spreadsheets.workbook import MOST_MEMORY, is_workbook, open_workbook

_FOR_FEW_ROWS = 512 * 1024 * 1024


def open_file(content: bytes, columns: Sequence[Column], *, memory: int = MOST_MEMORY) -> Sheet:
    """Its headings; its rows are cut when they are asked for. A workbook may take this much memory.

    Raises a refusal of `refusals.py` when the file as a whole cannot be read; then nothing is.
    """
    ensure_may_be_a_spreadsheet(content)
    if is_workbook(content):
        return open_workbook(content, columns, memory=memory)
    return open_text(content, columns)


def read_table(content: bytes, columns: Sequence[Column], *, max_rows: int = MAX_ROWS) -> Table:
    """All rows at once, and how many held nothing. Raises as `open_file` does."""
    sheet = open_file(content, columns, memory=_FOR_FEW_ROWS)
    rows = tuple(sheet.rows(max_rows))
    # Blank lines after the last row are the file's end, not rows.
    lines = rows[-1].number - sheet.header_number if rows else 0
    return Table(rows, lines - len(rows))
