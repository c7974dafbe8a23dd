"""Matching over HTTP: proposals with why, why not for the others, of one's own cases only."""

from __future__ import annotations

import pytest

from tests.integration.mentoring.editions import released
from tests.integration.mentoring.matching_words import (
    MARK,
    a_mentor,
    change_mentor,
    decide,
    matched,
    proposals,
    to_match,
)
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, SAMIR, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_proposal_says_why_and_everybody_else_why_not(world: World) -> None:
    """One place, two who wait: one gets a mentor and reasons, the other the constraint."""
    await a_mentor(world)
    cases = {await to_match(world), await to_match(world, needs={"wanted_strengths": ["sport"]})}
    found = await matched(world)
    assert set(proposals(found)) == cases
    by_kind = {each["kind"]: each for each in found["outcomes"]}
    proposed, unmatched = by_kind["proposed"], by_kind["unmatched"]
    assert proposed["proposal"]["mentor"] == IDRIS
    assert all(why["sv"] and why["en"] for why in proposed["proposal"]["why"])
    assert [each["codes"] for each in unmatched["why_not"]["binding"]] == [["load"]]
    assert unmatched["why_not"]["sv"]
    assert unmatched["why_not"]["en"]
    for case_id in cases:
        assert await world.audited(case_id, rule="make-matching")
        [entry] = await world.audited(case_id, rule="read-matching")
        assert (entry["reference"], entry["purpose"]) == (found["id"], "matching")


async def test_what_matching_sees_is_sealed_and_belongs_to_the_assessment(world: World) -> None:
    """Needs and outcomes stand in no document in clear; a mentor with the plan sees neither."""
    await a_mentor(world)
    needs = {"avoids": {"movements": [f"{MARK}-b"]}, "safety_flags": [f"{MARK}-c"]}
    case_id = await to_match(world, needs=needs)
    read = await world.asks(KARIN, "GET", f"/v1/cases/{case_id}/matching-needs")
    assert (read["safety_flags"], read["author"]) == ([f"{MARK}-c"], KARIN)
    found = await matched(world)
    for name in ("matching_needs", "matchings", "matching_outcomes", "steps", "outbox"):
        assert MARK not in repr(await world.rows(name))
    assert proposals(found) == {case_id: None}
    await a_mentor(world, SAMIR, cleared_for=[f"{MARK}-c"])
    given = {"kind": "mentor", "sees": ["plan"]}
    await world.change(KARIN, "PUT", case_id, f"/circle/{SAMIR}", json=given)
    answer = await world.answer(SAMIR, "GET", f"/v1/cases/{case_id}/matching-needs")
    assert answer.status_code == 403
    for stranger in (TOVE, GRETA, IDRIS):
        answer = await world.answer(stranger, "GET", f"/v1/cases/{case_id}/matching-needs")
        assert answer.status_code == 404


async def test_matchings_are_listed_as_ones_cases_are(world: World) -> None:
    """One's own, and those with a case that one may match now; newest first, page by page."""
    await a_mentor(world)
    mine, hers = await to_match(world), await to_match(world, TOVE)
    first, second = [(await matched(world))["id"] for _ in "ab"]
    other = (await matched(world, TOVE))["id"]
    listed = await world.asks(KARIN, "GET", "/v1/matchings")
    assert ([each["id"] for each in listed["items"]], listed["total"]) == ([second, first], 2)
    assert not any(case_id in repr(listed) for case_id in (mine, hers))
    page = await world.asks(KARIN, "GET", "/v1/matchings?limit=1&offset=1")
    assert [each["id"] for each in page["items"]] == [first]
    handed = {"leaving": KARIN, "to": TOVE}
    await world.change(KARIN, "POST", mine, "/hand-over", json=handed)
    found = await world.asks(TOVE, "GET", "/v1/matchings")
    assert [each["id"] for each in found["items"]] == [other, second, first]
    assert (await world.asks(KARIN, "GET", "/v1/matchings"))["total"] == 2
    for each in (GRETA, IDRIS, "amina.lund"):
        await world.asks(each, "GET", "/v1/matchings", 403)


async def test_a_matching_holds_ones_own_cases_only(world: World) -> None:
    """Another lead's case is in nobody else's matching: not asked for, not shown, not counted."""
    await a_mentor(world)
    await a_mentor(world, SAMIR)
    mine, hers = await to_match(world), await to_match(world, TOVE)
    found = await matched(world)
    assert set(proposals(found)) == {mine}
    await world.asks(KARIN, "POST", "/v1/matchings", 404, json={"case_ids": [mine, hers]})
    [refused] = await world.audited(hers, allowed=False)
    assert refused["rule"] == "may-not-read"
    assert (await world.answer(TOVE, "GET", f"/v1/matchings/{found['id']}")).status_code == 404
    assert (await world.answer(IDRIS, "GET", f"/v1/matchings/{found['id']}")).status_code == 403
    decision = {"case_id": mine, "mentor": IDRIS, "reason": "as-proposed"}
    path = f"/v1/matchings/{found['id']}/decisions"
    await world.asks(TOVE, "POST", path, 404, json=decision)


