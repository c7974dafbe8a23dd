"""Handing on: streaming both ways, clean headers, no way around, and honest failures."""

from __future__ import annotations

import asyncio
import logging
import socket

import httpx
import pytest

from services.web.main import http
from shared.observability import logging as our_logging
from shared.web.serving import served
from tests.integration.web_front.conftest import CALLBACK, FRONT_DOOR, LINK, Front
from tests.support.eventually import eventually
from tests.support.ports import free_port


async def test_bodies_stream_in(front: Front) -> None:
    """What is sent reaches the service while the rest of it has not even been sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", front.settings.http_port)
    writer.write(
        b"POST /api/booking/v1/season-imports HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: text/csv\r\nContent-Length: 3000\r\n\r\n" + b"a" * 1000
    )
    await writer.drain()
    await eventually(lambda: b"".join(front.behind.bodies) == b"a" * 1000)
    front.behind.go_on.set()
    writer.write(b"b" * 2000)
    answer = (await asyncio.wait_for(reader.read(), 30)).decode()
    writer.close()
    assert '{"read": 3000}' in answer


async def test_answers_stream_out(front: Front) -> None:
    """A line of progress arrives while the service is still at work."""
    async with (
        front.client() as client,
        client.stream("POST", "/api/booking/v1/season-imports", content=b"abc") as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == '{"read": 3}'
        front.behind.go_on.set()
        assert await anext(lines) == '{"report": {}}'


async def test_live_updates_come_at_once_and_end_with_the_listener(front: Front) -> None:
    """A server-sent event arrives while the stream is open; leaving ends it at the service too."""
    async with front.inside() as client:
        async with client.stream("GET", "/inkorg/nytt?sedan=7") as stream:
            first = await anext(stream.aiter_lines())
            assert first == "id: 1"
            assert stream.headers["content-type"].startswith("text/event-stream")
        await asyncio.wait_for(front.behind.gone.wait(), 30)
    assert front.behind.headers[-1]["link-secret"] == LINK
    assert front.behind.headers[-1]["last-event-id"] == "7"


async def test_headers_are_cleaned(front: Front) -> None:
    """Cookies, hop-by-hop and forged forwarding headers stay outside; the token goes through."""
    forged = {
        "Authorization": "Bearer abc",
        "Cookie": "besok-1=x",
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "Front-Door-Secret": "gissning",
        "Connection": "X-Secret-Hop",
        "X-Secret-Hop": "1",
        "Te": "trailers",
    }
    async with front.client() as client:
        answer = await client.get("/api/booking/v1/my-booking?a=1&b=%20", headers=forged)
    seen = front.behind.headers[-1]
    assert seen["authorization"] == "Bearer abc"
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["front-door-secret"] == FRONT_DOOR
    assert seen["x-forwarded-host"] == front.url.removeprefix("http://")
    assert not {"cookie", "x-secret-hop", "te"} & seen.keys()
    assert answer.headers["etag"] == '"3"'
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/booking/health/ready",
        "/api/booking/metrics",
        "/api/booking/v1/../metrics",
        "/api/booking/v1/%2e%2e/metrics",
        "/api/booking/v1/..%2fmetrics",
        "/api/booking/v1//metrics",
        "/api/booking/v1/a%5c..%5cmetrics",
        "/api/notifications/v1/callbacks/46elks/x/delivery",
        "/api/publishing/v1/lists",
        "/callbacks/46elks/fel/delivery",
        f"/callbacks/46elks/{CALLBACK}/annat",
        f"/callbacks/46elks/{CALLBACK}/../../../metrics",
    ],
)
async def test_there_is_no_way_around(front: Front, path: str) -> None:
    """Health, numbers, callbacks and unknown services cannot be reached, however it is written."""
    assert await status_of(front, "POST", path) == 404
    assert front.behind.got == []


HEALTH = [
    "/health/live",
    "/health/ready",
    "/metrics",
    "/health",
    "/health/",
    "/health/ready/",
    "/metrics/",
    "//health/ready",
    "/health//ready",
    "/./metrics",
    "/static/../metrics",
    "/static/%2e%2e/metrics",
    "/%6detrics",
    "/health%2fready",
    "/health%2Fready",
    "/health/ready?x=1",
    "/metrics;x=1",
    "/HEALTH/READY",
    "http://127.0.0.1/metrics",
    "/api/booking/health",
    "/api/booking/health/live",
    "/api/booking//metrics",
    "/api/booking/v1/../health",
    "/api/booking/v1/%2e%2e/health/ready",
    "/api/booking/v1/.%2e/health/ready",
    "/api/health/ready",
    "/api/web/v1/../health/ready",
]


@pytest.mark.parametrize("path", HEALTH)
async def test_health_and_numbers_are_not_for_visitors(front: Front, path: str) -> None:
    """The door answers 404, however health and metrics, its own or a service's, are written."""
    assert await status_of(front, "GET", path) == 404
    assert await status_of(front, "HEAD", path) == 404
    assert front.behind.got == []


