"""Files as offices export them: every encoding and delimiter gives the same rows."""

from __future__ import annotations

import codecs
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.spreadsheets.season_file import read_season
from shared.kernel.refusal import Refusal
from shared.spreadsheets import refusals
from shared.spreadsheets.files import read_table
from shared.spreadsheets.table import Column, open_text
from shared.spreadsheets.trouble import NOT_CLOSED, SPILLS

HEAD = ("Datum", "Starttid", "Längd (min)", "Aktivitet", "Typ", "Lokal", "Antal platser")
MORE = ("Ledare", "Målgrupp")
ROW = ("2027-03-01", "13.30", "90", "Öppen kväll – unga", "öppen kväll", "Caféet", "40")
REST = ("Åsa Sjö & Björn Ek", "unga 13–25")
COLUMNS = (Column("a", "A"), Column("b", "B", necessary=False))


def packed(*names: str) -> bytes:
    """An archive with parts of these names, each saying that it is a letter."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text")
    return kept.getvalue()


def text(delimiter: str = ";", end: str = "\r\n") -> str:
    lines = (delimiter.join((*HEAD, *MORE)), delimiter.join((*ROW, *REST)))
    return end.join(lines) + end


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_export_says_the_same(delimiter: str, encoding: str, end: str) -> None:
    """Encoding, delimiter and line ends are found out; å ä ö and the dash survive."""
    [row] = read_season(text(delimiter, end).encode(encoding)).rows
    assert (row.activity, row.room, row.leaders) == (
        "Öppen kväll – unga",
        "Caféet",
        ("Åsa Sjö", "Björn Ek"),
    )


def test_a_sign_in_a_cell_makes_no_file_a_macs() -> None:
    """Without å, ä or ö in its headings a Windows file stays one, whatever its cells say."""
    table = read_table("A;B\nŠimon …;5 €\n".encode("cp1252"), COLUMNS)
    assert table.rows[0].cells == {"a": "Šimon …", "b": "5 €"}


def test_what_excel_calls_csv_for_ms_dos() -> None:
    """It is read too; quotation marks in the headings of a Windows file make it no such file."""
    [row] = read_season(text().replace("–", "-").encode("cp850")).rows
    assert (row.activity, row.leaders) == ("Öppen kväll - unga", ("Åsa Sjö", "Björn Ek"))
    table = read_table("A;B;”Not”\nÅsa Sjö;på;x\n".encode("cp1252"), COLUMNS)
    assert table.rows[0].cells == {"a": "Åsa Sjö", "b": "på"}


def test_headings_may_be_written_otherwise() -> None:
    """Case, spaces, order and decomposed letters do not matter, nor do columns we do not know."""
    content = "målgrupp; LOKAL ;aktivitet;typ;antalplatser;ledare;Starttid;datum;La\u0308ngd;X\n"
    content += "skolklass;Sal 2;Hat på nätet;workshop;30;;9.00;01/03/2027;90;strunt\n"
    [row] = read_season(content.encode()).rows
    assert (row.room, row.places, row.minutes, row.leaders) == ("Sal 2", 30, 90, ())
    content = content.replace("LOKAL", "Rum *").replace("antalplatser", "Max antal:")
    assert read_season(content.encode()).rows == (row,)


def test_of_two_headings_for_one_thing_the_plainer_counts() -> None:
    """A list of contacts has both `Telefon` and `Mobil`; the same heading twice is not guessed."""
    columns = (Column("phone", "Mobil", also=("Mobilnummer", "Telefon")),)
    [row] = read_table(b"Telefon;Mobil\n040;070\n", columns).rows
    assert row.cells == {"phone": "070"}
    [row] = read_table(b"Telefon;Mobilnummer\n040;070\n", columns).rows
    assert row.cells == {"phone": "070"}
    with pytest.raises(refusals.ColumnTwice):
        read_table(b"Telefon;telefon\n040;070\n", columns)


def test_what_nobody_sees_in_a_cell_is_not_read() -> None:
    """Marks of direction round a copied number, zero-width signs, the mark of a second file.

    What spells a name is kept: between letters of a script that joins them.
    """
    hidden = "\u202a070\u00ad-17\u202c;\ufeffعلی\u200cرضا\u200b\u200c\n"
    [row] = read_table(f"A\u200b;B\n{hidden}".encode(), COLUMNS).rows
    assert row.cells == {"a": "070-17", "b": "علی\u200cرضا"}
    [row] = read_table("A;B\nÅ\u200csa\u200d;\u200cعلی\u200c 8\n".encode(), COLUMNS).rows
    assert row.cells == {"a": "Åsa", "b": "علی 8"}


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    """Blank rows count, a cell with line breaks is one row, and blank rows at the end are none."""
    table = read_table(b'\xef\xbb\xbfA;B\n1;x\n;;\n\n"2\ntwo";y\n3;z\n;\n\n', COLUMNS)
    assert [(row.number, row.cells["a"]) for row in table.rows] == [
        (2, "1"),
        (5, "2\ntwo"),
        (6, "3"),
    ]
    assert table.blank == 2


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_what_stands_above_the_headings_is_passed_over(delimiter: str) -> None:
    """A sheet's name and the day it was made are no headings; rows keep their numbers."""
    above = f"Vårens program, utkast{delimiter * 8}\r\n{delimiter * 8}\r\nSkapad{delimiter}2027\r\n"
    [row] = read_season((above + text(delimiter)).encode("cp1252")).rows
    assert (row.row, row.room) == (5, "Caféet")


