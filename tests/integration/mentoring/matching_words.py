"""Mentors, cases and their needs, as tests of matching make them."""

from __future__ import annotations

from typing import Any

from tests.integration.mentoring.world import IDRIS, KARIN, World

TUESDAYS = [{"weekday": 1, "starts": "17:00", "ends": "20:00"}]
MARK = "märkning-åäö-4711"
PROFILE: dict[str, Any] = {
    "languages": ["sv", "so"],
    "limit": 1,
    "strengths": ["sport"],
    "avoids": {"movements": [MARK], "neighbourhoods": ["norra"]},
    "notes": f"Har varit med i {MARK}",
}
NEEDS: dict[str, Any] = {"languages": ["so"], "first_language": "so", "availability": TUESDAYS}


async def change_mentor(
    world: World, username: str, what: str, body: Any, *, by: str = KARIN, status: int = 200
) -> Any:
    """Change something of a mentor as the profile is now; a new one when there is none."""
    stored = await world.rows("mentors", _id=username)
    headers = {"If-Match": f'"{stored[0]["version"] if stored else 0}"'}
    path = f"/v1/mentors/{username}{what}"
    return await world.asks(by, "PUT", path, status, headers=headers, json=body)


async def a_mentor(world: World, username: str = IDRIS, **more: Any) -> None:
    """A mentor with nothing in the way of a mentee."""
    await change_mentor(world, username, "", {**PROFILE, **more})
    await change_mentor(world, username, "/availability", {"availability": TUESDAYS})
    await change_mentor(world, username, "/background-check", {"on": "2027-01-04"})


async def to_match(world: World, lead: str = KARIN, needs: Any = None, **more: Any) -> str:
    """A case in planning, with what matching is to see of it."""
    case_id = await world.a_case(lead, **more)
    cases = world.house.ground.database["cases"]
    await cases.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
    wanted = {**NEEDS, **(needs or {})}
    await world.change(lead, "PUT", case_id, "/matching-needs", json=wanted)
    return case_id


async def matched(world: World, by: str = KARIN, **asked: Any) -> dict[str, Any]:
    """A matching, as whoever made it reads it."""
    made = await world.asks(by, "POST", "/v1/matchings", 201, json=asked)
    found: dict[str, Any] = await world.asks(by, "GET", f"/v1/matchings/{made['id']}")
    return found


def proposals(found: dict[str, Any]) -> dict[str, str | None]:
    """Case → mentor, or none."""
    return {
        each["case_id"]: each["proposal"] and each["proposal"]["mentor"]
        for each in found["outcomes"]
    }


async def decide(
    world: World,
    matching: dict[str, Any],
    case_id: str,
    mentor: str,
    status: int = 201,
    **more: Any,
) -> Any:
    """A decision about one case of it."""
    body = {"case_id": case_id, "mentor": mentor, "reason": "as-proposed", **more}
    path = f"/v1/matchings/{matching['id']}/decisions"
    return await world.asks(more.pop("by", KARIN), "POST", path, status, json=body)
