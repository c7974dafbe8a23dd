"""Meetings over HTTP, and the saga of their rooms with booking over the real broker."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.actor import housekeeping
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World
from tests.support.twice import delivered  # noqa: F401

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARK = "Möteslapp-ÅÄÖ-4711"
WHEN = {"starts_local": "2027-01-28T15:00", "minutes": 60}


async def arrange(world: World, case_id: str, status: int = 201, **more: Any) -> str:
    body = {**WHEN, "staff": [KARIN], "text": MARK, **more}
    made = await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/meetings", status, json=body)
    return str(made.get("made"))


async def meeting(world: World, case_id: str, by: str = KARIN) -> dict[str, Any]:
    listed = await world.asks(by, "GET", f"/v1/cases/{case_id}/meetings")
    [found] = listed["items"]
    return dict(found)


async def told(world: World, *names: str) -> list[dict[str, Any]]:
    """What was told of meetings, in order."""
    wanted = names or ("meeting-scheduled", "meeting-moved", "meeting-cancelled")
    return [
        {"name": each.type.split(".")[-2], **each.data}
        for each in await world.told()
        if each.type.split(".")[-2] in wanted
    ]


async def test_a_meeting_is_arranged_moved_and_held_and_only_its_times_are_told(
    world: World,
) -> None:
    """The young person hears when, never where, with whom or why; meeting stops the clock."""
    case_id = await world.a_case()
    meeting_id = await arrange(world, case_id)
    path = f"/meetings/{meeting_id}"
    later = {"starts_local": "2027-01-29T10:30", "minutes": 45}
    await world.change(KARIN, "POST", case_id, f"{path}/move", json=later)
    await world.change(KARIN, "POST", case_id, f"{path}/outcome", 409, json={"held": True})
    shown = await meeting(world, case_id)
    assert (shown["state"], shown["text"], shown["room"]) == ("scheduled", MARK, None)
    world.clock.advance(timedelta(days=18, hours=1))
    await world.change(KARIN, "POST", case_id, f"{path}/outcome", json={"held": True})
    assert (await meeting(world, case_id))["state"] == "held"
    [contact] = (await world.asks(KARIN, "GET", f"/v1/cases/{case_id}/contacts"))["items"]
    assert (contact["way"], contact["successful"], contact["on"]) == ("meeting", True, "2027-01-29")
    assert (await world.case(case_id))["last_contact_on"] == "2027-01-29"
    events = await told(world)
    stored = await world.house.ground.database["cases"].find_one({"_id": case_id})
    assert stored is not None
    assert [each["name"] for each in events] == ["meeting-scheduled", "meeting-moved"]
    assert events[1]["was"] == events[0]["starts_at"] == "2027-01-28T14:00:00Z"
    assert {each["recipient_id"] for each in events} == {stored["recipient_id"]}
    for each in events:
        assert {*each} - {"name", "was"} == {
            "meeting_id", "recipient_id", "starts_at", "ends_at", "zone",
        }  # fmt: skip
    everything = json.dumps(await world.rows("meetings"), default=str, ensure_ascii=False)
    assert MARK not in everything
    causes = {row["correlation_id"] for row in await world.rows("outbox")}
    assert len(causes) == len(await world.rows("outbox"))


async def test_what_cannot_be_is_said_kindly_and_strangers_see_nothing(world: World) -> None:
    """Past times, staff from outside and an old version are refused; another's case is unknown."""
    case_id = await world.a_case()
    await arrange(world, case_id, 422, starts_local="2027-01-10T15:00")
    await arrange(world, case_id, 422, staff=[IDRIS])
    await arrange(world, case_id, 422, minutes=3)
    meeting_id = await arrange(world, case_id)
    path = f"/v1/cases/{case_id}/meetings"
    await world.asks(TOVE, "GET", path, 404)
    await world.asks(TOVE, "POST", path, 404, json={**WHEN, "staff": [TOVE]})
    old = {"If-Match": '"1"'}
    cancel = f"{path}/{meeting_id}/cancellation"
    await world.asks(KARIN, "POST", cancel, 428)
    await world.asks(KARIN, "POST", cancel, 412, headers=old)
    await world.change(KARIN, "POST", case_id, f"/meetings/{meeting_id}/cancellation")
    assert [each["name"] for each in await told(world)] == [
        "meeting-scheduled",
        "meeting-cancelled",
    ]


