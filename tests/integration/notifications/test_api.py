"""The HTTP face: inbox behind a link, audited reads, nothing personal elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from pymongo import MongoClient

from services.notifications.main import incoming_of
from shared.contracts import booking
from tests.integration.notifications.world import NOW, Party, World
from tests.support.eventually import eventually
from tests.support.servers import RealServers


def with_link(party: Party, **more: str) -> dict[str, str]:
    return {"Link-Secret": party.secret, **more}


async def told(world: World, phone: str = "+46701740651") -> Party:
    party = Party(phone=phone, email="kim.inbox@skola.example")
    await world.hear(await world.card(party), party.confirmed())
    return party


async def test_the_inbox_shows_what_was_told(world: World) -> None:
    """Newest first, in words made for the answer; what was superseded is not shown."""
    party = await told(world)
    await world.send_all()
    await world.hear(party.offered("offer-x", NOW + timedelta(days=2)))
    await world.hear(party.event(booking.OfferDeclined, offer_id="offer-x"))
    page = (await world.client.get("/v1/my-inbox", headers=with_link(party))).json()
    assert [each["title"] for each in page["items"]] == ["Tack för svaret", "Plats bokad"]
    assert page["items"][1]["body"].startswith("Ni har 28 platser: Demokrativerkstad åk 7–9")
    assert page["total"] == 2


async def test_other_peoples_links(world: World) -> None:
    """Without a link 401, with a wrong one 404, with one's own only one's own."""
    mine, theirs = await told(world), await told(world, "+46701740652")
    assert (await world.client.get("/v1/my-inbox")).status_code == 401
    wrong = with_link(Party())
    assert (await world.client.get("/v1/my-inbox", headers=wrong)).status_code == 404
    page = (await world.client.get("/v1/my-inbox", headers=with_link(mine))).json()
    assert {each["about"] for each in page["items"]} == {mine.booking_id} != {theirs.booking_id}


@asynccontextmanager
async def stream(world: World, path: str, headers: dict[str, str]) -> AsyncIterator[list[Any]]:
    """The events of a stream as they come."""
    seen: list[Any] = []

    async def follow() -> None:
        base = str(world.client.base_url)
        async with (
            httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as client,
            client.stream("GET", path, headers=headers) as answer,
        ):
            assert answer.status_code == 200
            event: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line == "" and event:
                    if "data" in event:
                        seen.append(
                            (event.get("id"), event.get("event"), json.loads(event["data"]))
                        )
                    event = {}
                elif value:
                    event[name] = value

    task = asyncio.create_task(follow())
    try:
        yield seen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_stream_goes_on_where_it_broke_off(world: World) -> None:
    """With Last-Event-ID nothing is missed and nothing comes twice, and never another person's."""
    party, other = await told(world), await told(world, "+46701740653")
    start = (await world.client.get("/v1/my-inbox", headers=with_link(party))).json()["stream_from"]
    await world.hear(party.event(booking.HeadCountChanged, size=20, state="confirmed"))
    from_list = with_link(party, **{"Last-Event-ID": start})
    async with stream(world, "/v1/my-inbox/stream", from_list) as seen:
        await eventually(lambda: [e for e in seen if e[2]["template"] == "head-count-changed"])
        last = seen[-1][0]
    await world.hear(other.cancelled())
    await world.hear(party.event(booking.AnswerRefused, offer_id="o", why="late"))
    await world.hear(party.cancelled())
    resumed = with_link(party, **{"Last-Event-ID": last})
    async with stream(world, "/v1/my-inbox/stream", resumed) as seen:
        await eventually(lambda: [e for e in seen if e[2]["template"] == "cancelled"])
        assert [each[2]["template"] for each in seen] == ["answer-refused", "cancelled"]
        assert len({each[0] for each in seen}) == len(seen)


async def test_staff_see_states_and_no_addresses(world: World, staff: httpx.AsyncClient) -> None:
    """Messages and deliveries by booking, live changes with ids: no text, number or link."""
    party = await told(world)
    headers = dict(staff.headers)
    async with stream(world, "/v1/changes", headers) as seen:
        await world.send_all()
        await eventually(lambda: len({each[1] for each in seen}) == 2)
    page = await staff.get("/v1/messages", params={"subject": party.booking_id})
    one = await staff.get(f"/v1/messages/{page.json()['items'][0]['id']}")
    assert {row["channel"] for row in one.json()["deliveries"]} == {"sms", "email"}
    by_recipient = await staff.get("/v1/messages", params={"recipient": party.recipient_id})
    assert by_recipient.json()["total"] == 1
    journal = await staff.get("/v1/journal", params={"subject": party.booking_id})
    whats = [(entry["what"], entry["state"]) for entry in journal.json()["entries"]]
    assert ("heard", "handled") in whats
    assert ("delivery", "sending") in whats
    shown = page.text + one.text + journal.text + json.dumps(seen)
    for secret in ("+4670", "kim.inbox", "Kim", party.secret, "Ni har"):
        assert secret not in shown


