"""What is wrong with a cell: where, what kind, and a sentence; never what stood in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with one row: where, what kind, and a sentence in both languages."""

    row: int
    column: str
    kind: str
    sv: str
    en: str


class CellTrouble(Exception):
    """A cell cannot be read; `kind` is stable, the sentences are for whoever sent the file."""

    def __init__(self, kind: str, sv: str, en: str) -> None:
        super().__init__(kind)
        self.kind, self.sv, self.en = kind, sv, en

    def at(self, row: int, column: str) -> Trouble:
        """The same, with its place in the file."""
        return Trouble(row, column, self.kind, self.sv, self.en)


SPILLS = CellTrouble(
    "too-many-cells",
    "Raden har fler celler än rubrikraden. Kontrollera skiljetecken i texten.",
    "The row has more cells than the heading row. Check for delimiters inside the text.",
)
TOO_LONG = CellTrouble(
    "cell-too-long",
    "Texten är längre än någon cell här kan vara. Korta den.",
    "The text is longer than any cell here can be. Shorten it.",
)
NOT_CLOSED = CellTrouble(
    "quote-not-closed",
    "Ett citattecken på raden avslutas aldrig. Rätta raden och läs in den igen.",
    "A quotation mark on the row never ends. Correct the row and import it again.",
)
HEADING_AGAIN = CellTrouble(
    "heading-again",
    "Raden upprepar rubrikerna. Den är hoppad över.",
    "The row repeats the headings. It was passed over.",
)
TOTAL = CellTrouble(
    "total-row",
    "Raden ser ut som en summering. Den är hoppad över.",
    "The row looks like a total. It was passed over.",
)
