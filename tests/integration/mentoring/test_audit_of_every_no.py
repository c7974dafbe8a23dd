"""Whoever is told no is in the audit before the no leaves; and what lists show is there too."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import httpx
import pytest

from shared.kernel.ids import new_id
from tests.integration.mentoring.test_consents import consented, looks, shared
from tests.integration.mentoring.test_from_intake_to_aftercare import in_support
from tests.integration.mentoring.test_how_somebody_comes import SAID, decide
from tests.integration.mentoring.test_no_trace_no_data import audit_away
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, SAMIR, TOVE, World
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOBODY, AUDITOR = "amina.lund", "vera.insyn"
"""A coordinator has no role in mentoring."""
ENDLESS = {"/v1/changes"}
"""Who may not listen gets the same no as elsewhere; for whoever may it never ends."""
AT_ONCE = 4
QUESTION = {"question": "Hur gör vi?", "profession": "school", "topic": "method"}
Entry = dict[str, Any]


class Tried(NamedTuple):
    """One operation as somebody asked it, under an id that nothing has."""

    operation: str
    by: str
    thing: str
    answer: httpx.Response

    @property
    def denied(self) -> bool:
        return self.answer.status_code in (403, 404)

    @property
    def trace(self) -> str:
        return str(self.answer.json()["instance"]).removeprefix("urn:uuid:")


async def tried(world: World, username: str, operation: str) -> Tried:
    """One operation, once."""
    method, path = operation.split()
    thing, filled = new_id(), path
    while "{" in filled:
        before, _, rest = filled.partition("{")
        name, _, after = rest.partition("}")
        filled = before + (thing if name.endswith("_id") else "2026-01") + after
    answer = await world.answer(username, method, filled, json={})
    return Tried(operation, username, thing, answer)


async def every_operation(world: World, username: str, *, of: str = "") -> list[Tried]:
    """All that the API describes (of one method), each asked once by somebody."""
    described = (await world.client.get("/openapi.json")).json()["paths"]
    todo = iter(
        f"{method.upper()} {path}"
        for path, operations in described.items()
        for method in operations
        if method.upper().startswith(of) and (path not in ENDLESS or username == NOBODY)
    )

    async def one_after_the_other() -> list[Tried]:
        return [await tried(world, username, operation) for operation in todo]

    found = await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return [each for some in found for each in some]


async def noes(world: World) -> dict[str, list[Entry]]:
    """Refused readings by the request's id."""
    rows = world.house.ground.audit._database["entries"]
    found: dict[str, list[Entry]] = {}
    async for row in rows.find({"allowed": False}):
        found.setdefault(row["trace"], []).append(row)
    return found


async def test_every_no_is_recorded_once(world: World) -> None:
    """At any route, by role or by relation: who, of what, why not, in which request."""
    nobody, tove = [await every_operation(world, who) for who in (NOBODY, TOVE)]
    denied, recorded = [each for each in (*nobody, *tove) if each.denied], await noes(world)
    for each in denied:
        [entry] = recorded[each.trace]
        assert entry["actor"] == f"sub-{each.by}"
        assert entry["subjects"] == ([each.thing] if "_id}" in each.operation else [])
    rules = {recorded[each.trace][0]["rule"] for each in denied}
    assert {"needs:consultations.read", "needs:audit.read", "not-found", "unknown-case"} <= rules
    assert {each.operation for each in nobody if each.denied} > {
        "GET /v1/consultations",
        "GET /v1/mentors",
        "GET /v1/audit/readers",
        "POST /v1/referrals/{referral_id}/acceptance",
        "GET /v1/changes",
    }
    # A no in disguise: the role opens the door, and nothing that there is is theirs.
    assert {each.operation for each in tove if each.answer.status_code == 404} > {
        "GET /v1/matchings/{matching_id}",
        "GET /v1/consultations/{consultation_id}",
        "GET /v1/cases/{case_id}",
    }


async def test_a_search_in_the_audit_that_is_refused_names_whom_it_was_for(world: World) -> None:
    """Who may not have the list of readers is in it; what they made up is not kept."""
    case_id = await world.a_case()
    for subject in (case_id, "Kim-Exempel", "20030501-1234"):
        path = f"/v1/audit/readers?subject={subject}"
        assert (await world.answer(SAMIR, "GET", path)).status_code == 403
    await world.answer(SAMIR, "GET", "/v1/mentors/20030501-1234")
    [kept] = [each for each in await world.audited(case_id) if each["actor"] == f"sub-{SAMIR}"]
    assert (kept["fields"], kept["purpose"]) == (["audit/readers"], "not-stated")
    assert (kept["rule"], kept["allowed"]) == ("needs:audit.read", False)
    everything = str(await noes(world))
    assert "Kim-Exempel" not in everything
    assert "20030501" not in everything


