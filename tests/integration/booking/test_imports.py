"""Spreadsheets over HTTP: the real files, dry and for real, twice, and everything that is wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.booking.spreadsheets.season_file import read_season
from services.booking.use_cases.import_season import ImportSeason
from shared.kernel.actor import housekeeping
from tests.integration.booking.world import World

DATA = Path(__file__).parents[2] / "data"
SEASON = (DATA / "season-spring-2027.csv").read_bytes()
REQUESTS = (DATA / "class-requests-spring-2027.csv").read_bytes()
_COUNTS = ("rows", "created", "unchanged", "changed", "rejected", "flagged", "blank")
HEAD = "Datum;Starttid;Längd (min);Aktivitet;Typ;Lokal;Antal platser;Ledare;Målgrupp\n"
ROW = "2027-03-01;13:30;90;Hat på nätet;workshop;Sal 1;30;Sanna Ek;skolklass\n"


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in _COUNTS}


async def state_of(world: World) -> list[Any]:
    """Everything that an import could change."""
    names = ("activities", "occasions", "bookings", "outbox")
    return [
        [document async for document in world.house.ground.database[name].find().sort("_id", 1)]
        for name in names
    ]


async def test_the_real_season_dry_then_done_then_again(world: World) -> None:
    """The dry run saves nothing and reports the same; a second import changes nothing."""
    dry = await world.import_file("season", SEASON, commit=False)
    assert await world.house.ground.database["occasions"].count_documents({}) == 0
    done = await world.import_file("season", SEASON, commit=True)
    assert done == dry
    assert counts(done) == {
        "rows": 231,
        "created": 227,
        "unchanged": 0,
        "changed": 0,
        "rejected": 4,
        "flagged": 3,
        "blank": 1,
    }
    assert [(e["row"], e["column"]) for e in done["errors"]] == [
        (11, "Datum"),
        (45, "Starttid"),
        (62, "Antal platser"),
        (79, "Längd (min)"),
    ]
    before = await state_of(world)
    again = await world.import_file("season", SEASON, commit=True)
    assert (again["created"], again["unchanged"], again["changed"]) == (0, 227, 0)
    assert await state_of(world) == before
    listed = await world.ask("GET", "/v1/occasions", params={"limit": 100})
    assert listed["total"] == 227
    assert listed["items"][0]["leaders"] == ["Olof Haddad", "Leyla Sjö"]
    assert len(await world.told("occasion-published")) == 227


async def test_the_real_requests_dry_then_done_then_again(world: World) -> None:
    """Nobody is lost, nobody is booked twice, and the dry run says what will be."""
    await world.import_file("season", SEASON, commit=True)
    dry = await world.import_file("request", REQUESTS, commit=False)
    assert await world.house.ground.database["bookings"].count_documents({}) == 0
    done = await world.import_file("request", REQUESTS, commit=True)
    assert done == dry
    assert done["rows"] == 261 == done["created"] + done["unchanged"] + done["rejected"]
    assert (done["unchanged"], done["rejected"]) == (1, 2)
    assert done["confirmed"] + done["waiting"] == done["created"] == 258
    flags = {(flag["row"], flag["flag"]) for flag in done["flags"]}
    assert (21, "duplicate") in flags
    kinds = {flag for _, flag in flags}
    assert {"broken-phone", "broken-email", "larger-than-room"} <= kinds
    sentences = {error["row"]: error["sentence_sv"] for error in done["errors"]}
    assert sentences[48] == "Skriv ett helt tal utan ord, till exempel 25."
    assert sentences[72] == "En vecka räcker inte. Skriv vilken dag, till exempel 2027-03-01."
    before = await state_of(world)
    again = await world.import_file("request", REQUESTS, commit=True)
    assert (again["created"], again["unchanged"], again["rejected"]) == (0, 259, 2)
    for name in ("confirmed", "waiting", "flagged", "flags"):
        assert again[name] == done[name], name
    assert await state_of(world) == before
    await no_occasion_is_oversold(world)
    needs = await world.house.ground.database["bookings"].count_documents(
        {"needs": {"$exists": True}}
    )
    keys = await world.house.ground.keys["person_keys"].count_documents({})
    assert needs == keys > 0


async def no_occasion_is_oversold(world: World) -> None:
    async for occasion in world.house.ground.database["occasions"].find():
        taken = occasion["people"]["confirmed"] + occasion["people"]["offered"]
        assert taken <= occasion["capacity"]
        confirmed = world.house.ground.database["bookings"].find(
            {"occasion_id": occasion["_id"], "state": "confirmed"}
        )
        sizes = [b["party"]["pupils"] + b["party"]["adults"] async for b in confirmed]
        assert sum(sizes) == occasion["people"]["confirmed"]


@pytest.mark.parametrize(("commit", "halfway"), [(False, {50, 100, 150}), (True, {25, 50, 75})])
async def test_planning_says_how_far_it_is(world: World, commit: bool, halfway: set[int]) -> None:
    """Many rows for one occasion are counted while they are planned, before anything is saved."""
    await world.import_file("season", SEASON, commit=True)
    head, *rows = REQUESTS.decode("cp1252").splitlines()
    wanted = [rows[0].replace(";8B;", f";8B {n};") for n in range(170)]
    done = await world.progress_of("request", "\n".join([head, *wanted]).encode(), commit=commit)
    assert halfway <= set(done)
    assert (done[0], done[-1], done) == (0, 170, sorted(done))


async def test_a_row_that_says_something_new_changes_its_occasion(world: World) -> None:
    """Leaders, places and length are data: the same row with others changes the occasion."""
    await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    changed = ROW.replace("Sanna Ek", "Mira Lindh och Sanna Ek").replace(";30;", ";32;")
    report = await world.import_file("season", (HEAD + changed).encode(), commit=True)
    assert (report["created"], report["changed"]) == (0, 1)
    [occasion] = (await world.ask("GET", "/v1/occasions"))["items"]
    assert (occasion["leaders"], occasion["capacity"]) == (["Mira Lindh", "Sanna Ek"], 32)


async def test_places_are_not_taken_back_by_a_file(world: World) -> None:
    """A row with fewer places than are booked is rejected with a sentence."""
    await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    [occasion] = (await world.ask("GET", "/v1/occasions"))["items"]
    await world.book(occasion["id"], size=25)
    fewer = ROW.replace(";30;", ";20;")
    report = await world.import_file("season", (HEAD + fewer).encode(), commit=True)
    [error] = report["errors"]
    assert (report["rejected"], error["kind"]) == (1, "capacity-below-taken")
    assert error["column"] == "Antal platser"
    assert error["sentence_sv"].startswith("Antalet platser kan inte bli lägre än ")
    assert (await world.occasion(occasion["id"]))["capacity"] == 30


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"", 422, "file-is-empty"),
        (b"PK\x03\x04rest", 415, "workbook-unreadable"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", 415, "file-is-a-picture"),
        (b"a;b\x00;c\n", 415, "not-a-spreadsheet-text"),
        (b"namn;pris\n1;2\n", 422, "columns-missing"),
        ((HEAD + "x" * 300_000 + "\n").encode(), 422, "cell-too-large"),
        ((HEAD + ";" * 1_000_000).encode(), 422, "too-many-columns"),
        ((HEAD + ROW * 5_001).encode(), 413, "too-many-rows"),
        (b"x" * (5 * 1024 * 1024 + 1), 413, "body-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_a_file_that_cannot_be_read_is_one_clear_no(
    world: World, content: bytes, status: int, kind: str
) -> None:
    """Nothing is half done, and nothing of the file is repeated."""
    problem = await world.import_file("season", content, commit=True, status=status)
    assert problem["type"].endswith("/" + kind)
    assert await world.house.ground.database["occasions"].count_documents({}) == 0


async def test_a_quote_that_is_never_closed_stops_only_its_row(world: World) -> None:
    """What came before it in the file is read, and the row is told of."""
    report = await world.import_file("season", (HEAD + ROW + 'a;"b;c\n').encode(), commit=True)
    assert (report["created"], report["errors"][0]["kind"]) == (1, "quote-not-closed")


async def test_two_imports_at_once_make_one_season_and_one_line(world: World) -> None:
    """Whoever is faster creates a row; for the other it is there already, and counted as it stands.

    Nobody is lost, and nothing is called wrong with a row.
    """
    both = await asyncio.gather(
        *(world.import_file("season", SEASON, commit=True) for _ in range(2))
    )
    assert sum(report["created"] for report in both) == 227
    assert await world.house.ground.database["occasions"].count_documents({}) == 227
    both = await asyncio.gather(
        *(world.import_file("request", REQUESTS, commit=True) for _ in range(2))
    )
    assert sum(report["created"] for report in both) == 258
    assert [(r["rejected"], r["confirmed"] + r["waiting"]) for r in both] == [(2, 258)] * 2
    assert await world.house.ground.database["bookings"].count_documents({}) == 258
    await no_occasion_is_oversold(world)


async def test_a_class_whose_row_was_corrected_is_told_of(world: World) -> None:
    """A corrected row is a new row: that the class then stands there twice is said, each time."""
    await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    head, first = REQUESTS.decode("cp1252").splitlines()[:2]
    cells = first.split(";")
    cells[8:11] = "Hat på nätet", "2027-03-01", "13:30"
    row = ";".join(cells)
    other = row.replace(f";{cells[2]};", ";Annan klass;")
    sent = f"{head}\n{row}\n{other}".encode()
    corrected = sent.replace(cells[6].encode(), b"0701740609", 1)
    said = []
    for content, commit in (
        (sent, True),
        (sent, True),
        (corrected, False),
        *[(corrected, True)] * 2,
    ):
        report = await world.import_file("request", content, commit=commit)
        said.append([f["row"] for f in report["flags"] if f["flag"] == "class-again"])
    assert said == [[], [], [2], [2], [2]]


async def test_an_import_that_is_broken_off_goes_on_when_repeated(world: World) -> None:
    """Closing the stream stops between two chunks; what was saved is recognised the next time."""
    importing = ImportSeason(
        world.house.stores.occasions, world.house.stores.activities, world.house.decisions
    )
    progress = importing(read_season(SEASON), commit=True, by=housekeeping("test"))
    await anext(progress)
    await anext(progress)
    await progress.aclose()
    saved = await world.house.ground.database["occasions"].count_documents({})
    assert 0 < saved < 227
    report = await world.import_file("season", SEASON, commit=True)
    assert (report["unchanged"], report["created"]) == (saved, 227 - saved)


async def test_what_is_not_in_the_season_gets_helpful_words(world: World) -> None:
    """The sentence says what there is instead: our own dates and times, never the cell."""
    await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    head = REQUESTS.decode("cp1252").splitlines()[0]
    start = "2026-11-22 07:27;Gunnesboskolan;8B;27;2;Åsa;070-1740684;a@b.example;"
    wishes = (
        "Yoga;2027-03-01;13:30",
        "Hat på nätet;2027-03-01;09:00",
        "hat  på nätet;2027-03-08;13:30",
    )
    content = "\n".join([head, *(f"{start}{wish};" for wish in wishes)])
    report = await world.import_file("request", content.encode(), commit=True)
    sentences = [(error["column"], error["sentence_sv"]) for error in report["errors"]]
    assert sentences == [
        ("Önskad aktivitet", "Aktiviteten finns inte i schemat. Skriv namnet precis som där."),
        ("Önskad tid", "Den dagen börjar aktiviteten 13:30. Skriv en av de tiderna."),
        ("Önskat datum", "Aktiviteten ges inte den dagen. Närmast är 2027-03-01 kl. 13:30."),
    ]


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2012", "\u2014"])
async def test_a_dash_is_a_dash(world: World, dash: str) -> None:
    """A programme with the long ones and a wish with other ones mean the same activity."""
    row = ROW.replace("Hat på nätet", "Kväll (unga) – 13–25?")
    others = ROW.replace("Hat på nätet", "Kväll (unga) – 13–25!")
    await world.import_file("season", (HEAD + row + others).encode(), commit=True)
    head, first, *_ = REQUESTS.decode("cp1252").splitlines()
    cells = first.split(";")
    cells[8:11] = [f"kväll (unga) {dash} 13{dash}25?", "2027-03-01", "13:30"]
    content = f"{head}\n{';'.join(cells)}\n".encode()
    report = await world.import_file("request", content, commit=True)
    assert (report["created"], report["errors"]) == (1, [])
    again = await world.import_file("request", content, commit=True)
    assert (again["created"], again["unchanged"]) == (0, 1)


async def test_what_has_been_is_neither_wished_for_nor_suggested(world: World) -> None:
    """History may be read in, but a class cannot book it; the nearest date is one to come."""
    rows = (ROW, ROW.replace("2027-03-01", "2026-11-02"), ROW.replace("2027-03-01", "2027-05-03"))
    season = await world.import_file("season", (HEAD + "".join(rows)).encode(), commit=True)
    assert (season["created"], [flag["flag"] for flag in season["flags"]]) == (3, ["in-the-past"])
    head = REQUESTS.decode("cp1252").splitlines()[0]
    start = "2026-10-01 07:27;Gunnesboskolan;8B;7;2;Åsa;070-1740684;a@b.example;Hat på nätet;"
    wishes = f"{head}\n{start}2026-11-02;13:30;\n{start}2026-11-09;13:30;\n"
    report = await world.import_file("request", wishes.encode(), commit=True)
    errors = [(error["column"], error["kind"]) for error in report["errors"]]
    assert errors == [
        ("Önskat datum", "occasion-has-started"),
        ("Önskat datum", "date-not-found"),
    ]
    assert "Närmast är 2027-03-01" in report["errors"][1]["sentence_sv"]
    world.clock.advance(timedelta(days=200))
    later = await world.import_file("request", wishes.encode(), commit=True)
    assert [error["kind"] for error in later["errors"]][1] == "no-more-dates"


async def test_a_cancelled_occasion_is_called_so(world: World) -> None:
    """A row for it changes nothing and is flagged; a wish for it is told why it cannot be had."""
    await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    [occasion] = (await world.ask("GET", "/v1/occasions"))["items"]
    path = f"/v1/occasions/{occasion['id']}/cancellation"
    await world.change("POST", path, json={"reason": "Ledaren är sjuk."})
    again = await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    assert again["unchanged"] == 1
    assert [flag["flag"] for flag in again["flags"]] == ["cancelled"]
    head = REQUESTS.decode("cp1252").splitlines()[0]
    row = "2026-11-22 07:27;X;8B;7;2;Åsa;070-1740684;a@b.example;Hat på nätet;2027-03-01;13:30;"
    wished = await world.import_file("request", f"{head}\n{row}\n".encode(), commit=True)
    assert [error["kind"] for error in wished["errors"]] == ["occasion-cancelled"]