async def test_health_and_numbers_have_a_port_of_their_own(front: Front) -> None:
    """Whoever runs it asks there, and is told whether people can come in."""
    async with httpx.AsyncClient(base_url=front.health, timeout=30) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert ready.json() == {"ready": True, "checks": {"database": True, "door": True}}
        assert "safespace_http_requests_total" in (await client.get("/metrics")).text
        assert (await client.get("/")).status_code == 404


async def status_of(front: Front, method: str, path: str) -> int:
    """By hand, as a client library would tidy the path up first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", front.settings.http_port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    status = (await asyncio.wait_for(reader.readline(), 30)).split()[1]
    writer.close()
    return int(status)


async def test_callbacks_are_passed_on_and_answered_with_nothing(front: Front) -> None:
    """The provider's post reaches notifications; an answer's body never reaches the provider."""
    path = f"/callbacks/46elks/{CALLBACK}/delivery?leverans=7"
    async with front.client() as client:
        answer = await client.post(path, data={"id": "s1", "status": "delivered"})
        front.behind.refuse = (503, "ont")
        again = await client.post(path, data={"id": "s1", "status": "delivered"})
    assert front.behind.got[0] == ("POST", f"/v1/callbacks/46elks/{CALLBACK}/delivery")
    assert front.behind.bodies[0] == b"id=s1&status=delivered"
    assert (answer.status_code, answer.content) == (204, b"")
    assert (again.status_code, again.content) == (503, b"")


async def test_a_body_that_is_too_large_is_refused(front: Front) -> None:
    """More than an import may be is a 413, whether or not its length was announced."""
    async with front.client() as client:
        answer = await client.post(
            "/api/booking/v1/season-imports", content=b"x" * (6 * 1024 * 1024 + 1)
        )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_service_that_is_away(front: Front) -> None:
    """502 with a problem document for the API, a kind page for a participant."""
    port = free_port()
    away = f"http://127.0.0.1:{free_port()}"
    settings = front.settings.model_copy(
        update={
            "http_port": port,
            "metrics_port": 0,
            "front_door": f"http://127.0.0.1:{port}",
            "booking_url": away,
        }
    )
    async with (
        served(http(settings), port=port) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as client,
    ):
        api = await client.get("/api/booking/v1/occasions")
        page = await client.get(f"/m/{LINK}")
    assert api.status_code == 502
    assert api.json()["type"].endswith("/service-unreachable")
    assert page.status_code == 503
    assert "Vi når inte bokningen just nu" in page.text


async def test_a_service_that_is_too_slow(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that takes the request and says nothing gives 504."""
    monkeypatch.setattr("services.web.proxy.handing_on.FIRST_BYTE_WITHIN", 0.3)
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = front.settings.model_copy(
            update={"http_port": port, "metrics_port": 0, "booking_url": silent_url}
        )
        async with (
            served(http(settings), port=port) as url,
            httpx.AsyncClient(timeout=30) as client,
        ):
            answer = await client.get(f"{url}/api/booking/v1/occasions")
    assert answer.status_code == 504


async def test_no_secret_in_the_log(
    front: Front, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log tells of requests by template; link, cookie and callback secret are not in it."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    our_logging.set_up("production", "web", "http")
    try:
        async with front.inside() as client:
            (cookie,) = client.cookies.jar
            await client.get("/min-bokning")
            await client.post(f"/callbacks/46elks/{CALLBACK}/delivery", data={"id": "1"})
            await client.get(f"/m/{LINK}x")
            await eventually(lambda: True)
    finally:
        root.handlers, root.level = before
    said = capsys.readouterr()
    log = said.out + said.err
    assert "/m/{secret}" in log
    assert [s for s in (LINK, str(cookie.value), CALLBACK) if s in log] == []