async def test_no_request_of_a_protected_case_names_a_room(world: World) -> None:
    """Any room will do: the same one again and again would tell where to wait."""
    case_id = await world.a_case(protected=True, named=[KARIN])
    await arrange(world, case_id, room={"name": "Sal 2"})
    [asked_for] = await told(world, "room-requested")
    assert asked_for["room"] is None


async def test_nothing_is_told_of_when_a_protected_person_meets_somebody(world: World) -> None:
    """Arranged, given a room, moved or cancelled: booking gives a room, and nobody else hears."""
    case_id = await world.a_case(protected=True, named=[KARIN])
    plain, with_room = await arrange(world, case_id), await arrange(world, case_id, room={})
    [request] = await told(world, "room-requested")
    by = housekeeping("test")
    await world.in_transaction(
        lambda session: world.house.rooms.held(
            request["request_id"], "Sal 2", by=by, session=session
        )
    )
    later = {"starts_local": "2027-01-29T10:30", "minutes": 45}
    await world.change(KARIN, "POST", case_id, f"/meetings/{plain}/move", json=later)
    for each in (plain, with_room):
        await world.change(KARIN, "POST", case_id, f"/meetings/{each}/cancellation")
    assert {event.type.split(".")[-2] for event in await world.told()} == {
        "room-requested",
        "room-release",
    }


async def test_no_answer_in_a_quarter_of_an_hour_is_a_no(world: World) -> None:
    """The wish is taken back, somebody is told to look, and a late room is given back."""
    case_id = await world.a_case()
    await arrange(world, case_id, room={"name": None})
    assert (await meeting(world, case_id))["state"] == "awaiting-room"
    assert await world.house.rooms.check() == 0
    world.clock.advance(timedelta(minutes=16))
    assert await world.house.rooms.check() == 1
    assert (await meeting(world, case_id))["state"] == "proposed"
    [request] = await told(world, "room-requested")
    [notice] = [row for row in await world.rows("notices") if row["kind"] == "RoomNotGot"]
    assert (notice["for"], notice["case_id"]) == (KARIN, case_id)

    async def late(session: Any) -> None:
        for _ in range(2):
            await world.house.rooms.held(
                request["request_id"], "Sal 2", by=housekeeping("test"), session=session
            )

    await world.in_transaction(late)
    back = await told(world, "room-release")
    assert [each["request_id"] for each in back] == [request["request_id"]] * len(back)
    assert len(back) >= 2
    assert await told(world) == []
    assert (await meeting(world, case_id))["state"] == "proposed"


async def test_the_rooms_of_somebody_forgotten_are_given_back(world: World) -> None:
    """Nothing of the meeting is left, and no room is held for nobody; a later answer neither."""
    case_id = await world.a_case()
    await arrange(world, case_id, room={"name": None})
    [request] = await told(world, "room-requested")
    forget = {"params": {"commit": "true"}}
    await world.change(GRETA, "POST", case_id, "/forgetting", **forget)
    assert await world.rows("meetings") == []
    by = housekeeping("test")

    async def late(session: Any) -> None:
        known = await world.house.rooms.held(request["request_id"], "Sal 2", by=by, session=session)
        assert not known

    await world.in_transaction(late)
    back = [each["request_id"] for each in await told(world, "room-release")]
    assert back == [request["request_id"]] * 2


async def test_a_room_stands_nowhere_in_clear(world: World) -> None:
    """Where somebody can be found at a known time is sealed, wished for or held, and comes back."""
    case_id = await world.a_case()
    meeting_id = await arrange(world, case_id, room={"name": MARK})
    [request] = await told(world, "room-requested")
    by = housekeeping("test")

    async def answered(session: Any) -> None:
        await world.house.rooms.held(request["request_id"], MARK, by=by, session=session)

    async def stored() -> str:
        return json.dumps(await world.rows("meetings"), default=str, ensure_ascii=False)

    assert request["room"] == MARK
    assert MARK not in await stored()
    await world.in_transaction(answered)
    assert MARK not in await stored()
    assert (await meeting(world, case_id))["room"] == MARK
    later = {"starts_local": "2027-01-29T10:30", "minutes": 45}
    await world.change(KARIN, "POST", case_id, f"/meetings/{meeting_id}/move", json=later)
    *_, again = await told(world, "room-requested")
    assert again["room"] == MARK, "a move asks for the same room"
    assert MARK not in await stored()
    assert (await meeting(world, case_id))["text"] == MARK
