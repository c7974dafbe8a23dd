"""Staff see how a partner's webhook does, and help it along: tested, resent, replayed, switched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import Response

from services.publishing.feeds.domain import line, retry_plan
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion, receiving
from tests.integration.publishing.feeds.test_webhooks import PATIENT, webhook
from tests.support.eventually import eventually

AT = "/v1/partners/ran-nord/webhooks"


async def seen(partnered: Partnered, path: str, by: str = "auditor") -> dict[str, Any]:
    """As somebody may read it who may change nothing."""
    found: dict[str, Any] = await partnered.world.ask("GET", path, by=by)
    return found


async def errand_done(partnered: Partnered, path: str) -> dict[str, Any]:
    found = await seen(partnered, path)
    return found if found["state"] == "done" else {}


async def test_what_was_given_up_is_seen_resent_and_whole_again(
    partnered: Partnered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open, given up, every attempt; switched on and resent by the editor, and who did it."""
    monkeypatch.setattr(retry_plan, "STEPS", ())
    monkeypatch.setattr(line, "IN_A_ROW", 99)
    broken = {"yes": True}

    def answers(_event: dict[str, Any], _times: int) -> Response:
        return Response(status_code=500 if broken["yes"] else 200)

    ask = partnered.world.ask
    async with receiving(answers=answers) as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        at = f"{AT}/{made['id']}"
        (event_id,) = await partnered.happens(an_occasion())
        assert (await seen(partnered, AT))["items"][0]["id"] == made["id"]
        async with partnered.sending(a=receiver):
            await eventually(lambda: _is_off(partnered, at), within=PATIENT)
            found = await seen(partnered, at)
            assert found["given_up"] == [{"position": 1, "event_id": event_id}]
            broken["yes"] = False
            await ask("POST", f"{at}/activation", by="editor")
            errand = await ask(
                "POST", f"{at}/resends", 202, by="editor", json={"event_id": event_id}
            )
            path = f"{at}/errands/{errand['id']}"
            done = await eventually(lambda: errand_done(partnered, path), within=PATIENT)
            assert (done["kind"], done["status"], receiver.ids) == ("resend", 200, [event_id])
        tried = await seen(partnered, f"{at}/attempts?limit=1")
        assert (tried["total"], tried["items"][0]["kind"]) == (2, "resend")
        older = await seen(partnered, f"{at}/attempts?limit=1&offset=1&event_id={event_id}")
        assert (older["items"][0]["kind"], older["items"][0]["status"]) == ("entry", 500)
        assert (await seen(partnered, at))["given_up"] == []
        assert (await seen(partnered, "/v1/partners/ran-nord/owed"))["everything"]
        history = (await seen(partnered, "/v1/partners/ran-nord/history"))["items"]
        assert [one["did"] for one in history[-2:]] == ["webhook-on", "webhook-resent"]


async def _is_off(partnered: Partnered, at: str) -> bool:
    return (await seen(partnered, at))["off"] is not None


