"""Partners: made by staff, let in by their keys, shut out at once, asked whether they got all."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.publishing.feeds.domain import keys
from services.publishing.feeds.doors import reading
from shared.kernel.clock import real_now
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion
from tests.support.eventually import eventually


async def test_a_key_is_shown_once_and_kept_as_a_hash(partnered: Partnered) -> None:
    """Nothing in the database opens anything; what stands there is no part of the key."""
    async with await partnered.partner() as client:
        key = client.headers["authorization"].split(" ")[1]
        assert keys.is_whole(key)
        assert key.startswith("ssp_test_")
        kept = str(await partnered.world.rows("feed_partners"))
        assert key not in kept
        assert key.split("_")[3] not in kept
        for row in await partnered.world.rows("idempotency"):
            assert key.encode() not in row["body"]
        digest = keys.digest_of(key)
        assert digest in kept
        async with partnered.with_key(digest) as thief:
            assert (await thief.get("/v1/feed")).status_code == 401


async def test_rotation_without_a_pause_and_revoked_at_once(partnered: Partnered) -> None:
    """Old and new both open; revoked, the old one opens nothing on its very next request."""
    async with await partnered.partner() as old:
        made = (await old.post("/v1/partner/keys", json={})).json()
        assert (await old.post("/v1/partner/keys", json={})).status_code == 409
        async with partnered.with_key(made["key"]) as new:
            assert (await old.get("/v1/feed")).status_code == 200
            old_id = keys.id_of(old.headers["authorization"].split(" ")[1])
            assert (await new.delete(f"/v1/partner/keys/{old_id}")).status_code == 200
            refused = await old.get("/v1/feed")
            assert refused.status_code == 401
            assert refused.json()["type"].endswith("key-does-not-open")
            assert (await new.get("/v1/feed")).status_code == 200


async def test_a_stream_ends_with_its_key(partnered: Partnered) -> None:
    """Who listens when the key is revoked is told so, and hears nothing more."""
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        key_id = keys.id_of(client.headers["authorization"].split(" ")[1])
        heard: list[str] = []
        listening = asyncio.create_task(listen(client, heard))
        await eventually(lambda: any(first in line for line in heard), within=30)
        await partnered.world.ask("DELETE", f"/v1/partners/ran-nord/keys/{key_id}", by="operator")
        await asyncio.wait_for(listening, 40)
        (secret,) = await partnered.happens(an_occasion())
        assert not any(secret in line for line in heard)
        assert any("key-does-not-open" in line for line in heard)


async def test_a_long_poll_ends_with_its_key(partnered: Partnered) -> None:
    """Who waits when the key is revoked is told so then, and not when the wait is over."""
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        key_id = keys.id_of(client.headers["authorization"].split(" ")[1])
        asked = {"lastEventId": first, "timeout": 50_000}
        waiting = asyncio.create_task(client.get("/v1/feed", params=asked))
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done
        await partnered.world.ask("DELETE", f"/v1/partners/ran-nord/keys/{key_id}", by="operator")
        answer = await asyncio.wait_for(waiting, 30)
        assert answer.status_code == 401


async def test_a_partner_that_changes_is_looked_at_at_once(
    partnered: Partnered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for the next look: the same stream that brings entries says so."""
    monkeypatch.setattr(reading, "LATELY", 3600.0)
    monkeypatch.setattr(reading, "IN_ORDER", 3600.0)
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        heard: list[str] = []
        listening = asyncio.create_task(listen(client, heard))
        await eventually(lambda: any(first in line for line in heard))
        only = {"types": ["se.safespace.publishing.*"], "places": []}
        seen = await partnered.world.ask("GET", "/v1/partners/ran-nord", by="editor")
        wanted = {name: seen[name] for name in ("title", "scopes", "networks", "per_minute")}
        headers = {"If-Match": f'"{seen["version"]}"'}
        await partnered.world.ask(
            "PUT",
            "/v1/partners/ran-nord",
            by="editor",
            json={**wanted, "only": only},
            headers=headers,
        )
        (unseen,) = await partnered.happens(an_occasion())
        await partnered.world.ask("POST", "/v1/partners/ran-nord/ending", by="editor")
        await asyncio.wait_for(listening, 30)
        assert not any(unseen in line for line in heard)
        assert any("key-does-not-open" in line for line in heard)