async def test_no_trace_no_data(world: World, staff: httpx.AsyncClient) -> None:
    """A contact is read by a coordinator only, and the reading is recorded before the answer."""
    party = await told(world)
    path = f"/v1/recipients/{party.recipient_id}/contact"
    answer = await staff.get(path)
    assert answer.json()["phone"] == "+46701740651"
    assert answer.json()["name"] == "Kim Exempel"
    assert (await staff.get("/v1/recipients/nobody/contact")).status_code == 404
    assert (await world.client.get(path)).status_code == 401
    read, missed = await recorded(world)
    assert (read["actor"], read["subjects"]) == ("person-1", [f"booking:{party.recipient_id}"])
    assert read["fields"] == ["name", "phone", "email", "language"]
    assert (read["purpose"], read["rule"], read["allowed"]) == ("contact", "contacts.read", True)
    assert missed["subjects"] == ["booking:nobody"]
    for personal in ("+4670", "Kim", "kim.inbox"):
        assert personal not in json.dumps([read, missed])


async def test_without_the_audit_nothing_is_shown(
    world: World, staff: httpx.AsyncClient, servers: RealServers
) -> None:
    """The audit's user may not add any more: 503, come back later, and not one byte of it."""
    party = await told(world)
    path = f"/v1/recipients/{party.recipient_id}/contact"
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
        role = {"role": "notifications-audit-own-database", "db": "admin"}
        user = "notifications-audit"
        administrator.admin.command("revokeRolesFromUser", user, roles=[role])
        try:
            refused = await staff.get(path)
        finally:
            administrator.admin.command("grantRolesToUser", user, roles=[role])
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert refused.json()["type"].endswith("/audit-unavailable")
    for personal in ("+4670", "Kim", "kim.inbox", party.recipient_id):
        assert personal not in refused.text
    assert (await staff.get(path)).json()["name"] == "Kim Exempel", "it was only the audit"


async def recorded(world: World) -> list[dict[str, Any]]:
    """What the audit says, in order."""
    return await world.house.ground.audit.entries.after(0, limit=100)


async def test_roles_decide(world: World, issuer: Any) -> None:
    """A facilitator reads no contact and no message; the default is no."""
    token = issuer.token(aud="notifications", roles=["facilitator"])
    headers = {"Authorization": f"Bearer {token}"}
    for path in (
        "/v1/messages",
        "/v1/recipients/x/contact",
        "/v1/templates",
        "/v1/journal?subject=x",
    ):
        assert (await world.client.get(path, headers=headers)).status_code == 403, path
    foreign = {"Authorization": f"Bearer {issuer.token(aud='booking')}"}
    assert (await world.client.get("/v1/messages", headers=foreign)).status_code == 401


async def test_templates_and_previews(world: World, staff: httpx.AsyncClient) -> None:
    """Every template is listed, and shown as it would be sent, with its number of parts."""
    page = (await staff.get("/v1/templates", params={"limit": 100})).json()
    assert page["total"] == len(page["items"]) >= 14
    made = (await staff.get("/v1/templates/offer/preview", params={"language": "sv"})).json()
    assert made["sms"].startswith("Det finns plats")
    assert (made["sms_alphabet"], made["sms_parts"]) == ("gsm-7", 2)
    assert (await staff.get("/v1/templates/nothing/preview")).status_code == 404


async def test_cards_and_messages_hold_nothing_readable(world: World) -> None:
    """No name, number, address, link or text stands in any collection."""
    party = await told(world)
    await world.send_all()
    world.incoming = incoming_of(world.house)
    await eventually(lambda: _delivered(world))
    for name in await world.house.ground.database.list_collection_names():
        if name.startswith("system."):
            continue
        kept = repr(await world.rows(name))
        for secret in ("4670174", "kim.inbox", "Kim Exempel", party.secret, "Ni har"):
            assert secret not in kept, (name, secret)


async def _delivered(world: World) -> bool:
    return bool(await world.rows("deliveries", state="delivered"))
