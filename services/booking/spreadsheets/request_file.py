"""Schools' requests: one row per class. Who asks, for how many, for which occasion."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from services.booking.spreadsheets.cells import read_number, read_optional_text, read_text
from services.booking.spreadsheets.contact import usable_phone
from services.booking.spreadsheets.dates import read_date, read_moment
from services.booking.spreadsheets.season_file import fold
from services.booking.spreadsheets.times import read_time
from shared.spreadsheets.files import read_table
from shared.spreadsheets.row_reader import RowReader
from shared.spreadsheets.table import Column, Row
from shared.spreadsheets.trouble import CellTrouble, Trouble

COLUMNS = (
    Column("received", "Inkom", also=("Inkommen", "Inkommet", "Tidsstämpel", "Slutförandetid")),
    Column("school", "Skola", also=("Skolans namn", "Skolenhet")),
    Column("class_name", "Klass", also=("Klassens namn", "Klassnamn")),
    Column("pupils", "Antal elever", also=("Elever", "Elevantal")),
    Column("adults", "Antal vuxna", also=("Vuxna", "Antal lärare")),
    Column("contact", "Kontaktperson", also=("Kontakt", "Lärare", "Namn")),
    Column(
        *("phone", "Mobil"),
        also=("Mobilnummer", "Mobiltelefon", "Telefon", "Telefonnummer", "Tel"),
    ),
    Column(
        *("email", "E-post"),
        also=("E-postadress", "E-mail", "Mejl", "Mejladress", "Mail", "Mailadress"),
    ),
    Column("activity", "Önskad aktivitet", also=("Aktivitet",)),
    Column("date", "Önskat datum", also=("Datum", "Önskad dag")),
    Column("start", "Önskad tid", also=("Tid", "Starttid", "Önskad starttid", "Klockslag")),
    Column("needs", "Behov", also=("Särskilda behov",), necessary=False),
)
_HEADINGS = {column.key: column.heading for column in COLUMNS}
_GRADE = re.compile(r"(?:(?:åk|årskurs|år|klass)\.?\s*)?([1-9])(?![0-9])")
_NO_NEEDS = frozenset(
    (
        *("-", "–", "—", "0", "nej", "nej tack", "ej", "inga", "inget", "ingen", "saknas"),
        *("inga behov", "inga särskilda", "inga särskilda behov"),
        *("no", "none", "n/a", "no needs"),
    )
)
"""How forms are filled in by those who need nothing: nothing special, so nothing to keep."""
MOST_PEOPLE = 2_000
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One class that wants to come. `rank` counts exact copies of the row, from 1.

    Phone and e-mail are as written: whether they can be used is judged when the card is made.
    Holds personal data: it is never stored as it is, nor logged.
    """

    row: int
    received: datetime | None
    school: str
    class_name: str
    pupils: int
    adults: int
    contact: str
    phone: str
    email: str
    activity: str
    date: date
    start: time
    needs: str
    rank: int = 1

    def marks(self) -> tuple[str, ...]:
        """Everything that makes the row itself, ironed out: the input of its keyed fingerprint.

        A phone number is one number however it is written. It stands as most people in Sweden
        write it, so that nearly all rows have the marks that they had before numbers were read.
        """
        number = usable_phone(self.phone)
        return self._marks(number.replace("+46", "0", 1) if number else _bare(self.phone))

    def marks_as_written(self) -> tuple[str, ...]:
        """With the phone as it is written: how rows were known before numbers were read."""
        return self._marks(_bare(self.phone))

    def _marks(self, phone: str) -> tuple[str, ...]:
        return (
            self.received.isoformat() if self.received else "",
            fold(self.school),
            fold(self.class_name),
            str(self.pupils),
            str(self.adults),
            fold(self.contact),
            phone,
            fold(self.email),
            fold(self.activity),
            self.date.isoformat(),
            self.start.isoformat(),
            fold(self.needs),
        )

    def __repr__(self) -> str:
        """Its row number only: a repr may end in a log."""
        return f"<RequestRow {self.row}>"


@dataclass(frozen=True, slots=True)
class RequestFile:
    """What the file holds: good rows in the order in which they came in, and the troubles."""

    rows: tuple[RequestRow, ...]
    troubles: tuple[Trouble, ...]
    rejected: int
    blank: int


def read_requests(content: bytes) -> RequestFile:
    """Read a request file; raises a refusal when the file as a whole cannot be read."""
    table = read_table(content, COLUMNS)
    rows: list[RequestRow] = []
    troubles: list[Trouble] = []
    for row in table.rows:
        found, wrong = _request_row(row)
        troubles.extend(wrong)
        if found:
            rows.append(found)
    rejected = len(table.rows) - len(rows)
    return RequestFile(_in_order(rows), tuple(troubles), rejected, table.blank)


def grade_of(class_name: str) -> str | None:
    """The grade that a class's name begins with: `8B`, `åk 8` → `8`, `FB` → `f`; else None."""
    name = class_name.strip().casefold()
    found = _GRADE.match(name)
    if found:
        return found[1]
    return "f" if re.fullmatch(r"f[\s\-]?([a-d]|klass)?", name) else None


def _bare(phone: str) -> str:
    return re.sub(r"[\s\-()]", "", phone).casefold()


def _in_order(rows: list[RequestRow]) -> tuple[RequestRow, ...]:
    """By the time they came in, then by row; those without a time come last."""
    ordered = sorted(rows, key=_arrival)
    seen: dict[tuple[str, ...], int] = {}
    ranked = []
    for row in ordered:
        marks = row.marks()
        seen[marks] = seen.get(marks, 0) + 1
        ranked.append(replace(row, rank=seen[marks]))
    return tuple(ranked)


def _arrival(row: RequestRow) -> tuple[bool, str, int]:
    return row.received is None, row.received.isoformat() if row.received else "", row.row


def _request_row(row: Row) -> tuple[RequestRow | None, list[Trouble]]:
    reader = RowReader(row, _HEADINGS)
    received = reader.read("received", _received)
    school, class_name = reader.read("school", _name), reader.read("class_name", _optional_name)
    pupils, adults = reader.read("pupils", _pupils), reader.read("adults", _adults)
    contact = reader.read("contact", _optional_name)
    phone = reader.read("phone", read_optional_text)
    email = reader.read("email", read_optional_text)
    activity = reader.read("activity", read_text)
    day, start = reader.read("date", read_date), reader.read("start", read_time)
    needs = reader.read("needs", _needs)
    if reader.troubles:
        return None, reader.troubles
    return (
        RequestRow(
            row.number,
            received,
            school or "",
            class_name or "",
            pupils or 0,
            adults or 0,
            contact or "",
            phone or "",
            email or "",
            activity or "",
            day or date.min,
            start or time(),
            needs or "",
        ),
        [],
    )


def _received(cell: str) -> datetime | None:
    """When the request came in; one that cannot be read stands last instead of being thrown out."""
    try:
        return read_moment(cell)
    except CellTrouble:
        return None


def _name(cell: str) -> str:
    return read_text(cell, most=LONGEST_NAME)


def _optional_name(cell: str) -> str:
    return read_optional_text(cell, most=LONGEST_NAME)


def _needs(cell: str) -> str:
    said = read_optional_text(cell, most=500)
    return "" if fold(said).rstrip(".!") in _NO_NEEDS else said


def _pupils(cell: str) -> int:
    return read_number(cell, least=1, most=MOST_PEOPLE, example=25)


def _adults(cell: str) -> int:
    return read_number(cell, least=0, most=100, example=2)
