"""Season rows: what is understood, what is not, and which occasion a row means."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.spreadsheets.cells import read_number
from services.booking.spreadsheets.dates import read_date, read_moment
from services.booking.spreadsheets.leaders import username_of
from services.booking.spreadsheets.season_file import SeasonFile, read_season
from services.booking.spreadsheets.times import read_time
from shared.spreadsheets.trouble import CellTrouble

HEAD = "Datum;Starttid;Längd (min);Aktivitet;Typ;Lokal;Antal platser;Ledare;Målgrupp"
GOOD = {
    "Datum": "2027-03-01",
    "Starttid": "13:30",
    "Längd (min)": "90",
    "Aktivitet": "Hat på nätet",
    "Typ": "workshop",
    "Lokal": "Sal 1",
    "Antal platser": "30",
    "Ledare": "Sanna Ek",
    "Målgrupp": "skolklass",
}


def season(*rows: dict[str, str]) -> SeasonFile:
    lines = [";".join((GOOD | row).values()) for row in rows]
    return read_season("\n".join([HEAD, *lines]).encode())


@pytest.mark.parametrize(
    "cell",
    [
        *("2027-01-18", "2027-1-18", "2027/01/18", "2027.01.18", "mån 2027-01-18"),
        *("2027-01-18 00:00:00", "2027-01-18T00:00:00"),
        *("20270118", "2027\u201301\u201318", "2027\u201101\u201118"),
        *("18/01/2027", "18.01.2027", "18/1/2027", "18/1 2027", "18/1-2027", "18. 1. 2027"),
        *("18 januari 2027", "18 jan. 2027", "måndag 18 januari 2027", "Mån 18 Jan 2027"),
        *("måndagen den 18 januari 2027", "den 18 januari 2027", "18 January 2027"),
    ],
)
def test_dates_as_people_write_them(cell: str) -> None:
    """ISO, or day first, in figures or with the month's name."""
    assert read_date(cell) == date(2027, 1, 18)


@pytest.mark.parametrize(
    ("cell", "month"),
    [("1 mars 2027", 3), ("1 maj 2027", 5), ("1 okt 2027", 10), ("1 May 2027", 5)],
)
def test_months_by_their_names(cell: str, month: int) -> None:
    """Whole or begun, Swedish or English."""
    assert read_date(cell) == date(2027, month, 1)


@pytest.mark.parametrize(
    ("cell", "word"),
    [("v. 9", "vecka"), ("vecka 9", "vecka"), ("V9 2027", "vecka"), ("46082", "löp")],
)
def test_what_is_nearly_a_date_gets_its_own_sentence(cell: str, word: str) -> None:
    """A week, and a spreadsheet's number of a day: what to write instead."""
    with pytest.raises(CellTrouble) as no:
        read_date(cell)
    assert word in no.value.sv
    assert "2027-03-01" in no.value.sv


@pytest.mark.parametrize(
    "cell", ["18/1 2027 07.27", "18 januari 2027 kl. 07:27", "2027-01-18T07:27:00"]
)
def test_moments_as_people_write_them(cell: str) -> None:
    """A date in any of these forms, and a time behind."""
    assert read_moment(cell).isoformat() == "2027-01-18T07:27:00"


@pytest.mark.parametrize("cell", ["13:30", "13.30", "kl. 13.30", "13:30:00", "1330", "kl 1330"])
def test_times_as_people_write_them(cell: str) -> None:
    """With a colon, a full stop, or nothing between."""
    assert read_time(cell) == time(13, 30)
    assert read_time("9.00") == read_time("kl 9") == read_time("0900") == time(9)


