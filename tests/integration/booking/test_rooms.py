"""Rooms over HTTP: their days, internal holds, and what occasions do to them."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from tests.integration.booking.world import World, if_match

DAY = "2027-01-28"


async def a_room(world: World, name: str = "Blå rummet", seats: int = 8) -> dict[str, Any]:
    room: dict[str, Any] = await world.ask(
        "POST", "/v1/rooms", 201, json={"name": name, "seats": seats}
    )
    return room


async def hold(world: World, room: dict[str, Any], status: int = 201, **more: Any) -> Any:
    wanted = {"room": room["id"], "starts_local": f"{DAY}T13:30", "minutes": 60, **more}
    return await world.ask("POST", "/v1/room-holds", status, json=wanted)


async def claims(world: World, room_id: str, day: str = DAY) -> list[dict[str, Any]]:
    seen = await world.ask("GET", f"/v1/rooms/{room_id}/days/{day}")
    return list(seen["claims"])


async def test_a_hold_overlaps_nothing_and_is_given_back_by_whoever_has_seen_it(
    world: World,
) -> None:
    """Side by side is fine, one minute over is not; across midnight it stands in both days."""
    room = await a_room(world)
    first = await hold(world, room, purpose="Personalmöte")
    assert (first["by"], first["purpose"], first["room_name"]) == (
        "Internt",
        "Personalmöte",
        "Blå rummet",
    )
    await hold(world, room, 409, starts_local=f"{DAY}T14:29")
    await hold(world, room, starts_local=f"{DAY}T14:30")
    night = await hold(world, room, starts_local=f"{DAY}T23:00", minutes=120)
    for day, hour in ((DAY, "23:30"), ("2027-01-29", "00:30")):
        assert night["id"] in {claim["id"] for claim in await claims(world, room["id"], day)}
        await hold(world, room, 409, starts_local=f"{day}T{hour}", minutes=15)
    path = f"/v1/room-holds/{night['id']}"
    await world.ask("DELETE", path, 428)
    await world.ask("DELETE", path, 412, headers=if_match(7))
    gone = await world.client.delete(path, headers={**world.signed_in(), **if_match(1)})
    assert (gone.status_code, gone.content) == (204, b"")
    await world.ask("GET", path, 404)
    assert await claims(world, room["id"], "2027-01-29") == []
    await hold(world, room, starts_local="2027-01-29T00:30", minutes=15)


async def test_occasions_occupy_their_rooms_wherever_they_go(world: World) -> None:
    """Published, moved and cancelled: the days of the rooms follow, and a hold in the way shows."""
    occasion = await world.an_occasion(room="Åsens sal", starts_local=f"{DAY}T23:00:00")
    rooms = (await world.ask("GET", "/v1/rooms", by="facilitator"))["items"]
    [sal] = [room for room in rooms if room["name"] == "Åsens sal"]
    assert sal["seats"] is None
    for day in (DAY, "2027-01-29"):
        [claim] = await claims(world, sal["id"], day)
        assert (claim["kind"], claim["title"]) == ("occasion", occasion["title"])
    await hold(world, sal, 409, starts_local="2027-01-29T00:15", minutes=15)
    blue = await a_room(world)
    held = await hold(world, blue)
    path = f"/v1/occasions/{occasion['id']}"
    move = {"room": "blå  rummet", "starts_local": f"{DAY}T14:00:00"}
    moved = await world.change("PATCH", path, json=move)
    assert moved["flags"] == ["room-taken"]
    assert await claims(world, sal["id"]) == await claims(world, sal["id"], "2027-01-29") == []
    assert len(await claims(world, blue["id"])) == 2
    gone = await world.client.delete(
        f"/v1/room-holds/{held['id']}", headers={**world.signed_in(), **if_match(1)}
    )
    assert gone.status_code == 204
    assert (await world.occasion(occasion["id"]))["flags"] == []
    await world.change("POST", f"{path}/cancellation", json={"reason": "Sjukdom"})
    assert await claims(world, blue["id"]) == []


async def test_a_season_occupies_in_bulk_and_is_flagged_where_a_room_is_held(world: World) -> None:
    """Overlapping rows are all there, as before; a row over an internal hold is, and says so."""
    header = "Datum;Starttid;Längd (min);Aktivitet;Typ;Målgrupp;Lokal;Antal platser;Ledare"
    rows = [
        f"{DAY};13:00;90;Källkritik;workshop;skolklass;Sal 2;32;Leyla Sjö",
        f"{DAY};13:00;90;Källkritik;workshop;skolklass;Sal 2;32;Leyla Sjö",
        f"{DAY};13:30;90;Demokrati;workshop;skolklass;Sal 2;32;Leyla Sjö",
        f"{DAY};16:00;90;Demokrati;workshop;skolklass;Sal 2;32;Leyla Sjö",
    ]
    room = await a_room(world, "Sal 2", 32)
    await hold(world, room, starts_local=f"{DAY}T17:00")
    content = "\n".join([header, *rows]).encode()
    for commit, created in ((False, 4), (True, 4), (True, 0)):
        report = await world.import_file("season", content, commit=commit)
        assert report["created"] == created, report
        flags = [flag["flag"] for flag in report["flags"]]
        assert flags.count("room-taken") == 1, report
    found = await claims(world, room["id"])
    assert [claim["kind"] for claim in found] == ["occasion"] * 4 + ["hold"]


async def test_a_hundred_holds_at_the_same_time_end_apart(world: World) -> None:
    """Of 100 wishes at once, those that got a room are disjoint; each other had one in its way."""
    rooms = [await a_room(world, f"Rum {n}") for n in range(5)]
    chance = random.Random(5)
    wishes = [
        {
            "room": chance.choice(rooms)["id"],
            "starts_local": f"{DAY}T{chance.randrange(8, 23):02}:{chance.choice((0, 15, 30)):02}",
            "minutes": chance.choice((30, 60, 120, 180)),
        }
        for _ in range(100)
    ]
    headers = world.signed_in()
    answers = await asyncio.gather(
        *(world.client.post("/v1/room-holds", json=wish, headers=headers) for wish in wishes)
    )
    assert {answer.status_code for answer in answers} == {201, 409}
    held = [answer.json() for answer in answers if answer.status_code == 201]
    assert not any(_overlap(one, other) for one, other in combinations(held, 2))
    for wish, answer in zip(wishes, answers, strict=True):
        if answer.status_code == 409:
            starts = datetime.fromisoformat(f"{wish['starts_local']}:00+01:00")
            ends = starts + timedelta(minutes=wish["minutes"])
            wanted = {"room": wish["room"], "starts_at": str(starts), "ends_at": str(ends)}
            assert any(_overlap(wanted, other) for other in held)
    stored = {claim["id"] for room in rooms for claim in await claims(world, room["id"])}
    assert {each["id"] for each in held} <= stored | {
        claim["id"] for room in rooms for claim in await claims(world, room["id"], "2027-01-29")
    }


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def at(claim: dict[str, Any], name: str) -> datetime:
        return datetime.fromisoformat(claim[name])

    return (
        one["room"] == other["room"]
        and at(one, "starts_at") < at(other, "ends_at")
        and at(other, "starts_at") < at(one, "ends_at")
    )


async def test_only_staff_of_the_house_see_rooms(world: World) -> None:
    """Facilitators look, the desk holds, nobody else knows."""
    room = await a_room(world)
    path = f"/v1/rooms/{room['id']}/days/{DAY}"
    assert (await world.client.get(path)).status_code == 401
    await world.ask("GET", path, 403, by="editor")
    await world.ask("GET", path, by="facilitator")
    wanted = {"room": room["id"], "starts_local": f"{DAY}T09:00", "minutes": 30}
    await world.ask("POST", "/v1/room-holds", 403, by="facilitator", json=wanted)
    await world.ask("GET", f"/v1/rooms/{room['id']}/days/2027-02-30", 422)
    await world.ask("GET", f"/v1/rooms/okänt/days/{DAY}", 404)
    wider = await world.ask(
        "PATCH", f"/v1/rooms/{room['id']}", json={"seats": 12}, headers=if_match(room["version"])
    )
    assert (wider["seats"], wider["version"]) == (12, room["version"] + 1)
    await world.ask("POST", "/v1/rooms", 409, json={"name": " BLÅ rummet", "seats": 3})
