"""That mentoring has a recipient is told to nobody else's staff, by no route."""

from __future__ import annotations

from typing import Any

import httpx

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Recipient
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.notifications.world import World


async def uncertain_for(world: World, source: str) -> Message:
    """A message to somebody of that source, with a delivery that a person must decide about."""
    message = Message(
        id=new_id(),
        recipient=Recipient(source, new_id()),
        about=new_id(),
        template="confirmed",
        facts={},
        cause=new_id(),
        sequence=1,
        state="ready",
        created_at=real_now(),
    )
    now = real_now()
    row = Delivery(
        id=f"{message.id}:sms",
        message_id=message.id,
        recipient=message.recipient,
        about=message.about,
        channel="sms",
        state="uncertain",
        due_at=now,
        not_before=now,
        number="n",
    )
    stores = world.house.stores

    async def add(session: Any) -> None:
        await stores.messages.add(session, message)
        await stores.deliveries.add(session, [row])

    await world.in_transaction(add)
    return message


async def seen(staff: httpx.AsyncClient, message: Message) -> list[object]:
    """What each route says of it: how many, or the status."""
    recipient = message.recipient.key
    return [
        (await staff.get("/v1/messages")).json()["total"],
        (await staff.get("/v1/messages", params={"subject": message.about})).json()["total"],
        (await staff.get("/v1/messages", params={"recipient": recipient})).json()["total"],
        (await staff.get(f"/v1/messages/{message.id}")).status_code,
        (await staff.get("/v1/deliveries")).json()["total"],
        len((await staff.get("/v1/journal", params={"subject": message.about})).json()["entries"]),
        (
            await staff.post(
                f"/v1/deliveries/{message.id}:sms/verdict", json={"verdict": "arrived"}
            )
        ).status_code,
    ]


async def test_nobody_hears_of_a_case(world: World, staff: httpx.AsyncClient) -> None:
    """A coordinator who is an operator too finds nothing of mentoring's recipients."""
    assert await seen(staff, await uncertain_for(world, "mentoring")) == [0, 0, 0, 404, 0, 0, 404]


async def test_a_bookings_recipient_is_seen(world: World, staff: httpx.AsyncClient) -> None:
    """Negative control: of booking's recipient every route says something."""
    found = await seen(staff, await uncertain_for(world, "booking"))
    assert found[:5] == [1, 1, 1, 200, 1]
    assert found[5] > 0  # type: ignore[operator]
    assert found[6] == 200
