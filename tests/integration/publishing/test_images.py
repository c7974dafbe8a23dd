"""Images for newsletters: added by editors, seen by everybody, bare of where they were taken."""

from __future__ import annotations

import pytest

from tests.integration.publishing.world import World
from tests.integration.publishing.writing import a_list
from tests.unit.publishing.test_images import chunk, exif, jpeg, png

pytestmark = pytest.mark.asyncio(loop_scope="session")
PNG = png()


async def test_an_image_is_kept_bare(world: World) -> None:
    """The same image is one; what a camera wrote into it is not given to anybody."""
    first = await world.ask("POST", "/v1/images", 201, by="editor", content=PNG)
    noted = png(chunk(b"tEXt", b"Plats\x0055.6 N"))
    assert first == await world.ask("POST", "/v1/images", 201, by="editor", content=noted)
    photo = await world.ask(
        "POST", "/v1/images", 201, by="editor", content=jpeg(exif(6, b"55.6 N"))
    )
    seen = await world.client.get(f"/v1/images/{photo['id']}")
    assert seen.headers["content-type"] == "image/jpeg"
    assert "immutable" in seen.headers["cache-control"]
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert b"55.6" not in seen.content
    assert (await world.client.get("/v1/images/ingen")).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"", 422, "not-an-image"),
        (b"<svg onload='alert(1)'/>", 422, "not-an-image"),
        (PNG[:-4], 422, "not-an-image"),
        (png(width=9000), 413, "image-too-large"),
        (b"\x89PNG" + b"\0" * (2 * 1024 * 1024), 413, "image-too-large"),
        (b"\x89PNG" + b"\0" * (4 * 1024 * 1024), 413, "body-too-large"),
    ],
)
async def test_what_is_no_image_is_refused(
    world: World, content: bytes, status: int, kind: str
) -> None:
    """Other files, broken ones and enormous ones."""
    no = await world.ask("POST", "/v1/images", status, by="editor", content=content)
    assert no["type"].endswith(kind)


async def test_an_image_in_a_newsletter_is_one_of_ours(world: World) -> None:
    """One that was not uploaded is an error at its line; one that was is a link in the mail."""
    await a_list(world)
    kept = await world.ask("POST", "/v1/images", 201, by="editor", content=PNG)
    block = "Hej\n\n::: bild\nid: {id}\nalt: Två unga vid ett bord\n:::\n"
    body = {"list_id": "skolor", "language": "sv", "subject": "Hej"}
    unknown = {**body, "markdown": block.format(id="finns-inte")}
    seen = await world.ask("POST", "/v1/previews", by="editor", json=unknown)
    assert [(each["kind"], each["line"]) for each in seen["findings"]] == [("image-not-known", 3)]
    seen = await world.ask(
        "POST", "/v1/previews", by="editor", json={**body, "markdown": block.format(id=kept["id"])}
    )
    assert f'/bilder/{kept["id"]}">Två unga vid ett bord</a>' in seen["html"]
    assert "<img" not in seen["html"]
