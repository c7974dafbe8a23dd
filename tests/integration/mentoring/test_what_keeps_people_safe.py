"""Worry, protection, holds and the alarm of missed contact."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from services.mentoring.domain.ids import Username
from services.mentoring.use_cases.attention import staff_recipient
from services.mentoring.use_cases.let_time_pass import LetTimePass
from tests.integration.mentoring.test_from_intake_to_aftercare import in_support
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World
from tests.support.world import KEY as TEST_KEY

KEY = base64.b64decode(TEST_KEY)
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_minor_is_never_closed_over(world: World) -> None:
    """For somebody under 18 the question of a report is open from the start, and is decided."""
    case_id = await world.a_case(identity={"birth_date": "2010-05-01"})
    assert (await world.case(case_id))["concern"] == "undecided"
    decline = {"step": "decline", "reason": "own-wish"}
    refused = await world.change(KARIN, "POST", case_id, "/steps", 409, json=decline)
    assert refused["type"].endswith("concern-undecided")
    decision = {"reported": False, "reason": "no-concern", "text": ""}
    await world.change(KARIN, "POST", case_id, "/concern/decision", json=decision)
    await world.change(KARIN, "POST", case_id, "/steps", json=decline)


async def test_a_question_that_nobody_decides_is_told_of(world: World) -> None:
    """Each worry to whoever leads, at once; after a day that it is undecided, once."""
    case_id = await world.a_case(identity={"birth_date": "2010-05-01"})
    worry = {"text": "Jag är orolig."}
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/concern", json=worry)
    assert await waiting_for(world, KARIN) == ["ConcernRaised"]
    passing = LetTimePass(world.house.work, world.house.stores.cases)
    await passing()
    world.clock.advance(timedelta(hours=24))
    await passing()
    await passing()
    assert sorted(await waiting_for(world, KARIN)) == ["ConcernOverdue", "ConcernRaised"]


async def test_a_protected_case_exists_for_the_named_alone(world: World) -> None:
    """From the moment of protection even the mentor is a stranger, and glass needs two."""
    case_id = await in_support(world)
    named = {"named": [KARIN, TOVE]}
    await world.change(KARIN, "PUT", case_id, "/protection", json=named)
    assert (await world.answer(IDRIS, "GET", f"/v1/cases/{case_id}")).status_code == 404
    glass = {"reason": "threat-to-life", "text": "Larm.", "minutes": 10}
    path = f"/v1/cases/{case_id}/break-glass"
    made = await world.asks(TOVE, "POST", path, 201, json=glass)
    assert (await world.answer(TOVE, "GET", f"/v1/cases/{case_id}")).status_code == 404
    confirmed = f"{path}/{made['made']}/confirmation"
    await world.asks(KARIN, "POST", confirmed)
    assert (await world.case(case_id, TOVE))["you_are"] == ["break-glass"]


async def test_missed_contact_is_told_and_escalates_when_the_lead_is_away(world: World) -> None:
    """Fourteen days without a contact that succeeded: lead and mentor know, then the stand-in."""
    case_id = await in_support(world)
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json={"kind": "stand-in"})
    passing = LetTimePass(world.house.work, world.house.stores.cases)
    world.clock.advance(timedelta(days=13))
    await passing()
    assert await waiting_for(world, KARIN) == []
    attempt = {"on": "2027-01-24", "way": "call", "successful": False}
    await world.asks(IDRIS, "POST", f"/v1/cases/{case_id}/contacts", 201, json=attempt)
    world.clock.advance(timedelta(days=1))
    await passing()
    await passing()
    for told in (KARIN, IDRIS):
        assert await waiting_for(world, told) == ["ContactMissed"]
    away = {"until": "2027-01-29"}
    await world.change(KARIN, "PUT", case_id, "/lead-absence", json=away)
    await passing()
    assert await waiting_for(world, TOVE) == ["ContactAlarmEscalated"]


async def test_staff_are_told_that_something_waits_and_not_what(world: World) -> None:
    """Lead and data protection, if they left an address: by events that name only them."""
    case_id = await world.a_case()
    number = "+46701740699"
    for who in (KARIN, GRETA, IDRIS):
        await world.asks(who, "POST", "/v1/my-contact", 204, json={"phone": number})
    glass = {"reason": "covering", "text": "Täcker upp.", "minutes": 5}
    await world.asks(TOVE, "POST", f"/v1/cases/{case_id}/break-glass", 201, json=glass)
    both = await world.told("attention-needed")
    lead_and_contact = {staff_recipient(Username(who), KEY) for who in (KARIN, GRETA)}
    assert {told.data["recipient_id"] for told in both} == lead_and_contact
    for told in both:
        assert set(told.data) == {"notice_id", "recipient_id", "at_once"}
        assert told.data["at_once"] is True
        assert case_id not in str(told)
    assert all(number not in str(row) for row in await world.rows("staff_contacts"))


async def test_what_the_law_needs_is_kept(world: World) -> None:
    """Data protection holds a case by its id without seeing into it."""
    case_id = await world.a_case()
    await world.change(GRETA, "PUT", case_id, "/legal-hold", json={"reason": "legal-claim"})
    assert (await world.case(case_id))["legal_hold"] is True
    assert (await world.answer(GRETA, "GET", f"/v1/cases/{case_id}")).status_code == 404
    await world.change(GRETA, "DELETE", case_id, "/legal-hold")


async def waiting_for(world: World, username: str) -> list[str]:
    """The kinds of notices that wait for somebody."""
    listed = await world.asks(username, "GET", "/v1/attention")
    return [each["kind"] for each in listed["items"]]


async def test_nobody_under_protection_is_sent_anything(world: World) -> None:
    """Protected, the address is forgotten outside, and the case is somebody else there."""
    case_id = await world.a_case()
    [card] = await world.told("contact-card-sealed")
    await world.change(KARIN, "PUT", case_id, "/protection", json={"named": [KARIN]})
    [gone] = await world.told("person-forgotten")
    assert gone.data["recipient_id"] == card.data["recipient_id"]
    [stored] = await world.rows("cases")
    assert stored["recipient_id"] != card.data["recipient_id"]


async def test_a_mentor_sees_the_steps_that_are_theirs_to_read(world: World) -> None:
    """With the plan only, the history tells of no assessment, worry or emergency access."""
    case_id = await in_support(world)
    glass = {"reason": "covering", "text": "Täcker upp.", "minutes": 5}
    await world.asks(TOVE, "POST", f"/v1/cases/{case_id}/break-glass", 201, json=glass)
    path = f"/v1/cases/{case_id}/steps"
    mine = {each["kind"] for each in (await world.asks(IDRIS, "GET", path))["items"]}
    all_ = {each["kind"] for each in (await world.asks(KARIN, "GET", path))["items"]}
    assert {"GlassOpened", "AssessmentRecorded"} <= all_
    assert mine & {"GlassOpened", "AssessmentRecorded"} == set()
    assert "PlanChanged" in mine


async def test_a_notice_that_was_looked_at_waits_no_more(world: World) -> None:
    """Karin has looked; nobody else can say so for her."""
    case_id = await world.a_case()
    glass = {"reason": "covering", "text": "Täcker upp.", "minutes": 5}
    await world.asks(TOVE, "POST", f"/v1/cases/{case_id}/break-glass", 201, json=glass)
    [notice] = (await world.asks(KARIN, "GET", "/v1/attention"))["items"]
    path = f"/v1/attention/{notice['id']}/seen"
    await world.asks(TOVE, "PUT", path, 404)
    await world.asks(KARIN, "PUT", path, 204)
    assert await waiting_for(world, KARIN) == []
