"""The one way to a case: as what somebody stands to it now, and never without a trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.domain.ids import CaseId
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, SAMIR, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_lead_sees_the_case_and_leaves_a_trace(world: World) -> None:
    """A reading is in the audit: who, which case, which fields, as what."""
    case_id = await world.a_case()
    case = await world.case(case_id)
    assert (case["phase"], case["you_are"]) == ("intake", ["lead"])
    [entry] = await world.audited(case_id, rule="read:lead")
    assert (entry["fields"], entry["allowed"]) == (["overview"], True)


@pytest.mark.parametrize("stranger", [TOVE, IDRIS, GRETA, "amina.lund", "rut.drift", "vera.insyn"])
async def test_a_stranger_cannot_tell_a_case_from_nothing(world: World, stranger: str) -> None:
    """Whoever has no part in a case gets the answer of an unknown id, and the attempt stays."""
    case_id = await world.a_case()
    there = await world.answer(stranger, "GET", f"/v1/cases/{case_id}")
    nowhere = await world.answer(stranger, "GET", "/v1/cases/0199c0de-0000-7000-8000-00000000dead")
    assert there.status_code == nowhere.status_code == 404
    assert _without_instance(there.json()) == _without_instance(nowhere.json())
    [refused] = await world.audited(case_id, allowed=False)
    assert refused["rule"] == "may-not-read"


async def test_access_ends_with_the_relation(world: World) -> None:
    """Out of the circle, the very next request is refused, even for what one wrote oneself."""
    case_id = await _in_support(world)
    await world.asks(IDRIS, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": "Mitt."})
    assert (await world.asks(IDRIS, "GET", f"/v1/cases/{case_id}/notes"))["total"] == 1
    await world.change(KARIN, "DELETE", case_id, f"/circle/{IDRIS}")
    for path in ("", "/notes", "/steps"):
        answer = await world.answer(IDRIS, "GET", f"/v1/cases/{case_id}{path}")
        assert answer.status_code == 404
    assert (await world.asks(IDRIS, "GET", "/v1/cases"))["items"] == []


async def test_a_reading_that_took_a_while_is_asked_about_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let in, and out of the case before the audit had it: nothing of what was opened leaves."""
    monkeypatch.setattr("services.mentoring.use_cases.disclosing.FRESH", 0.0)
    case_id = await world.a_case()
    disclosing = world.house.disclosing
    karin = Actor(kind="staff", id="sub-karin", username=KARIN, roles=frozenset({"case-lead"}))
    handed = {"leaving": KARIN, "to": TOVE}

    async def reads() -> None:
        async with disclosing.reading(CaseId(case_id), "overview", by=karin):
            await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)

    with pytest.raises(NotFound):
        await reads()
    assert (await world.case(case_id, TOVE))["you_are"] == ["lead"]
    assert await world.audited(case_id, rule="may-not-read", allowed=False)


async def test_the_next_mentor_sees_the_plan_only(world: World) -> None:
    """What was written before is not the newcomer's to read unless somebody chose so."""
    case_id = await _in_support(world)
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": "Förut."})
    handed = {"leaving": IDRIS, "to": SAMIR}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    assert (await world.case(case_id, SAMIR))["you_are"] == ["mentor"]
    assert (await world.asks(SAMIR, "GET", f"/v1/cases/{case_id}/notes"))["items"] == []
    assert (await world.answer(IDRIS, "GET", f"/v1/cases/{case_id}")).status_code == 404


async def test_a_note_stays_as_it_was_signed(world: World) -> None:
    """A note is sealed in the database, genuine when read, and shown not to be when tampered."""
    case_id = await world.a_case()
    text = "Hemlig märkning ÅÄÖ-4711"
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": text})
    [stored] = await world.rows("notes")
    assert text.encode() not in repr(stored).encode()
    [note] = (await world.asks(KARIN, "GET", f"/v1/cases/{case_id}/notes"))["items"]
    assert (note["text"], note["genuine"]) == (text, True)
    notes = world.house.ground.database["notes"]
    await notes.update_one({"_id": stored["_id"]}, {"$set": {"author": "tove.alm"}})
    [note] = (await world.asks(KARIN, "GET", f"/v1/cases/{case_id}/notes"))["items"]
    assert note["genuine"] is False


async def test_emergency_access_is_short_told_and_judged(world: World) -> None:
    """Glass broken: in for the minutes asked, lead and data protection told, judged by another."""
    case_id = await world.a_case()
    wanted = {"reason": "threat-to-life", "text": "Larm.", "minutes": 30}
    path = f"/v1/cases/{case_id}/break-glass"
    made = await world.asks(TOVE, "POST", path, 201, json=wanted)
    assert (await world.case(case_id, TOVE))["you_are"] == ["break-glass"]
    noticed = {row["for"] for row in await world.rows("notices")}
    assert noticed == {KARIN, "data-protection"}
    [entry] = await world.audited(case_id, purpose="break-glass")
    assert entry["reference"] == made["made"]
    world.clock.advance(timedelta(minutes=31))
    assert (await world.answer(TOVE, "GET", f"/v1/cases/{case_id}")).status_code == 404
    verdict = {"outcome": "justified", "text": "Rätt."}
    await world.asks(TOVE, "POST", f"{path}/{made['made']}/review", 404, json=verdict)
    await world.asks(GRETA, "POST", f"{path}/{made['made']}/review", json=verdict)


async def test_emergency_access_is_given_back_or_cut_off(world: World) -> None:
    """By its holder or by the lead, and the next reading is refused; by no other holder."""
    case_id = await world.a_case()
    wanted = {"reason": "covering", "text": "Karin är sjuk.", "minutes": 60}
    path = f"/v1/cases/{case_id}/break-glass"
    first = (await world.asks(TOVE, "POST", path, 201, json=wanted))["made"]
    await world.asks(IDRIS, "POST", f"{path}/{first}/ending", 404)
    await world.asks(TOVE, "POST", f"{path}/{first}/ending")
    assert (await world.answer(TOVE, "GET", f"/v1/cases/{case_id}")).status_code == 404
    verdict = {"outcome": "justified", "text": "Rätt."}
    await world.asks(KARIN, "POST", f"{path}/{first}/review", json=verdict)
    second = (await world.asks(TOVE, "POST", path, 201, json=wanted))["made"]
    await world.asks(TOVE, "POST", f"{path}/{first}/ending")
    assert (await world.case(case_id, TOVE))["you_are"] == ["break-glass"]
    await world.asks(KARIN, "POST", f"{path}/{second}/ending")
    assert (await world.answer(TOVE, "GET", f"/v1/cases/{case_id}")).status_code == 404


async def _in_support(world: World) -> str:
    """A case that has come to planning, with a mentor."""
    case_id = await world.a_case()
    cases = world.house.ground.database["cases"]
    await cases.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
    await world.a_mentor(IDRIS, SAMIR)
    await world.change(
        KARIN, "PUT", case_id, f"/circle/{IDRIS}", json={"kind": "mentor", "sees": ["plan"]}
    )
    return case_id


def _without_instance(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "instance"}
