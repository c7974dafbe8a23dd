"""Publications and printed copies of these tests, made through the API."""

from __future__ import annotations

from typing import Any

from tests.integration.publishing.world import World

SLUG = "att-vaga-fraga"
SV = {
    "title": "Att våga fråga",
    "summary": "Till dig som möter unga.",
    "markdown": "# Att lyssna\n\nEtt **samtal** om oro.\n\n# Sedan\n\nRing oss.",
}
EN = {
    "title": "Daring to ask",
    "summary": "For you who meet young people.",
    "markdown": "# Listening\n\nA conversation.",
}
CONTACT = {
    "name": "Åsa Exempel",
    "email": "asa@bergaskolan.example",
    "phone": "040-12 34 56",
    "address": "Skolgatan 1\n211 00 Malmö",
}


def etag(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


async def added(world: World, id_: str = SLUG, kind: str = "brochure") -> dict[str, Any]:
    wanted = {"id": id_, "kind": kind}
    made = await world.ask("POST", "/v1/publications", 201, by="editor", json=wanted)
    return dict(made)


async def drafted(
    world: World,
    texts: dict[str, Any],
    pictures: dict[str, str] | None = None,
    *,
    id_: str = SLUG,
    status: int = 200,
) -> Any:
    now = await world.ask("GET", f"/v1/publications/{id_}", by="editor")
    return await world.ask(
        "PUT",
        f"/v1/publications/{id_}/draft",
        status,
        by="editor",
        json={"texts": texts, "pictures": pictures or {}},
        headers=etag(now["version"]),
    )


async def released(
    world: World,
    edition: str = "1.0.0",
    changes: dict[str, str] | None = None,
    *,
    id_: str = SLUG,
    status: int = 201,
) -> Any:
    now = await world.ask("GET", f"/v1/publications/{id_}", by="editor")
    return await world.ask(
        "POST",
        f"/v1/publications/{id_}/editions",
        status,
        by="editor",
        json={"edition": edition, "changes": changes or {}},
        headers=etag(now["version"]),
    )


async def brochure(world: World) -> None:
    """`att-vaga-fraga` in Swedish and English, as edition 1.0.0."""
    await added(world)
    await drafted(world, {"sv": SV, "en": EN})
    await released(world)


async def stocked(world: World, copies: int = 100, limit: int = 60) -> dict[str, Any]:
    """Copies of the brochure in Swedish."""
    wanted = {"publication": SLUG, "language": "sv", "edition": "1.0.0", "copies": copies}
    shelf = await world.ask("POST", "/v1/print-items", 201, json=wanted)
    changed = await world.ask(
        "PATCH",
        f"/v1/print-items/{SLUG}/sv",
        json={"limit": limit},
        headers=etag(shelf["version"]),
    )
    return dict(changed)


def wish(copies: int = 30, school: str = "Bergaskolan", **more: Any) -> dict[str, Any]:
    return {
        "publication": SLUG,
        "language": "sv",
        "copies": copies,
        "school": school,
        "municipality": "Malmö",
        "contact": CONTACT,
        **more,
    }


async def ordered(world: World, status: int = 201, key: str | None = None, **more: Any) -> Any:
    """A school orders, without any account."""
    headers = {"Idempotency-Key": key} if key else {}
    answer = await world.client.post("/v1/print-orders", json=wish(**more), headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()
