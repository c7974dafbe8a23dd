"""Schools' requests: the order in which they came in, copies, contacts and grades."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.booking.spreadsheets.contact import contact_of, usable_email, usable_phone
from services.booking.spreadsheets.request_file import RequestFile, grade_of, read_requests
from services.booking.spreadsheets.schools import municipality_of

HEAD = (
    "Inkom;Skola;Klass;Antal elever;Antal vuxna;Kontaktperson;Mobil;E-post;"
    "Önskad aktivitet;Önskat datum;Önskad tid;Behov"
)
ROW = (
    "{at};Gunnesboskolan;8B;27;2;Zeinab Nilsson;070-1740684;z@skola.example;"
    "Hat på nätet;2027-01-21;09:00;tolk arabiska"
)


def requests(*arrived: str) -> RequestFile:
    lines = [ROW.format(at=at) for at in arrived]
    return read_requests("\n".join([HEAD, *lines]).encode())


def test_the_first_to_come_in_is_first_in_line() -> None:
    """By the time in `Inkom`, then by row; a time that cannot be read stands last."""
    file = requests("2026-12-01 08:00", "i går", "2026-11-30 23:59", "30/11/2026 07.00")
    assert [row.row for row in file.rows] == [5, 4, 2, 3]
    assert file.rows[-1].received is None


def test_a_form_writes_the_second_too() -> None:
    """Which of two came first within a minute is known when the file says it."""
    file = requests("2026-11-30 07:27:33", "2026-11-30 07.27.08", "2026-11-30 07:27")
    assert [row.row for row in file.rows] == [4, 3, 2]
    assert None not in [row.received for row in file.rows]
    assert requests("2026-11-30 07:27:60").rows[0].received is None


@pytest.mark.parametrize("said", ["-", "Nej", "inga", "Inga särskilda behov.", "nej tack!", " – "])
def test_who_needs_nothing_says_so_in_many_words(said: str) -> None:
    """No is not a special need, and is not kept as one."""
    line = ROW.format(at="2026-12-01 08:00").replace("tolk arabiska", said)
    [row] = read_requests(f"{HEAD}\n{line}".encode()).rows
    assert row.needs == ""


def test_an_exact_copy_is_known_by_its_marks() -> None:
    """Spacing and case make no difference; anything else makes another row."""
    copy = ROW.format(at="2026-11-30 08:00").replace("Zeinab  Nilsson", "zeinab nilsson")
    text = "\n".join([HEAD, ROW.format(at="2026-11-30 08:00"), copy + " "])
    first, second = read_requests(text.encode()).rows
    assert (first.rank, second.rank) == (1, 2)
    assert first.marks() == second.marks()
    assert replace(first, pupils=26).marks() != first.marks()


@pytest.mark.parametrize(
    "written", ["+46701740684", "0046 70 174 06 84", "+46 (0)70-174 06 84", "070/174.06.84"]
)
def test_a_number_is_one_number_however_it_is_written(written: str) -> None:
    """Whoever corrects only the way a number is written does not make another row."""
    line = ROW.format(at="2026-11-30 08:00")
    text = "\n".join([HEAD, line, line.replace("070-1740684", written)])
    first, second = read_requests(text.encode()).rows
    assert (first.marks(), first.rank, second.rank) == (second.marks(), 1, 2)
    assert first.marks() == first.marks_as_written() != second.marks_as_written()


def test_what_is_no_number_is_told_apart_as_it_is_written() -> None:
    """A landline and a note are not made alike; a note's spaces make no difference."""
    line = ROW.format(at="2026-11-30 08:00")
    others = ("070-ring mig", "070-RING  mig", "070-ring henne", "040-12 34 56", "")
    text = "\n".join([HEAD, *(line.replace("070-1740684", other) for other in others)])
    marks = [row.marks() for row in read_requests(text.encode()).rows]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 4


def test_a_row_never_shows_who_it_is_about() -> None:
    """Its representation may end in a log, so it names the row and nothing else."""
    [row] = requests("2026-11-30 08:00").rows
    assert repr(row) == "<RequestRow 2>"
    contact = contact_of(name=row.contact, phone=row.phone, email=row.email)
    assert "Zeinab" not in repr(contact)


@pytest.mark.parametrize(
    ("written", "usable"),
    [
        ("070-1740684", "+46701740684"),
        ("0701740684", "+46701740684"),
        ("+46 (0)70 174 06 84", "+46701740684"),
        ("0046 70-174 06 84", "+46701740684"),
        ("040-12 34 56", "+4640123456"),
        ("070-ring mig", ""),
        ("070", ""),
        ("", ""),
        ("+" * 40, ""),
    ],
)
def test_phones_are_made_uniform_or_not_used(written: str, usable: str) -> None:
    """E.164, or nothing; letters are not dialled."""
    assert usable_phone(written) == usable


@pytest.mark.parametrize(
    ("written", "usable"),
    [
        ("åsa@skola.example", False),
        ("ingen@", False),
        ("a@b", False),
        ("a b@c.se", False),
        ("a@skola.example", True),
        ("a.b+c@malmö.example", True),
        ("x" * 250 + "@a.se", False),
    ],
)
def test_addresses_are_used_or_not(written: str, usable: bool) -> None:
    """Only what mail could be sent to."""
    assert bool(usable_email(written)) is usable


@pytest.mark.parametrize(
    ("phone", "email", "flags"),
    [
        ("070-ring mig", "a@b.se", ("broken-phone",)),
        ("070-1740684", "ingen@", ("broken-email",)),
        ("070-1740684", "", ()),
        ("ring", "ingen@", ("broken-phone", "broken-email", "unreachable")),
        ("", "", ("unreachable",)),
        ("-", " – ", ("unreachable",)),
        ("–", "a@b.se", ()),
        ("040-12 34 56", "a@b.se", ("phone-cannot-take-sms",)),
        ("010-123 45 67", "", ("phone-cannot-take-sms", "unreachable")),
        ("+45 20 12 34 56", "", ()),
    ],
)
def test_what_is_broken_is_flagged(phone: str, email: str, flags: tuple[str, ...]) -> None:
    """A missing one is not broken; a landline takes no SMS; with neither, nobody can be reached."""
    assert contact_of(name="X", phone=phone, email=email).flags == flags


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("8B", "8"),
        ("9 C", "9"),
        ("1a", "1"),
        ("F", "f"),
        ("FB", "f"),
        ("åk 9", "9"),
        ("Åk. 8B", "8"),
        ("årskurs 7", "7"),
        ("10", None),
        ("åk 10", None),
        ("NA22", None),
        ("Fritids", None),
        ("", None),
    ],
)
def test_the_grade_is_in_the_class_name(name: str, grade: str | None) -> None:
    """`8B` is year 8; what does not say is not guessed."""
    assert grade_of(name) == grade


def test_the_list_of_schools_knows_the_municipality() -> None:
    """By name, whatever the case; an unknown school has none."""
    assert municipality_of("gunnesboskolan") == "Lund"
    assert municipality_of("Rosengårdsskolan") == "Malmö"
    assert municipality_of("Hogwarts") is None