async def test_without_the_audit_not_even_a_no_is_said(world: World, servers: RealServers) -> None:
    """503 and nothing else, at every door and for whatever is not there, to whoever is known."""
    with audit_away(servers):
        tried = [
            *await every_operation(world, NOBODY, of="P"),
            *await every_operation(world, TOVE, of="GET"),
        ]
    assert [each.operation for each in tried if each.denied] == []
    away = [each for each in tried if each.answer.status_code == 503]
    assert len([each for each in away if each.by == NOBODY]) > 20
    assert {each.answer.json()["type"].rpartition("/")[2] for each in away} == {"audit-unavailable"}


async def test_the_list_of_consultations_is_recorded(world: World, servers: RealServers) -> None:
    """Every question that is shown, also in codes; and without the audit nothing is."""
    for _ in range(2):
        await world.asks(KARIN, "POST", "/v1/consultations", 202, json=QUESTION)
    listed = (await world.asks(KARIN, "GET", "/v1/consultations"))["items"]
    assert len(listed) == 2
    for each in listed:
        [entry] = await world.audited(each["id"])
        assert (entry["actor"], entry["fields"]) == (f"sub-{KARIN}", ["overview"])
        assert (entry["purpose"], entry["rule"]) == ("consultation", "consultation")
    with audit_away(servers):
        answer = await world.answer(KARIN, "GET", "/v1/consultations")
        assert answer.status_code == 503
        assert listed[0]["id"] not in answer.text


async def a_referral(world: World, by: str = KARIN, **about: str) -> str:
    said = {**SAID, "about": {**SAID["about"], **about}}
    await world.asks(by, "POST", "/v1/referrals", 202, json={"kind": "school", **said})
    return str((await world.asks(by, "GET", "/v1/referrals"))["items"][0]["id"])


async def readers(world: World, subject: str) -> list[Entry]:
    found = await world.asks(GRETA, "GET", f"/v1/audit/readers?subject={subject}&limit=100")
    assert found["total"] == len(found["items"])
    return list(found["items"])


async def test_readings_before_there_was_a_case_are_the_cases_too(world: World) -> None:
    """Who read the referrals that a case came of, and was refused, stands among its readers."""
    first, second = await a_referral(world), await a_referral(world, phone="+46701740612")
    somebody_elses = await a_referral(world, name="Alex Annan", phone="+46701740613")
    for referral in (first, second, somebody_elses):
        await world.asks(TOVE, "GET", f"/v1/referrals/{referral}")
        assert (await world.answer(IDRIS, "GET", f"/v1/referrals/{referral}")).status_code == 403
    made = await decide(world, KARIN, first, "acceptance", 201, {})
    assert {each["actor"] for each in await readers(world, first)} > {f"sub-{TOVE}"}
    await decide(world, KARIN, second, "linking", 200, {"case_id": made["id"]})
    found = await readers(world, made["id"])
    of = {referral: [e for e in found if referral in e["subjects"]] for referral in (first, second)}
    for entries in of.values():
        assert [(f"sub-{TOVE}", True), (f"sub-{IDRIS}", False)] == [
            (each["actor"], each["allowed"])
            for each in reversed(entries)
            if each["actor"] != f"sub-{KARIN}" and each["fields"] != ["overview"]
        ][:2]
    assert [each["seq"] for each in found] == sorted({each["seq"] for each in found}, reverse=True)
    # Whoever it is about is not told of anybody else.
    known = {made["id"], first, second}
    assert {subject for each in found for subject in each["subjects"]} <= known
    looked = (await readers(world, made["id"]))[0]
    assert set(looked["subjects"]) == known, "looking at it is a reading of the same person"


async def test_a_link_that_is_over_is_recorded_too(world: World) -> None:
    """Whoever still tries it is told that there is nothing, and stands among the case's readers."""
    case_id = await in_support(world)
    share = await shared(world, case_id, consent_id=await consented(world, case_id))
    await world.asks(KARIN, "DELETE", f"/v1/cases/{case_id}/shares/{share['id']}")
    assert (await looks(world, share["secret"]))[0] == 404
    [refused] = await world.audited(case_id, allowed=False)
    assert (refused["actor"], refused["rule"]) == (f"share:{share['id']}", "share-over")
    assert set(refused["fields"]) == {"overview", "plan"}


async def test_whatever_a_referral_shows_beside_itself_is_recorded(world: World) -> None:
    """Other referrals that may be the same, and the case that one in the list led to."""
    first, second = await a_referral(world), await a_referral(world)
    seen = await world.asks(TOVE, "GET", f"/v1/referrals/{second}")
    assert seen["same_referrals"] == [first]
    [likely] = await world.audited(first, rule="likely-the-same", actor=f"sub-{TOVE}")
    assert likely["reference"] == second
    made = await decide(world, KARIN, first, "acceptance", 201, {})
    before = len(await world.audited(made["id"], rule="led-to"))
    for who, shown in ((KARIN, made["id"]), (TOVE, None)):
        items = (await world.asks(who, "GET", "/v1/referrals"))["items"]
        assert next(each for each in items if each["id"] == first)["case_id"] == shown
    told = (await world.audited(made["id"], rule="led-to"))[before:]
    assert [each["actor"] for each in told] == [f"sub-{KARIN}"]
