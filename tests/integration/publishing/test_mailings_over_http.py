"""What editors ask of mailings, over HTTP: times, steps, counts, and everything out of turn."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from services.publishing.domain.smtp_replies import Code
from services.publishing.use_cases.mark_bounced import MarkBounced
from tests.integration.publishing.mailing_world import Mailings
from tests.integration.publishing.world import NOW, World
from tests.integration.publishing.writing import change

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def mailings(world: World) -> Mailings:
    found = Mailings(world.house)
    await found.a_list_with(7)
    return found


async def said(world: World, made: Any, path: str, status: int = 200, **more: Any) -> Any:
    """One step at the version that `made` has."""
    headers = {"If-Match": f'"{made["version"]}"'}
    address = f"/v1/mailings/{made['id']}/{path}"
    method = more.pop("method", "POST")
    return await world.ask(method, address, status, by="editor", headers=headers, **more)


async def made(world: World, mailings: Mailings, **more: Any) -> Any:
    body = {"newsletter_id": await mailings.a_newsletter(), **more}
    return await world.ask("POST", "/v1/mailings", 201, by="editor", json=body)


async def test_from_draft_to_running_and_cancelled(world: World, mailings: Mailings) -> None:
    """Scheduled, put off, started, paused, resumed, cancelled: counts are exact at each step."""
    draft = await made(world, mailings, per_minute=600)
    assert (draft["state"], draft["per_minute"]) == ("draft", 600)
    later = (NOW + timedelta(days=1)).isoformat()
    timed = await said(world, draft, "schedule", method="PUT", json={"at": later})
    assert timed["state"] == "scheduled"
    await mailings.freeze()
    again = await said(world, timed, "schedule", method="DELETE")
    assert again["state"] == "draft"
    started = await said(world, again, "start")
    await mailings.freeze()
    running = await world.ask("GET", f"/v1/mailings/{started['id']}", by="editor")
    assert (running["state"], running["recipients"]) == ("running", 7)
    paused = await said(world, running, "pause")
    resumed = await said(world, paused, "resumption")
    cancelled = await said(world, resumed, "cancellation")
    assert cancelled["state"] == "cancelled"
    found = await mailings.ended(started["id"])
    assert found.tally.suppressed == 7
    rows = await world.ask(
        "GET", f"/v1/mailings/{started['id']}/outcomes?state=suppressed&limit=3", by="operator"
    )
    assert (rows["total"], len(rows["items"])) == (7, 3)
    assert rows["items"][0]["cause"] == "mailing-cancelled"


async def test_a_time_that_comes_starts_it(world: World, mailings: Mailings) -> None:
    """Not a moment before; its words and readers are those of that moment."""
    draft = await made(world, mailings)
    later = (NOW + timedelta(hours=2)).isoformat()
    await said(world, draft, "schedule", method="PUT", json={"at": later})
    await mailings.freeze()
    path = f"/v1/mailings/{draft['id']}"
    assert (await world.ask("GET", path, by="editor"))["state"] == "scheduled"
    await mailings.leaves(mailings.people[0])
    world.clock.advance(timedelta(hours=2))
    await mailings.freeze()
    found = await world.ask("GET", f"{path}/progress", by="operator")
    assert (found["state"], found["recipients"], found["waiting"]) == ("running", 6, 6)


async def test_what_is_out_of_turn_is_refused(world: World, mailings: Mailings) -> None:
    """An old version, a passed time, a step that does not fit, somebody without the right."""
    draft = await made(world, mailings)
    early = (NOW - timedelta(hours=1)).isoformat()
    assert await said(world, draft, "schedule", 422, method="PUT", json={"at": early})
    refused = await said(world, draft, "pause", 409)
    assert refused["type"].endswith("mailing-state")
    await said(world, {**draft, "version": 7}, "start", 412)
    await said(world, draft, "another-try", 409, json={"cause": "uncertain"})
    await said(world, draft, "another-try", 422, json={"cause": "everybody"})
    await world.ask("POST", f"/v1/mailings/{draft['id']}/start", 428, by="editor")
    await world.ask("POST", "/v1/mailings", 403, by="coordinator", json={})
    missing = {"newsletter_id": draft["id"]}
    await world.ask("POST", "/v1/mailings", 404, by="editor", json=missing)
    await world.ask("GET", "/v1/mailings/nothing", 404, by="editor")
    await world.ask("GET", "/v1/mailings/nothing/progress", 404, by="editor")
    await world.ask("GET", "/v1/mailings/nothing/outcomes", 404, by="editor")


async def test_an_empty_segment_is_a_mistake(world: World) -> None:
    """Nobody to write to: refused at the start, and back to a draft when all left before."""
    mailings = Mailings(world.house)
    await mailings.a_list_with(1)
    draft = await made(world, mailings)
    later = (NOW + timedelta(hours=2)).isoformat()
    timed = await said(world, draft, "schedule", method="PUT", json={"at": later})
    reach = await world.ask("GET", f"/v1/mailings/{draft['id']}/recipient-count", by="editor")
    assert reach == {"recipients": None}, "one to four are not told"
    await mailings.leaves(mailings.people[0])
    refused = await said(world, timed, "start", 409)
    assert refused["type"].endswith("no-recipients")
    world.clock.advance(timedelta(hours=2))
    await mailings.freeze()
    assert (await mailings.job(draft["id"])).mailing.state == "draft"
    assert not await world.rows("batches")


async def test_started_twice_with_one_key_is_once(world: World, mailings: Mailings) -> None:
    """The same key: the same answer, one mailing."""
    body = {"newsletter_id": await mailings.a_newsletter()}
    key = {"Idempotency-Key": "one-mailing"}
    first = await world.ask("POST", "/v1/mailings", 201, by="editor", json=body, headers=key)
    assert first == await world.ask(
        "POST", "/v1/mailings", 201, by="editor", json=body, headers=key
    )
    listed = await world.ask("GET", "/v1/mailings?state=draft", by="editor")
    assert listed["total"] == 1


async def test_a_report_finds_its_row(world: World, mailings: Mailings) -> None:
    """A delivery report's recipient is the row; one of no mailing of ours is nobody's."""
    job = await mailings.running()
    stores = world.house.stores
    mark = MarkBounced(stores.mailings, stores.batches)
    rows = await world.ask("GET", f"/v1/mailings/{job.id}/outcomes?state=waiting", by="editor")
    assert rows["total"] == 7
    recipient = uuid.UUID(rows["items"][2]["recipient_id"])
    [batch] = await world.rows("batches")
    states = bytearray(batch["states"])
    states[2] = 2  # accepted, as a mailer leaves it
    await stores.database["batches"].update_one(
        {"_id": batch["_id"]}, {"$set": {"states": bytes(states)}}
    )
    whose, code = sorted(mailings.people)[2], Code(550, (5, 1, 1))
    assert await mark(recipient, code, "hard") == (whose, True)
    assert await mark(recipient, code, "hard") == (whose, False), "one letter fails once"
    found = await mailings.progress(job.id)
    assert (found.tally.bounced, found.codes) == (1, {"550 5.1.1": 1})
    other = uuid.uuid5(recipient, "other")
    assert await mark(other, Code(550), "policy") is None


async def test_a_redaction_stops_every_mailing_of_it(world: World, mailings: Mailings) -> None:
    """Running, timed, or failed in part: nothing more leaves of what was taken away."""
    newsletter = await mailings.a_newsletter()
    wanted = {"json": {"newsletter_id": newsletter}, "by": "editor"}
    timed = await world.ask("POST", "/v1/mailings", 201, **wanted)
    running = await world.ask("POST", "/v1/mailings", 201, **wanted)
    failed = await world.ask("POST", "/v1/mailings", 201, **wanted)
    for one in (running, failed):
        await said(world, one, "start")
    await mailings.freeze()
    later = (NOW + timedelta(days=1)).isoformat()
    await said(world, timed, "schedule", method="PUT", json={"at": later})
    ended = {"state": "finished-with-failures", "ended_at": NOW, "watched": False}
    rows = world.house.ground.database["mailings"]
    await rows.update_one({"_id": failed["id"]}, {"$set": ended})

    seen = await world.ask("GET", f"/v1/newsletters/{newsletter}", by="editor")
    await change(world, seen, "POST", "/redaction", json={"because": "wrong"})

    for one in (timed, running):
        found = await world.ask("GET", f"/v1/mailings/{one['id']}", by="editor")
        assert found["state"] == "cancelled"
    assert (await mailings.ended(running["id"])).tally.suppressed == 7
    for one in (running, failed):
        assert await world.house.stores.contents.of(one["id"]) is None, "its words are still there"
    found = await world.ask("GET", f"/v1/mailings/{failed['id']}", by="editor")
    refused = await said(world, found, "another-try", 410, json={"cause": "uncertain"})
    assert refused["type"].endswith("newsletter-redacted")
