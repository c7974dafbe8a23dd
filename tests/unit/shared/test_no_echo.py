"""Nothing that was sent comes back in an error, wherever in the request it stood."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.web.problems import MEDIA_TYPE
from tests.unit.shared.sample_api import NewBooking, client_of, sample_app

MARK = "Zq7vXk"
PLACES = (
    "path",
    "query-name",
    "query-value",
    "header",
    "link",
    "token",
    "idempotency",
    "if-match",
    "accept-language",
    "content-type",
    "traceparent",
    "body-name",
    "body-value",
    "body-key",
    "body-tag",
    "broken-json",
)
ROUTES = (
    ("GET", "/v1/bookings"),
    ("POST", "/v1/bookings"),
    ("GET", "/v1/bookings/{}"),
    ("PATCH", "/v1/bookings/{}"),
    ("DELETE", "/v1/bookings/{}"),
    ("GET", "/v1/my-booking"),
    ("POST", "/v1/full"),
    ("POST", "/v1/forms"),
    ("GET", "/v1/broken"),
    ("GET", "/v1/{}"),
    ("PUT", "/v1/bookings"),
    ("OPTIONS", "/v1/bookings"),
)
wrong_values: st.SearchStrategy[Any] = st.sampled_from(
    [f"{MARK} text", f"{MARK}@example.com".upper(), [MARK], {MARK: 1}, {"kind": MARK}, None]
)


def wrong_request(method: str, template: str, places: set[str], value: Any) -> httpx.Request:
    headers = {"content-type": "application/json"}
    named = {
        "header": "x-something",
        "link": "link-secret",
        "idempotency": "idempotency-key",
        "if-match": "if-match",
        "accept-language": "accept-language",
        "traceparent": "traceparent",
    }
    headers |= {name: f"{MARK} {MARK}" for place, name in named.items() if place in places}
    if "token" in places:
        headers["authorization"] = f"Bearer {MARK}.{MARK}.{MARK}"
    if "content-type" in places:
        headers["content-type"] = f"text/{MARK}"
    query = {}
    if "query-name" in places:
        query[MARK] = "1"
    if "query-value" in places:
        query |= {"limit": MARK, "offset": f"{MARK}-1"}
    path = template.format(MARK if "path" in places else "1")
    return httpx.Request(
        method,
        f"http://rim{path}",
        params=query,
        headers=headers,
        content=None if method in ("GET", "OPTIONS") else wrong_body(places, value),
    )


def wrong_body(places: set[str], value: Any) -> bytes:
    body: dict[str, Any] = {"party": {"kind": "group", "pupils": 99}, "contact": "X" * 50}
    if "body-name" in places:
        body[MARK] = body["party"][MARK] = 1
    if "body-value" in places:
        body |= {"contact": value, "party": {"kind": "group", "pupils": value}}
    if "body-key" in places:
        body["tags"] = {MARK: MARK, f"{MARK}2": [1]}
    if "body-tag" in places:
        body["party"] = {"kind": MARK}
    text = json.dumps(body)
    return (text[:-1] + MARK if "broken-json" in places else text).encode()


def assert_silent(answer: httpx.Response) -> None:
    assert answer.status_code >= 400
    assert answer.headers["content-type"] == MEDIA_TYPE
    told = answer.text + json.dumps(dict(answer.headers))
    assert MARK.lower() not in told.lower()
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert {"type", "title", "status", "detail", "instance"} <= problem.keys()


app = sample_app(anonymous_burst=1_000_000)


@given(
    st.sampled_from(ROUTES),
    st.sets(st.sampled_from(PLACES), min_size=1),
    wrong_values,
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
async def test_errors_repeat_nothing(route: tuple[str, str], places: set[str], value: Any) -> None:
    """A mark planted anywhere in a request is in no body and no header of the refusal."""
    request = wrong_request(*route, places, value)
    async with client_of(app) as client:
        answer = await client.send(request)
    if answer.status_code >= 400:
        assert_silent(answer)
    else:
        assert route[1] in ("/v1/bookings/{}", "/v1/my-booking"), "only changes may succeed here"


@pytest.mark.parametrize("place", PLACES)
async def test_every_place_is_really_tried(place: str) -> None:
    """The mark does get into the request at each of the places."""
    seen = [wrong_request(method, path, {place}, [MARK]) for method, path in ROUTES]
    assert any(
        MARK in str(request.url) + str(request.headers.raw) + request.content.decode()
        for request in seen
    )


async def test_the_check_finds_an_echo() -> None:
    """Without our handlers the framework repeats what was sent, and the check says so."""
    plain, router = FastAPI(), APIRouter()

    @router.post("/v1/bookings")
    async def book(body: NewBooking) -> None: ...

    plain.include_router(router)
    async with client_of(plain) as client:
        answer = await client.send(wrong_request("POST", "/v1/bookings", {"body-value"}, [MARK]))
    assert MARK in answer.text
    with pytest.raises(AssertionError):
        assert_silent(answer)


async def test_our_own_names_are_told() -> None:
    """A complaint points at our field, in the asker's language, with our limit."""
    body = {"party": {"kind": "group", "pupils": 99}, "contact": "Åsa"}
    async with client_of(app) as client:
        swedish = await client.post("/v1/bookings", json=body)
        english = await client.post(
            "/v1/bookings", json=body, headers={"accept-language": "en;q=0.9,sv;q=0.2"}
        )
    assert swedish.json()["errors"] == [
        {"pointer": "/party/pupils", "kind": "less-than-equal", "detail": "Får vara högst 60."}
    ]
    assert english.json()["errors"][0]["detail"] == "Must be at most 60."
    assert swedish.json()["type"] == english.json()["type"]
