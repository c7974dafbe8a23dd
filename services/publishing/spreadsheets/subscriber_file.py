"""A file of subscribers: one address per row, what is known of it, and the proof of a consent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from services.publishing.domain.address import Address, NotAnAddress, address
from services.publishing.domain.importing import ImportedRow, Proof
from services.publishing.domain.languages import well_formed
from services.publishing.domain.subscriber import LONGEST_NAME
from shared.kernel.joiners import is_one_line
from shared.spreadsheets.files import open_file
from shared.spreadsheets.row_reader import RowReader
from shared.spreadsheets.table import Column, Row, Sheet
from shared.spreadsheets.trouble import CellTrouble, Trouble

T = TypeVar("T")
MAX_ROWS = 1_000_000
LONGEST_WORD = 80
MOST_TAGS = 20
COLUMNS = (
    Column("email", "E-post", ("epost", "e-postadress", "epostadress", "e-mail", "mail")),
    Column("name", "Namn", ("full name", "fullname"), necessary=False),
    Column("language", "Språk", ("lang",), necessary=False),
    Column("tags", "Taggar", ("etiketter",), necessary=False),
    Column("municipality", "Kommun", necessary=False),
    Column("role", "Roll", necessary=False),
    Column("consented_at", "Samtyckte", ("samtycke", "consent date"), necessary=False),
    Column("consent_text", "Samtyckestext", ("consent text",), necessary=False),
)
_HEADINGS: Mapping[str, str] = {column.key: column.heading for column in COLUMNS}
_FEW = 1024
"""Cells that are kept as they were read: a file has few tags, days and languages."""
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_LANGUAGES = {
    "svenska": "sv", "swedish": "sv", "engelska": "en", "english": "en", "arabiska": "ar",
    "arabic": "ar", "somaliska": "so", "somali": "so", "persiska": "fa", "farsi": "fa",
}  # fmt: skip


def open_subscribers(content: bytes) -> Sheet:
    """A workbook or a text file, by its first bytes; see `shared.spreadsheets` for refusals."""
    return open_file(content, COLUMNS)


def count_rows(sheet: Sheet) -> int:
    """How many rows there are; raises a refusal when the file breaks off somewhere."""
    return sum(1 for _ in sheet.rows(MAX_ROWS))


def read_rows(sheet: Sheet, now: datetime) -> Iterator[ImportedRow | list[Trouble]]:
    """Each row as it is meant, or everything that is wrong with it."""
    for row in sheet.rows(MAX_ROWS):
        yield read_row(row, now)


def read_row(row: Row, now: datetime) -> ImportedRow | list[Trouble]:
    """One row. Nothing that stood in a cell is repeated in a trouble."""
    reader = RowReader(row, _HEADINGS)

    def read(key: str, how: Callable[[str], T]) -> T | None:
        """Most cells of most files are empty."""
        return reader.read(key, how) if row.cells.get(key) else None

    to = reader.read("email", _address)
    name = read("name", _NAME)
    language = read("language", _language)
    tags = read("tags", _tags)
    municipality = read("municipality", _WORD)
    role = read("role", _WORD)
    at = read("consented_at", lambda cell: _moment(cell, now))
    text = read("consent_text", _WORD)
    if not reader.troubles and (at is None) != (not text):
        reader.troubles.append(_HALF_A_PROOF.at(row.number, _HEADINGS["consented_at"]))
    if reader.troubles or to is None:
        return reader.troubles
    proof = Proof(at, text) if at is not None and text else None
    return ImportedRow(
        row.number,
        to,
        name or "",
        language or "",
        tags or frozenset(),
        municipality or "",
        role or "",
        proof,
    )


def _address(cell: str) -> Address:
    if not cell:
        raise CellTrouble("blank", "Fyll i en e-postadress.", "Fill in an e-mail address.")
    try:
        return address(cell)
    except NotAnAddress as wrong:
        raise CellTrouble(wrong.kind, wrong.says("sv"), wrong.says("en")) from None


def _words(most: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > most or not is_one_line(cell):
            raise CellTrouble(
                "text-too-long",
                f"Texten får vara högst {most} vanliga tecken.",
                f"The text may be at most {most} ordinary characters.",
            )
        return cell

    return read


_NAME, _WORD = _words(LONGEST_NAME), _words(LONGEST_WORD)


@lru_cache(_FEW)
def _language(cell: str) -> str:
    tag = _LANGUAGES.get(cell.casefold()) or well_formed(cell)
    if tag is None:
        raise CellTrouble(
            "unknown-language",
            "Skriv språket som sv, en eller ar, eller lämna cellen tom.",
            "Write the language as sv, en or ar, or leave the cell empty.",
        )
    return tag


@lru_cache(_FEW)
def _tags(cell: str) -> frozenset[str]:
    tags = frozenset(tag for part in cell.replace(";", ",").split(",") if (tag := part.strip()))
    if len(tags) > MOST_TAGS or any(
        len(tag) > LONGEST_WORD or not is_one_line(tag) for tag in tags
    ):
        raise CellTrouble(
            "too-many-tags",
            f"Högst {MOST_TAGS} taggar, med kommatecken mellan.",
            f"At most {MOST_TAGS} tags, with commas between.",
        )
    return tags


@lru_cache(_FEW)
def _moment(cell: str, now: datetime) -> datetime:
    """A day or a moment; without a zone it is that of Malmö."""
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        raise CellTrouble(
            "not-a-moment",
            "Skriv när samtycket gavs som 2026-03-01 eller 2026-03-01 14:30.",
            "Write when the consent was given as 2026-03-01 or 2026-03-01 14:30.",
        ) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=_STOCKHOLM)
    if not 2000 <= found.year <= 9998 or found.astimezone(UTC) > now:
        raise CellTrouble(
            "impossible-moment",
            "Ett samtycke har getts någon gång mellan år 2000 och nu.",
            "A consent was given some time between the year 2000 and now.",
        )
    found = found.astimezone(UTC)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


_HALF_A_PROOF = CellTrouble(
    "half-a-proof",
    "Ett bevis på samtycke har både tid och text. Fyll i båda eller ingen.",
    "The proof of a consent has both a time and a text. Fill in both or neither.",
)
