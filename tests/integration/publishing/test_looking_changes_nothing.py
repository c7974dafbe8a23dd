"""Whoever only looks changes nothing: no scanner, no mail program, no prefetch, on any route."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from services.publishing.policy import PERMISSIONS
from tests.integration.publishing.subscribing import (
    a_list,
    known,
    leaving_link,
    opt_in_link,
    preference_link,
    sign_up,
    subscribed,
)
from tests.integration.publishing.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
BESIDE = {"entries", "idempotency", "audit_names"}
"""Collections that remember the asking itself, and who asked (decision 0034)."""
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}
MEANT: Mapping[str, str] = {"List-Unsubscribe": "One-Click", "press": "leave", "commit": "true"}
"""What a press says, in the query of a look."""


async def all_that_is_kept(world: World) -> dict[str, list[dict[str, Any]]]:
    names = await world.house.ground.database.list_collection_names()
    return {name: await world.rows(name) for name in sorted(set(names) - BESIDE)}


async def routes(world: World) -> list[tuple[str, str]]:
    """Every path with the methods that it has, filled in with what there is."""
    described = (await world.client.get("/openapi.json")).json()
    one = await known(world)
    there = {
        "subscriber": str(one.id),
        "list_id": "skolor",
        "letter_id": (await world.rows("letters"))[0]["_id"],
        "segment_id": (await world.rows("segments"))[0]["_id"],
    }

    def filled(found: re.Match[str]) -> str:
        return there.get(found[1], "0199c0de-0000-7000-8000-000000000001")

    return [
        (method.upper(), re.sub(r"\{(\w+)\}", filled, path))
        for path, methods in described["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete")
        # A stream never ends; it is read by its own tests.
        and not path.endswith(("/stream", "/changes", "/sse"))
    ]


async def a_full_house(world: World) -> tuple[str, str, str]:
    """A subscriber, a waiting one, a segment, a stop; the links that lead somewhere."""
    await a_list(world)
    one = await subscribed(world)
    await sign_up(world, email="waiting@skola.example")
    waiting = await known(world, "waiting@skola.example")
    wanted = {"name": "Alla", "segment": {"all": []}}
    await world.ask("POST", "/v1/segments", 201, by="editor", json=wanted)
    stop = {"email": "stop@skola.example", "cause": "complaint"}
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=stop)
    return opt_in_link(world, waiting), leaving_link(world, one.id), preference_link(world, one)


async def looked_at(world: World, path: str, headers: dict[str, str], methods: list[str]) -> int:
    """How many of the looks were answered with something."""
    said = {**headers, **PREFETCH, "If-Match": '"1"', "Idempotency-Key": "look"}
    seen = 0
    for method in methods:
        params = {**MEANT, "limit": "1"} if method != "OPTIONS" else {}
        answer = await world.client.request(method, path, headers=said, params=params)
        assert answer.status_code < 500, (method, path)
        seen += answer.status_code == 200
    return seen


def somebody_with(world: World, roles: list[str]) -> dict[str, str]:
    token = world.issuer.token(aud="publishing", sub="sub-all", roles=roles)
    return {"Authorization": f"Bearer {token}"}


ROLES = sorted({role for roles in PERMISSIONS.values() for role in roles})


async def test_no_look_at_any_route_changes_anything(world: World) -> None:
    """GET, HEAD and OPTIONS on every route, as nobody, and by each link as one who may do all.

    With a prefetch's headers, a version, a key, and in the query all that a press would say.
    """
    links = await a_full_house(world)
    paths = sorted({path for _, path in await routes(world)})
    assert len(paths) > 40
    all_roles = somebody_with(world, ROLES)
    before, seen = await all_that_is_kept(world), 0
    for path in paths:
        seen += await looked_at(world, path, {}, ["GET"])
        for link in links:
            seen += await looked_at(world, path, {**all_roles, "Link-Secret": link}, ["GET"])
        last = {**all_roles, "Link-Secret": links[-1]}
        seen += await looked_at(world, path, last, ["HEAD", "OPTIONS"])
    assert await all_that_is_kept(world) == before
    assert seen > 40, "something was looked at"


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_whoever_looks(world: World) -> None:
    """The same for every method, every link alone, and each role by itself."""
    links = await a_full_house(world)
    paths = sorted({path for _, path in await routes(world)})
    who = [
        {},
        *({"Link-Secret": link} for link in links),
        *(somebody_with(world, [role]) for role in ROLES),
    ]
    before = await all_that_is_kept(world)
    for path in paths:
        for headers in who:
            await looked_at(world, path, headers, ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"])
    assert await all_that_is_kept(world) == before


async def test_the_measure_itself_works(world: World) -> None:
    """Negative control: a press is seen as a change by what the test above compares."""
    links = await a_full_house(world)
    before = await all_that_is_kept(world)
    headers = {"Link-Secret": links[1]}
    pressed = await world.client.post(
        "/v1/my-place/leaving", headers=headers, data={"press": "leave"}
    )
    assert pressed.status_code == 200
    assert await all_that_is_kept(world) != before


async def test_every_route_that_changes_says_so_by_its_method(world: World) -> None:
    """There is no path whose GET answers and whose name is a deed."""
    await a_full_house(world)
    deeds = re.compile(r"/(leaving|confirmation|forgetting|verdict|publication|redaction)$")
    looked = [path for method, path in await routes(world) if method == "GET"]
    assert [path for path in looked if deeds.search(path)] == []
