"""Forgetting is real: nothing that names somebody stays, and a stop outlives them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.publishing.messaging.letters import bounces_of
from services.publishing.use_cases.forget_subscriber import ForgetSubscriber, ForgetWhoIsGone
from shared.privacy.vault import Forgotten
from tests.integration.publishing.subscribing import (
    ASA,
    TEST,
    a_list,
    by_link,
    known,
    leaving_link,
    preference_link,
    sign_up,
    subscribed,
)
from tests.integration.publishing.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def gone(world: World) -> ForgetWhoIsGone:
    forgettings = world.house.stores.forgettings
    forget = ForgetSubscriber(forgettings, world.house.ground.transact)
    return ForgetWhoIsGone(forgettings, forget, world.house.ground.clock)


async def everything(world: World) -> str:
    """All that stands in publishing's database, but for its events and indexes."""
    names = await world.house.ground.database.list_collection_names()
    return str({name: await world.rows(name) for name in sorted(names)})


async def test_nothing_that_names_them_stays(world: World) -> None:
    """Row, letters and key go; a copy of the row opens no more; the stop stays; links are kind."""
    await a_list(world)
    one = await subscribed(world)
    [copy] = await world.rows("subscribers")
    stop = {"email": ASA, "cause": "asked-never-again"}
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=stop)
    path = f"/v1/subscribers/{one.id}"
    headers = world.signed_in("data-protection")
    for _, status in (("first", 204), ("again", 404)):
        assert (await world.client.delete(path, headers=headers)).status_code == status
    assert await world.rows("subscribers") == []
    left = await everything(world)
    assert copy["blind"] in left, "the stop on the address outlives them"
    assert str(await world.rows("letters")) == "[]"
    assert await world.rows("forgettings") == []
    with pytest.raises(Forgotten):
        await world.house.ground.people.open(
            str(one.id), copy["cipher"], record=f"subscribers:{one.id}"
        )
    link = leaving_link(world, one.id)
    answer = await by_link(world, "POST", "/v1/my-place/leaving", link, data={"press": "leave"})
    assert answer["state"] == "left"
    readings = await world.ask("GET", f"/v1/audit/readers?subject={one.id}", by="auditor")
    assert "erasure" in [each["purpose"] for each in readings["items"]]


async def test_by_their_own_press(world: World) -> None:
    """The link to their preferences is enough; a look at it erases nothing; again is quiet."""
    await a_list(world)
    one = await subscribed(world)
    link = preference_link(world, one)
    path, headers = "/v1/my-preferences/forgetting", {"Link-Secret": link}
    await by_link(world, "GET", "/v1/my-preferences", link)
    assert (await world.client.get(path, headers=headers)).status_code == 405
    assert len(await world.rows("subscribers")) == 1
    for _ in range(2):
        assert (await world.client.post(path, headers=headers)).status_code == 204
    assert await world.rows("subscribers") == []
    await by_link(world, "GET", "/v1/my-preferences", link, 404)
    wrong = {"Link-Secret": leaving_link(world, one.id)}
    assert (await world.client.post(path, headers=wrong)).status_code == 404


async def test_they_can_come_back_as_anybody_can(world: World) -> None:
    """The same address later is somebody new, with a key of its own."""
    await a_list(world)
    one = await subscribed(world)
    await gone(world).forget(one.id)
    again = await subscribed(world)
    assert again.id != one.id
    assert again.confirmed == ("skolor",)


@pytest.mark.parametrize("role", ["editor", "coordinator", "operator", "auditor"])
async def test_only_data_protection_forgets(world: World, role: str) -> None:
    """Nobody else does it for somebody."""
    await a_list(world)
    one = await subscribed(world)
    headers = world.signed_in(role)
    answer = await world.client.delete(f"/v1/subscribers/{one.id}", headers=headers)
    assert answer.status_code == 403
    assert len(await world.rows("subscribers")) == 1


async def test_time_forgets_who_did_not_want_it(world: World) -> None:
    """Unconfirmed after a week, left everything a year ago; nobody who gets something."""
    await a_list(world)
    await a_list(world, "unga")
    reader = await subscribed(world, "skolor", "unga", email="reader@skola.example")
    leaver = await subscribed(world, email="leaver@skola.example")
    await sign_up(world, email="never@skola.example")
    for one in (reader, leaver):
        link = leaving_link(world, one.id)
        await by_link(world, "POST", "/v1/my-place/leaving", link, data={"press": "leave"})
    world.clock.advance(timedelta(days=6, hours=23))
    assert await gone(world)() == 0
    world.clock.advance(timedelta(hours=2))
    assert await gone(world)() == 1
    with pytest.raises(AssertionError):
        await known(world, "never@skola.example")
    world.clock.advance(timedelta(days=357))
    assert await gone(world)() == 0
    world.clock.advance(timedelta(days=2))
    assert await gone(world)() == 1
    assert await gone(world)() == 0
    assert (await known(world, "reader@skola.example")).confirmed == ("unga",)


async def test_who_comes_back_in_time_is_kept(world: World) -> None:
    """Signing up again in the very moment of being forgotten wins, or is somebody new."""
    await a_list(world)
    await sign_up(world)
    one = await known(world)
    world.clock.advance(timedelta(days=8))
    await sign_up(world)
    forget = gone(world).forget
    await forget(one.id, world.clock.now())
    assert (await known(world)).id == one.id
    assert await world.rows("forgettings") == []


async def test_what_broke_off_is_ended(world: World) -> None:
    """Killed between the row and the key: the next look ends it."""
    await a_list(world)
    one = await subscribed(world)
    people, forgettings = world.house.ground.people, world.house.stores.forgettings
    await world.in_transaction(lambda session: forgettings.begin(session, one.id))
    assert await people.forgotten([str(one.id)]) == frozenset()
    await gone(world)()
    assert await people.forgotten([str(one.id)]) == {str(one.id)}
    assert await world.rows("forgettings") == []
    assert not await bounces_of(world.house)(one.id, "hard", world.clock.now())
    assert await world.house.stores.subscribers.find(one.id, by=TEST) is None
