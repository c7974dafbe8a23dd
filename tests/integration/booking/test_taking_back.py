"""What staff take back over HTTP: a cancellation, a count; and a reminder that they ask for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.booking.use_cases.reinstate_booking import ReinstateBooking
from shared.kernel.actor import housekeeping
from shared.kernel.ids import BookingId
from shared.kernel.refusal import ChangedElsewhere
from tests.integration.booking.world import World, if_match


async def back(world: World, booking: dict[str, Any], status: int = 200) -> dict[str, Any]:
    path = f"/v1/bookings/{booking['id']}/reinstatement"
    answer: dict[str, Any] = await world.change("POST", path, status)
    return answer


async def test_a_cancellation_is_taken_back(world: World) -> None:
    """The party has its places again, is told, and why it was cancelled is deleted."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=20)
    gone = await world.cancel(booking, reason="Fel klass.")
    again = await back(world, booking)
    assert (again["state"], again["version"]) == ("confirmed", gone["version"] + 1)
    assert (await world.occasion(occasion["id"]))["confirmed"] == 20
    told = await world.told("booking-confirmed", booking["id"])
    assert [each.data["through"] for each in told] == ["request", "staff"]
    kept = await world.house.ground.database["bookings"].find_one({"_id": booking["id"]})
    assert not {"ended_because", "stood"} & set(kept)
    shown = await world.ask("GET", f"/v1/bookings/{booking['id']}")
    assert (shown["state"], shown["version"]) == ("confirmed", again["version"])


async def test_it_is_taken_back_once_however_often_it_is_asked(world: World) -> None:
    """Two at once, one key or two: one wins, and the other is told so or given the same answer."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=20)
    gone = await world.cancel(booking)
    path, seen = f"/v1/bookings/{booking['id']}/reinstatement", if_match(gone["version"])

    async def ask(key: str) -> int:
        headers = {**world.signed_in(), **seen, "Idempotency-Key": key}
        return (await world.client.post(path, headers=headers)).status_code

    first, *others = sorted(await asyncio.gather(ask("key-1"), ask("key-1"), ask("key-2")))
    assert first == 200
    assert set(others) <= {200, 409, 412}
    assert len(await world.told("booking-confirmed", booking["id"])) == 2
    assert await ask("key-3") == 412


async def test_what_was_offered_on_is_not_taken_back(world: World) -> None:
    """The next in line has the offer: refused, and the cancellation stands."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=30)
    waiting = await world.book(occasion["id"], size=12)
    await world.cancel(booking)
    problem = await back(world, booking, 409)
    assert problem["type"].endswith("/occasion-full")
    never = await back(world, waiting, 409)
    assert never["type"].endswith("/booking-is-not-cancelled")


async def test_a_turn_in_the_line_comes_back(world: World) -> None:
    """First in line before, first in line after."""
    occasion = await world.an_occasion(capacity=30)
    await world.book(occasion["id"], size=30)
    first, second = [await world.book(occasion["id"], size=12) for _ in range(2)]
    await world.cancel(first)
    assert (await back(world, first))["position"] == 1
    now = await world.ask("GET", f"/v1/bookings/{second['id']}")
    assert now["position"] == 2


async def test_a_count_is_taken_back_to_what_it_was(world: World) -> None:
    """Of several at once, on the version that was seen: one to the count before, one to none."""
    occasion = await world.an_occasion(capacity=30)
    one, other = [await world.book(occasion["id"], size=10) for _ in range(2)]
    world.clock.advance(timedelta(days=17, hours=3))
    path = f"/v1/occasions/{occasion['id']}/attendance"

    async def count(**of: Any) -> Any:
        came = [
            {"booking_id": {"one": one, "other": other}[who]["id"], "pupils": heads, "adults": 1}
            for who, heads in of.items()
        ]
        return await world.change("POST", path, json={"came": came}, by="facilitator")

    await count(one=7)
    await count(one=9, other=8)
    former = [
        {"booking_id": one["id"], "pupils": 7, "adults": 1},
        {"booking_id": other["id"], "pupils": None, "adults": None},
    ]
    counted = await world.change("POST", path, json={"came": former}, by="facilitator")
    assert counted["came"] == [former[0]]
    [told] = await world.told("attendance-taken-back")
    assert told.subject == other["id"]
    stale = {**world.signed_in(), **if_match(1)}
    late = await world.client.post(path, headers=stale, json={"came": former})
    assert late.status_code == 412


async def test_a_reminder_is_asked_for_once_a_day(world: World) -> None:
    """Told with ids alone, only of who has places, and the booking says on which day."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=30)
    waiting = await world.book(occasion["id"], size=12)
    path = "/v1/bookings/{id}/reminder"
    reminded = await world.change("POST", path.format(**booking))
    assert reminded["reminded"] == "2027-01-11"
    again = await world.change("POST", path.format(**booking), 409)
    assert again["type"].endswith("/reminded-today")
    nothing = await world.change("POST", path.format(**waiting), 409)
    assert nothing["type"].endswith("/booking-has-no-places")
    [told] = await world.told("reminder-asked", booking["id"])
    assert set(told.data) == {"booking_id", "recipient_id", "occasion_id", "day"}
    world.clock.advance(timedelta(days=1))
    assert (await world.change("POST", path.format(**booking)))["reminded"] == "2027-01-12"


async def test_only_the_desk_takes_back_and_reminds(world: World) -> None:
    """Leaders do not, nor does the party's own link; and the version must have been seen."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=20)
    link = await world.link_of(booking["id"])
    for deed in ("reinstatement", "reminder"):
        path = f"/v1/bookings/{booking['id']}/{deed}"
        await world.ask("POST", path, 403, by="facilitator", headers=if_match(1))
        stranger = await world.client.post(path, headers={**link, **if_match(1)})
        assert stranger.status_code == 401
        assert (await world.client.post(path, headers=world.signed_in())).status_code == 428


class _ReadBefore:
    """Bookings as somebody read them who was interrupted; once, then as they are."""

    def __init__(self, bookings: Any, record: Any) -> None:
        self._bookings, self._once = bookings, [record]

    async def read(self, *which: Any, **more: Any) -> Any:
        return self._once.pop() if self._once else await self._bookings.read(*which, **more)


async def test_a_late_answer_in_between_is_not_written_over(world: World) -> None:
    """A JA that came too late was told with the next number: the undo is not told with the same."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=20)
    gone = await world.cancel(booking)
    stores, by = world.house.stores, housekeeping("test")
    before = await stores.bookings.read(BookingId(booking["id"]), by=by)
    number = {"$set": {"sequence": gone["version"] + 1}}
    await world.house.ground.database["bookings"].update_one({"_id": booking["id"]}, number)
    interrupted: Any = _ReadBefore(stores.bookings, before)
    with pytest.raises(ChangedElsewhere):
        await ReinstateBooking(interrupted, world.house.decisions)(
            before.id, version=gone["version"], by=by, once=None, present=lambda it: it
        )
    assert (await world.occasion(occasion["id"]))["confirmed"] == 0
