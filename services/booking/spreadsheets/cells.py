"""Numbers and texts in a cell, and the sentence when it is none."""

from __future__ import annotations

import re

from shared.kernel.joiners import is_one_line
from shared.spreadsheets.trouble import CellTrouble

_NUMBER = re.compile(r"(-?(?:[0-9]{1,30}|[0-9]{1,3}(?: [0-9]{3}){1,9}))(?:[.,]00?)?")
"""`1 000` and `25,0` are read. `1.000` may be a thousand: never guessed."""


def read_number(cell: str, *, least: int, most: int, example: int) -> int:
    """A whole number in figures from `least` to `most`."""
    found = _NUMBER.fullmatch(cell)
    if not found:
        raise CellTrouble(
            "not-a-number",
            f"Skriv ett helt tal utan ord, till exempel {example}.",
            f"Write a whole number without words, for example {example}.",
        )
    number = int(found[1].replace(" ", ""))
    if not least <= number <= most:
        raise CellTrouble(
            "number-out-of-range",
            f"Talet ska vara mellan {least} och {most}.",
            f"The number must be between {least} and {most}.",
        )
    return number


def read_text(cell: str, *, most: int = 200) -> str:
    """A short text that may not be blank."""
    if not cell:
        raise CellTrouble("blank", "Fyll i cellen: den är tom.", "Fill in the cell: it is empty.")
    return read_optional_text(cell, most=most)


def read_optional_text(cell: str, *, most: int = 200) -> str:
    """A short text, or nothing."""
    if len(cell) > most or not is_one_line(cell):
        raise CellTrouble(
            "text-too-long",
            f"Texten får vara högst {most} vanliga tecken.",
            f"The text may be at most {most} ordinary characters.",
        )
    return cell
