"""A case with something of everything that can hang on one, by the ordinary ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.mentoring.matching_words import NEEDS, a_mentor, matched
from tests.integration.mentoring.matching_words import decide as decide_match
from tests.integration.mentoring.test_from_intake_to_aftercare import GOALS, answers_of, step
from tests.integration.mentoring.test_how_somebody_comes import SAID, decide
from tests.integration.mentoring.weighed_routes import CONSENT, OVERRIDE, SHARE
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World

FIVE = timedelta(minutes=5)
YOUNG = {**SAID, "about": {**SAID["about"], "birth_date": "2010-05-01"}}
WORDS = {"text": "Några ord."}


async def a_whole_case(world: World) -> str:
    """Somebody under eighteen, referred, assessed, matched, met, shared of, and about to close."""
    case_id = await _begun(world)
    await _planned(world, case_id)
    await _matched(world, case_id)
    await _worked_on(world, case_id)
    await _shared(world, case_id)
    await _looked_into(world, case_id)
    await step(world, case_id, "begin-support")
    decision = {"reported": False, "reason": "no-concern", "text": ""}
    await world.change(KARIN, "POST", case_id, "/concern/decision", json=decision)
    closing = {
        "outcome": "goals-reached",
        "review_on": "2027-09-01",
        "until": "2027-12-01",
        "aftercare_lead": KARIN,
        **WORDS,
    }
    await world.change(KARIN, "POST", case_id, "/closure", json=closing)
    return case_id


async def _begun(world: World) -> str:
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **YOUNG})
    [referral, *_] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    made = await decide(world, KARIN, referral["id"], "acceptance", 201, {})
    return str(made["id"])


async def _planned(world: World, case_id: str) -> None:
    await step(world, case_id, "begin-assessment")
    filled = {"questionnaire": "first-assessment", "answers": await answers_of(world)}
    await _post(world, case_id, "assessments", filled)
    await step(world, case_id, "begin-planning")
    for plan in ("/plan", "/aftercare-plan"):
        await world.change(KARIN, "PUT", case_id, plan, json={"goals": GOALS})
    await world.change(KARIN, "PUT", case_id, "/next-review", json={"on": "2027-02-15"})


async def _matched(world: World, case_id: str) -> None:
    await a_mentor(world)
    await world.change(KARIN, "PUT", case_id, "/matching-needs", json=NEEDS)
    found = await matched(world)
    await decide_match(world, found, case_id, IDRIS)


async def _worked_on(world: World, case_id: str) -> None:
    later = {"starts_local": "2027-01-28T15:00", "minutes": 60, "staff": [KARIN], **WORDS}
    contact = {"on": "2027-01-11", "way": "call", "successful": True, **WORDS}
    for what, body in (("notes", WORDS), ("meetings", later), ("contacts", contact)):
        await _post(world, case_id, what, body)
    await _post(world, case_id, "reviews", {**WORDS, "next_on": "2027-03-15"})
    await _post(world, case_id, "concern", WORDS)


async def _shared(world: World, case_id: str) -> None:
    agreed = await _post(world, case_id, "consents", {**CONSENT, "voices": ["person", "guardian"]})
    await _post(world, case_id, "shares", {**SHARE, "consent_id": agreed["made"]})
    path = f"/v1/cases/{case_id}/shares"
    await world.asks(GRETA, "POST", path, 201, json={**SHARE, **OVERRIDE, "until": "2027-01-20"})


async def _looked_into(world: World, case_id: str) -> None:
    glass = {"reason": "covering", "minutes": 5, **WORDS}
    path = f"/v1/cases/{case_id}/break-glass"
    made = await world.asks(TOVE, "POST", path, 201, json=glass)
    world.clock.advance(FIVE)
    verdict = {"outcome": "justified", **WORDS}
    await world.asks(GRETA, "POST", f"{path}/{made['made']}/review", json=verdict)


async def _post(world: World, case_id: str, what: str, body: Any) -> Any:
    path = f"/v1/cases/{case_id}/{what}"
    answer = await world.answer(KARIN, "POST", path, json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()
