"""An export is asked and written down page by page, and ends where its asker's access ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.mentoring.domain.ids import CaseId
from services.mentoring.storage.records import Records
from services.mentoring.use_cases.export_case import ExportCase
from shared.kernel.actor import Actor
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
    case_id = await world.a_case()
    for number in range(3):
        await _note(world, case_id, f"{MARK} {number}")
    stores = world.house.stores
    notes = [(group, each) for group, each in stores.hanging() if each.name == "notes"]
    export = ExportCase(world.house.disclosing, stores.identities, notes, ())
    lines = await export(CaseId(case_id), by=_karin())
    first = await _next_note(lines)
    assert first["words"]["text"] == f"{MARK} 0"
    handed = {"leaving": KARIN, "to": TOVE}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    [last] = [line async for line in lines]
    assert (last["whole"], last["why"]) == (False, "access-ended")
    assert await world.audited(case_id, rule="may-not-export", allowed=False)


async def test_every_kind_of_record_is_in_it(world: World) -> None:
    """What hangs on a case is found by itself: a new collection of records is not left out."""
    stores = world.house.stores
    every = {name for name in type(stores).__slots__ if isinstance(getattr(stores, name), Records)}
    assert len(every) > 8
    assert len(stores.hanging()) == len(every)


async def _note(world: World, case_id: str, text: str) -> None:
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": text})


async def _next_note(lines: AsyncIterator[Any]) -> Any:
    async for line in lines:
        if line.get("record") == "notes":
            return line
    raise AssertionError("no note came")


def _karin() -> Actor:
    return Actor(kind="staff", id="sub-karin", roles=frozenset({"case-lead"}), username=KARIN)
