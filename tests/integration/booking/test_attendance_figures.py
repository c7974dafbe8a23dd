"""Figures of who came: published once, for good, by whoever may, and of nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.booking.world import World

AT = "/v1/statistics"
Q1 = f"{AT}/2027-Q1"


async def came(world: World, occasion_id: str, counts: dict[str, tuple[int, int]]) -> None:
    """So many pupils and adults of each booking."""
    body = [{"booking_id": b, "pupils": p, "adults": a} for b, (p, a) in counts.items()]
    await world.change("POST", f"/v1/occasions/{occasion_id}/attendance", json={"came": body})


async def a_class(world: World, occasion_id: str, grade: str, place: str) -> str:
    """26 people who have places; the id of their booking."""
    party = {"kind": "group", "pupils": 24, "adults": 2, "grade": grade, "municipality": place}
    booking = await world.book(occasion_id, party=party)
    return str(booking["id"])


async def a_quarter(world: World) -> None:
    """Two workshops that were counted, one that nobody counted, one that was cancelled."""
    first, second, third, off = [await world.an_occasion(60) for _ in range(4)]
    counts = {
        await a_class(world, first["id"], "8", "Lund"): (22, 2),
        await a_class(world, first["id"], "9", "Malmö"): (25, 3),
    }
    alone = {"kind": "individual", "pupils": 1, "adults": 0, "age_band": "16-18"}
    one = await world.book(second["id"], party=alone)
    two = await a_class(world, second["id"], "9", "Malmö")
    await a_class(world, third["id"], "9", "Malmö")
    await a_class(world, off["id"], "7", "Malmö")
    await world.change("POST", f"/v1/occasions/{off['id']}/cancellation", json={"reason": "Snö."})
    world.clock.advance(timedelta(days=18))
    await came(world, first["id"], counts)
    await came(world, second["id"], {one["id"]: (1, 0), two: (24, 2)})


async def test_a_quarters_figures_are_published_once(world: World) -> None:
    """Who came and not who booked, by grade and place; one person alone is in no figure."""
    await a_quarter(world)
    await world.ask("GET", Q1, 404)
    refused = await world.ask("POST", Q1, 409)
    assert refused["type"].endswith("quarter-not-over")
    world.clock.advance(timedelta(days=70))
    line = await the_line(world)
    assert (line["counted"], line["uncounted"], line["people"]) == (2, 1, None)
    made = await world.ask("POST", Q1, 201)
    workshop = made["kinds"]["workshop"]
    assert (workshop["occasions"], workshop["people"]) == (2, 80)
    shown = {row: value for row, value in workshop["tables"]["age"].items() if value}
    assert shown == {"grade-8": 20, "grade-9": 50, "leader": 5}
    assert workshop["tables"]["age"]["16-18"] is None
    assert workshop["tables"]["municipality"] == {"Lund": 25, "Malmö": 55}
    assert made["kinds"]["lecture"]["people"] is None
    again = await world.ask("POST", Q1, 409)
    assert again["type"].endswith("quarter-is-published")
    assert await world.ask("GET", Q1) == made
    assert (await the_line(world))["people"]["workshop"] == 80


async def test_what_is_published_stays_and_is_sent_once(world: World) -> None:
    """What is counted afterwards changes nothing, and who has the figures gets a 304."""
    await a_quarter(world)
    world.clock.advance(timedelta(days=70))
    headers = {**world.signed_in(), "Idempotency-Key": "figures-1"}
    made = await world.client.post(Q1, headers=headers)
    assert (await world.client.post(Q1, headers=headers)).json() == made.json(), "asked once"
    occasions = (await world.ask("GET", "/v1/occasions?limit=100"))["items"]
    for occasion in occasions:
        for booking in await confirmed(world, occasion["id"]):
            await came(world, occasion["id"], {booking: (40, 9)})
    seen = await world.client.get(Q1, headers=world.signed_in())
    assert seen.json() == made.json()
    tag = {**world.signed_in(), "If-None-Match": seen.headers["etag"]}
    assert (await world.client.get(Q1, headers=tag)).status_code == 304


async def test_only_the_desk_sees_and_publishes_figures(world: World) -> None:
    """Leaders of occasions neither look nor publish; a word that is no quarter is a 422."""
    for method, path in (("GET", AT), ("GET", Q1), ("POST", Q1)):
        await world.ask(method, path, 403, by="facilitator")
    await world.ask("GET", f"{AT}/2027-Q5", 422)


async def confirmed(world: World, occasion_id: str) -> list[str]:
    """The bookings of an occasion that have places."""
    found = await world.ask("GET", f"/v1/bookings?occasion_id={occasion_id}&state=confirmed")
    return [each["id"] for each in found["items"]]


async def the_line(world: World) -> dict[str, Any]:
    """The first quarter of 2027 in the list."""
    items = (await world.ask("GET", AT))["items"]
    line: dict[str, Any] = next(each for each in items if each["quarter"] == "2027-Q1")
    return line