async def test_whoever_waits_where_it_may_not_be_any_more_is_let_go(partnered: Partnered) -> None:
    """A connection whose networks are narrowed ends streams and polls that come from elsewhere."""
    (first,) = await partnered.happens(an_occasion())
    async with await partnered.partner() as client:
        heard: list[str] = []
        listening = asyncio.create_task(listen(client, heard))
        asked = {"lastEventId": first, "timeout": 50_000}
        waiting = asyncio.create_task(client.get("/v1/feed", params=asked))
        await eventually(lambda: any(first in line for line in heard))
        seen = await partnered.world.ask("GET", "/v1/partners/ran-nord", by="editor")
        wanted = {name: seen[name] for name in ("title", "scopes", "only", "per_minute")}
        await partnered.world.ask(
            "PUT",
            "/v1/partners/ran-nord",
            by="editor",
            json={**wanted, "networks": ["192.0.2.0/24"]},
            headers={"If-Match": f'"{seen["version"]}"'},
        )
        (secret,) = await partnered.happens(an_occasion())
        await asyncio.wait_for(listening, 30)
        assert (await asyncio.wait_for(waiting, 30)).status_code == 401
        assert any("key-does-not-open" in line for line in heard)
        assert not any(secret in line for line in heard)


async def listen(client: httpx.AsyncClient, heard: list[str], after: str = "") -> None:
    headers = {"Last-Event-ID": after} if after else {}
    async with client.stream("GET", "/v1/feed/stream", headers=headers) as answer:
        async for line in answer.aiter_lines():
            heard += [line]


async def test_mistyped_expired_and_from_elsewhere(partnered: Partnered) -> None:
    """A wrong checksum is said; whether a whole key is unknown, expired or elsewhere is not."""
    soon = (real_now() + timedelta(seconds=-1)).isoformat()
    async with await partnered.partner("far", networks=["192.0.2.0/24"]) as elsewhere:
        assert await said(elsewhere) == "key-does-not-open"
    async with await partnered.partner("near") as near:
        key = near.headers["authorization"].split(" ")[1]
        async with partnered.with_key(key[:-1] + ("a" if key[-1] != "a" else "b")) as wrong:
            assert await said(wrong) == "key-is-mistyped"
        async with partnered.with_key(keys.key_text("live", bytes(40))) as unknown:
            assert await said(unknown) == "key-does-not-open"
        expired = await partnered.new_key("near", expires_at=soon)
        async with partnered.with_key(expired) as late:
            assert await said(late) == "key-does-not-open"
    assert (await partnered.world.client.get("/v1/feed")).status_code == 401


async def said(client: httpx.AsyncClient) -> str:
    answer = await client.get("/v1/feed")
    assert answer.status_code == 401
    return str(answer.json()["type"]).rpartition("/")[2].rpartition(":")[2]


async def test_an_oauth_client_is_its_partner(partnered: Partnered) -> None:
    """A token of the client's subject comes in; another client's does not; nor do staff."""
    await partnered.partner("by-client", client="client-7")
    issuer = partnered.world.issuer
    client = partnered.world.client

    async def status(**claims: Any) -> int:
        token = issuer.token(aud="publishing", **claims)
        headers = {"Authorization": f"Bearer {token}"}
        return (await client.get("/v1/feed", headers=headers)).status_code

    machine = {"preferred_username": None, "roles": []}
    assert await status(sub="client-7", **machine) == 200
    assert await status(sub="client-8", **machine) == 401
    assert await status(sub="client-7", preferred_username="amina", roles=["editor"]) == 403


async def test_each_partner_has_its_own_measure(partnered: Partnered) -> None:
    """One that asks too much is told so; the other is not hindered."""
    busy, calm = await partnered.partner("busy", per_minute=6), await partnered.partner("calm")
    async with busy, calm:
        statuses = [(await busy.get("/v1/feed")).status_code for _ in range(4)]
        assert statuses[0] == 200
        assert statuses[-1] == 429
        assert (await calm.get("/v1/feed")).status_code == 200


async def test_who_may_make_partners(partnered: Partnered) -> None:
    """Editors and operators; auditors look; nobody else; and never with another's version."""
    ask = partnered.world.ask
    body = {"name": "ran-nord", "title": "RAN", "scopes": ["feed:read"]}
    for role in ("coordinator", "auditor", "mentor"):
        await ask("POST", "/v1/partners", 403, by=role, json=body)
    made = await ask("POST", "/v1/partners", 201, by="editor", json=body)
    assert made["keys"] == []
    taken = await ask("POST", "/v1/partners", 409, by="operator", json=body)
    assert taken["type"].endswith("partner-name-is-taken")
    change = {"title": "RAN", "scopes": []}
    at = "/v1/partners/ran-nord"
    await ask("PUT", at, 428, by="editor", json=change)
    await ask("PUT", at, 412, by="editor", json=change, headers={"If-Match": '"9"'})
    for wrong in ({"scopes": ["all"]}, {"networks": ["here"]}, {"name": "X"}):
        await ask("POST", "/v1/partners", 422, by="editor", json={**body, **wrong})
    assert (await ask("GET", "/v1/partners", by="auditor"))["total"] == 1
    history = (await partnered.world.rows("feed_partners"))[0]["history"]
    assert [one["did"] for one in history] == ["made"]
