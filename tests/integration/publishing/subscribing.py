"""The words of subscribing, as its tests say them."""

from __future__ import annotations

import uuid
from typing import Any

from services.publishing.domain.links import (
    OptIn,
    Place,
    key_of,
    opt_in_token,
    preference_token,
    unsubscribe_token,
)
from services.publishing.domain.subscriber import Subscriber
from shared.kernel.actor import housekeeping
from tests.integration.publishing.world import World

TEST = housekeeping("test")
ASA = "asa.oberg@skola.example"
SAID: dict[str, Any] = {
    "names": {"sv": "Nyheter för skolor", "en": "News for schools"},
    "about": {"sv": "En gång i månaden."},
    "consent": {"sv": "Ja, skicka nyhetsbrevet till mig."},
}


async def a_list(world: World, list_id: str = "skolor", **more: Any) -> Any:
    wanted = {"id": list_id, **SAID, **more}
    return await world.ask("POST", "/v1/lists", 201, by="editor", json=wanted)


async def sign_up(world: World, *lists: str, email: str = ASA, status: int = 202) -> Any:
    wanted = {"email": email, "lists": list(lists) or ["skolor"], "name": "Åsa Öberg"}
    answer = await world.client.post("/v1/sign-ups", json=wanted)
    assert answer.status_code == status, answer.text
    return answer.json()


async def known(world: World, email: str = ASA) -> Subscriber:
    """Whoever has the address."""
    from services.publishing.domain.address import address

    stores = world.house.stores
    found = await stores.subscribers.at(stores.fingerprints.of(address(email)), by=TEST)
    assert found is not None
    return found


async def letters(world: World) -> list[dict[str, Any]]:
    return await world.rows("letters")


def opt_in_link(world: World, one: Subscriber, list_id: str = "skolor", asking: int = 1) -> str:
    return opt_in_token(world.house.stamps, OptIn(Place(one.id, key_of(list_id)), asking))


def leaving_link(world: World, one: uuid.UUID, list_id: str = "skolor") -> str:
    return unsubscribe_token(world.house.stamps, Place(one, key_of(list_id)))


def preference_link(world: World, one: Subscriber) -> str:
    return preference_token(world.house.stamps, one.id)


def spoiled(link: str) -> str:
    """The link with one character that is another for certain."""
    return link[:-1] + ("A" if link[-1] != "A" else "Q")


async def by_link(
    world: World, method: str, path: str, link: str, status: int = 200, **more: Any
) -> Any:
    """A request by whoever holds a link."""
    headers = {"Link-Secret": link, **more.pop("headers", {})}
    answer = await world.client.request(method, path, headers=headers, **more)
    assert answer.status_code == status, answer.text
    return answer.json()


async def subscribed(world: World, *lists: str, email: str = ASA) -> Subscriber:
    """Asked for and confirmed."""
    await sign_up(world, *lists, email=email)
    one = await known(world, email)
    first = min(lists or ("skolor",))
    link = opt_in_link(world, one, first, one.on[first].asking)
    await by_link(world, "POST", "/v1/my-opt-in/confirmation", link)
    return await known(world, email)
