"""Unique strings planted in every personal field: afterwards they are nowhere in plain text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import bson
import httpx
import pytest
from pymongo import MongoClient

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from shared.broker.names import EVENTS
from tests.support.eventually import eventually
from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME, MAIL = "Kanaria Fågelberg-Zxq", "kanaria.zxq@kanarie.example"
PHONE, NEEDS = "+46701749911", "Kanariebehov zxq rullstol"
REASON = "Kanarieskäl zxq sjukdom"
CANARIES = (NAME, "Fågelberg-Zxq", MAIL, PHONE, "0701749911", "070-174 99 11", NEEDS, REASON)


def forms(canary: str) -> Iterator[bytes]:
    """The ways in which plain text can stand in bytes: UTF-8, JSON escapes, Latin-1, UTF-16."""
    yield canary.encode()
    yield json.dumps(canary)[1:-1].encode()
    yield canary.encode("latin-1")
    yield canary.encode("utf-16-le")


def found_in(body: bytes, canaries: tuple[str, ...] = CANARIES) -> list[str]:
    return [canary for canary in canaries if any(form in body for form in forms(canary))]


def administrator(copy: WholeCopy) -> tuple[str, str]:
    servers = Servers(copy.folder, Ports(copy.folder, in_use=True), Secrets(copy.folder))
    return servers.mongod.administrator_url, servers.addresses()["amqp"]["administrator"]


@asynccontextmanager
async def everything_on_the_bus(url: str) -> AsyncIterator[list[bytes]]:
    """A queue of our own that gets a copy of every event while the journey runs."""
    connection = await aio_pika.connect_robust(url)
    heard: list[bytes] = []
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True, durable=False)
        await queue.bind(EVENTS, "#")

        async def hear(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            heard.append(message.body + repr(message.headers).encode())

        await queue.consume(hear, no_ack=True)
        yield heard


def rows(mongo_url: str) -> Iterator[tuple[str, bytes]]:
    """Every document of every database, and of the database's own log, as bytes."""
    with MongoClient[dict[str, Any]](mongo_url) as client:
        for database in client.list_database_names():
            for name in client[database].list_collection_names():
                if name.startswith("system.") or (database == "local" and name != "oplog.rs"):
                    continue
                for document in client[database][name].find():
                    yield f"{database}.{name}", bson.encode(document)


async def errors_with_canaries(copy: WholeCopy, occasion_id: str) -> list[bytes]:
    """Wrong requests full of canaries, at every door; gives the answers' bodies and headers."""
    bodies: list[Any] = [
        {"occasion_id": NAME, "party": NAME, "contact": NAME, NAME: MAIL},
        a_party(occasion_id, contact={"name": NAME, "phone": "ring " + PHONE, "email": MAIL}),
        a_party(occasion_id, contact={"name": NAME, "email": MAIL + "@@"}),
        a_party(NAME, contact={"name": NAME, "phone": PHONE}),
    ]
    async with httpx.AsyncClient(timeout=30) as client:
        answers = [
            await client.post(f"{door}/v1/bookings", json=body)
            for body in bodies
            for door in (copy.booking, f"{copy.front_door}/api/booking")
        ]
        for door in (copy.booking, copy.notifications, copy.front_door):
            answers.append(await client.get(f"{door}/v1/{MAIL}"))
            answers.append(await client.get(f"{door}/m/{MAIL}"))
            answers.append(
                await client.post(f"{door}/v1/bookings", content=f'{{"{NAME}": "{MAIL}'.encode())
            )
    assert all(answer.status_code >= 400 for answer in answers[: len(bodies) * 2])
    return [answer.content + repr(answer.headers).encode() for answer in answers]


async def journey(copy: WholeCopy) -> tuple[str, list[bytes]]:
    """Book, be told, be moved in the line, cancel; and everything wrong that one can send."""
    async with copy.client() as client:
        occasion = await an_occasion(client, capacity=3)
        contact = {"name": NAME, "phone": PHONE, "email": MAIL}
        body = a_party(occasion["id"], 3, contact=contact, needs=NEEDS)
        booked = await client.post("/v1/bookings", json=body)
        assert booked.status_code == 201, booked.text
        waiting = a_party(occasion["id"], 2, contact=contact, when_full="wait", needs=NEEDS)
        assert (await client.post("/v1/bookings", json=waiting)).status_code == 201
        last = await client.post("/v1/bookings", json=waiting)
        seen = await client.get(f"/v1/occasions/{occasion['id']}")
        moved = await client.post(
            f"/v1/occasions/{occasion['id']}/line-moves",
            json={"booking_id": last.json()["id"], "position": 1, "reason": REASON},
            headers={"If-Match": seen.headers["etag"]},
        )
        assert moved.status_code == 201, moved.text
        cancelled = await client.post(
            f"/v1/bookings/{booked.json()['id']}/cancellation",
            json={"reason": REASON},
            headers={"If-Match": booked.headers["etag"]},
        )
        assert cancelled.status_code in (200, 204), cancelled.text
    await eventually(lambda: _texts(copy, 3))
    await copy.reply(PHONE, f"Hej {NAME}, vad menar ni? {MAIL}")
    await asyncio.sleep(1)
    return occasion["id"], await errors_with_canaries(copy, occasion["id"])


async def _texts(copy: WholeCopy, at_least: int) -> bool:
    return len(await copy.phone(PHONE)) >= at_least


def log_files(copy: WholeCopy) -> Iterator[tuple[str, bytes]]:
    for path in (copy.folder.root / "logs").rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


async def metrics(copy: WholeCopy) -> list[bytes]:
    described = copy.described
    apis = {name: url for name, url in described["services"].items() if name != "web"}
    urls = [*apis.values(), *described["workers"].values(), described["web_health"]]
    async with httpx.AsyncClient(timeout=30) as client:
        return [(await client.get(f"{url}/metrics")).content for url in urls]


async def test_no_canary_in_plain_text(whole_copy: WholeCopy) -> None:
    """Names, numbers, needs, reasons: not on the bus, in logs, in errors, in databases."""
    mongo_url, amqp_url = administrator(whole_copy)
    async with everything_on_the_bus(amqp_url) as bus:
        _, errors = await journey(whole_copy)
    assert len(bus) >= 6, "the tap heard the journey"
    assert [hit for body in bus for hit in found_in(body)] == []
    assert [hit for body in errors for hit in found_in(body)] == []
    assert [(name, hit) for name, body in log_files(whole_copy) for hit in found_in(body)] == []
    assert [hit for body in await metrics(whole_copy) for hit in found_in(body)] == []
    kept = {(place, hit) for place, body in rows(mongo_url) for hit in found_in(body)}
    assert kept == set()


async def test_the_scan_would_find_one(whole_copy: WholeCopy) -> None:
    """The negative control: what is meant to be readable is found, so the scan does look."""
    mongo_url, amqp_url = administrator(whole_copy)
    async with everything_on_the_bus(amqp_url) as bus:
        async with whole_copy.client() as client:
            await an_occasion(client, capacity=1, title="Kanarietitel zxq")
        # Others' events may still be under way: ours need not be the first that is heard.
        await eventually(lambda: any(found_in(body, ("Kanarietitel zxq",)) for body in bus))
    places = {place for place, body in rows(mongo_url) if found_in(body, ("Kanarietitel zxq",))}
    assert {"booking.activities", "booking.occasions"} <= places
