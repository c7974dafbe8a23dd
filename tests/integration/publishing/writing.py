"""Lists and newsletters for tests, written over HTTP as editors do."""

from __future__ import annotations

from typing import Any

from services.publishing.domain.newsletter_list import Said, new_list
from shared.contracts.booking import OccasionFacts, OccasionPublished
from shared.kernel.actor import housekeeping
from tests.integration.publishing.world import World

BY = housekeeping("test")
SV = {"subject": "Hej {{name|du}}", "markdown": "# Hej {{name|du}}!\n\nVi ses på *Garaget*.\n"}
EN = {"subject": "Hello", "markdown": "# Hello {{name|there}}!\n\nSee you.\n"}
AR = {"subject": "مرحبا", "markdown": "# مرحبا {{name|صديقي}}\n\nأهلا وسهلا بكم في مركزنا.\n"}


async def a_list(world: World, list_id: str = "skolor", *, is_open: bool = True) -> str:
    """A list that can be written to."""
    words = {"sv": "Nyheter för skolor", "en": "News for schools"}
    made = new_list(list_id, Said(words, words, words, is_open))
    await world.in_transaction(lambda session: world.house.stores.lists.save(session, made, by=BY))
    return list_id


async def a_newsletter(
    world: World, texts: dict[str, dict[str, str]] | None = None, list_id: str = "skolor"
) -> dict[str, Any]:
    """A draft with these words."""
    made: dict[str, Any] = await world.ask(
        "POST", "/v1/newsletters", 201, by="editor", json={"list_id": list_id}
    )
    for language, text in ({"sv": SV} if texts is None else texts).items():
        made = await change(world, made, "PUT", f"/texts/{language}", json=text)
    return made


async def change(
    world: World, known: dict[str, Any], method: str, what: str, status: int = 200, **more: Any
) -> dict[str, Any]:
    """Change a newsletter as it was last seen."""
    headers = {"If-Match": f'"{known["version"]}"'}
    path = f"/v1/newsletters/{known['id']}{what}"
    found: dict[str, Any] = await world.ask(
        method, path, status, by="editor", headers=headers, **more
    )
    return found


async def publish(world: World, newsletter_id: str) -> Any:
    """What a mailing that starts does; the words that it sends."""
    now = world.clock.now()
    return await world.in_transaction(
        lambda session: world.house.publish(session, newsletter_id, now, by=BY)
    )


def occasion(world: World, number: int, days: float = 3, **other: Any) -> OccasionPublished:
    """What booking tells."""
    from datetime import timedelta

    starts = world.clock.now() + timedelta(days=days)
    facts = {
        "occasion_id": f"o{number}",
        "title": f"Källkritik {number}",
        "kind": "workshop",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "zone": "Europe/Stockholm",
        "room": "Stora salen",
        **other,
    }
    return OccasionPublished(
        activity_id="a1",
        occasion=OccasionFacts.model_validate(facts),
        target_group="",
        capacity=20,
    )
