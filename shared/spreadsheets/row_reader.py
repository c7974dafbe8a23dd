"""Reads one row cell by cell and gathers everything wrong with it, not only the first thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from shared.spreadsheets.table import MAX_CELL, Row
from shared.spreadsheets.trouble import SPILLS, TOO_LONG, CellTrouble, Trouble

T = TypeVar("T")


class RowReader:
    """Hands out cells of one row; what cannot be read is remembered in `troubles`."""

    def __init__(self, row: Row, headings: Mapping[str, str]) -> None:
        self._row, self._headings = row, headings
        self.troubles: list[Trouble] = []
        if row.wrong:
            self.troubles.append(row.wrong.at(row.number, ""))

    def read(self, key: str, how: Callable[[str], T], *, lined: bool = False) -> T | None:
        """The cell read by `how`, or None when that was not possible.

        In one line, unless each line of the cell is a thing of its own (`lined`). Of a row that is
        none, nothing is read: one sentence says it.
        """
        if self._row.wrong and self._row.wrong is not SPILLS:
            return None
        cell = self._row.cells.get(key, "")
        try:
            if len(cell) > MAX_CELL:
                raise TOO_LONG
            return how(cell if lined else " ".join(cell.split()))
        except CellTrouble as trouble:
            self.troubles.append(trouble.at(self._row.number, self._headings[key]))
            return None
