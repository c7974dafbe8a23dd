"""Early warnings: posted by members, looked at by editors, seen by members alone, taken back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from shared.contracts.envelope import Envelope
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion, receiving
from tests.integration.publishing.feeds.test_reading_the_feed import streamed
from tests.integration.publishing.feeds.test_webhooks import PATIENT, done_at, webhook
from tests.support.audit_away import audit_away
from tests.support.eventually import eventually
from tests.support.servers import RealServers

MEMBER = ("feed:read", "cews:read", "cews:post")
SAYS = {
    "kind": "propaganda",
    "area": "Rosengård",
    "begins": "2027-01-04",
    "ends": "2027-01-11",
    "trend": "rising",
    "text": "Klistermärken vid tre skolor.",
}


async def post(client: httpx.AsyncClient, status: int = 201, **more: Any) -> dict[str, Any]:
    answer = await client.post("/v1/partner/bulletins", json={**SAYS, **more})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def decide(
    partnered: Partnered, bulletin: dict[str, Any], what: str, body: dict[str, Any], **more: Any
) -> dict[str, Any]:
    headers = {"If-Match": f'"{bulletin["version"]}"'}
    at = f"/v1/bulletins/{bulletin['id']}/{what}"
    asked = {"by": "editor", "json": body, "headers": headers, **more}
    found: dict[str, Any] = await partnered.world.ask("POST", at, **asked)
    return found


async def relayed(partnered: Partnered) -> list[Envelope]:
    """What was told reaches the log, as the relay and the writer would bring it there."""
    told = await partnered.world.told()
    await partnered.happens(*told)
    return told


async def texts(client: httpx.AsyncClient) -> list[str]:
    return [
        (one.get("data") or {}).get("text", "") for one in (await client.get("/v1/feed")).json()
    ]


async def test_members_get_it_after_an_editors_look_and_others_never(partnered: Partnered) -> None:
    """Nothing before the approval; then members' feeds carry it, without who posted it."""
    poster = await partnered.partner("poster", MEMBER)
    member = await partnered.partner("member", ("feed:read", "cews:read"))
    other = await partnered.partner("other", ("feed:read",))
    async with poster, member, other:
        bulletin = await post(poster)
        assert await partnered.world.told() == []
        await decide(partnered, bulletin, "approval", {}, by="coordinator", status=403)
        await decide(partnered, bulletin, "approval", {})
        (told,) = await relayed(partnered)
        assert "poster" not in str(told.model_dump())
        (row,) = await partnered.world.rows("feed_bulletins")
        assert row["partner_id"] not in str(told.model_dump())
        assert await texts(member) == await texts(poster) == [SAYS["text"]]
        for path in ("/v1/feed", "/v1/feed.atom", f"/v1/feed/entries/{told.id}"):
            assert SAYS["text"] not in (await other.get(path)).text
        assert (await other.get("/v1/feed")).json() == []
        again = await decide(
            partnered, {**bulletin, "version": 2}, "refusal", {"reason": "x"}, status=409
        )
        assert again["type"].endswith("bulletin-is-decided")


async def test_others_do_not_see_it_live_or_by_a_call_either(partnered: Partnered) -> None:
    """Streams and webhooks go by the same right: what comes after it is the first that comes."""
    poster = await partnered.partner("poster", MEMBER)
    other = await partnered.partner("other", ("feed:read", "webhooks:manage"))
    async with poster, other, receiving() as theirs:
        await webhook(other, "theirs")
        listening = asyncio.create_task(streamed(other, None, 1))
        bulletin = await post(poster)
        await decide(partnered, bulletin, "approval", {})
        (told,) = await relayed(partnered)
        (witness,) = await partnered.happens(an_occasion())
        assert await streamed(poster, None, 2) == [told.id, witness]
        assert await asyncio.wait_for(listening, 40) == [witness]
        async with partnered.sending(theirs=theirs):
            await eventually(lambda: theirs.ids == [witness], within=PATIENT)
            at = (await other.get("/v1/partner/webhooks")).json()["items"][0]["id"]
            path = f"/v1/partner/webhooks/{at}"
            asked = await other.post(f"{path}/resends", json={"event_id": told.id})
            errand = f"{path}/errands/{asked.json()['id']}"
            done = await eventually(lambda: done_at(other, errand), within=PATIENT)
            assert (done["status"], done["why"]) == (0, "not-in-the-feed")
        assert theirs.ids == [witness]


