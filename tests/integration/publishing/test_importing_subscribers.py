"""A file of subscribers over HTTP: what it says is done once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from services.publishing.domain.address import address
from services.publishing.domain.suppression import Suppression
from services.publishing.spreadsheets.subscriber_file import open_subscribers
from services.publishing.use_cases import import_subscribers
from services.publishing.use_cases.import_subscribers import ImportSubscribers, Wanted
from tests.integration.publishing.subscribing import (
    ASA,
    TEST,
    a_list,
    by_link,
    known,
    leaving_link,
    letters,
    sign_up,
    subscribed,
)
from tests.integration.publishing.world import NOW, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
HEAD = "E-post;Namn;Språk;Taggar;Kommun;Roll;Samtyckte;Samtyckestext"
PROOF = "2026-10-02;mässan-2026"


def row(email: str, proof: str = PROOF, language: str = "sv", municipality: str = "Malmö") -> str:
    return f"{email};Åsa Öberg;{language};lärare, nätverk;{municipality};rektor;{proof}"


def file(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((HEAD, *rows, "")).encode(encoding)


def many(count: int, first: int = 0, proof: str = PROOF) -> list[str]:
    return [row(f"n{number}@d{number % 50}.example", proof) for number in range(first, count)]


async def imported(world: World, content: bytes, *, status: int = 200, **asked: Any) -> Any:
    """The report, or the problem."""
    params = {"list": "skolor", "commit": "true", **asked}
    answer = await world.client.post(
        "/v1/subscriber-imports",
        params=params,
        content=content,
        headers={**world.signed_in("editor"), "Content-Type": "text/csv"},
    )
    assert answer.status_code == status, answer.text
    lines = [json.loads(line) for line in answer.text.splitlines()]
    if status != 200:
        return lines[0]
    progress = [line["progress"] for line in lines[:-1]]
    assert [step["done"] for step in progress] == sorted(step["done"] for step in progress)
    last = lines[-1]
    return last.get("report") or last["problem"]


def counts(report: Any) -> dict[str, int]:
    return {name: count for name, count in report.items() if isinstance(count, int) and count}


async def test_a_proof_confirms_and_nothing_else_does(world: World) -> None:
    """When, and to which words, stands in the receipt; who brings none is asked, or rejected."""
    await a_list(world)
    content = file(row(ASA), row("nisse@skola.example", ";"))
    assert counts(await imported(world, content)) == {"rows": 2, "confirmed": 1, "rejected": 1}
    one = await known(world)
    assert one.confirmed == ("skolor",)
    receipt = one.on["skolor"].consent
    assert receipt is not None
    assert (receipt.text_version, receipt.source) == ("mässan-2026", "import")
    assert receipt.confirmed_at.isoformat() == "2026-10-01T22:00:00+00:00"
    assert (one.tags, one.municipality, one.role) == (
        frozenset({"lärare", "nätverk"}),
        "Malmö",
        "rektor",
    )
    assert await letters(world) == []
    report = await imported(world, content, ask="true")
    assert counts(report) == {"rows": 2, "unchanged": 1, "asked": 1}
    assert [letter["kind"] for letter in await letters(world)] == ["opt-in"]
    assert (await known(world, "nisse@skola.example")).confirmed == ()


async def test_a_dry_run_changes_nothing_and_says_the_same(world: World) -> None:
    """The report of a dry run is that of the real one."""
    await a_list(world)
    await subscribed(world)
    content = file(*many(30), row(ASA, municipality="Lund"), row("n1@d1.example"), "inte-en-adress")
    dry = await imported(world, content, commit="false")
    assert len(await world.rows("subscribers")) == 1
    real = await imported(world, content)
    assert dry == real
    assert counts(real) == {
        "rows": 33, "confirmed": 30, "changed": 1, "unchanged": 1, "repeated": 1, "rejected": 1,
    }  # fmt: skip
    assert (await known(world)).municipality == "Lund"


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    """No double, no second letter, no new version; days later as well."""
    await a_list(world)
    content = file(*many(40), *many(60, 40, ";"))
    first = await imported(world, content, ask="true")
    assert counts(first) == {"rows": 60, "confirmed": 40, "asked": 20}
    before = await world.rows("subscribers"), await letters(world)
    world.clock.advance(timedelta(days=20))
    again = await imported(world, content, ask="true")
    assert counts(again) == {"rows": 60, "unchanged": 60}
    assert (await world.rows("subscribers"), await letters(world)) == before


async def test_letters_of_a_file_leave_room_for_others(world: World) -> None:
    """They are due one after the other, so that who signs up meanwhile does not wait behind."""
    await a_list(world)
    await imported(world, file(*many(60, 0, ";")), ask="true")
    due = sorted(letter["due_at"] for letter in await letters(world))
    assert len(set(due)) == 60
    assert (due[0], due[-1]) == (NOW, NOW + timedelta(seconds=59 * 0.05))


async def test_who_left_or_is_stopped_stays_so(world: World) -> None:
    """An older consent does not bring anybody back; a newer one than the leaving does."""
    await a_list(world)
    one = await subscribed(world)
    link = leaving_link(world, one.id)
    await by_link(world, "POST", "/v1/my-place/leaving", link, data={"press": "leave"})
    stores = world.house.stores
    stopped = Suppression(
        stores.fingerprints.of(address("n1@d1.example")), "asked-never-again", NOW
    )
    await world.in_transaction(lambda session: stores.suppressions.add(session, stopped))
    report = await imported(world, file(row(ASA), row("n1@d1.example")), ask="true")
    assert counts(report) == {"rows": 2, "left": 1, "stopped": 1}
    assert (await known(world)).confirmed == ()
    assert len(await world.rows("subscribers")) == 1
    world.clock.advance(timedelta(days=2))
    later = row(ASA, "2027-01-15;mässan-2027")
    assert counts(await imported(world, file(later))) == {"rows": 1, "confirmed": 1}
    assert (await known(world)).confirmed == ("skolor",)


async def test_a_file_does_not_change_what_somebody_chose(world: World) -> None:
    """Language and name are the subscriber's own, once they are known."""
    await a_list(world)
    before = await subscribed(world)
    await imported(world, file(row(ASA, language="ar")))
    after = await known(world)
    assert (after.language, after.on) == (before.language, before.on)


