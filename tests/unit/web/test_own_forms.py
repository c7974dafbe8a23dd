"""Forms as anybody may send them: read, or refused as none."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.types import Message

from services.web.own_forms import UnreadableForm, fields_of

FORM = 'form-data; name="press"'


def sent(body: bytes) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    kind = b"multipart/form-data; boundary=x"
    return Request(
        {"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}, receive
    )


def part(disposition: str, more: str = "") -> bytes:
    return f"--x\r\nContent-Disposition: {disposition}\r\n{more}\r\nleave\r\n--x--\r\n".encode()


@pytest.mark.asyncio
async def test_a_part_is_a_field() -> None:
    """As mail programs send their one press (RFC 8058)."""
    assert (await fields_of(sent(part(FORM)))).get("press") == "leave"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [
        part("form-data; name=" + "(" * 3000),
        part(FORM, "Content-Transfer-Encoding: " + "(" * 3000 + "\r\n"),
        b"",
    ],
    ids=["brackets", "encoding", "nothing"],
)
async def test_what_no_browser_sends_is_no_form(body: bytes) -> None:
    """Brackets in brackets without end are refused like any other nonsense."""
    with pytest.raises(UnreadableForm):
        await fields_of(sent(body))
