"""Schools order printed copies: none is promised twice, and nobody's name stays longer than due."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.publishing.domain.print_order import ARRIVES_WITHIN, CONTACT_KEPT
from services.publishing.use_cases.close_print_orders import ClosePrintOrders
from tests.integration.publishing.books import (
    CONTACT,
    SLUG,
    brochure,
    etag,
    ordered,
    stocked,
    wish,
)
from tests.integration.publishing.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def shelf(world: World) -> dict[str, Any]:
    (item,) = (await world.client.get("/v1/print-items")).json()["items"]
    return dict(item)


async def moved(world: World, order: dict[str, Any], *states: str) -> dict[str, Any]:
    for state in states:
        order = await world.ask(
            "PUT",
            f"/v1/print-orders/{order['id']}/state",
            json={"state": state},
            headers=etag(order["version"]),
        )
    return order


async def passed(world: World, time: timedelta) -> None:
    """Time goes by, and the worker's clockwork has been there."""
    world.clock.advance(time)
    ground = world.house.ground
    close = ClosePrintOrders(world.house.stores.print_orders, ground.transact, ground.clock)
    while await close():
        pass


async def test_from_the_form_to_the_door(world: World) -> None:
    """Ordered without an account, followed by a link, packed and sent by staff, told in numbers."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world)
    mine = {"Link-Secret": placed["link_secret"]}
    seen = (await world.client.get("/v1/my-print-order", headers=mine)).json()
    assert (seen["number"], seen["state"], seen["copies"]) == (placed["number"], "received", 30)
    assert CONTACT["name"] not in str(seen)
    said = placed["number"].lower().replace("-", " ")
    (order,) = (await world.ask("GET", f"/v1/print-orders?number={said}"))["items"]
    assert order["school"] == "Bergaskolan"
    await moved(world, order, "packed", "sent", "delivered")
    assert (await world.client.get("/v1/my-print-order", headers=mine)).json()["state"] == (
        "delivered"
    )
    (told,) = await world.told("print-order-received")
    assert told.data == {
        "order_id": placed["id"],
        "publication_id": SLUG,
        "edition": "1.0.0",
        "copies": 30,
    }
    assert (await shelf(world))["free"] == 70


async def test_the_last_copies_go_once(world: World) -> None:
    """Forty schools at once, ten copies each, a hundred on the shelf: ten are served."""
    await brochure(world)
    await stocked(world, copies=100)
    wishes = [wish(10, f"Skola {number}") for number in range(40)]
    answers = await asyncio.gather(
        *(world.client.post("/v1/print-orders", json=each) for each in wishes)
    )
    served = [answer for answer in answers if answer.status_code == 201]
    assert len(served) == 10
    assert {answer.status_code for answer in answers} == {201, 409}
    assert (await shelf(world))["free"] == 0
    assert len(await world.rows("print_orders")) == 10
    assert len(await world.told("print-order-received")) == 10
    assert len({answer.json()["number"] for answer in served}) == 10


async def test_a_school_has_its_share(world: World) -> None:
    """However often it asks, at once or later, and however it spells itself."""
    await brochure(world)
    await stocked(world, copies=500, limit=60)
    names = ["Bergaskolan", "bergaskolan", " BERGASKOLAN "] * 4
    answers = await asyncio.gather(
        *(world.client.post("/v1/print-orders", json=wish(20, name)) for name in names)
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 9
    problem = await ordered(world, 409, copies=1)
    assert problem["type"].endswith("over-the-limit")
    assert (await shelf(world))["free"] == 440


async def test_the_same_form_is_the_same_order(world: World) -> None:
    """Sent twice at once, or again months after: one order, one number, one parcel."""
    await brochure(world)
    await stocked(world)
    sent = {"Idempotency-Key": "form-1"}
    answers = await asyncio.gather(
        *(world.client.post("/v1/print-orders", json=wish(), headers=sent) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    placed = answers[0].json()
    await world.house.ground.database["idempotency"].delete_many({})
    assert await ordered(world, key="form-1") == placed
    await ordered(world, 422, key="form-1", copies=31)
    await world.house.ground.database["idempotency"].delete_many({})
    await ordered(world, 422, key="form-1", copies=31)
    assert (await shelf(world))["free"] == 70
    assert len(await world.told("print-order-received")) == 1


async def test_what_is_cancelled_goes_back(world: World) -> None:
    """By the school until somebody packs; once, however often it is pressed."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world)
    mine = {"Link-Secret": placed["link_secret"]}
    answers = await asyncio.gather(
        *(world.client.post("/v1/my-print-order/cancellation", headers=mine) for _ in range(4))
    )
    assert {answer.json()["state"] for answer in answers} == {"cancelled"}
    assert (await shelf(world))["free"] == 100
    again = await ordered(world, copies=60)
    order = await world.ask("GET", f"/v1/print-orders/{again['id']}")
    packed = await moved(world, order, "packed")
    refused = await world.client.post(
        "/v1/my-print-order/cancellation", headers={"Link-Secret": again["link_secret"]}
    )
    assert refused.status_code == 409
    path = f"/v1/print-orders/{again['id']}/cancellation"
    await world.ask("POST", path, 412, headers=etag(1))
    await world.ask("POST", path, headers=etag(packed["version"]))
    assert (await shelf(world))["free"] == 100