async def test_a_replay_says_before_what_it_sends(partnered: Partnered) -> None:
    """From a position or a time, counted as the webhook may see it; then just that comes again."""
    ids = await partnered.happens(*(an_occasion() for _ in range(4)))
    ask = partnered.world.ask
    async with receiving() as receiver, await partnered.partner() as client:
        made = await webhook(client, "a", only={"types": ["se.safespace.booking.*"]})
        at = f"{AT}/{made['id']}"
        async with partnered.sending(a=receiver):
            await eventually(lambda: sorted(receiver.ids) == ids, within=PATIENT)
            preview = await seen(partnered, f"{at}/replay-preview?after=1")
            assert preview == {"after": 1, "upto": 4, "entries": 3}
            since = (real_now() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
            by_time = await seen(partnered, f"{at}/replay-preview?since={since}")
            assert by_time["entries"] == 4
            refused = await ask("GET", f"{at}/replay-preview", 422, by="auditor")
            assert refused["type"].endswith("from-where")
            errand = await ask("POST", f"{at}/replays", 202, by="operator", json={"after": 1})
            path = f"{at}/errands/{errand['id']}"
            await eventually(lambda: errand_done(partnered, path), within=PATIENT)
            await eventually(lambda: len(receiver.got) == 7, within=PATIENT)
            ping = await ask("POST", f"{at}/pings", 202, by="operator")
            await eventually(lambda: receiver.ids[-1] == ping["id"], within=PATIENT)
        await ask("POST", f"{at}/deactivation", by="operator")
        assert (await seen(partnered, at))["off"] == "by-staff"
        await ask("POST", f"{at}/pings", 409, by="operator")


async def test_who_may_not_finds_and_does_nothing(partnered: Partnered) -> None:
    """An auditor reads and changes nothing; a coordinator does not read; another's is not there."""
    ask = partnered.world.ask
    async with await partnered.partner() as client, await partnered.partner("other"):
        made = await webhook(client, "a")
        at, elsewhere = f"{AT}/{made['id']}", f"/v1/partners/other/webhooks/{made['id']}"
        for path in ("pings", "activation", "deactivation"):
            await ask("POST", f"{at}/{path}", 403, by="auditor")
            await ask("POST", f"{elsewhere}/{path}", 404, by="editor")
        await ask("POST", f"{at}/resends", 403, by="auditor", json={"event_id": "x"})
        await ask("POST", f"{at}/replays", 403, by="auditor", json={"after": 0})
        for path in ("", "/attempts", "/replay-preview?after=0"):
            await ask("GET", f"{at}{path}", 403, by="coordinator")
            await ask("GET", f"{elsewhere}{path}", 404, by="editor")


async def test_a_key_is_made_once_and_shown_once(partnered: Partnered) -> None:
    """The same request again: no second key, and nobody is told the text of the first."""
    async with await partnered.partner():
        headers = {"Idempotency-Key": new_id()}
        asked = {"by": "editor", "json": {}, "headers": headers}
        path = "/v1/partners/ran-nord/keys"
        first = await partnered.world.ask("POST", path, 201, **asked)
        again = await partnered.world.ask("POST", path, 200, **asked)
        assert first["key"].startswith("ssp_test_")
        assert again == {**first, "key": None}
        keys = (await seen(partnered, "/v1/partners/ran-nord"))["keys"]
        assert [one["id"] for one in keys][-1] == first["id"]
        assert len(keys) == 2
        kept = str(await partnered.world.rows("idempotency"))
        assert first["id"] in kept
        assert first["key"] not in kept


async def test_what_staff_switched_off_stays_off(partnered: Partnered) -> None:
    """Its partner neither switches it on nor goes round it, whatever it was before; staff do."""
    ask = partnered.world.ask
    async with await partnered.partner() as client:
        made, other = await webhook(client, "a"), await webhook(client, "b")
        at = f"/v1/partner/webhooks/{made['id']}"
        assert (await client.post(f"{at}/deactivation")).json()["off"] == "by-partner"
        await ask("POST", f"{AT}/{made['id']}/deactivation", by="operator")
        version = {"If-Match": (await client.get(at)).headers["etag"]}
        moved = {"url": "https://c.partner.test/"}
        detour = {"url": "https://A.partner.test:8443/elsewhere"}
        beside = f"/v1/partner/webhooks/{other['id']}"
        beside_version = {"If-Match": f'"{other["version"]}"'}
        for refused in (
            await client.post(f"{at}/activation"),
            await client.delete(at),
            await client.put(at, json=moved, headers=version),
            await client.post("/v1/partner/webhooks", json=detour),
            await client.put(beside, json=detour, headers=beside_version),
        ):
            assert refused.status_code == 409, refused.text
            assert refused.json()["type"].endswith("webhook-switched-off-by-staff")
        stood = await seen(partnered, f"{AT}/{made['id']}")
        assert (stood["off"], stood["off_by"]) == ("by-staff", "amina.lund")
        assert "off_by" not in (await client.get(at)).json()
        assert (await client.post(f"{beside}/deactivation")).json()["off"] == "by-partner"
        assert (await client.post(f"{beside}/activation")).json()["off"] is None
        assert (await ask("POST", f"{AT}/{made['id']}/activation", by="editor"))["off"] is None
        assert (await client.post(f"{at}/deactivation")).json()["off"] == "by-partner"
        assert (await client.post(f"{at}/activation")).json()["off"] is None
        assert (await seen(partnered, f"{AT}/{made['id']}"))["off_by"] == ""


async def test_a_webhook_and_a_secret_are_made_once(partnered: Partnered) -> None:
    """The same request again makes nothing; a shared secret is shown once, a public key again."""
    async with await partnered.partner() as client:
        path, once = "/v1/partner/webhooks", {"Idempotency-Key": new_id()}
        body = {"url": "https://a.partner.test/", "scheme": "v1"}
        first = await client.post(path, json=body, headers=once)
        again = await client.post(path, json=body, headers=once)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["secret"].startswith("whsec_")
        assert again.json() == {**first.json(), "secret": None}
        assert len((await client.get(path)).json()["items"]) == 1
        changed, once = f"{path}/{first.json()['id']}/secrets", {"Idempotency-Key": new_id()}
        public = [await client.post(changed, json={}, headers=once) for _ in range(2)]
        assert public[0].json() == public[1].json()
        assert public[0].json()["secret"].startswith("whpk_")
        (row,) = await partnered.world.rows("feed_webhooks")
        assert len(row["secrets"]) == 2
        other = await client.post(changed, json={"scheme": "v1"}, headers=once)
        assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (
            422,
            "idempotency-key-reused",
        )
        assert (
            first.json()["secret"].encode()
            not in str(await partnered.world.rows("idempotency")).encode()
        )