@pytest.mark.parametrize("cell", ["9", "2027", "09.5", "0,395833", "9:30 AM", "9.30-11"])
def test_what_may_be_no_time_is_asked_about(cell: str) -> None:
    """A bare number or half an expression is not guessed at."""
    with pytest.raises(CellTrouble):
        read_time(cell)


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [
        ("Datum", "2027-02-30", "impossible-date"),
        ("Datum", "v. 9", "not-a-date"),
        ("Datum", "01/18/27", "not-a-date"),
        ("Datum", "0001-01-01", "impossible-date"),
        ("Datum", "20270230", "impossible-date"),
        ("Datum", "270301", "not-a-date"),
        ("Datum", "", "not-a-date"),
        ("Starttid", "25:00", "impossible-time"),
        ("Starttid", "halv två", "not-a-time"),
        ("Längd (min)", "-30", "number-out-of-range"),
        ("Längd (min)", "0", "number-out-of-range"),
        ("Längd (min)", "1,5", "not-a-number"),
        ("Antal platser", "1.000", "not-a-number"),
        ("Antal platser", "1,000", "not-a-number"),
        ("Antal platser", "2 5", "not-a-number"),
        ("Antal platser", "trettio", "not-a-number"),
        ("Antal platser", "2001", "number-out-of-range"),
        ("Antal platser", "1000000000", "number-out-of-range"),
        ("Antal platser", "٣٠", "not-a-number"),
        ("Aktivitet", "", "blank"),
        ("Lokal", "", "blank"),
        ("Typ", "hemligt", "unknown-type"),
        ("Aktivitet", "x" * 201, "text-too-long"),
    ],
)
def test_a_broken_cell_gets_a_sentence_and_stops_nobody(column: str, cell: str, kind: str) -> None:
    """The row is rejected with number and column; the sentence never repeats the cell."""
    file = season({}, {column: cell}, {"Starttid": "15:00"})
    assert [row.row for row in file.rows] == [2, 4]
    [trouble] = file.troubles
    assert (trouble.row, trouble.column, trouble.kind) == (3, column, kind)
    assert trouble.sv
    assert trouble.en
    if len(cell) > 2:
        assert cell not in trouble.sv + trouble.en


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    """Two broken cells are two sentences, and one rejected row."""
    file = season({"Datum": "snart", "Antal platser": "många"})
    assert [trouble.column for trouble in file.troubles] == ["Datum", "Antal platser"]
    assert file.rejected == 1


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Workshop", "workshop"),
        ("föreläsning", "lecture"),
        ("Utbildning", "training"),
        ("öppen  kväll", "open-evening"),
        ("open evening", "open-evening"),
        ("Rådgivning", "consultation"),
    ],
)
def test_types_by_their_words(word: str, kind: str) -> None:
    """Swedish and English, in any case."""
    assert season({"Typ": word}).rows[0].kind == kind


@pytest.mark.parametrize(
    "cell",
    ["A Ek & B Sjö", "A Ek och B Sjö", "A Ek, B Sjö", "A Ek / B Sjö", '"A  Ek\nB Sjö\n"'],
)
def test_two_leaders_in_one_cell(cell: str) -> None:
    """However they are joined."""
    assert season({"Ledare": cell}).rows[0].leaders == ("A Ek", "B Sjö")
    assert season({"Ledare": "–"}).rows[0].leaders == ()


def test_equals_are_told_apart_by_their_rank() -> None:
    """Leaders, length and places are data; the same slot twice is two occasions."""
    again = {"Aktivitet": "HAT  på nätet", "Ledare": "Mira Lindh", "Starttid": "13.30"}
    first, second = (row.slot for row in season({}, again).rows)
    assert (first.rank, second.rank) == (1, 2)
    assert (first.activity, first.room) == (second.activity, second.room)


def test_mending_a_row_does_not_shift_its_neighbours() -> None:
    """A broken row counts among its equals already, so that the good one keeps its rank."""
    broken = season({"Antal platser": "många"}, {})
    mended = season({}, {})
    assert broken.rows[0].slot == mended.rows[1].slot


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Leyla Sjö", "leyla.sjo"),
        ("Åsa Öberg-Ek", "asa.oberg-ek"),
        ("  José  Peña ", "jose.pena"),
        ("Søren Æbelø", "soren.aebelo"),
    ],
)
def test_leaders_have_user_names(name: str, username: str) -> None:
    """Names as people write them fold to the names that they sign in with."""
    assert username_of(name) == username


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    """No cell makes a reader fail in another way."""
    for read in (read_date, read_time, read_moment):
        with suppress(CellTrouble):
            assert read(cell) is not None
    with suppress(CellTrouble):
        assert 1 <= read_number(cell, least=1, most=9, example=5) <= 9
