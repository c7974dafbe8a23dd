"""Style and scripts go compressed to whoever takes that, and are the same."""

from __future__ import annotations

import httpx
from fastapi import FastAPI

from services.web import static_files
from services.web.pages import STATIC, versioned


async def test_a_style_goes_compressed_to_whoever_takes_that() -> None:
    """The same bytes, a quarter of them on the wire; whoever takes no gzip gets the file itself."""
    app = FastAPI()
    app.include_router(static_files.routes())
    door = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=door, base_url="http://web") as browser:
        packed = await browser.get(versioned("staff.css"))
        plain = await browser.get(versioned("staff.css"), headers={"Accept-Encoding": "identity"})
    whole = (STATIC / "staff.css").read_bytes()
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(whole) / 3
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == whole
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-type"].startswith("text/css")