async def test_taken_back_its_words_are_gone(partnered: Partnered) -> None:
    """From the log, its place being kept; and from the outbox. Members are told."""
    async with await partnered.partner("poster", MEMBER) as poster:
        bulletin = await post(poster)
        await decide(partnered, bulletin, "approval", {})
        (published,) = await relayed(partnered)
        at = f"/v1/partner/bulletins/{bulletin['id']}/withdrawal"
        assert (await poster.post(at)).json()["state"] == "withdrawn"
        withdrawn = (await partnered.world.told("bulletin-withdrawn"))[0]
        await partnered.happens(withdrawn)
        first, second = (await poster.get("/v1/feed")).json()
        assert (first["id"], first["position"], first["redacted"]) == (published.id, 1, True)
        assert "data" not in first
        assert (second["type"], second["position"]) == (withdrawn.type, 2)
        assert (await poster.post(at)).status_code == 409


async def test_what_was_done_and_by_whom_stays(partnered: Partnered) -> None:
    """Posted, approved, withdrawn: an auditor reads each with who did it; posters do not."""
    async with await partnered.partner("poster", MEMBER) as poster:
        bulletin = await post(poster)
        await decide(partnered, bulletin, "approval", {})
        await poster.post(f"/v1/partner/bulletins/{bulletin['id']}/withdrawal")
        at = f"/v1/bulletins/{bulletin['id']}/history"
        done = (await partnered.world.ask("GET", at, by="auditor"))["items"]
        assert [one["did"] for one in done] == ["waiting", "approved", "withdrawn"]
        whose = [one["by"].startswith("partner/") for one in done]
        assert whose == [True, False, True]
        assert (await poster.get(at)).status_code in (401, 403)
        made = await partnered.world.ask("GET", "/v1/partners/poster/history", by="auditor")
        assert [one["did"] for one in made["items"]] == ["made", "key-made"]


async def recorded(partnered: Partnered) -> list[tuple[str, tuple[str, ...], str, bool]]:
    """What the audit has of early warnings: who, which fields, by which right, allowed."""
    entries = await partnered.world.house.ground.audit.entries.after(0, limit=100)
    return [
        (_whose(one["actor"]), tuple(one["fields"]), one["rule"], one["allowed"])
        for one in entries
        if one["purpose"] == "early-warning"
    ]


def _whose(actor: str) -> str:
    return "partner" if actor.startswith("partner/") else "staff"


async def test_whatever_is_done_with_one_is_in_the_chain(partnered: Partnered) -> None:
    """Posted, read, edited, declined, withdrawn: who, by which right, and never a word of it."""
    async with await partnered.partner("poster", MEMBER) as poster:
        one, other, third = await post(poster), await post(poster), await post(poster)
        ask = partnered.world.ask
        await ask("GET", f"/v1/bulletins/{one['id']}", by="editor")
        listed = await ask("GET", "/v1/bulletins?state=waiting", by="editor")
        assert await ask("GET", "/v1/bulletins?state=declined", by="editor") == {
            **listed,
            "items": [],
            "total": 0,
        }
        edited = {"says": {**SAYS, "trend": "steady"}}
        await decide(partnered, one, "approval", edited)
        await decide(partnered, one, "approval", edited, status=412)
        await decide(partnered, other, "refusal", {"reason": "För vagt."})
        await poster.post(f"/v1/partner/bulletins/{one['id']}/withdrawal")
        await ask("POST", f"/v1/bulletins/{third['id']}/withdrawal", by="editor")
        (row,) = await partnered.world.rows("feed_partners")
        posted = ("partner", ("text", "posted"), "cews:post", True)
        assert await recorded(partnered) == [
            *(posted, posted, posted),
            ("staff", ("text",), "bulletins.decide", True),
            ("staff", ("text",), "bulletins.decide", True),
            ("staff", ("text", "approved", "edited"), "bulletins.decide", True),
            ("staff", ("text", "declined"), "bulletins.decide", True),
            ("partner", ("text", "withdrawn"), "cews:post", True),
            ("staff", ("text", "withdrawn"), "bulletins.decide", True),
        ]
        entries = await partnered.world.house.ground.audit.entries.after(0, limit=100)
        listing = next(each for each in entries if len(each["subjects"]) > 1)
        assert set(listing["subjects"]) == {one["id"], other["id"], third["id"]}
        decided = next(each for each in entries if "approved" in each["fields"])
        (kept,) = (
            each
            for each in await partnered.world.rows("feed_bulletins")
            if each["_id"] == one["id"]
        )
        assert entries[0]["actor"] == f"partner/{row['_id']}"
        assert decided["actor"] == kept["decided_by"]
        for words in (SAYS["text"], SAYS["area"], "För vagt"):
            assert words not in str(entries)


