"""Nobody gets a second SMS because an answer got lost, and nobody is silently left without one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from services.notifications.domain.delivery import State
from shared.contracts import booking
from shared.kernel.clock import real_now
from tests.integration.notifications.world import TEST, Party, World
from tests.support.eventually import eventually

EXPIRED = booking.OfferExpired


async def queued(world: World, phone: str, **more: Any) -> Party:
    """Somebody with one SMS to get, and an e-mail only if that fails."""
    party = Party(phone=phone, email=f"{phone[1:]}@skola.example", **more)
    await world.hear(await world.card(party), party.event(EXPIRED, offer_id="o1"))
    return party


async def states(world: World) -> dict[str, str]:
    return {row["channel"]: row["state"] for row in await world.rows("deliveries")}


async def resolve_until(world: World, *wanted: State, channel: str = "sms") -> None:
    async def there() -> bool:
        await world.sending.resolve()
        return (await states(world)).get(channel) in wanted

    await eventually(there)


async def test_a_lost_answer_is_one_sms(world: World) -> None:
    """The provider took it and its answer got lost: its list proves it, nothing is sent again."""
    await world.misbehave(lose_replies=1, callbacks="off")
    await queued(world, "+46701740612")
    await world.send_all()
    assert await states(world) == {"sms": "unresolved"}
    await resolve_until(world, "accepted")
    await world.send_all()
    assert len(await world.phone("+46701740612")) == 1


async def test_a_callback_proves_acceptance(world: World) -> None:
    """The answer got lost, but the report came: nothing needs to be looked into."""
    await world.misbehave(lose_replies=1)
    await queued(world, "+46701740613")
    await world.send_all()
    await eventually(lambda: _is(world, "delivered"))
    assert not await world.sending.resolve()
    assert len(await world.phone("+46701740613")) == 1


async def _is(world: World, state: str) -> bool:
    return (await states(world))["sms"] == state


async def crash_after_sending(world: World, phone: str) -> Any:
    """The process dies between the provider's answer and writing it down."""
    await world.misbehave(callbacks="off")
    await queued(world, phone)
    row = await world.claim()
    message = await world.house.stores.messages.find(row.message_id, by=TEST)
    contact = await world.house.stores.cards.contact(row.recipient, by=TEST)
    assert message is not None
    assert contact is not None
    letter = await world.house.write(message, contact, "sms", by=TEST)
    await world.sending.send.couriers["sms"].send(row, contact, letter)
    return row


async def run_out(world: World) -> None:
    past = real_now() - timedelta(seconds=1)
    await world.house.ground.database["deliveries"].update_many(
        {"state": "sending"}, {"$set": {"lease_until": past}}
    )


async def test_a_crash_between_sending_and_recording(world: World) -> None:
    """A `sending` row whose lease ran out is looked into, never simply sent again."""
    await crash_after_sending(world, "+46701740614")
    assert not await world.send_one(), "it is under a lease"
    await run_out(world)
    assert not await world.send_one(), "and without its lease it is still nobody's to send"
    await resolve_until(world, "accepted")
    await world.send_all()
    assert len(await world.phone("+46701740614")) == 1


async def test_the_guard_is_what_prevents_the_second_sms(world: World) -> None:
    """Negative control: a queue that simply retries what was in hand sends it twice."""
    row = await crash_after_sending(world, "+46701740615")
    await world.house.stores.deliveries.move(row.id, "queued", since=("sending",), by=TEST)
    await world.send_all()
    assert len(await world.phone("+46701740615")) == 2


async def test_what_never_arrived_is_sent_again(world: World) -> None:
    """The connection broke before anything was accepted: after the patience it goes out, once."""
    await world.misbehave(lose_requests=1)
    await queued(world, "+46701740616")
    await world.send_all()
    assert await states(world) == {"sms": "unresolved"}
    await resolve_until(world, "queued")
    assert await world.phone("+46701740616") == []

    async def sent() -> bool:
        return await world.send_one()

    await eventually(sent)
    assert len(await world.phone("+46701740616")) == 1


async def test_when_nobody_knows_a_person_decides(world: World, staff: Any) -> None:
    """The list is out of reach too: e-mail goes out, and the delivery waits for a verdict."""
    await world.misbehave(
        lose_replies=1, callbacks="off", list_errors={"status": 500, "times": 999}
    )
    await queued(world, "+46701740617")
    await world.send_all()
    await resolve_until(world, "uncertain")
    assert await states(world) == {"sms": "uncertain", "email": "queued"}
    await world.send_all()
    assert await states(world) == {"sms": "uncertain", "email": "accepted"}
    assert len(await world.phone("+46701740617")) == 1, "and no second SMS"

    waiting = (await staff.get("/v1/deliveries")).json()
    assert waiting["total"] == 1
    path = f"/v1/deliveries/{waiting['items'][0]['id']}/verdict"
    key = {"Idempotency-Key": "verdict-1"}
    said = await staff.post(path, json={"verdict": "arrived"}, headers=key)
    assert (said.status_code, said.json()["state"]) == (200, "delivered")
    again = await staff.post(path, json={"verdict": "arrived"}, headers=key)
    assert (again.status_code, again.json()) == (200, said.json())
    late = await staff.post(path, json={"verdict": "send-again"})
    assert (late.status_code, late.json()["type"].rsplit("/", 1)[1]) == (
        409,
        "delivery-not-uncertain",
    )
    assert (await staff.post("/v1/deliveries/unknown/verdict", json={"verdict": "lost"})).is_error


async def test_one_open_sms_per_number(world: World) -> None:
    """While one SMS of a number is unresolved, no other goes to it, whoever's it is."""
    await world.misbehave(lose_replies=1, callbacks="off")
    await queued(world, "+46701740618")
    await queued(world, "+46701740618")
    await queued(world, "+46701740619")
    await world.send_all()
    found = await world.rows("deliveries")
    assert sorted(row["state"] for row in found) == ["accepted", "queued", "unresolved"]
    assert len(await world.phone("+46701740618")) == 1
    await resolve_until_all(world)
    await world.send_all()
    assert len(await world.phone("+46701740618")) == 2
    provider_ids = [row["provider_id"] for row in await world.rows("deliveries")]
    assert len(set(provider_ids)) == 3


async def resolve_until_all(world: World) -> None:
    async def none_open() -> bool:
        await world.sending.resolve()
        return not await world.rows("deliveries", state="unresolved")

    await eventually(none_open)


async def test_a_slow_provider_whose_report_is_faster(world: World) -> None:
    """The report comes while we still wait for the answer: both end in one delivered row."""
    await world.misbehave(slowness=0.6)
    await queued(world, "+46701740620")
    sending = asyncio.create_task(world.send_all())
    await eventually(lambda: _is(world, "delivered"))
    await sending
    row = (await world.rows("deliveries"))[0]
    assert (row["state"], row["attempt"]) == ("delivered", 1)
    assert row["provider_id"]
    assert "holds" not in row


async def test_reports_twice_and_in_the_wrong_order(world: World) -> None:
    """Duplicate and shuffled callbacks end as delivered, told once."""
    await world.misbehave(duplicate_callbacks=3, shuffled_callbacks=True)
    await queued(world, "+46701740621")
    await world.send_all()
    await eventually(lambda: _is(world, "delivered"))
    await asyncio.sleep(0.5)
    row = (await world.rows("deliveries"))[0]
    assert [step["state"] for step in row["history"]][-1] == "delivered"
    assert len(await world.told("message-delivered")) == 1
