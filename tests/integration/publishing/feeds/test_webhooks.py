"""Webhooks: signed, in order of each subject, tried again, and never in each other's way."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.responses import Response

from services.publishing.feeds.domain import line, retry_plan
from services.publishing.feeds.storage.webhooks import Webhooks
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import (
    NOW,
    Partnered,
    Receiver,
    an_occasion,
    receiving,
)
from tests.support.eventually import eventually

PATIENT = 40.0


async def webhook(client: httpx.AsyncClient, name: str, **more: Any) -> dict[str, Any]:
    body = {"url": f"https://{name}.partner.test/hook", "history": True, **more}
    answer = await client.post("/v1/partner/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def state(client: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/v1/partner/webhooks/{made['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def signed(receiver: Receiver, n: int = 0) -> tuple[bytes, list[str]]:
    """What was signed of a call, and its signatures."""
    headers, body = receiver.headers[n], receiver.bodies[n]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return content, headers["webhook-signature"].split(" ")


async def test_history_and_live_without_a_restart(partnered: Partnered) -> None:
    """A partner and a webhook made while the sender runs: all there was, and all that comes."""
    before = await partnered.happens(*(an_occasion() for _ in range(5)))
    async with (
        receiving() as receiver,
        await partnered.partner() as client,
        partnered.sending(a=receiver),
    ):
        made = await webhook(client, "a")
        await eventually(lambda: sorted(receiver.ids) == sorted(before), within=PATIENT)
        after = await partnered.happens(*(an_occasion() for _ in range(3)))
        await eventually(lambda: sorted(receiver.ids) == sorted(before + after), within=PATIENT)
        public = made["secret"].removeprefix("whpk_")
        content, (signature,) = signed(receiver)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public)).verify(
            base64.b64decode(signature.removeprefix("v1a,")), content
        )
        assert receiver.headers[0]["webhook-id"] == receiver.got[0]["id"]
        assert "data" not in receiver.got[0]
        at = f"/v1/feed/entries/{receiver.got[0]['id']}"
        assert receiver.got[0]["dataref"].endswith(at)
        fetched = await client.get(at)
        assert fetched.json()["data"]["capacity"] == 30


async def test_a_shared_secret_and_a_change_of_it(partnered: Partnered) -> None:
    """v1 by HMAC; after a rotation both sign; a secret is shown once and lies sealed.

    At an address with a port and a question and no path: the host is told as that alone.
    """
    async with receiving() as receiver, await partnered.partner() as client:
        made = await webhook(client, "a", scheme="v1", thin=False)
        seen = {"If-Match": f'"{made["version"]}"'}
        moved = {"url": "https://A.partner.test:8443?way=in", "thin": False}
        at = f"/v1/partner/webhooks/{made['id']}"
        assert (await client.put(at, json=moved, headers=seen)).status_code == 200
        rotated = await client.post(
            f"/v1/partner/webhooks/{made['id']}/secrets", json={"scheme": "v1"}
        )
        old, new = made["secret"], rotated.json()["secret"]
        assert old != new
        assert "secret" not in await state(client, made)
        (row,) = await partnered.world.rows("feed_webhooks")
        assert base64.b64decode(old.removeprefix("whsec_")) not in str(row).encode()
        await partnered.happens(an_occasion())
        async with partnered.sending(a=receiver):
            await eventually(lambda: receiver.got, within=PATIENT)
        content, signatures = signed(receiver)
        assert signatures == [_hmac(new, content), _hmac(old, content)]
        assert receiver.headers[0]["host"] == "a.partner.test:8443"
        assert receiver.got[0]["data"]["capacity"] == 30


def _hmac(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


async def test_one_that_hangs_delays_nobody_else(partnered: Partnered) -> None:
    """Every entry reaches the healthy one while the other has not answered a single call."""
    async with receiving(hangs=asyncio.Event()) as dead, receiving() as healthy:
        one = await partnered.partner("one")
        other = await partnered.partner("other")
        async with one, other, partnered.sending(dead=dead, healthy=healthy):
            await webhook(one, "dead")
            await webhook(other, "healthy")
            ids = await partnered.happens(*(an_occasion() for _ in range(60)))
            await eventually(lambda: sorted(healthy.ids) == sorted(ids), within=PATIENT)
            await eventually(lambda: dead.headers, within=PATIENT)
            assert dead.got == []
            assert dead.hangs is not None
            dead.hangs.set()


async def test_a_failing_entry_holds_back_its_own_subject_alone(
    partnered: Partnered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its later ones wait until it was taken; other subjects go on meanwhile."""
    monkeypatch.setattr(retry_plan, "STEPS", (retry_plan.STEPS[0] / 10,) * 9)
    bad = new_id()
    first, second, other = an_occasion(bad), an_occasion(bad, 2), an_occasion()

    def answers(event: dict[str, Any], _: int) -> Response:
        tries[event["id"]] = tries.get(event["id"], 0) + 1
        refused = event["id"] == first.id and tries[event["id"]] < 3
        return Response(status_code=500 if refused else 200)

    tries: dict[str, int] = {}
    async with receiving(answers=answers) as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        await partnered.happens(first, second, other)
        async with partnered.sending(a=receiver):
            await eventually(lambda: len(receiver.ids) == 3, within=PATIENT)
        assert receiver.ids.index(first.id) < receiver.ids.index(second.id)
        assert receiver.ids[0] == other.id
        assert tries[first.id] == 3
        noted = (await client.get(f"/v1/partner/webhooks/{made['id']}/attempts")).json()["items"]
        statuses = [one["status"] for one in reversed(noted) if one["event_id"] == first.id]
        assert statuses == [500, 500, 200]