async def test_without_the_audit_nothing_is_done_and_nothing_read(
    partnered: Partnered, servers: RealServers
) -> None:
    """Not posted, not decided on, not shown; what it said is in no answer."""
    async with await partnered.partner("poster", MEMBER) as poster:
        bulletin = await post(poster)
        at = f"/v1/bulletins/{bulletin['id']}"
        with audit_away(servers, "publishing"):
            await post(poster, 503)
            asked = [
                await partnered.world.ask("GET", "/v1/bulletins", 503, by="editor"),
                await partnered.world.ask("GET", at, 503, by="editor"),
                await decide(partnered, bulletin, "approval", {}, status=503),
                await decide(partnered, bulletin, "refusal", {"reason": "x"}, status=503),
                await partnered.world.ask("POST", f"{at}/withdrawal", 503, by="editor"),
            ]
            own = await poster.post(f"/v1/partner/bulletins/{bulletin['id']}/withdrawal")
            assert own.status_code == 503
        assert SAYS["text"] not in str(asked)
        (row,) = await partnered.world.rows("feed_bulletins")
        assert (row["state"], row["version"]) == ("waiting", 1)
        assert await partnered.world.told() == []
        assert (await decide(partnered, bulletin, "approval", {}))["state"] == "approved"


async def test_words_that_were_still_on_their_way_go_too(partnered: Partnered) -> None:
    """Withdrawn before the log had it: what comes late is emptied by what comes after it."""
    async with await partnered.partner("poster", MEMBER) as poster:
        bulletin = await post(poster)
        await decide(partnered, bulletin, "approval", {})
        (published,) = await partnered.world.told()
        await poster.post(f"/v1/partner/bulletins/{bulletin['id']}/withdrawal")
        withdrawn = (await partnered.world.told("bulletin-withdrawn"))[0]
        await partnered.happens(published, withdrawn)
        assert SAYS["text"] not in (await poster.get("/v1/feed")).text


async def test_a_person_in_the_text_is_refused_with_the_place_alone(partnered: Partnered) -> None:
    """A number never; a likely name only after the poster's word; nothing of it is repeated."""
    async with await partnered.partner("poster", MEMBER) as poster:
        refused = await post(poster, 422, text="Ring 070-174 06 05 genast.")
        assert refused["type"].endswith("bulletin-points-at-somebody")
        assert "6" in refused["detail"]
        assert "070" not in str(refused)
        named = await post(poster, 422, text="Vi ser Kim Exempel vid skolan.")
        assert "8–18" in named["detail"]
        assert "Kim" not in str(named)
        await post(poster, text="Vi ser Kim Exempel vid skolan.", no_names=[[8, 18]])
        assert (await partnered.world.rows("feed_bulletins"))[0]["says"]["text"].startswith("Vi")


async def test_edited_or_declined_with_a_reason(partnered: Partnered) -> None:
    """The poster sees what became of it; an editor's words are held to the same rules."""
    async with await partnered.partner("poster", MEMBER) as poster:
        one, other = await post(poster), await post(poster)
        bad = {"says": {**SAYS, "text": "Ring 070-174 06 05"}}
        await decide(partnered, one, "approval", bad, status=422)
        await decide(partnered, one, "approval", {"says": {**SAYS, "trend": "steady"}})
        await decide(partnered, other, "refusal", {"reason": "För vagt."})
        own = {
            each["id"]: each for each in (await poster.get("/v1/partner/bulletins")).json()["items"]
        }
        assert (own[one["id"]]["state"], own[one["id"]]["edited"]) == ("approved", True)
        assert (own[other["id"]]["state"], own[other["id"]]["reason"]) == ("declined", "För vagt.")
        waiting = await partnered.world.ask("GET", "/v1/bulletins?state=waiting", by="editor")
        assert waiting["total"] == 0


async def test_who_may_post_and_how_much(partnered: Partnered) -> None:
    """With the scope; twenty a day; and nobody takes back what is another's."""
    reader = await partnered.partner("reader", ("feed:read", "cews:read"))
    poster = await partnered.partner("poster", MEMBER)
    stranger = await partnered.partner("stranger", MEMBER)
    async with reader, poster, stranger:
        assert (await reader.post("/v1/partner/bulletins", json=SAYS)).status_code == 403
        bulletin = await post(poster)
        at = f"/v1/partner/bulletins/{bulletin['id']}/withdrawal"
        assert (await stranger.post(at)).status_code == 404
        for _ in range(19):
            await post(poster)
        assert (await post(poster, 429))["type"].endswith("too-many-bulletins")
        await post(stranger)
