"""What staff do with lists, segments and subscribers, over HTTP on the real database."""

from __future__ import annotations

from typing import Any

import pytest

from services.publishing.storage.subscriber_documents import key
from tests.integration.publishing.people import People, somebody
from tests.integration.publishing.subscribing import (
    ASA,
    SAID,
    a_list,
    known,
    letters,
    subscribed,
)
from tests.integration.publishing.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
MALMO = {"is": "municipality", "values": ["Malmö"]}


async def many(world: World, count: int, first: int = 0, **more: Any) -> None:
    people = People(world.house.stores.subscribers, world.house.ground.database)
    await people.are((somebody("skolor", **more) for _ in range(count)), first)


async def test_words_that_were_agreed_to_stay(world: World) -> None:
    """Another consent text is a new version; the receipts name the one that was shown."""
    made = await a_list(world)
    assert (made["consent_version"], made["version"]) == ("skolor-1", 1)
    one = await subscribed(world)
    wanted = {**SAID, "consent": {"sv": "Ja tack, gärna."}}
    seen = {"If-Match": '"1"'}
    path = "/v1/lists/skolor"
    await world.ask("PUT", path, 428, by="editor", json=wanted)
    changed = await world.ask("PUT", path, by="editor", json=wanted, headers=seen)
    assert (changed["consent_version"], changed["version"]) == ("skolor-2", 2)
    await world.ask("PUT", path, 412, by="editor", json=wanted, headers=seen)
    [row] = await world.rows("lists")
    assert [each["words"]["sv"] for each in row["texts"]] == [
        "Ja, skicka nyhetsbrevet till mig.",
        "Ja tack, gärna.",
    ]
    told = await world.ask("GET", f"/v1/subscribers/{one.id}", by="editor")
    assert told["subscriptions"][0]["text_version"] == "skolor-1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Ö"},
        {"id": "två ord"},
        {"id": "a--b"},
        {"names": {"en": "Only English"}},
        {"names": {"sv": " "}},
        {"consent": {}},
        {"names": {"sv": "x" * 81}},
        {"about": {"inte ett språk": "x"}},
        {"is_open": "ja"},
    ],
)
async def test_a_list_has_its_words(world: World, wrong: dict[str, Any]) -> None:
    """An id that can stand in an address, and words in Swedish at least; else nothing is made."""
    wanted = {"id": "skolor", **SAID, **wrong}
    problem = await world.ask("POST", "/v1/lists", 422, by="editor", json=wanted)
    assert "type" in problem
    assert await world.rows("lists") == []


async def test_there_is_one_list_of_each_name(world: World) -> None:
    """A second one is refused; a closed one is in no form and takes no sign-ups."""
    await a_list(world)
    again = {"id": "skolor", **SAID}
    problem = await world.ask("POST", "/v1/lists", 409, by="editor", json=again)
    assert problem["type"].endswith("list-exists")
    await a_list(world, "stangd", is_open=False)
    shown = (await world.client.get("/v1/open-lists")).json()["items"]
    assert [each["id"] for each in shown] == ["skolor"]
    wanted = {"email": ASA, "lists": ["stangd"]}
    assert (await world.client.post("/v1/sign-ups", json=wanted)).status_code == 422


async def test_a_segment_is_saved_and_counted(world: World) -> None:
    """What is asked is kept, changed on the version that was seen, and asked anew each time."""
    await a_list(world)
    wanted = {"name": " Lärare i  Malmö ", "segment": MALMO}
    made = await world.ask("POST", "/v1/segments", 201, by="editor", json=wanted)
    assert made["name"] == "Lärare i Malmö"
    path = f"/v1/segments/{made['id']}"
    assert await world.ask("GET", path, by="editor") == made
    await many(world, 7, municipality="Malmö")
    await many(world, 4, 7, municipality="Lund")
    asked = {"list_id": "skolor", "segment": MALMO}
    assert await world.ask("POST", "/v1/segment-counts", by="editor", json=asked) == {"count": 7}
    few = {"list_id": "skolor", "segment": {"not": MALMO}}
    assert await world.ask("POST", "/v1/segment-counts", by="editor", json=few) == {"count": None}
    nobody = {"list_id": "skolor", "segment": {"any": []}}
    assert await world.ask("POST", "/v1/segment-counts", by="editor", json=nobody) == {"count": 0}
    seen = {"If-Match": '"1"'}
    other = {"name": "Alla andra", "segment": {"not": MALMO}}
    changed = await world.ask("PUT", path, by="editor", json=other, headers=seen)
    assert (changed["segment"], changed["version"]) == ({"not": MALMO}, 2)
    await world.ask("PUT", path, 412, by="editor", json=other, headers=seen)
    gone = await world.client.delete(path, headers={**world.signed_in("editor"), "If-Match": '"2"'})
    assert gone.status_code == 204
    await world.ask("GET", path, 404, by="editor")


