"""Coordinators' files as workbooks: what a program makes of the cells says the same as the text."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from services.booking.spreadsheets.request_file import read_requests
from services.booking.spreadsheets.season_file import read_season

DATA = Path(__file__).parents[2] / "data"
SEASON = (DATA / "season-spring-2027.csv").read_bytes().decode("cp1252")
REQUESTS = (DATA / "class-requests-spring-2027.csv").read_bytes().decode("cp1252")


def workbook(text: str) -> bytes:
    """The rows as Excel has them once somebody has opened the text and saved it as XLSX."""
    book = Workbook()
    first = book.active
    assert first is not None
    sheet = book.create_sheet("Vår 2027")
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        sheet.append([typed(cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def typed(cell: str) -> Any:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return cell
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{5}", cell):
        return datetime.fromisoformat(cell)
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", cell):
        return time.fromisoformat(cell)
    if re.fullmatch(r"[1-9][0-9]*", cell):
        return int(cell)
    return cell or None


def test_a_season_says_the_same_as_a_workbook() -> None:
    """Days, times and numbers that the program knows as such; faults keep row, column and words."""
    said, meant = read_season(workbook(SEASON)), read_season(SEASON.encode())
    assert said == meant
    assert [each.row for each in said.troubles] == [11, 45, 62, 79]
    assert said.rejected == 4


def test_requests_say_the_same_as_a_workbook() -> None:
    """A row that came in as text is known again in the workbook: its marks are the same."""
    said, meant = read_requests(workbook(REQUESTS)), read_requests(REQUESTS.encode())
    assert said == meant
    assert [row.marks() for row in said.rows] == [row.marks() for row in meant.rows]


def test_a_phone_that_the_program_took_for_a_number() -> None:
    """`0701740684` becomes 701740684 in a cell, and is the same number."""
    head, row = REQUESTS.splitlines()[:2]
    [meant] = read_requests(f"{head}\n{row}".encode()).rows
    cells = row.split(";")
    cells[6] = cells[6].replace("-", "")[1:]
    [said] = read_requests(workbook(f"{head}\n{';'.join(cells)}")).rows
    assert said.marks() == meant.marks()