async def test_whom_it_is_for_is_sealed_and_seen_with_a_trace(world: World) -> None:
    """Not in the clear anywhere; staff who ask leave an entry; the pick list does too."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world)
    for collection in ("print_orders", "outbox", "idempotency"):
        rows = str(await world.rows(collection))
        for value in (*CONTACT.values(), "asa@", placed["link_secret"]):
            assert value not in rows
    contact = f"/v1/print-orders/{placed['id']}/contact"
    assert await world.ask("GET", contact) == CONTACT
    await world.ask("GET", contact, 403, by="editor")
    listed = await world.client.get("/v1/print-orders/pick-list", headers=world.signed_in())
    assert listed.content.startswith(b"%PDF-")
    readers = await world.ask("GET", f"/v1/audit/readers?subject={placed['id']}", by="auditor")
    asked = [each for each in readers["items"] if each["purpose"] == "contact"]
    assert len(asked) == 2, readers


async def test_it_is_forgotten_in_time(world: World) -> None:
    """A month after delivery nobody can say whom it was for; what was sent where stays known."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world)
    order = await world.ask("GET", f"/v1/print-orders/{placed['id']}")
    await moved(world, order, "packed", "sent")
    await passed(world, ARRIVES_WITHIN)
    assert (await world.ask("GET", f"/v1/print-orders/{placed['id']}"))["state"] == "delivered"
    contact = f"/v1/print-orders/{placed['id']}/contact"
    await passed(world, CONTACT_KEPT - timedelta(minutes=1))
    await world.ask("GET", contact)
    await passed(world, timedelta(minutes=1))
    await world.ask("GET", contact, 404)
    (row,) = await world.rows("print_orders")
    assert "cipher" not in row
    assert row["school"] == "Bergaskolan"
    # The same form, sent again by somebody who went back in their browser, brings nothing back.
    assert (await shelf(world))["free"] == 70


async def test_an_order_from_long_ago_is_still_the_same(world: World) -> None:
    """The form of a forgotten order makes no new one, and its contact stays forgotten."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world, key="form-2")
    order = await world.ask("GET", f"/v1/print-orders/{placed['id']}")
    await moved(world, order, "packed", "sent", "delivered")
    await passed(world, CONTACT_KEPT)
    await world.house.ground.database["idempotency"].delete_many({})
    assert await ordered(world, key="form-2") == placed
    await world.ask("GET", f"/v1/print-orders/{placed['id']}/contact", 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"copies": 0}, 422),
        ({"copies": 5001}, 422),
        ({"copies": "30; drop"}, 422),
        ({"school": ""}, 422),
        ({"school": "x\u0000y"}, 422),
        ({"publication": "ingen"}, 404),
        ({"language": "ar"}, 404),
        ({"contact": {**CONTACT, "email": "asa"}}, 422),
        ({"contact": {**CONTACT, "name": ""}}, 422),
        ({"contact": {**CONTACT, "address": "\x07"}}, 422),
        ({"contact": {**CONTACT, "extra": "x"}}, 422),
    ],
)
async def test_bad_forms(world: World, change: dict[str, Any], status: int) -> None:
    """A problem that repeats nothing; nothing is set aside."""
    await brochure(world)
    await stocked(world)
    answer = await world.client.post("/v1/print-orders", json={**wish(), **change})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "asa" not in answer.text
    assert (await shelf(world))["free"] == 100
    assert await world.rows("print_orders") == []


async def test_links_of_nobody(world: World) -> None:
    """401 without one, 404 with somebody's guess."""
    assert (await world.client.get("/v1/my-print-order")).status_code == 401
    guess = {"Link-Secret": "x" * 43}
    assert (await world.client.get("/v1/my-print-order", headers=guess)).status_code == 404


async def test_staff_count_and_stock(world: World) -> None:
    """Delivered copies are added; a wrong version or language is refused; a count is a change."""
    await brochure(world)
    first = await stocked(world, copies=10)
    wanted = {"publication": SLUG, "language": "sv", "edition": "1.0.0", "copies": 5}
    assert (await world.ask("POST", "/v1/print-items", 201, json=wanted))["free"] == 15
    for change in ({"edition": "7.0.0"}, {"language": "ar"}, {"publication": "ingen"}):
        await world.ask("POST", "/v1/print-items", 404, json={**wanted, **change})
    path = f"/v1/print-items/{SLUG}/sv"
    await world.ask("PATCH", path, 412, json={"free": 1}, headers=etag(first["version"]))
    counted = await world.ask("PATCH", path, json={"free": 1}, headers=etag(first["version"] + 1))
    assert (counted["free"], counted["limit"]) == (1, 60)
    await world.ask("PATCH", path, 403, by="editor", json={"free": 1}, headers=etag(9))
    await world.ask("GET", "/v1/print-orders/pick-list", 404)
    await world.ask("GET", "/v1/print-orders?number=KKKK-KKKK", 422)
