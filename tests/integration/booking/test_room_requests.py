"""Rooms that mentoring asks for by event: held like any other, and no trace of who asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aio_pika
import pytest
import pytest_asyncio

from services.booking.main import house_of, worker_of
from services.booking.settings import WorkerSettings
from shared.broker.names import EVENTS
from shared.contracts.envelope import wrap
from shared.contracts.event import News
from shared.contracts.mentoring import RoomRelease, RoomRequested
from shared.delivery.indexes import KEPT
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.booking.world import NOW, World, if_match
from tests.support.eventually import eventually
from tests.support.servers import RealServers
from tests.support.twice import delivered  # noqa: F401
from tests.support.world import worker_told

pytestmark = pytest.mark.usefixtures("delivered")
START = datetime(2027, 1, 28, 12, 30, tzinfo=UTC)
LIVELY = {"Date", "X-Request-Id", "X-Correlation-Id", "Traceparent"}


@dataclass
class Mentoring:
    """The other end: asks what mentoring would ask, under its own user."""

    world: World
    exchange: aio_pika.abc.AbstractExchange

    async def tells(self, contract: Any, sequence: int = 1) -> str:
        event_id = new_id()
        news = News(contract, contract.request_id, sequence)
        body = wrap(news, event_id=event_id, at=real_now(), correlation_id=new_id()).to_bytes()
        message = aio_pika.Message(body, user_id="mentoring", message_id=event_id)
        await self.exchange.publish(message, contract.routing_key())
        return event_id

    async def asks(self, **more: Any) -> str:
        """A request; its id."""
        wanted = {
            "request_id": new_id(),
            "people": 2,
            "starts_at": START,
            "ends_at": START + timedelta(hours=1),
            "zone": "Europe/Stockholm",
            "answer_by": NOW + timedelta(minutes=15),
            **more,
        }
        asked = RoomRequested.model_validate(wanted)
        await self.tells(asked)
        return asked.request_id

    async def answer(self, request_id: str, count: int = 1) -> dict[str, Any]:
        """The answer that booking told last, once there are so many."""

        async def told() -> list[Any]:
            events = await self.world.told(subject=request_id)
            return events if len(events) >= count else []

        last = (await eventually(told))[-1]
        return {"name": last.type.split(".")[-2], **last.data}


@pytest_asyncio.fixture(loop_scope="session")
async def mentoring(
    servers: RealServers,
    world: World,
    clean_queues: None,
    delivered: object,  # noqa: F811 - pytest fills it in
) -> AsyncIterator[Mentoring]:
    """Booking's worker runs, on the clock of the world."""
    settings = WorkerSettings.model_validate(worker_told(servers, "booking"))
    running = asyncio.create_task(worker_of(settings, house_of(settings, world.clock)).run())
    connection = await aio_pika.connect(servers.amqp_url("mentoring"))
    channel = await connection.channel(on_return_raises=True)
    yield Mentoring(world, await channel.get_exchange(EVENTS, ensure=False))
    await connection.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def a_room(world: World, name: str, seats: int) -> str:
    body = {"name": name, "seats": seats}
    return str((await world.ask("POST", "/v1/rooms", 201, json=body))["id"])


async def shape(world: World, path: str, **more: Any) -> tuple[Any, Any]:
    """What staff see of something: its JSON without ids and times, and its headers."""
    answer = await world.client.get(path, headers=world.signed_in(), **more)
    assert answer.status_code == 200, answer.text
    kept = {n.title(): v for n, v in answer.headers.items() if n.title() not in LIVELY}
    return answer.json(), kept


def without(seen: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in seen.items() if name not in names}