async def test_every_bad_row_is_named_and_stops_no_other(world: World) -> None:
    """Row, column, a stable kind and a sentence in both languages; nothing of the cell."""
    await a_list(world)
    content = file(
        row("hemlig-adress"),
        row(ASA),
        row("b@skola.example", "2026-10-02;"),
        row("c@skola.example", "i fredags;mässan"),
        row("d@skola.example", "2031-01-01;mässan"),
        row("e@skola.example", language="klingonska!"),
        row("f@skola.example") + ";mer",
        "",
        row("g@skola.example"),
    )
    report = await imported(world, content)
    assert counts(report) == {"rows": 8, "confirmed": 2, "rejected": 6}
    assert [(each["row"], each["column"], each["kind"]) for each in report["errors"]] == [
        (2, "E-post", "not-an-address"),
        (4, "Samtyckte", "half-a-proof"),
        (5, "Samtyckte", "not-a-moment"),
        (6, "Samtyckte", "impossible-moment"),
        (7, "Språk", "unknown-language"),
        (8, "", "too-many-cells"),
    ]
    assert all(each["sentence_sv"] and each["sentence_en"] for each in report["errors"])
    assert "hemlig" not in str(report)


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"", 422, "file-is-empty"),
        (b"Namn;Kommun\r\nx;y\r\n", 422, "columns-missing"),
        (b"E-post;Epost\r\nx;y\r\n", 422, "column-twice"),
        (b"%PDF-1.7 ...", 415, "file-is-a-pdf"),
        (b"PK\x03\x04 broken", 415, "workbook-unreadable"),
    ],
)
async def test_a_file_that_cannot_be_read(
    world: World, content: bytes, status: int, kind: str
) -> None:
    """One clear sentence, and nothing is saved."""
    await a_list(world)
    problem = await imported(world, content, status=status)
    assert problem["type"].endswith(kind)


async def test_a_file_that_breaks_off_in_the_middle(world: World) -> None:
    """A quote that is never closed stops its own row alone."""
    await a_list(world)
    content = file(*many(1500)) + b'"never closed;\r\n' + file(row(ASA))
    report = await imported(world, content)
    assert report["confirmed"] == 1501
    assert [each["kind"] for each in report["errors"]] == ["quote-not-closed", "heading-again"]
    assert len(await world.rows("subscribers")) == 1501
    assert (await imported(world, file(row(ASA)), list="okand"))["kind"] == "no-such-list"


async def test_a_workbook_is_read_as_well(world: World) -> None:
    """With real dates in its cells."""
    await a_list(world)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.split(";"))
    sheet.append([ASA, "Åsa", "svenska", None, "Malmö", None, NOW.date(), "mässan"])
    kept = io.BytesIO()
    book.save(kept)
    assert counts(await imported(world, kept.getvalue())) == {"rows": 1, "confirmed": 1}


async def test_windows_files_are_read(world: World) -> None:
    """As older programs save them."""
    await a_list(world)
    content = file(row(ASA), encoding="cp1252")
    assert counts(await imported(world, content)) == {"rows": 1, "confirmed": 1}
    assert (await known(world)).on["skolor"].asked.text_version == "mässan-2026"


async def test_an_import_that_broke_off_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole chunks stand; the same file again adds the rest, and asks nobody twice."""
    await a_list(world)
    monkeypatch.setattr(import_subscribers, "CHUNK", 25)
    stores, ground = world.house.stores, world.house.ground
    read_in = ImportSubscribers(
        stores.lists,
        stores.subscribers,
        stores.suppressions,
        stores.letters,
        stores.fingerprints,
        ground.transact,
        ground.clock,
    )
    content = file(*many(60, 0, ";"), *many(100, 60))
    wanted = Wanted("skolor", ask=True, commit=True)
    steps = read_in(open_subscribers(content), wanted, by=TEST)
    async with aclosing(steps):
        async for step in steps:
            if step[0] >= 50:
                break
    assert step[:2] == (50, 100)
    assert len(await world.rows("subscribers")) == len(await letters(world)) == 50
    world.clock.advance(timedelta(days=1))
    report = await imported(world, content, ask="true")
    assert counts(report) == {"rows": 100, "unchanged": 50, "asked": 10, "confirmed": 40}
    assert len(await world.rows("subscribers")) == 100
    assert len(await letters(world)) == 60


async def test_two_imports_and_a_form_at_once(world: World) -> None:
    """They meet on the same addresses: each is one subscriber, with one letter."""
    await a_list(world)
    content = file(*many(300, 0, ";"))
    await asyncio.gather(
        imported(world, content, ask="true"),
        imported(world, content, ask="true"),
        *(sign_up(world, email=f"n{number}@d{number}.example") for number in range(10)),
    )
    assert len(await world.rows("subscribers")) == 300
    assert len({letter["about"] for letter in await letters(world)}) == 300
    assert len(await letters(world)) == 300


async def test_only_editors_import(world: World) -> None:
    """Nobody else, and nothing is read."""
    for role in ("coordinator", "operator", "auditor"):
        await world.ask(
            "POST", "/v1/subscriber-imports?list=skolor", 403, by=role, content=file(row(ASA))
        )
