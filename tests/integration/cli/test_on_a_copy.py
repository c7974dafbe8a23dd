"""The operator's commands on a real running copy."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aio_pika
import pytest

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import ADMINISTRATOR, Servers
from shared.broker import names
from shared.kernel.ids import new_id
from tests.integration.cli.conftest import ended, start
from tests.support.eventually import eventually
from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_happened_to_this_bookings_sms(whole_copy: WholeCopy) -> None:
    """One trace shows the event told, heard, the message written, and the SMS delivered."""
    async with whole_copy.client() as desk:
        occasion = await an_occasion(desk, 10)
        body = a_party(occasion["id"], 5)
        key = {"Idempotency-Key": new_id()}
        booked = (await desk.post("/v1/bookings", json=body, headers=key)).json()

    def delivered() -> bool:
        found = whole_copy.safespace("trace", booked["id"])["entries"]
        steps = [(e["service"], e["what"], e["state"], e["type"]) for e in found]
        told = "se.safespace.booking.booking-confirmed.v1"
        wanted = {
            ("booking", "told", "sent", told),
            ("notifications", "heard", "handled", told),
            ("notifications", "delivery", "delivered", "sms:confirmed"),
        }
        return wanted <= set(steps)

    await eventually(delivered, every=0.5)
    text = json.dumps(whole_copy.safespace("trace", booked["id"]))
    for private in ("Åsa", body["contact"]["phone"], "asa@skola.example"):
        assert private not in text


async def test_events_go_by_without_their_data(whole_copy: WholeCopy) -> None:
    """`events tail` shows types and ids as they happen, and nothing of what they carry."""
    tail = await start(
        whole_copy.folder.root, "events", "tail", "booking.#", "--count", "2", "--json"
    )
    assert tail.stderr is not None
    await asyncio.wait_for(tail.stderr.readline(), 60)
    async with whole_copy.client() as desk:
        occasion = await an_occasion(desk, 10)
        key = {"Idempotency-Key": new_id()}
        await desk.post("/v1/bookings", json=a_party(occasion["id"], 5), headers=key)
    shown = [json.loads(line) for line in (await ended(tail)).out.splitlines()]
    assert len(shown) == 2
    keys = {"time", "type", "subject", "sequence", "id", "correlation_id", "causation_id"}
    assert all(event.keys() == keys for event in shown)


async def test_what_mentoring_tells_is_not_shown(whole_copy: WholeCopy) -> None:
    """The watcher may not bind to what mentoring tells, nor to everything."""
    for pattern in ("mentoring.#", "#"):
        done = await ended(await start(whole_copy.folder.root, "events", "tail", pattern))
        assert done.code == 1
        assert "får inte visas här" in done.err


async def test_the_doctor_is_content(whole_copy: WholeCopy) -> None:
    """On a healthy copy every check holds; each says what it looked at."""
    found = whole_copy.safespace("doctor")
    assert [f for f in found["findings"] if not f["holds"]] == []
    assert {"booking-worker", "notifications-worker"} <= {f["what"] for f in found["findings"]}


async def test_what_was_given_up_is_decided_about(whole_copy: WholeCopy) -> None:
    """A message that nobody can read is listed, shown, sent again, and discarded with a reason."""
    told, folder = "booking.booking-confirmed.v1", whole_copy.folder
    servers = Servers(folder, Ports(folder, in_use=True), Secrets(folder))
    async with await aio_pika.connect(servers.amqp_url(ADMINISTRATOR)) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        await exchange.publish(aio_pika.Message(f"inte ett brev {new_id()}".encode()), told)

    def parked() -> Any:
        return whole_copy.safespace("dead-letters", "list", "--service", "notifications")

    [letter] = await eventually(parked, every=0.3)
    shown = whole_copy.safespace("dead-letters", "show", letter["id"])
    assert (shown["service"], shown["state"]) == ("notifications", "parked")
    assert shown["body"] is None
    assert whole_copy.safespace("dead-letters", "replay", letter["id"])["state"] == "replayed"
    [back] = await eventually(parked, every=0.3)
    assert back["replays"] == 1
    words = ("dead-letters", "discard", back["id"])
    assert (await ended(await start(whole_copy.folder.root, *words))).code == 2
    gone = whole_copy.safespace(*words, "--reason", "Skräp i kön")
    assert gone["state"] == "discarded"
    assert parked() == []


async def test_an_unknown_dead_letter(whole_copy: WholeCopy) -> None:
    """Asking for one that is not there is a sentence, not an error message of a program."""
    done = await ended(await start(whole_copy.folder.root, "dead-letters", "show", new_id()))
    assert done.code == 1
    assert "Ingen tjänst har ett sådant meddelande." in done.err


async def test_a_list_can_be_cut(whole_copy: WholeCopy) -> None:
    """`--limit` gives the first so many, as a list."""
    async with whole_copy.client() as desk:
        for _ in range(3):
            await an_occasion(desk, 10)
    assert len(whole_copy.safespace("booking", "occasions", "--limit", "2")) == 2
    assert len(whole_copy.safespace("booking", "occasions")) >= 3


async def test_a_token_opens_the_api(whole_copy: WholeCopy) -> None:
    """The printed token is for one service, and opens it."""
    printed = await ended(await start(whole_copy.folder.root, "token", "--as", "coordinator"))
    async with whole_copy.client(None) as anybody:
        headers = {"Authorization": f"Bearer {printed.out.strip()}"}
        assert (await anybody.get("/v1/occasions")).status_code == 401
        assert (await anybody.get("/v1/occasions", headers=headers)).status_code == 200
    nobody = await ended(await start(whole_copy.folder.root, "token", "--as", "ingen"))
    assert nobody.code == 1
    assert "safespace people" in nobody.err