@pytest.mark.parametrize("status", [429, 503])
async def test_one_that_asks_for_rest_is_given_it(partnered: Partnered, status: int) -> None:
    """For as long as `Retry-After` says: neither that entry nor another one comes before."""

    def answers(_event: dict[str, Any], _times: int) -> Response:
        return Response(status_code=status, headers={"Retry-After": "3000"})

    async with receiving(answers=answers) as receiver, await partnered.partner() as client:
        await webhook(client, "a")
        await partnered.happens(an_occasion())
        began = real_now()
        async with partnered.sending(a=receiver):
            await eventually(lambda: _rests(partnered), within=PATIENT)
            await partnered.happens(an_occasion())
            await eventually(lambda: _rests(partnered, 2), within=PATIENT)
        (row,) = await partnered.world.rows("feed_webhooks")
        assert row["line"]["resting_until"] >= began + timedelta(seconds=3000)
        assert len(row["line"]["open"]) == 2
        assert len(receiver.headers) == 1


async def _rests(partnered: Partnered, read: int = 1) -> bool:
    (row,) = await partnered.world.rows("feed_webhooks")
    rests = row["line"]["resting_until"] is not None
    return bool(rests and row["line"]["read_up_to"] == read)


@pytest.mark.parametrize("status", [301, 307])
async def test_a_redirect_is_a_failure_and_is_not_followed(
    partnered: Partnered, status: int
) -> None:
    """Nobody is called where it points to; the entry stays open."""
    async with receiving() as elsewhere:
        to = {"location": f"http://127.0.0.1:{elsewhere.port}/inside"}

        def answers(_event: dict[str, Any], _times: int) -> Response:
            return Response(status_code=status, headers=to)

        async with receiving(answers=answers) as receiver, await partnered.partner() as client:
            made = await webhook(client, "a")
            await partnered.happens(an_occasion())
            async with partnered.sending(a=receiver):
                await eventually(lambda: _failing(client, made), within=PATIENT)
            assert elsewhere.headers == []


async def _failing(client: httpx.AsyncClient, made: dict[str, Any]) -> bool:
    now = await state(client, made)
    return bool(now["failing"] == 1 and now["open"] == 1)


