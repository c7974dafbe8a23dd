"""The saga of meetings' rooms with booking, over the real broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from services.booking.api.app import make_http as booking_http
from services.booking.house import House as BookingHouse
from services.booking.main import house_of as booking_house
from services.booking.main import worker_of as booking_worker
from services.booking.settings import HttpSettings as BookingHttp
from services.booking.settings import WorkerSettings as BookingWorker
from services.mentoring.main import house_of, worker_of
from services.mentoring.settings import WorkerSettings
from tests.integration.mentoring.test_meetings import arrange, meeting, told
from tests.integration.mentoring.world import KARIN, World
from tests.support.eventually import eventually
from tests.support.servers import RealServers
from tests.support.twice import delivered  # noqa: F401
from tests.support.world import World as AnyWorld
from tests.support.world import asked, http_told, worker_told

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Booking(AnyWorld[BookingHouse]):
    """The other service."""

    async def a_room(self, name: str, seats: int) -> str:
        body = {"name": name, "seats": seats}
        return str((await self.ask("POST", "/v1/rooms", 201, json=body))["id"])

    async def claims(self, room: str, day: str) -> list[dict[str, Any]]:
        seen = await self.ask("GET", f"/v1/rooms/{room}/days/{day}")
        return list(seen["claims"])


@asynccontextmanager
async def both_workers(
    servers: RealServers, world: World, *, booking_too: bool = True, ours_too: bool = True
) -> AsyncIterator[Booking]:
    """Booking's API and both workers, or one of them, on the clock of the world."""
    web = BookingHttp.model_validate(http_told(servers, "booking", world.issuer))
    theirs = booking_house(web, world.clock)
    behind = BookingWorker.model_validate(worker_told(servers, "booking"))
    apart = {"identity_mongodb_url": servers.mongo_url("mentoring-identity")}
    ours = WorkerSettings.model_validate(worker_told(servers, "mentoring", **apart))
    async with asked(booking_http(web, theirs)) as client:
        workers = []
        if booking_too:
            workers.append(booking_worker(behind, booking_house(behind, world.clock)))
        if ours_too:
            workers.append(worker_of(ours, house_of(ours, world.clock)))
        running = [asyncio.create_task(worker.run()) for worker in workers]
        try:
            yield Booking(theirs, world.clock, client, world.issuer)
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)


@dataclass
class Saga:
    """A case, its one meeting, and the two services."""

    world: World
    booking: Booking
    case_id: str

    async def becomes(self, state: str, room: str | None) -> None:
        async def there() -> bool:
            found = await meeting(self.world, self.case_id)
            return (found["state"], found["room"]) == (state, room)

        await eventually(there)

    async def claimed(self, room: str, *days: str) -> list[dict[str, Any]]:
        """Once exactly these days of a room are claimed, once each: the claims."""
        asked_for = ("2027-01-28", "2027-01-29", "2027-01-30")

        async def seen() -> list[Any]:
            found = [await self.booking.claims(room, day) for day in asked_for]
            wanted = [1 if day in days else 0 for day in asked_for]
            return [found] if [len(day) for day in found] == wanted else []

        [found] = await eventually(seen)
        return [claim for day in found for claim in day]

    async def change(self, path: str, **body: Any) -> None:
        more = {"json": body} if body else {}
        await self.world.change(KARIN, "POST", self.case_id, path, **more)


async def test_rooms_come_from_booking_and_go_back(
    world: World,
    servers: RealServers,
    clean_queues: None,
    delivered: object,  # noqa: F811 - pytest fills it in
) -> None:
    """Held, moved over midnight, taken away by staff, refused, held again, and given back.

    Over the real broker, also with every event twice and shuffled.
    """
    case_id = await world.a_case()
    async with both_workers(servers, world) as booking:
        saga = Saga(world, booking, case_id)
        small, large = await booking.a_room("Lilla", 2), await booking.a_room("Stora", 20)
        meeting_id = await arrange(world, case_id, people=3, room={"name": None})
        await saga.becomes("scheduled", "Stora")
        [claim] = await saga.claimed(large, "2027-01-28")
        assert (claim["by"], claim["title"]) == ("Internt", "")
        assert await saga.claimed(small) == []
        path = f"/meetings/{meeting_id}"
        await saga.change(f"{path}/move", starts_local="2027-01-29T23:30", minutes=60)
        held, again = await saga.claimed(large, "2027-01-29", "2027-01-30")
        assert held == again
        gone = {**booking.signed_in(), "If-Match": '"1"'}
        answer = await booking.client.delete(f"/v1/room-holds/{held['id']}", headers=gone)
        assert answer.status_code == 204
        await saga.becomes("scheduled", None)
        await saga.change(f"{path}/settling", room={"name": "Finns inte"})
        await saga.becomes("scheduled", None)
        await saga.change(f"{path}/settling", room={"name": None})
        await saga.becomes("scheduled", "Stora")
        await saga.change(f"{path}/cancellation")
        assert await saga.claimed(large) == []
        names = [each["name"] for each in await told(world)]
        assert names == ["meeting-scheduled", "meeting-moved", "meeting-cancelled"]
        kept = json.dumps(await booking.rows("room_requests"), default=str)
        assert "hold_id" not in kept

        async def no_room_is_named() -> bool:
            rows = [row for row in await world.rows("outbox") if "room-requested" in row["type"]]
            return {row["body"] for row in rows} == {b""}

        await eventually(no_room_is_named)


async def test_an_answer_outlives_the_worker_that_it_was_for(
    world: World, servers: RealServers, clean_queues: None
) -> None:
    """Workers of either side end in the middle of it and come back: one room, one meeting."""
    case_id = await world.a_case()
    async with both_workers(servers, world, booking_too=False) as booking:
        saga = Saga(world, booking, case_id)
        room = await booking.a_room("Stora", 20)
        await arrange(world, case_id, room={"name": "stora"})

        async def asked_for() -> bool:
            rows = await world.rows("outbox")
            return any("room-requested" in row["type"] and row["state"] == "sent" for row in rows)

        await eventually(asked_for)
    async with both_workers(servers, world, ours_too=False) as booking:
        saga = Saga(world, booking, case_id)
        await saga.claimed(room, "2027-01-28")
        assert (await meeting(world, case_id))["state"] == "awaiting-room"
    async with both_workers(servers, world) as booking:
        saga = Saga(world, booking, case_id)
        await saga.becomes("scheduled", "Stora")
        assert len(await saga.claimed(room, "2027-01-28")) == 1
        assert [each["name"] for each in await told(world)] == ["meeting-scheduled"]
