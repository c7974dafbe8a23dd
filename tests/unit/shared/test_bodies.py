"""Bodies that are too large, too deep or unreadable are refused before anything parses them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from shared.web.body_guard import DEEPEST, MIB, depth_of
from tests.unit.shared.sample_api import client_of, sample_app

JSON = {"content-type": "application/json"}
GOOD = json.dumps({"party": {"kind": "group", "pupils": 9}, "contact": "Åsa"}).encode()
app = sample_app()


def kind(answer: Any) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[1]


async def post(path: str, content: Any, headers: dict[str, str] = JSON) -> Any:
    async with client_of(app) as client:
        return await client.post(path, content=content, headers=headers)


async def pieces(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a":' * 100_000, "nested-too-deep"),
        (b"[" * 1_000_000, "nested-too-deep"),
        (b"[" * 33 + b"]" * 33, "nested-too-deep"),
        (b"[{" * 500, "nested-too-deep"),
        (b'"\\' + b'"\\' * 300_000, "not-json"),
        (b'{"a":"\xff\xfe"}', "not-json"),
        ("{}".encode("utf-16"), "not-json"),
        (b"{", "not-json"),
        (b'{"a":"\\ud83d"}', "not-json"),
        (b'{"a":"\\ud83d\\ud83d\\ude00"}', "not-json"),
        (b'{"a":"\\ude00\\ud83d"}', "not-json"),
        ("{}".encode("utf-16-le"), "not-json"),
        (b"\xef\xbb\xbf{}", "validation-failed"),
        (b'{"party": ' + b"9" * 5000 + b"}", "bad-request"),
        (b'{"contact": "\\ud83d\\ude00", "party": null}', "validation-failed"),
        (b'{"contact": "\\\\ud83d", "party": null}', "validation-failed"),
        (b"NaN", "validation-failed"),
        (b"", "validation-failed"),
    ],
)
async def test_bombs_and_rubbish(body: bytes, said: str) -> None:
    """Nesting bombs, other encodings and broken JSON get a clear problem, never a 500."""
    answer = await post("/v1/bookings", body)
    assert (answer.status_code, kind(answer)) == (422 if said[0] == "v" else 400, said)


async def test_a_wrong_content_type_is_named() -> None:
    """JSON sent as something else is a 415, also without any content type."""
    assert (await post("/v1/bookings", GOOD)).status_code == 201
    for wrong in ({"content-type": "text/plain"}, {"content-type": "application/xml"}, {}):
        answer = await post("/v1/bookings", GOOD, wrong)
        assert (answer.status_code, kind(answer)) == (415, "unsupported-media-type")


@pytest.mark.parametrize("headers", [JSON, {"content-type": "text/csv"}])
async def test_too_large_is_refused_announced_or_not(headers: dict[str, str]) -> None:
    """One byte over 1 MiB is a 413, with a length in the header and in chunks without one."""
    path = "/v1/bookings"
    assert kind(await post(path, b"x" * (MIB + 1), headers)) == "body-too-large"
    assert kind(await post(path, pieces(11, MIB // 10), headers)) == "body-too-large"
    assert kind(await post(path, b"x" * MIB, headers)) != "body-too-large"


async def test_a_route_may_take_more() -> None:
    """The route that says so takes its own limit, streamed, and not a byte more."""
    csv = {"content-type": "text/csv"}
    assert (await post("/v1/imports", b"x" * 2 * MIB, csv)).json() == {"bytes": 2 * MIB}
    assert kind(await post("/v1/imports", b"x" * (2 * MIB + 1), csv)) == "body-too-large"
    assert kind(await post("/v1/imports", pieces(21, MIB // 10), csv)) == "body-too-large"


@pytest.mark.parametrize(
    ("path", "sort"), [("bookings", b"application/json"), ("imports", b"text/csv")]
)
async def test_who_leaves_in_the_middle_has_asked_for_nothing(path: str, sort: bytes) -> None:
    """A body that breaks off is not taken for a whole one, nor is leaving told as our fault."""
    come: list[Message] = [
        {"type": "http.request", "body": GOOD, "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return come.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": f"/v1/{path}", "query_string": b""}
    await app({**scope, "headers": [(b"content-type", sort)]}, receive, send)
    assert answered == []


nested = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=60,
)


def true_depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return 0
    return 1 + max((true_depth(child) for child in children), default=0)


@given(nested, st.integers(0, 6))
def test_depth_is_counted_right(value: Any, deepest: int) -> None:
    """Brackets inside of texts do not count; real ones do, up to just beyond the limit."""
    counted = depth_of(json.dumps(value).encode(), deepest)
    depth = true_depth(value)
    assert (counted > deepest) == (depth > deepest)


def test_the_parser_would_have_fallen() -> None:
    """Without the guard a bomb of this size breaks the parser of the standard library."""
    with pytest.raises(RecursionError):
        json.loads(b"[" * 100_000 + b"]" * 100_000)
    assert depth_of(b"[" * 100_000) > DEEPEST
