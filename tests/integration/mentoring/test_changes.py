"""Live updates of cases: only to whoever may see them at that moment, and never without a trace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx
import pytest

from services.mentoring.use_cases import follow_changes
from shared.kernel.actor import Actor
from tests.integration.mentoring.test_no_trace_no_data import audit_away
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Stream:
    """What one listener is told."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next event: its data, and its name under `event`."""
        found: dict[str, Any] = {}
        async with asyncio.timeout(60):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name in ("event", "id"):
                    found["place" if name == "id" else name] = value
                elif name == "data":
                    found |= json.loads(value)
                elif not line and "event" in found:
                    return found
        raise AssertionError("the stream ended")


@asynccontextmanager
async def listening(world: World, username: str, after: str | None = None) -> AsyncIterator[Stream]:
    start = after or await world.house.stores.changes._following.here()
    headers = {**world.as_(username), "Last-Event-ID": start}
    async with world.client.stream("GET", "/v1/changes", headers=headers) as answer:
        assert answer.status_code == 200
        yield Stream(answer)


async def in_planning(world: World) -> str:
    case_id = await world.a_case()
    cases = world.house.ground.database["cases"]
    await cases.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
    return case_id


async def let_in(world: World, case_id: str, username: str = IDRIS, **more: Any) -> int:
    """Into the circle; the case's version then."""
    await world.a_mentor(username)
    wanted = {"kind": "mentor", "sees": ["plan"], **more}
    made = await world.change(KARIN, "PUT", case_id, f"/circle/{username}", json=wanted)
    return int(made["version"])


async def a_change(world: World, case_id: str) -> int:
    """Something else of the case; its version then."""
    made = await world.change(KARIN, "PUT", case_id, "/contact-rhythm", json={"days": 30})
    return int(made["version"])


async def cases_told(stream: Stream, until: str) -> list[tuple[str, int]]:
    """Ids and versions of cases, up to the first of the case `until`."""
    told: list[tuple[str, int]] = []
    while not told or told[-1][0] != until:
        each = await stream.next()
        if each["event"] == "case":
            told.append((each["id"], each["version"]))
    return told


async def test_out_of_the_circle_nothing_more_is_told(world: World) -> None:
    """Unassigned while listening: the next change of the case is not told, others still are."""
    first, other = await in_planning(world), await in_planning(world)
    async with listening(world, IDRIS) as stream:
        inside = await let_in(world, first)
        changed = await a_change(world, first)
        assert await cases_told(stream, first) == [(first, inside)]
        assert await cases_told(stream, first) == [(first, changed)]
        await world.change(KARIN, "DELETE", first, f"/circle/{IDRIS}")
        await a_change(world, first)
        last = await let_in(world, other)
        assert await cases_told(stream, other) == [(other, last)]
    async with listening(world, KARIN) as lead:
        told = [await a_change(world, first), await a_change(world, other)]
        assert await cases_told(lead, other) == [(first, told[0]), (other, told[1])]


async def test_who_comes_back_is_told_what_is_theirs_now(world: World) -> None:
    """What happened meanwhile is told of the cases that one sees now, recorded in one entry."""
    left, kept, also = [await in_planning(world) for _ in range(3)]
    start = await world.house.stores.changes._following.here()
    await let_in(world, left)
    versions = [(each, await let_in(world, each)) for each in (kept, also)]
    await world.change(KARIN, "DELETE", left, f"/circle/{IDRIS}")
    async with listening(world, IDRIS, start) as stream:
        assert await cases_told(stream, also) == versions
    assert await world.audited(left, rule="follow-own") == []
    [entry] = await world.audited(kept, rule="follow-own")
    assert (entry["subjects"], entry["fields"]) == (sorted([kept, also]), ["overview"])
    assert (entry["actor"], entry["allowed"]) == (f"sub-{IDRIS}", True)


async def test_a_yes_of_the_policy_grows_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two changes that are told together, access may end: it is asked again."""
    monkeypatch.setattr(follow_changes, "FRESH", 0.0)
    by = Actor(kind="staff", id=IDRIS, roles=frozenset({"mentor"}), username=IDRIS)
    case_id, other = await in_planning(world), await in_planning(world)
    start = await world.house.stores.changes._following.here()
    await let_in(world, case_id)
    await a_change(world, case_id)
    await let_in(world, other)
    follow = follow_changes.FollowChanges(world.house.stores.changes, world.house.disclosing)
    told = (each async for each in follow(start, by=by) if each.kind == "case")
    async with aclosing(told), asyncio.timeout(60):
        assert (await anext(told)).id == case_id
        await world.change(KARIN, "DELETE", case_id, f"/circle/{IDRIS}")
        assert (await anext(told)).id == other


async def test_a_protected_case_is_told_to_the_named_only(world: World) -> None:
    """Whoever stands around it and is not named hears nothing more of it."""
    hidden, other = await in_planning(world), await in_planning(world)
    for each in (hidden, other):
        await world.change(KARIN, "PUT", each, f"/circle/{TOVE}", json={"kind": "second"})
    async with listening(world, TOVE) as second, listening(world, KARIN) as lead:
        made = await world.change(KARIN, "PUT", hidden, "/protection", json={"named": [KARIN]})
        last = await a_change(world, other)
        assert await cases_told(second, other) == [(other, last)]
        assert await cases_told(lead, other) == [(hidden, made["version"]), (other, last)]


async def test_what_begins_to_wait_is_told(world: World) -> None:
    """A notice is told to whom it is for, by its own id; data protection hears of no case."""
    case_id = await world.a_case()
    async with listening(world, KARIN) as lead, listening(world, GRETA) as contact:
        wanted = {"reason": "threat-to-life", "text": "Larm.", "minutes": 30}
        await world.asks(TOVE, "POST", f"/v1/cases/{case_id}/break-glass", 201, json=wanted)
        heard = await contact.next()
        own = [await lead.next(), await lead.next()]
    ids = {row["for"]: row["_id"] for row in await world.rows("notices")}
    assert (heard["event"], heard["id"]) == ("notice", ids["data-protection"])
    assert {(each["event"], each["id"]) for each in own} == {
        ("case", case_id),
        ("notice", ids[KARIN]),
    }


async def test_without_the_audit_the_stream_ends(world: World, servers: RealServers) -> None:
    """What cannot be recorded is not told: the stream says why, ends, and resumes afterwards."""
    start = await world.house.stores.changes._following.here()
    case_id = await world.a_case()
    with audit_away(servers):
        async with listening(world, KARIN, start) as stream:
            said = await stream.next()
            assert (said["event"], "place" in said) == ("problem", False)
            assert said["type"].endswith("/audit-unavailable")
            with pytest.raises(AssertionError, match="the stream ended"):
                await stream.next()
    async with listening(world, KARIN, start) as stream:
        assert (await stream.next())["id"] == case_id
