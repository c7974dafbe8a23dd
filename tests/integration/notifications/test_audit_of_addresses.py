"""Whoever is shown an address is in the audit first; without the audit nobody sees one."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import httpx

from tests.integration.notifications.test_api import told, with_link
from tests.integration.notifications.world import Party, World
from tests.support.audit_away import audit_away
from tests.support.servers import RealServers

SHOWN = "GET /v1/recipients/{recipient_id}/contact"
ENDLESS = {"/v1/changes", "/v1/my-inbox/stream"}
ADDRESSES = ("701740651", "kim.inbox", "Kim Exempel")
ROLES = ("coordinator", "operator", "editor", "facilitator", "auditor", "case-lead")


class Asked(NamedTuple):
    operation: str
    role: str
    answer: httpx.Response

    @property
    def shows(self) -> bool:
        """Something of whom it is about, or how they are reached."""
        said = self.answer.text + repr(self.answer.headers)
        return any(each in said for each in ADDRESSES)


async def known_ids(world: World, party: Party) -> dict[str, str]:
    """Everything by which one can ask for what there is of somebody."""
    [message, *_] = await world.rows("messages")
    [delivery, *_] = await world.rows("deliveries")
    return {
        "recipient_id": party.recipient_id,
        "message_id": message["_id"],
        "delivery_id": delivery["_id"],
        "letter_id": "0199c0de-0000-7000-8000-0000000000aa",
        "name": "confirmed",
        "month": "2026-01",
        "secret": "no-secret",
    }


async def every_operation(world: World, ids: dict[str, str]) -> list[Asked]:
    """All that the API describes, as every role and with the link of somebody else."""
    described = (await world.client.get("/openapi.json")).json()["paths"]
    params = {"subject": ids["recipient_id"], "recipient": ids["recipient_id"]}

    async def ask(role: str) -> list[Asked]:
        headers = {**world.signed_in(role), **with_link(Party())}
        return [
            Asked(
                f"{method.upper()} {path}",
                role,
                await world.client.request(
                    method, path.format(**ids), params=params, json={}, headers=headers
                ),
            )
            for path, operations in described.items()
            for method in operations
            if path not in ENDLESS
        ]

    return [each for some in await asyncio.gather(*map(ask, ROLES)) for each in some]


async def test_one_route_shows_addresses_and_each_reading_is_there(world: World) -> None:
    """Of all routes, asked as every role: only that one, only for the desk, and recorded."""
    party = await told(world)
    await world.send_all()
    asked = await every_operation(world, await known_ids(world, party))
    assert [(each.operation, each.role) for each in asked if each.shows] == [(SHOWN, "coordinator")]
    entries = await world.house.ground.audit.entries.after(0, limit=1000)
    about = [each for each in entries if f"booking:{party.recipient_id}" in each["subjects"]]
    [reading] = [each for each in about if each["allowed"]]
    assert (reading["purpose"], reading["rule"]) == ("contact", "contacts.read")
    tried = {each["roles"][0] for each in entries if each["rule"] == "needs:contacts.read"}
    assert tried == set(ROLES) - {"coordinator"}, "whoever may not is recorded as well"


async def test_what_somebody_typed_is_not_kept_for_good(world: World) -> None:
    """A phone number or an e-mail address instead of an id is not written where nothing can go."""
    staff = world.signed_in("coordinator")
    for typed in ("kim.inbox@skola.example", "20030501-1234", "0701740651", "nobody"):
        path = f"/v1/recipients/{typed}/contact"
        assert (await world.client.get(path, headers=staff)).status_code == 404
    kept = await world.house.ground.audit.entries.after(0, limit=10)
    assert [each["subjects"] for each in kept] == [["not-an-id"]] * 3 + [["booking:nobody"]]
    listed = await world.client.get(
        "/v1/audit/readers", params={"subject": "0701740651"}, headers=world.signed_in("auditor")
    )
    assert (listed.status_code, listed.json()["type"].rpartition("/")[2]) == (422, "not-an-id")
    assert len(await world.house.ground.audit.entries.after(0, limit=10)) == 4


async def test_without_the_audit_no_route_shows_one(world: World, servers: RealServers) -> None:
    """Not one byte, at no route, to no role; whoever it is about still reads their own inbox."""
    party = await told(world)
    await world.send_all()
    ids = await known_ids(world, party)
    with audit_away(servers, "notifications"):
        asked = await every_operation(world, ids)
        own = await world.client.get("/v1/my-inbox", headers=with_link(party))
    assert [each.operation for each in asked if each.shows] == []
    contact = {each.answer.status_code for each in asked if each.operation == SHOWN}
    assert contact == {503}
    assert (own.status_code, own.json()["total"]) == (200, 1)
    again = await world.client.get(
        f"/v1/recipients/{party.recipient_id}/contact", headers=world.signed_in("coordinator")
    )
    assert again.json()["phone"] == party.phone, "it was only the audit"
