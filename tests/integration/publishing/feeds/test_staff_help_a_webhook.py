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
