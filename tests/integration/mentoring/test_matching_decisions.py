"""A human decides, with a reason that is kept, possibly otherwise, never against a constraint."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.integration.mentoring.matching_words import (
    MARK,
    NEEDS,
    PROFILE,
    a_mentor,
    change_mentor,
    decide,
    matched,
    proposals,
    to_match,
)
from tests.integration.mentoring.world import IDRIS, KARIN, SAMIR, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
OTHERWISE: dict[str, Any] = {"reason": "young-persons-wish", "text": f"Hen vill det, {MARK}"}


async def test_a_decision_brings_the_mentor_into_the_circle_with_its_reason(world: World) -> None:
    """The mentor is in, sees the plan only, and code and words of the reason are kept sealed."""
    await a_mentor(world)
    case_id = await to_match(world)
    found = await matched(world)
    await decide(world, found, case_id, IDRIS, text=f"Som sagt {MARK}")
    assert (await world.case(case_id, IDRIS))["you_are"] == ["mentor"]
    circle = (await world.case(case_id))["circle"]
    [mentor] = [each for each in circle if each["kind"] == "mentor"]
    assert mentor["sees"] == ["overview", "plan"]
    assert MARK not in repr(await world.rows("matching_decisions"))
    [outcome] = (await world.asks(KARIN, "GET", f"/v1/matchings/{found['id']}"))["outcomes"]
    decided = outcome["decided"]
    assert (decided["mentor"], decided["reason"], decided["author"], decided["as_proposed"]) == (
        IDRIS,
        "as-proposed",
        KARIN,
        True,
    )
    assert decided["text"] == f"Som sagt {MARK}"


async def test_otherwise_than_proposed_needs_a_reason_in_words(world: World) -> None:
    """Another mentor than the proposed one: with a code and words, and not as if proposed."""
    await a_mentor(world)
    await a_mentor(world, SAMIR, languages=["sv", "so", "ar"], strengths=[])
    case_id = await to_match(world, needs={"wanted_strengths": ["sport"]})
    found = await matched(world)
    assert proposals(found) == {case_id: IDRIS}
    await decide(world, found, case_id, SAMIR, 409)
    await decide(world, found, case_id, SAMIR, 422, reason="other", text=" ")
    await decide(world, found, case_id, SAMIR, 422, reason="no-such-reason", text="Ja")
    await decide(world, found, case_id, SAMIR, **OTHERWISE)
    assert (await world.case(case_id, SAMIR))["you_are"] == ["mentor"]


async def test_no_reason_outweighs_a_hard_constraint(world: World) -> None:
    """What forbids a pair is named, and nobody comes into the circle, whatever the reason."""
    await a_mentor(world, gender="man", known_in={"neighbourhoods": ["s"]})
    forbidding: dict[str, dict[str, Any]] = {
        "language": {"languages": ["fi"]},
        "gender-wish": {"gender_wish": ["woman"]},
        "neighbourhood": {"known_in": {"neighbourhoods": ["s"]}},
        "movement": {"known_in": {"movements": [MARK]}},
        "training": {"required_training": ["threat"]},
        "safety-flag": {"safety_flags": ["threat"]},
        "availability": {"availability": []},
    }
    cases = {code: await to_match(world, needs=needs) for code, needs in forbidding.items()}
    found = await matched(world)
    assert set(proposals(found).values()) == {None}
    for code, case_id in cases.items():
        refused = await decide(world, found, case_id, IDRIS, 409, **OTHERWISE)
        assert refused["type"].endswith("pair-forbidden")
        assert refused["facts"]["codes"] == [code]
        assert refused["facts"]["why_sv"] in refused["detail"]
        assert [each["kind"] for each in (await world.case(case_id))["circle"]] == ["lead"]
    assert await world.rows("matching_decisions") == []


async def test_there_is_no_way_around_a_hard_constraint(world: World) -> None:
    """A mentor who is brought in without a matching, or handed a case, is asked the same."""
    await a_mentor(world)
    case_id = await to_match(world, needs={"safety_flags": ["threat"]})
    mentor = {"kind": "mentor", "sees": ["plan"]}
    refused = await world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", 409, json=mentor)
    assert refused["facts"]["codes"] == ["safety-flag"]
    await a_mentor(world, SAMIR, cleared_for=["threat"])
    await world.change(KARIN, "PUT", case_id, f"/circle/{SAMIR}", json=mentor)
    handed = {"leaving": SAMIR, "to": IDRIS}
    refused = await world.change(KARIN, "POST", case_id, "/hand-over", 409, json=handed)
    assert refused["facts"]["codes"] == ["safety-flag"]
    await change_mentor(world, IDRIS, "", {**PROFILE, "cleared_for": ["threat"]})
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)


async def test_nobody_becomes_a_mentor_of_whom_nothing_is_known(world: World) -> None:
    """Without a profile nobody can ask the constraints: refused, by hand and by a hand-over."""
    case_id = await to_match(world)
    mentor = {"kind": "mentor", "sees": ["plan"]}
    for username in (SAMIR, "ingen.alls"):
        by_hand = f"/circle/{username}"
        refused = await world.change(KARIN, "PUT", case_id, by_hand, 409, json=mentor)
        assert refused["type"].endswith("mentor-profile-missing")
    await a_mentor(world)
    await world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json=mentor)
    handed = {"leaving": IDRIS, "to": SAMIR}
    refused = await world.change(KARIN, "POST", case_id, "/hand-over", 409, json=handed)
    assert refused["type"].endswith("mentor-profile-missing")
    assert (await world.case(case_id, IDRIS))["you_are"] == ["mentor"]


async def test_a_decision_on_what_has_changed_is_refused(world: World) -> None:
    """The case or the mentor is another than the matching saw: a clear sentence, and no pair."""
    await a_mentor(world)
    case_id = await to_match(world)
    found = await matched(world)
    await world.change(KARIN, "PUT", case_id, "/matching-needs", json=NEEDS)
    refused = await decide(world, found, case_id, IDRIS, 409)
    assert refused["type"].endswith("stale-proposal")
    found = await matched(world)
    await change_mentor(world, IDRIS, "/pause", {"until": None})
    assert (await decide(world, found, case_id, IDRIS, 409))["type"].endswith("stale-proposal")
    [outcome] = (await world.asks(KARIN, "GET", f"/v1/matchings/{found['id']}"))["outcomes"]
    assert outcome["stale"] is True
    await decide(world, await matched(world), case_id, IDRIS)


async def test_two_decisions_at_once_do_not_overload_a_mentor(world: World) -> None:
    """One place left and two who decide in the same moment: one gets it, the other is told."""
    await a_mentor(world)
    one, two = await to_match(world), await to_match(world)
    found = await matched(world)
    path = f"/v1/matchings/{found['id']}/decisions"
    answers = await asyncio.gather(
        *(
            world.answer(KARIN, "POST", path, json={"case_id": each, "mentor": IDRIS, **OTHERWISE})
            for each in (one, two)
        )
    )
    assert sorted(each.status_code for each in answers) == [201, 409]
    assert "load" in next(each.text for each in answers if each.status_code == 409)
    assert len(await world.rows("matching_decisions")) == 1


async def test_matching_again_keeps_pairs_and_a_change_is_a_hand_over(world: World) -> None:
    """A pair stays although another would suit better; a human may change it, with a hand-over."""
    await a_mentor(world, strengths=[])
    case_id = await to_match(world, needs={"wanted_strengths": ["sport"]})
    await decide(world, await matched(world), case_id, IDRIS)
    await a_mentor(world, SAMIR)
    found = await matched(world, case_ids=[case_id])
    [outcome] = found["outcomes"]
    assert (outcome["proposal"]["mentor"], outcome["proposal"]["kept"]) == (IDRIS, True)
    better = await matched(world, case_ids=[case_id], keep_existing=False, objective="best-fit")
    assert proposals(better) == {case_id: SAMIR}
    await decide(world, better, case_id, SAMIR)
    assert (await world.case(case_id, SAMIR))["you_are"] == ["mentor"]
    assert (await world.answer(IDRIS, "GET", f"/v1/cases/{case_id}")).status_code == 404