@pytest.mark.parametrize(
    "segment",
    [{}, {"is": "address", "values": ["a@b.se"]}, {"is": "tag"}, {"since": "i går"}, {"not": []}],
)
async def test_a_question_that_cannot_be_understood(world: World, segment: Any) -> None:
    """No address can be asked for, and nothing that was sent comes back."""
    await a_list(world)
    wanted = {"name": "x", "segment": segment}
    problem = await world.ask("POST", "/v1/segments", 422, by="editor", json=wanted)
    assert "a@b.se" not in str(problem)


async def test_an_address_is_shown_with_a_trace(world: World) -> None:
    """Who read it, whose and why is in the audit before the address is in the answer."""
    await a_list(world)
    one = await subscribed(world)
    shown = await world.ask("GET", f"/v1/subscribers/{one.id}/address", by="editor")
    assert (shown["email"], shown["name"]) == (ASA, "Åsa Öberg")
    found = await world.ask("POST", "/v1/subscriber-searches", by="editor", json={"email": ASA})
    assert found["id"] == str(one.id)
    assert "skola.example" not in str(found)
    readings = await world.ask("GET", f"/v1/audit/readers?subject={one.id}", by="auditor")
    assert [each["fields"] for each in readings["items"]] == [
        ["subscriptions"],
        ["address", "name"],
    ]


async def test_lists_of_subscribers_show_no_address(world: World) -> None:
    """By list and state; an id, and how it stands."""
    await a_list(world)
    one = await subscribed(world)
    page = await world.ask("GET", "/v1/subscribers?list=skolor", by="editor")
    assert [each["id"] for each in page["items"]] == [str(one.id)]
    assert "Åsa" not in str(page)
    waiting = await world.ask("GET", "/v1/subscribers?list=skolor&state=pending", by="editor")
    assert waiting["total"] == 0


async def test_staff_ask_and_never_agree(world: World) -> None:
    """Whoever is on a paper list gets a letter too; who says no on the phone is off at once."""
    await a_list(world)
    wanted = {"email": ASA, "lists": ["skolor"], "source": "paper-list"}
    await world.ask("POST", "/v1/subscribers", 202, by="editor", json=wanted)
    one = await known(world)
    assert (one.confirmed, one.on["skolor"].asked.source) == ((), "paper-list")
    assert len(await letters(world)) == 1
    path = f"/v1/subscribers/{one.id}/lists/skolor"
    await world.ask("DELETE", path, 428, by="editor")
    left = await world.ask("DELETE", path, by="editor", headers={"If-Match": '"1"'})
    assert (left["subscriptions"][0]["state"], left["subscriptions"][0]["left_by"]) == (
        "left",
        "staff",
    )
    await world.ask("DELETE", path, 412, by="editor", headers={"If-Match": '"1"'})


async def test_stopped_addresses_are_counted_never_listed(world: World) -> None:
    """One to four are not told; and there is no address in the database to list."""
    for number in range(6):
        stop = {"email": f"n{number}@skola.example", "cause": "asked-never-again"}
        await world.ask("POST", "/v1/suppressions", 201, by="editor", json=stop)
    stop = {"email": "n1@skola.example", "cause": "complaint"}
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=stop)
    counts = await world.ask("GET", "/v1/suppressions", by="editor")
    assert counts == {"asked-never-again": 6, "complaint": None, "dead-address": 0}
    assert "skola" not in str(await world.rows("suppressions"))


@pytest.mark.parametrize("role", ["coordinator", "operator", "auditor", "facilitator"])
async def test_only_editors_see_addresses(world: World, role: str) -> None:
    """Nobody else, whoever they are; and nothing is changed by trying."""
    await a_list(world)
    one = await subscribed(world)
    before = await world.rows("subscribers", _id=key(one.id))
    for method, path, body in (
        ("GET", f"/v1/subscribers/{one.id}/address", None),
        ("POST", "/v1/subscriber-searches", {"email": ASA}),
        ("POST", "/v1/subscribers", {"email": ASA, "lists": ["skolor"]}),
        ("POST", "/v1/suppressions", {"email": ASA, "cause": "complaint"}),
        ("DELETE", f"/v1/subscribers/{one.id}/lists/skolor", None),
        ("POST", "/v1/segments", {"name": "x", "segment": MALMO}),
    ):
        await world.ask(method, path, 403, by=role, json=body, headers={"If-Match": '"2"'})
    assert await world.rows("subscribers", _id=key(one.id)) == before