def test_a_first_line_that_names_the_delimiter() -> None:
    """Excel's `sep=` is obeyed and keeps its place among the rows."""
    table = read_table(b"sep=,\nA,B\n1,2\n", COLUMNS)
    assert [(row.number, row.cells) for row in table.rows] == [(3, {"a": "1", "b": "2"})]


def test_cells_outside_the_headings_are_told_of() -> None:
    """A stray delimiter shifts cells: such a row is not guessed at."""
    [row] = read_table(b"A;B\n1;2;3\n", COLUMNS).rows
    assert row.wrong is SPILLS


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.FileIsEmpty),
        (b"\xef\xbb\xbf \r\n ", refusals.FileIsEmpty),
        (b"\xef\xbb\xbf", refusals.FileIsEmpty),
        (b"PK\x03\x04", refusals.WorkbookUnreadable),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", refusals.FileIsAPicture),
        (b"\x89PNG\r\n\x1a\n", refusals.FileIsAPicture),
        (b"\x00\x00\x00\x18ftypheic", refusals.FileIsAPicture),
        (b"%PDF-1.7\n%\xe2\xe3", refusals.FileIsAPdf),
        (b"{\\rtf1\\ansi A;B}", refusals.FileIsADocument),
        (packed("word/document.xml", "[Content_Types].xml"), refusals.FileIsADocument),
        (packed("mimetype", "content.xml"), refusals.FileIsADocument),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), refusals.FileIsADocument),
        (packed("season.csv"), refusals.FileIsAnArchive),
        (b"\x1f\x8b\x08\x00", refusals.FileIsAnArchive),
        (b"A;B\n1;\x00\n", refusals.NotSpreadsheetText),
        (b"\xff\xfeA", refusals.EncodingUnknown),
        (b"B\n1\n", refusals.ColumnsMissing),
        (b"A;A\n1;2\n", refusals.ColumnTwice),
        (b"A\n" + b'"x\n' * 21, refusals.QuoteNotClosed),
        (b"A\n" + b"x" * 200_000, refusals.CellTooLarge),
        (b"A\n" + b";" * 300, refusals.TooManyColumns),
        (b";" * 300 + b"\n", refusals.TooManyColumns),
        (b"A\n" + b"1\n" * 5_001, refusals.TooManyRows),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, refusal: type[Refusal]) -> None:
    """One named refusal for the whole file, in two languages."""
    with pytest.raises(refusal) as caught:
        read_table(content, COLUMNS)
    assert caught.value.says("sv") != caught.value.says("en")


def test_a_long_cell_stops_its_row_only() -> None:
    """A column that nobody reads may hold an essay; in another, that row is rejected."""
    head, row = text().splitlines()
    essay = "x" * 3_000
    assert len(read_season(f"{head};Anteckning\n{row};{essay}\n".encode()).rows) == 1
    file = read_season(f"{head}\n{row.replace('Caféet', essay)}\n{row}\n".encode())
    assert [row.row for row in file.rows] == [3]
    assert [(t.row, t.column, t.kind) for t in file.troubles] == [(2, "Lokal", "cell-too-long")]


@pytest.mark.parametrize(
    ("content", "good"),
    [
        (b'A;B\n"never;x\nclosed;y\n', [(3, "closed")]),
        (b'A;B\n1;"x\n2;y\n3;"z"\n', [(3, "2"), (4, "3")]),
        (b'A;B\n1;"x\n2;y "z\n', [(3, "2")]),
        (b'A;B\n1;x\n2;"' + b"y\n3;z" * 40_000 + b"\n", None),
    ],
)
def test_a_quote_that_never_ends_stops_its_row_only(
    content: bytes, good: list[tuple[int, str]] | None
) -> None:
    """The line with the quote is told of; the rows that it would have swallowed are read."""
    rows = list(open_text(content, COLUMNS).rows(100_000))
    broken = [row.number for row in rows if row.wrong is NOT_CLOSED]
    assert broken == [3 if good is None else 2]
    read = [(row.number, row.cells["a"]) for row in rows if row.wrong is None]
    assert read == good if good is not None else len(read) == 40_001


@pytest.mark.parametrize(
    ("line", "kind"),
    [(0, "heading-again"), ("Summa:;;;;;;240", "total-row"), ("Totalt;;;;;;;;", "total-row")],
)
def test_a_line_that_is_no_row_is_one_sentence(line: int | str, kind: str) -> None:
    """Headings repeated in the middle, and a total below, are told of once and not cell by cell."""
    head, row = text().splitlines()
    file = read_season("\n".join((head, row, head if line == 0 else str(line))).encode())
    assert [found.row for found in file.rows] == [2]
    assert [(t.row, t.kind) for t in file.troubles] == [(3, kind)]


def test_a_quote_inside_a_cell_is_only_a_character() -> None:
    """Inches and nicknames do not break a file."""
    [row] = read_table(b'A;B\n5" kabel;"Lasse"n\n', COLUMNS).rows
    assert row.cells == {"a": '5" kabel', "b": "Lassen"}


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_rows_or_a_refusal(content: bytes) -> None:
    """No file makes the reader fail in another way than by a refusal."""
    for whole in (content, b"A;B\n" + content, codecs.BOM_UTF16_LE + content):
        with suppress(Refusal):
            assert read_table(whole, COLUMNS).blank >= 0
