"""What the circle does with a case, over HTTP: assessed, planned, contacted, reviewed, closed."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.mentoring.world import IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARK = "Märkning-ÅÄÖ-90125"
GOALS = [
    {
        "id": "m1",
        "text": f"Skolan {MARK}",
        "actions": [
            {"id": "a1", "text": f"Ringa {MARK}", "owner": KARIN, "due_on": "2027-02-01"},
        ],
    }
]


async def answers_of(world: World) -> dict[str, Any]:
    """The least that the first questionnaire asks for."""
    asked = await world.asks(KARIN, "GET", "/v1/questionnaires/first-assessment")
    filled: dict[str, Any] = {}
    for domain in asked["domains"]:
        for question in domain["questions"]:
            if question["required"]:
                kind = question["kind"]
                value = question["steps"][0]["value"] if question["steps"] else None
                filled[question["id"]] = {
                    "yes-no": False,
                    "text": MARK,
                    "choices": [value],
                }.get(kind, value)
    return filled


async def step(world: World, case_id: str, name: str, status: int = 200, **more: Any) -> Any:
    """One step of the case by its lead."""
    body = {"step": name, **more}
    return await world.change(KARIN, "POST", case_id, "/steps", status, json=body)


async def in_support(world: World) -> str:
    """A case that is supported, by the ordinary way."""
    case_id = await world.a_case()
    await step(world, case_id, "begin-assessment")
    filled = {"questionnaire": "first-assessment", "answers": await answers_of(world)}
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/assessments", 201, json=filled)
    await step(world, case_id, "begin-planning")
    await world.change(KARIN, "PUT", case_id, "/plan", json={"goals": GOALS})
    await world.change(KARIN, "PUT", case_id, "/next-review", json={"on": "2027-02-15"})
    await world.a_mentor(IDRIS)
    mentor = {"kind": "mentor", "sees": ["plan", "contact"]}
    await world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json=mentor)
    await step(world, case_id, "begin-support")
    return case_id


async def test_nothing_is_skipped(world: World) -> None:
    """No planning without an assessment, no support without plan and review, each said kindly."""
    case_id = await world.a_case()
    assert (await step(world, case_id, "begin-support", 409))["type"].endswith("not-in-this-phase")
    await step(world, case_id, "begin-assessment")
    refused = await step(world, case_id, "begin-planning", 409)
    assert refused["type"].endswith("assessment-missing")


async def test_a_whole_case_is_read_back_and_lies_sealed(world: World) -> None:
    """What was written comes back to the lead, and no word of it stands in the database."""
    case_id = await in_support(world)
    contact = {"on": "2027-01-11", "way": "call", "successful": True, "text": MARK}
    await world.asks(IDRIS, "POST", f"/v1/cases/{case_id}/contacts", 201, json=contact)
    review = {"text": MARK, "next_on": "2027-03-15"}
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/reviews", 201, json=review)
    plan = await world.asks(IDRIS, "GET", f"/v1/cases/{case_id}/plan")
    assert plan["goals"][0]["text"] == GOALS[0]["text"]
    assert plan["late"] == []
    world.clock.advance(timedelta(days=22))
    assert (await world.asks(IDRIS, "GET", f"/v1/cases/{case_id}/plan"))["late"] == ["a1"]
    for part in ("assessments", "contacts", "reviews"):
        listed = await world.asks(KARIN, "GET", f"/v1/cases/{case_id}/{part}")
        assert listed["total"] == 1
    assert (await world.case(case_id))["last_contact_on"] == "2027-01-11"
    assert MARK not in await everything_stored(world)


async def test_two_people_close_and_the_mentor_is_out(world: World) -> None:
    """Whoever proposed cannot decide; once another has, only the circle of aftercare is in."""
    case_id = await in_support(world)
    second = {"kind": "second"}
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=second)
    proposal = {
        "outcome": "goals-reached",
        "text": MARK,
        "review_on": "2027-09-01",
        "until": "2027-12-01",
        "aftercare_lead": KARIN,
        "aftercare_circle": [],
    }
    refused = await world.change(KARIN, "POST", case_id, "/closure", 409, json=proposal)
    assert refused["type"].endswith("aftercare-plan-missing")
    await world.change(KARIN, "PUT", case_id, "/aftercare-plan", json={"goals": GOALS})
    await world.change(KARIN, "POST", case_id, "/closure", json=proposal)
    yes = {"approve": True}
    alone = await world.change(KARIN, "POST", case_id, "/closure/verdict", 409, json=yes)
    assert alone["type"].endswith("two-people-close")
    await world.change(TOVE, "POST", case_id, "/closure/verdict", json=yes)
    assert (await world.case(case_id))["phase"] == "aftercare"
    for gone in (IDRIS, TOVE):
        assert (await world.answer(gone, "GET", f"/v1/cases/{case_id}")).status_code == 404


async def test_of_fifty_writers_one_is_first(world: World) -> None:
    """Fifty changes decided on the same version: one is made, the rest are told that it was."""
    case_id = await world.a_case()
    version = (await world.case(case_id))["version"]
    answers = await asyncio.gather(
        *(
            world.answer(
                KARIN,
                "PUT",
                f"/v1/cases/{case_id}/contact-rhythm",
                json={"days": 30},
                headers={"If-Match": f'"{version}"'},
            )
            for _ in range(50)
        )
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [412] * 49
    assert (await world.case(case_id))["version"] == version + 1


@pytest.mark.long
async def test_what_fifty_write_is_all_there(world: World) -> None:
    """Fifty notes at once, and fifty changes tried until made: none is lost, each is a step."""
    case_id = await world.a_case()
    path = f"/v1/cases/{case_id}"

    async def until_made() -> None:
        for _ in range(500):
            seen = {"If-Match": (await world.answer(KARIN, "GET", path)).headers["etag"]}
            await asyncio.sleep(random.random())
            body = {"days": random.choice([14, 30])}
            rhythm = f"{path}/contact-rhythm"
            made = await world.answer(KARIN, "PUT", rhythm, json=body, headers=seen)
            if made.status_code == 200:
                return
        raise AssertionError("never made")

    async def write(number: int) -> None:
        for _ in range(50):
            sent = {"json": {"text": f"Nummer {number}."}}
            if (await world.answer(KARIN, "POST", f"{path}/notes", **sent)).status_code == 201:
                return
        raise AssertionError("never written")

    before = (await world.case(case_id))["version"]
    await asyncio.gather(*(until_made() for _ in range(50)), *(write(n) for n in range(50)))
    found = await world.asks(KARIN, "GET", f"{path}/notes?limit=100")
    assert {each["text"] for each in found["items"]} == {f"Nummer {n}." for n in range(50)}
    assert found["total"] == 50
    assert (await world.case(case_id))["version"] == before + 100
    steps = await world.rows("steps", case_id=case_id)
    assert sorted(each["sequence"] for each in steps) == list(range(1, len(steps) + 1))


async def everything_stored(world: World) -> str:
    """All documents of mentoring's databases as text."""
    ground = world.house.ground
    found = []
    for database in (ground.database, ground.keys, world.house.identity):
        for name in await database.list_collection_names():
            found += [repr(each) async for each in database[name].find({})]
    return "\n".join(found)
