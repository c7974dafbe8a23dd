"""Plans as they are followed: late actions are told of, and what lost its owner is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.mentoring.use_cases.let_time_pass import LetTimePass
from tests.integration.mentoring.test_from_intake_to_aftercare import in_support
from tests.integration.mentoring.world import IDRIS, KARIN, SAMIR, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
MENTORS = {"id": "a2", "text": "Följ med", "owner": IDRIS, "due_on": "2027-01-13"}
GOALS = [{"id": "m1", "text": "Tillbaka i skolan", "actions": [MENTORS]}]


async def test_an_action_whose_day_has_passed_is_told_of(world: World) -> None:
    """To whoever does it and to the lead, once; the case is found by what waits in it."""
    case_id = await in_support(world)
    await world.change(KARIN, "PUT", case_id, "/plan", json={"goals": GOALS})
    passing = LetTimePass(world.house.work, world.house.stores.cases)
    world.clock.advance(timedelta(days=3))
    for _ in "twice":
        await passing()
    for who in (IDRIS, KARIN):
        kinds = [each["kind"] for each in (await world.asks(who, "GET", "/v1/attention"))["items"]]
        assert kinds == ["ActionsLate"]
        found = await world.asks(who, "GET", "/v1/cases?waits=action-late")
        assert [each["id"] for each in found["items"]] == [case_id]
    done = [{**GOALS[0], "actions": [{**MENTORS, "state": "done"}]}]
    await world.change(KARIN, "PUT", case_id, "/plan", json={"goals": done})
    assert (await world.asks(KARIN, "GET", "/v1/cases?waits=action-late"))["items"] == []


async def test_an_action_without_its_owner_is_seen(world: World) -> None:
    """Whoever took over sees what is left; it goes to somebody who is there before all else."""
    case_id = await in_support(world)
    await world.change(KARIN, "PUT", case_id, "/plan", json={"goals": GOALS})
    await world.a_mentor(SAMIR)
    handed = {"leaving": IDRIS, "to": SAMIR}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    path = f"/v1/cases/{case_id}/plan"
    assert (await world.asks(SAMIR, "GET", path))["left_over"] == ["a2"]
    await world.change(KARIN, "PUT", case_id, "/plan", 422, json={"goals": GOALS})
    mended = [{**GOALS[0], "actions": [{**MENTORS, "owner": SAMIR}]}]
    await world.change(KARIN, "PUT", case_id, "/plan", json={"goals": mended})
    assert (await world.asks(SAMIR, "GET", path))["left_over"] == []


async def test_an_earlier_version_stays_as_it_was(world: World) -> None:
    """Each change is a version of its own, with its author; a number that is none is not there."""
    case_id = await in_support(world)
    await world.change(KARIN, "PUT", case_id, "/plan", json={"goals": GOALS})
    path = f"/v1/cases/{case_id}/plan"
    newest, first = [
        await world.asks(KARIN, "GET", f"{path}{query}") for query in ("", "?version=1")
    ]
    assert [(each["plan_version"], each["newest"]) for each in (newest, first)] == [(2, 2), (1, 2)]
    assert first["goals"] != newest["goals"]
    await world.asks(KARIN, "GET", f"{path}?version=3", 404)
    await world.asks(KARIN, "GET", f"{path}?version=0", 422)
