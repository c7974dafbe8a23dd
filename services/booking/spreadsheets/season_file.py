"""A season: one row per occasion. Which rows mean what, and what is wrong with the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from services.booking.spreadsheets.cells import read_number, read_optional_text, read_text
from services.booking.spreadsheets.dates import DASHES, read_date
from services.booking.spreadsheets.times import read_time
from shared.kernel.joiners import without_joiners
from shared.spreadsheets.files import read_table
from shared.spreadsheets.row_reader import RowReader
from shared.spreadsheets.table import Column, Row
from shared.spreadsheets.trouble import CellTrouble, Trouble

COLUMNS = (
    Column("date", "Datum", also=("Dag",)),
    Column("start", "Starttid", also=("Start", "Tid", "Klockslag", "Kl")),
    Column(
        *("minutes", "Längd (min)"),
        also=("Längd", "Längd i minuter", "Minuter", "Antal minuter", "Length (min)"),
    ),
    Column("activity", "Aktivitet", also=("Aktivitetens namn", "Rubrik", "Titel")),
    Column("kind", "Typ", also=("Type", "Typ av aktivitet", "Aktivitetstyp")),
    Column("room", "Lokal", also=("Rum", "Sal", "Plats")),
    Column("places", "Antal platser", also=("Platser", "Max antal", "Max antal platser")),
    Column("leaders", "Ledare", also=("Handledare", "Kursledare", "Ansvarig")),
    Column("target_group", "Målgrupp", also=("Target group", "För vem")),
)
_HEADINGS = {column.key: column.heading for column in COLUMNS}
_KINDS: Mapping[str, str] = {
    "workshop": "workshop",
    "verkstad": "workshop",
    "lecture": "lecture",
    "föreläsning": "lecture",
    "training": "training",
    "utbildning": "training",
    "open evening": "open-evening",
    "open-evening": "open-evening",
    "öppen kväll": "open-evening",
    "rådgivning": "consultation",
    "consultation": "consultation",
}
_BETWEEN_LEADERS = re.compile(r"\s*[&,/;+\n]\s*|\s+(?:och|and)\s+", re.IGNORECASE)
MOST_PLACES, MOST_MINUTES, LEAST_MINUTES = 2_000, 7 * 24 * 60, 5


@dataclass(frozen=True, slots=True)
class Slot:
    """What a row is recognised by: its place among equal rows makes it one of a kind.

    `activity` and `room` are folded (case and spaces do not matter); times are local wall clock.
    """

    activity: str
    date: date
    start: time
    room: str
    rank: int


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """One occasion as the file says it; length in minutes, local wall-clock time."""

    row: int
    slot: Slot
    activity: str
    kind: str
    room: str
    minutes: int
    places: int
    leaders: tuple[str, ...]
    target_group: str


@dataclass(frozen=True, slots=True)
class SeasonFile:
    """What the file holds: good rows in file order, and the troubles of the others."""

    rows: tuple[SeasonRow, ...]
    troubles: tuple[Trouble, ...]
    rejected: int
    blank: int


def read_season(content: bytes) -> SeasonFile:
    """Read a season file; raises a refusal when the file as a whole cannot be read."""
    table = read_table(content, COLUMNS)
    seen: Counter[tuple[str, date, time, str]] = Counter()
    rows: list[SeasonRow] = []
    troubles: list[Trouble] = []
    for row in table.rows:
        found, wrong = _season_row(row, seen)
        troubles.extend(wrong)
        if found:
            rows.append(found)
    return SeasonFile(tuple(rows), tuple(troubles), len(table.rows) - len(rows), table.blank)


def fold(text: str) -> str:
    """The text with case, spacing and what is not seen ironed out, for comparing."""
    return " ".join(without_joiners(text).split()).casefold()


def alike(text: str) -> str:
    """The text as `fold` makes it, and every dash a hyphen: some programs put longer ones in."""
    return DASHES.sub("-", fold(text))


def _season_row(
    row: Row, seen: Counter[tuple[str, date, time, str]]
) -> tuple[SeasonRow | None, list[Trouble]]:
    reader = RowReader(row, _HEADINGS)
    day, start = reader.read("date", read_date), reader.read("start", read_time)
    minutes = reader.read("minutes", _minutes)
    activity, kind = reader.read("activity", read_text), reader.read("kind", _kind)
    room = reader.read("room", read_text)
    places = reader.read("places", _places)
    leaders = reader.read("leaders", _leaders, lined=True)
    target_group = reader.read("target_group", read_optional_text)
    if day is None or start is None or activity is None or room is None:
        return None, reader.troubles
    # A row counts among its equals even if other cells are broken: mending those later must not
    # make it take its neighbour's place.
    equals = (fold(activity), day, start, fold(room))
    seen[equals] += 1
    if minutes is None or kind is None or places is None or leaders is None or target_group is None:
        return None, reader.troubles
    if reader.troubles:
        return None, reader.troubles
    slot = Slot(*equals, rank=seen[equals])
    return (
        SeasonRow(row.number, slot, activity, kind, room, minutes, places, leaders, target_group),
        [],
    )


def _minutes(cell: str) -> int:
    return read_number(cell, least=LEAST_MINUTES, most=MOST_MINUTES, example=90)


def _places(cell: str) -> int:
    return read_number(cell, least=1, most=MOST_PLACES, example=30)


def _kind(cell: str) -> str:
    kind = _KINDS.get(fold(cell))
    if kind is None:
        raise CellTrouble(
            "unknown-type",
            "Skriv en av typerna workshop, föreläsning, utbildning, öppen kväll eller rådgivning.",
            "Write one of the types workshop, lecture, training, open evening or consultation.",
        )
    return kind


def _leaders(cell: str) -> tuple[str, ...]:
    names = _BETWEEN_LEADERS.split(cell)
    read_optional_text(" ".join(names))
    # A dash fills the cell of an occasion that nobody leads yet.
    return tuple(dict.fromkeys(name for name in names if any(map(str.isalnum, name))))
