"""A meeting that nobody is there to hold any more is cancelled: nobody is stood up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.mentoring.test_from_intake_to_aftercare import GOALS, in_support, step
from tests.integration.mentoring.test_meetings import arrange, told
from tests.integration.mentoring.world import IDRIS, KARIN, SAMIR, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_closing_cancels_what_the_circle_of_aftercare_does_not_hold(world: World) -> None:
    """The mentor's meeting is cancelled in neutral words and its room given back; others stand."""
    case_id = await in_support(world)
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json={"kind": "second"})
    of_mentor = await arrange(world, case_id, staff=[IDRIS])
    with_room = await arrange(world, case_id, staff=[IDRIS, TOVE], room={"name": None})
    of_both = await arrange(world, case_id, staff=[IDRIS, KARIN])
    await closed(world, case_id)
    found = await meetings(world, case_id)
    assert [found[each]["state"] for each in (of_mentor, with_room)] == ["cancelled"] * 2
    assert (found[of_both]["state"], found[of_both]["staff"]) == ("scheduled", [KARIN])
    [cancelled] = await told(world, "meeting-cancelled")
    assert cancelled.keys() - {"name"} == {
        "meeting_id", "recipient_id", "starts_at", "ends_at", "zone",
    }  # fmt: skip
    assert cancelled["meeting_id"] == of_mentor
    [asked], [back] = await told(world, "room-requested"), await told(world, "room-release")
    assert asked["request_id"] == back["request_id"]


async def test_whoever_takes_over_a_place_takes_over_its_meetings_if_they_see_them(
    world: World,
) -> None:
    """The next lead holds them; the next mentor only if let see meetings, else they are off."""
    case_id = await in_support(world)
    await world.a_mentor(SAMIR)
    of_lead, of_mentor = [await arrange(world, case_id, staff=[each]) for each in (KARIN, IDRIS)]
    handed: dict[str, Any] = {"leaving": IDRIS, "to": SAMIR, "sees": ["plan", "meetings"]}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    assert (await meetings(world, case_id))[of_mentor]["staff"] == [SAMIR]
    assert await told(world, "meeting-cancelled") == []
    await world.change(
        KARIN, "POST", case_id, "/hand-over", json={"leaving": SAMIR, "to": IDRIS, "sees": None}
    )
    assert (await meetings(world, case_id))[of_mentor]["state"] == "cancelled"
    await world.change(KARIN, "POST", case_id, "/hand-over", json={"leaving": KARIN, "to": TOVE})
    assert (await meetings(world, case_id, TOVE))[of_lead]["staff"] == [TOVE]


async def test_unassigned_not_named_or_declined_the_meeting_is_off_too(world: World) -> None:
    """However it is that the last who holds it leaves; of who is protected nothing is told."""
    case_id = await in_support(world)
    await arrange(world, case_id, staff=[IDRIS])
    await world.change(KARIN, "DELETE", case_id, f"/circle/{IDRIS}")
    other = await in_support(world)
    await arrange(world, other, staff=[IDRIS])
    await world.change(KARIN, "PUT", other, "/protection", json={"named": [KARIN]})
    third = await world.a_case()
    await arrange(world, third)
    await step(world, third, "decline", reason="own-wish")
    rows = await world.rows("meetings")
    assert [row["state"] for row in rows] == ["cancelled"] * 3
    off = {each["meeting_id"] for each in await told(world, "meeting-cancelled")}
    assert off == {row["_id"] for row in rows if row["case_id"] != other}


async def closed(world: World, case_id: str) -> None:
    """Karin proposes, Tove says yes; Karin leads the aftercare."""
    await world.change(KARIN, "PUT", case_id, "/aftercare-plan", json={"goals": GOALS})
    proposal = {
        "outcome": "goals-reached",
        "text": "Klart.",
        "review_on": "2027-09-01",
        "until": "2027-12-01",
        "aftercare_lead": KARIN,
    }
    await world.change(KARIN, "POST", case_id, "/closure", json=proposal)
    await world.change(TOVE, "POST", case_id, "/closure/verdict", json={"approve": True})


async def meetings(world: World, case_id: str, by: str = KARIN) -> dict[str, Any]:
    """Those of the case, by id."""
    listed = await world.asks(by, "GET", f"/v1/cases/{case_id}/meetings")
    return {each["id"]: each for each in listed["items"]}