async def test_410_switches_it_off_with_a_notice(partnered: Partnered) -> None:
    """At once, for good; switched on again it goes on where it was."""
    gone = {"yes": True}

    def answers(_event: dict[str, Any], _times: int) -> Response:
        return Response(status_code=410 if gone["yes"] else 200)

    async with receiving(answers=answers) as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        (event_id,) = await partnered.happens(an_occasion())
        async with partnered.sending(a=receiver):
            await eventually(lambda: _off(client, made, "gone"), within=PATIENT)
            (notice,) = (await client.get("/v1/partner/notices")).json()["items"]
            assert (notice["kind"], notice["about"]) == ("webhook-gone", made["id"])
            refused = await client.post(f"/v1/partner/webhooks/{made['id']}/pings")
            assert refused.status_code == 409
            gone["yes"] = False
            await client.post(f"/v1/partner/webhooks/{made['id']}/activation")
            await eventually(lambda: receiver.ids == [event_id], within=PATIENT)


async def _off(client: httpx.AsyncClient, made: dict[str, Any], why: str) -> bool:
    return (await state(client, made))["off"] == why


async def test_one_that_never_answers_is_given_up_and_can_be_resent(
    partnered: Partnered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its last try it is lost and it is off; resent, it is whole, however soon it comes."""
    look_up = Webhooks.lost

    async def late(webhooks: Webhooks, webhook_id: str) -> list[int]:
        await asyncio.sleep(0.3)
        return await look_up(webhooks, webhook_id)

    monkeypatch.setattr(Webhooks, "lost", late)
    monkeypatch.setattr(retry_plan, "STEPS", ())
    monkeypatch.setattr(line, "IN_A_ROW", 99)
    broken = {"yes": True}

    def answers(_event: dict[str, Any], _times: int) -> Response:
        return Response(status_code=500 if broken["yes"] else 200)

    async with receiving(answers=answers) as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        (event_id,) = await partnered.happens(an_occasion())
        async with partnered.sending(a=receiver):
            await eventually(lambda: _off(client, made, "never-answers"), within=PATIENT)
            owed = (await client.get("/v1/partner/owed")).json()
            assert (owed["owed"], owed["confirmed"], owed["missing"]) == (1, 0, [1])
            broken["yes"] = False
            at = f"/v1/partner/webhooks/{made['id']}"
            await client.post(f"{at}/activation")
            asked = await client.post(f"{at}/resends", json={"event_id": event_id})
            assert asked.status_code == 202, asked.text
            await eventually(lambda: receiver.ids == [event_id], within=PATIENT)
            await eventually(lambda: _everything(client), within=PATIENT)


async def _everything(client: httpx.AsyncClient) -> bool:
    """Not yet, too, for whoever is told that they ask too often."""
    owed = await client.get("/v1/partner/owed")
    assert owed.status_code in {200, 429}, owed.text
    return owed.status_code == 200 and bool(owed.json()["everything"])


async def test_a_test_call_and_a_replay(partnered: Partnered) -> None:
    """A ping holds nothing; a replay sends all after a position again, under the same ids."""
    ids = await partnered.happens(*(an_occasion() for _ in range(4)))
    async with receiving() as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        at = f"/v1/partner/webhooks/{made['id']}"
        async with partnered.sending(a=receiver):
            await eventually(lambda: sorted(receiver.ids) == ids, within=PATIENT)
            ping = (await client.post(f"{at}/pings")).json()
            await eventually(lambda: receiver.ids[-1] == ping["id"], within=PATIENT)
            assert receiver.got[-1]["type"] == "se.safespace.feeds.ping.v1"
            done = await eventually(
                lambda: done_at(client, f"{at}/errands/{ping['id']}"), within=PATIENT
            )
            assert done["status"] == 204
            for odd in ({}, {"after": 0, "since": NOW.isoformat()}):
                refused = await client.post(f"{at}/replays", json=odd)
                assert refused.json()["type"].endswith("from-where")
            await client.post(f"{at}/replays", json={"after": 2})
            await eventually(lambda: len(receiver.got) == 7, within=PATIENT)
            assert sorted(one["id"] for one in receiver.got[5:]) == sorted(ids[2:])
            await eventually(lambda: _everything(client), within=PATIENT)


async def done_at(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(path)).json()
    return found if found.get("state") == "done" else {}