async def test_a_protected_case_is_the_named_ones_alone(world: World) -> None:
    """Protected: only named mentors are proposed, and whoever is not named finds no trace of it."""
    await a_mentor(world, limit=2)
    case_id = await to_match(world)
    other = await to_match(world)
    stand_in = {"kind": "stand-in"}
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=stand_in)
    await world.change(KARIN, "PUT", other, f"/circle/{TOVE}", json=stand_in)
    cases = world.house.ground.database["cases"]
    named = {"protected": True, "protected_circle": [KARIN]}
    await cases.update_one({"_id": case_id}, {"$set": named, "$inc": {"version": 1}})
    found = await matched(world)
    assert proposals(found) == {case_id: None, other: IDRIS}
    await decide(world, found, case_id, IDRIS, 403, reason="other", text="Vi vill.")
    for each in (case_id, other):
        away = {"lead_away_until": "2027-01-20"}
        await cases.update_one({"_id": each}, {"$set": away, "$inc": {"version": 1}})
    hers = await world.asks(TOVE, "GET", f"/v1/matchings/{found['id']}")
    assert set(proposals(hers)) == {other}
    assert case_id not in str(hers)
    assert set(proposals(await matched(world, TOVE))) == {other}
    assert (await world.asks(TOVE, "GET", "/v1/mentors"))["items"][0].keys().isdisjoint({"load"})


async def test_whoever_pauses_or_has_not_read_is_left_out_and_said_so(world: World) -> None:
    """A paused mentor and an unread handbook are named; their mentees of today stay theirs."""
    await a_mentor(world, limit=2)
    await a_mentor(world, SAMIR)
    held = await to_match(world)
    await decide(world, await matched(world, mentors=[IDRIS]), held, IDRIS)
    await change_mentor(world, IDRIS, "/pause", {"until": "2027-03-01"})
    await released(world, 1, "1.0.0")
    new = await to_match(world)
    found = await matched(world, case_ids=[held, new])
    assert proposals(found) == {held: IDRIS, new: None}
    left = {each["mentor"]: [o["code"] for o in each["obstacles"]] for each in found["left_out"]}
    assert left == {IDRIS: ["handbook", "paused"], SAMIR: ["handbook"]}


async def test_a_case_without_needs_is_said_not_guessed(world: World) -> None:
    """Nothing recorded: not matched as somebody without wishes, but told to be missing."""
    await a_mentor(world)
    case_id = await to_match(world)
    await world.house.ground.database["matching_needs"].delete_many({})
    [outcome] = (await matched(world))["outcomes"]
    assert (outcome["case_id"], outcome["kind"]) == (case_id, "needs-missing")
    assert outcome["why_not"]["sv"]
    assert outcome["why_not"]["en"]


async def test_too_many_and_not_yet_are_refused_kindly(world: World) -> None:
    """More than 500 at once, and a case that is still in intake, get a sentence."""
    await a_mentor(world)
    case_id = await world.a_case()
    answer = await world.answer(KARIN, "POST", "/v1/matchings", json={"case_ids": [case_id]})
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (
        409,
        "not-to-be-matched",
    )
    stored = await world.house.ground.database["cases"].find_one({"_id": case_id})
    assert stored is not None
    many = [
        {**stored, "_id": f"0199c0de-0000-7000-8000-{n:012d}", "pseudonym": str(n)}
        for n in range(501)
    ]
    for each in many:
        each["phase"] = "planning"
    await world.house.ground.database["cases"].insert_many(many)
    answer = await world.answer(KARIN, "POST", "/v1/matchings", json={})
    assert answer.status_code == 422
    assert "500" in answer.json()["detail"]


async def test_the_same_key_gives_the_same_matching(world: World) -> None:
    """A repeated request is the same matching, not a second one; nothing to match is no error."""
    key = {"Idempotency-Key": "match-1"}
    first = await world.asks(KARIN, "POST", "/v1/matchings", 201, headers=key, json={})
    again = await world.asks(KARIN, "POST", "/v1/matchings", 201, headers=key, json={})
    assert first == again
    assert len(await world.rows("matchings")) == 1
    assert (await world.asks(KARIN, "GET", f"/v1/matchings/{first['id']}"))["outcomes"] == []
