"""An export is asked and written down page by page, and ends where its asker's access ends."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields
from itertools import chain
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from services.mentoring.api.export import _written
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import GROUPS
from services.mentoring.storage.forgetting import APART
from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from services.mentoring.use_cases.case_file import (
    NOT_TAKEN_OUT,
    OF_THE_CASE,
    OfRecords,
    whole_file,
)
from services.mentoring.use_cases.export_case import ExportCase
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.web.refusals import NotSignedIn
from tests.integration.mentoring.whole_case import a_whole_case
from tests.integration.mentoring.world import IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARK = "Mening-4713"


async def test_everything_of_the_case_and_every_page_in_the_audit(world: World) -> None:
    """The identity, each note, a last line that says it is whole; each reading recorded."""
    case_id = await world.a_case(identity={"name": "Kim Export"})
    for number in range(3):
        await _note(world, case_id, f"{MARK} {number}")
    answer = await world.answer(KARIN, "GET", f"/v1/cases/{case_id}/export")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    assert last == {"whole": True, "lines": len(lines)}
    assert [each["words"]["name"] for each in lines if each["group"] == "identity"] == [
        "Kim Export"
    ]
    assert [each["words"]["text"] for each in lines if each["record"] == "notes"] == [
        f"{MARK} {number}" for number in range(3)
    ]
    fields = {each["fields"][0] for each in await world.audited(case_id, rule="export:lead")}
    assert {"overview", "identity", "notes", "plan", "consents"} <= fields


async def test_whoever_may_not_gets_nothing(world: World) -> None:
    """A stranger learns nothing, a mentor may not, and a protected case is never taken out."""
    case_id = await world.a_case()
    cases = world.house.ground.database["cases"]
    await cases.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
    await world.a_mentor(IDRIS)
    await world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json={"kind": "mentor"})
    path = f"/v1/cases/{case_id}/export"
    await world.asks(TOVE, "GET", path, 404)
    await world.asks(IDRIS, "GET", path, 403)
    hidden = await world.a_case(protected=True, named=[KARIN])
    await world.asks(KARIN, "GET", f"/v1/cases/{hidden}/export", 403)


async def test_an_export_ends_where_access_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handed over between two pages: the next page is not sent, and the last line says why."""
    monkeypatch.setattr("services.mentoring.use_cases.export_case.PAGE", 1)
    case_id = await three_notes(world)
    lines = await notes_of(world)(CaseId(case_id), by=_karin())
    assert (await anext(lines))["words"]["text"] == f"{MARK} 0"
    await hand_over(world, case_id)
    [last] = [line async for line in lines]
    assert (last["whole"], last["why"]) == (False, "access-ended")
    assert await world.audited(case_id, rule="may-not-export", allowed=False)


async def test_what_is_opened_already_is_asked_about_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a page that lies open, too, no line leaves on a yes that has grown old."""
    monkeypatch.setattr("services.mentoring.use_cases.export_case.FRESH", 0.0)
    case_id = await three_notes(world)
    lines = await notes_of(world)(CaseId(case_id), by=_karin())
    await anext(lines)
    await hand_over(world, case_id)
    [last] = [line async for line in lines]
    assert (last["lines"], last["whole"], last["why"]) == (1, False, "access-ended")


async def test_a_slow_reader_is_not_decided_for_beforehand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for the next line, and meanwhile access ends: that line was not let out before."""
    monkeypatch.setattr("services.mentoring.use_cases.export_case.FRESH", 0.0)
    case_id = await three_notes(world)
    lines = await notes_of(world)(CaseId(case_id), by=_karin())
    written: list[bytes] = []

    async def send(message: Any) -> None:
        if message.get("body"):
            written.append(message["body"])
        elif len(written) == 1:
            await hand_over(world, case_id)

    async def receive() -> Any:
        raise AssertionError("nothing is asked of the reader")

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
    await StreamingResponse(_written(lines))(scope, receive, send)
    first, last = [json.loads(each) for each in written]
    assert first["words"]["text"] == f"{MARK} 0"
    assert (last["lines"], last["why"]) == (1, "access-ended")


async def test_an_export_ends_with_the_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed out between two lines: nothing more, for whatever reason it was."""
    case_id, asked = await three_notes(world), 0

    def signed_out(_: Request) -> None:
        nonlocal asked
        asked += 1
        if asked > 2:
            raise NotSignedIn

    monkeypatch.setattr("services.mentoring.api.export.ensure_still_signed_in", signed_out)
    answer = await world.answer(KARIN, "GET", f"/v1/cases/{case_id}/export")
    [_, _, last] = [json.loads(line) for line in answer.text.splitlines()]
    assert (last["lines"], last["whole"], last["kind"]) == (2, False, "not-signed-in")


async def test_nothing_that_hangs_on_a_case_is_left_out(world: World) -> None:
    """Row by row: what the database holds of a case is in the export, in whatever collection."""
    case_id = await a_whole_case(world)
    answer = await world.answer(KARIN, "GET", f"/v1/cases/{case_id}/export")
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    assert last["whole"] is True
    taken = Counter(line["record"] for line in lines)
    database = world.house.ground.database
    names = set(await database.list_collection_names()) - set(APART)
    of_case = {"$or": [{"case_id": case_id}, {"_id": case_id}]}
    held = {name: await database[name].count_documents(of_case) for name in sorted(names)}
    assert set(held) >= STAY.keys()
    assert {name: taken[name] for name in held if name not in STAY} == {
        name: count for name, count in held.items() if name not in STAY
    }
    assert all(taken[name] for name in GROUP_OF_RECORDS), taken
    assert {line["group"] for line in lines} == set(GROUPS)
    [plan, _] = [line for line in lines if line["record"] == "plans"]
    assert plan["words"]["goals"][0]["actions"][0]["owner"] == KARIN


STAY = {
    "notices": "what waits for a member of the staff",
    "referrals": "the words went over to the case, and are taken out as `referral_words`",
}
"""Collections of which rows name a case and are no part of its file, and why."""


async def test_every_field_group_and_every_field_of_a_case_has_its_place(world: World) -> None:
    """A new one that nobody thought of is not left out of an export in silence."""
    parts = whole_file(
        world.house.stores.steps,
        world.house.stores.identities,
        {"consents": world.house.stores.consents.consents_of},
        [(each.group, each) for each in world.house.stores.hanging],
    )
    assert {part.group for part in parts} == set(GROUPS)
    named = [*chain.from_iterable(OF_THE_CASE.values()), *NOT_TAKEN_OUT]
    assert sorted(named) == sorted(each.name for each in fields(Case))


async def three_notes(world: World) -> str:
    """A case with three of them; its id."""
    case_id = await world.a_case()
    for number in range(3):
        await _note(world, case_id, f"{MARK} {number}")
    return case_id


def notes_of(world: World) -> ExportCase:
    """An export of nothing but notes."""
    notes = [OfRecords(e.group, e) for e in world.house.stores.hanging if e.name == "notes"]
    return ExportCase(world.house.disclosing, notes)


async def hand_over(world: World, case_id: str) -> None:
    """Karin is out of the case."""
    handed = {"leaving": KARIN, "to": TOVE}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)


async def _note(world: World, case_id: str, text: str) -> None:
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": text})


def _karin() -> Actor:
    return Actor(
        kind="staff",
        id="sub-karin",
        roles=frozenset({"case-lead"}),
        username=KARIN,
        proved_at=real_now(),
    )
