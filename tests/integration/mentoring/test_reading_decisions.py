"""What was written when something was decided is read by whoever decides next, or judges it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.mentoring.test_consents import consented, shared
from tests.integration.mentoring.test_from_intake_to_aftercare import (
    GOALS,
    everything_stored,
    in_support,
)
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_judges_an_emergency_access_reads_why(world: World) -> None:
    """Its reason in words, and the verdict afterwards; whoever held it reads neither."""
    case_id = await world.a_case()
    path = f"/v1/cases/{case_id}/break-glass"
    glass = {"reason": "covering", "text": "Karin är sjuk.", "minutes": 5}
    made = await world.asks(TOVE, "POST", path, 201, json=glass)
    await world.asks(TOVE, "GET", path, 403)
    await world.asks(IDRIS, "GET", path, 404)
    world.clock.advance(timedelta(minutes=5))
    for judge in (KARIN, GRETA):
        [seen] = (await world.asks(judge, "GET", path))["items"]
        assert (seen["username"], seen["text"], seen["verdict"]) == (TOVE, "Karin är sjuk.", None)
    verdict = {"outcome": "justified", "text": "Rätt."}
    await world.asks(GRETA, "POST", f"{path}/{made['made']}/review", json=verdict)
    [seen] = (await world.asks(KARIN, "GET", path))["items"]
    assert (seen["verdict"]["by"], seen["verdict"]["text"]) == (GRETA, "Rätt.")


async def test_the_second_person_reads_what_they_say_yes_to(world: World) -> None:
    """The proposal and its words; not the mentor, who has no part in closing."""
    case_id = await in_support(world)
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json={"kind": "second"})
    await world.change(KARIN, "PUT", case_id, "/aftercare-plan", json={"goals": GOALS})
    proposal = {
        "outcome": "goals-reached",
        "text": "Målen är nådda.",
        "review_on": "2027-09-01",
        "until": "2027-12-01",
        "aftercare_lead": KARIN,
    }
    await world.change(KARIN, "POST", case_id, "/closure", json=proposal)
    seen = await world.asks(TOVE, "GET", f"/v1/cases/{case_id}/closure")
    assert seen["proposal"]["proposed_by"] == KARIN
    assert [(each["what"], each["text"]) for each in seen["texts"]] == [
        ("goals-reached", "Målen är nådda.")
    ]
    await world.asks(IDRIS, "GET", f"/v1/cases/{case_id}/closure", 403)


async def test_a_worry_and_an_override_are_read_by_who_may(world: World) -> None:
    """The lead reads every worry, a mentor their own unless shown more; overrides with consents."""
    case_id = await world.a_case(identity={"birth_date": "2010-05-01"})
    cases = world.house.ground.database["cases"]
    await cases.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
    await world.a_mentor(IDRIS)
    mentor = {"kind": "mentor", "sees": ["plan"]}
    await world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json=mentor)
    path = f"/v1/cases/{case_id}/concern"
    for worried, text in ((KARIN, "Ledarens."), (IDRIS, "Min.")):
        await world.asks(worried, "POST", path, json={"text": text})
    assert [each["text"] for each in (await world.asks(KARIN, "GET", path))["items"]] == [
        "Ledarens.",
        "Min.",
    ]
    assert [each["text"] for each in (await world.asks(IDRIS, "GET", path))["items"]] == ["Min."]
    reason = {"override": "child-protection", "text": "Fara."}
    made = await shared(world, case_id, by=GRETA, **reason)
    overrides = f"/v1/cases/{case_id}/share-overrides"
    [why] = (await world.asks(KARIN, "GET", overrides))["items"]
    assert (why["about"], why["text"], why["author"]) == (made["id"], "Fara.", GRETA)
    await world.asks(IDRIS, "GET", overrides, 403)


async def test_of_a_case_nobody_sees_what_is_of_another_group(world: World) -> None:
    """With the plan only: no contact, no worry, no emergency access, no hold, no closing."""
    case_id = await in_support(world)
    handed = {"leaving": IDRIS, "to": "samir.dahl"}
    await world.a_mentor("samir.dahl")
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    whole, mine = await world.case(case_id), await world.case(case_id, "samir.dahl")
    hidden = {name for name in mine if mine[name] is None and whole[name] is not None}
    assert hidden == {
        "contact_every_days",
        "contact_missed",
        "concern",
        "emergency_access_to_review",
        "legal_hold",
    }
    assert mine["next_review_on"] == whole["next_review_on"]
    [listed] = (await world.asks("samir.dahl", "GET", "/v1/cases"))["items"]
    assert listed == {name: mine[name] for name in mine if name != "you_may"}


async def test_to_whom_something_is_shared_stands_nowhere_in_clear(world: World) -> None:
    """Which school it is tells where somebody can be found; the lead reads it, on record."""
    case_id = await in_support(world)
    reference = "borgarskolan-4711"
    to = {"kind": "school", "reference": reference}
    yes = {
        "purpose": "school-contact",
        "recipient": to,
        "text_id": "samtycke-skola",
        "text_version": 1,
        "voices": ["person"],
        "expires_on": "2027-07-01",
    }
    path = f"/v1/cases/{case_id}/consents"
    made = await world.asks(KARIN, "POST", path, 201, json=yes)
    await shared(world, case_id, 409, consent_id=made["made"])
    await shared(world, case_id, consent_id=made["made"], recipient=to)
    await world.asks(KARIN, "POST", f"{path}/{made['made']}/withdrawal")
    seen = await world.asks(KARIN, "GET", path)
    assert [seen[each][0]["recipient"] for each in ("consents", "shares")] == [to, to]
    assert reference not in await everything_stored(world)
    assert await consented(world, case_id)