async def test_who_asked_for_a_room_cannot_be_told_from_anything_staff_see(
    world: World, mentoring: Mentoring
) -> None:
    """A hold for mentoring and one of staff's: every visible field and header, side by side."""
    first, second = await a_room(world, "Rum A", 2), await a_room(world, "Rum B", 9)
    request = await mentoring.asks()
    assert await mentoring.answer(request) == {
        "name": "room-held",
        "request_id": request,
        "room": "Rum A",
    }
    wanted = {"room": second, "starts_local": "2027-01-28T13:30", "minutes": 60}
    await world.ask("POST", "/v1/room-holds", 201, json=wanted)
    seen = []
    for room in (first, second):
        day, headers = await shape(world, f"/v1/rooms/{room}/days/2027-01-28")
        [claim] = day["claims"]
        held, held_headers = await shape(world, f"/v1/room-holds/{claim['id']}")
        assert len(claim["id"]) == 36
        journal = await world.ask("GET", f"/v1/journal?subject={claim['id']}", by="operator")
        seen.append(
            (
                *(
                    without(each, "id", "room", "room_name", "claims")
                    for each in (claim, held, day)
                ),
                headers,
                held_headers,
                journal["entries"],
            )
        )
    assert seen[0] == seen[1]
    stored = [await world.rows(name) for name in ("room_days", "room_holds", "rooms")]
    assert "mentoring" not in str(stored)
    assert request not in str(stored)
    keys = [frozenset(row) for row in stored[1]]
    assert keys[0] == keys[1]


async def test_each_no_says_why(world: World, mentoring: Mentoring) -> None:
    """Taken, none that fits, nobody knows it, or too late: an answer each time, by event."""
    await a_room(world, "Rum A", 4)
    assert (await mentoring.answer(await mentoring.asks(room="rum  a")))["name"] == "room-held"
    for why, wanted in (
        ("taken", {"room": "Rum A"}),
        ("no-room", {}),
        ("unknown-room", {"room": "Rum Ö"}),
        ("too-late", {"answer_by": NOW}),
        ("too-late", {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}),
    ):
        told = await mentoring.answer(await mentoring.asks(**wanted))
        assert (told["name"], told["why"]) == ("room-refused", why)


async def test_a_release_wins_whenever_it_comes(world: World, mentoring: Mentoring) -> None:
    """After the hold or before the request was heard of: the room ends free, and stays so."""
    room = await a_room(world, "Rum A", 4)
    request = await mentoring.asks()
    await mentoring.answer(request)
    await mentoring.tells(RoomRelease(request_id=request), 2)
    assert (await mentoring.answer(request, 2))["name"] == "room-released"
    early = new_id()
    await mentoring.tells(RoomRelease(request_id=early), 2)
    await mentoring.answer(early)
    await mentoring.asks(request_id=early)
    later = await mentoring.asks(
        starts_at=START + timedelta(hours=3), ends_at=START + timedelta(hours=4)
    )
    await mentoring.answer(later)
    day = await world.ask("GET", f"/v1/rooms/{room}/days/2027-01-28")
    assert len(day["claims"]) == 1
    assert len(await world.told(subject=early)) == 1


async def test_staff_may_need_the_room_after_all(world: World, mentoring: Mentoring) -> None:
    """They give back any hold alike; whoever asked for it is told, and a later release is quiet."""
    room = await a_room(world, "Rum A", 4)
    request = await mentoring.asks()
    await mentoring.answer(request)
    day = await world.ask("GET", f"/v1/rooms/{room}/days/2027-01-28")
    path = f"/v1/room-holds/{day['claims'][0]['id']}"
    gone = await world.client.delete(path, headers={**world.signed_in(), **if_match(1)})
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await mentoring.answer(request, 2))["name"] == "room-released"
    event = await mentoring.tells(RoomRelease(request_id=request), 2)

    async def heard() -> Any:
        return await world.house.ground.database["inbox"].find_one({"event_id": event})

    assert (await eventually(heard))["outcome"] == "superseded"
    assert len(await world.told(subject=request)) == 2


async def test_what_became_of_a_request_is_not_kept_for_ever(
    world: World, mentoring: Mentoring
) -> None:
    """Held: while it is held and could be asked again; refused or given back: the latter alone."""
    await a_room(world, "Rum A", 4)
    later = real_now() + timedelta(days=365)
    held = await mentoring.asks(starts_at=later, ends_at=later + timedelta(hours=1))
    refused = await mentoring.asks(people=90)
    given_back = new_id()
    await mentoring.tells(RoomRelease(request_id=given_back), 2)
    for each in (held, refused, given_back):
        await mentoring.answer(each)
    until = {row["_id"]: row["forget_at"] for row in await world.rows("room_requests")}
    assert until[held] - later > KEPT
    for each in (refused, given_back):
        assert KEPT - timedelta(minutes=10) < until[each] - real_now() <= KEPT
    requests = world.house.ground.database["room_requests"]
    kept = (await requests.index_information())["kept"]
    assert (kept["key"], kept["expireAfterSeconds"]) == ([("forget_at", 1)], 0)
