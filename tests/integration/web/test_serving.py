"""A served process: real uvicorn, one log, proxies' headers ignored, an orderly stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


class Process:
    def __init__(self, log: Path, **other: str) -> None:
        self.port = free_port()
        self.log = log
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            "SAFESPACE_PROFILE": "local",
            "SAFESPACE_HTTP_PORT": str(self.port),
            "SAFESPACE_ISSUER": "http://127.0.0.1:9",
            "SAFESPACE_AUDIENCE": "booking",
            "SAFESPACE_FRONT_DOOR": "http://127.0.0.1:8000",
        }
        with log.open("wb") as written:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.web.served_process"],
                cwd=ROOT,
                env={**os.environ, **environment, **other},
                stdout=written,
                stderr=written,
            )

    async def up(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            async with httpx.AsyncClient(timeout=30) as client:
                return (await client.get(f"{self.url}/health/ready")).status_code == 200
        except httpx.ConnectError:
            return False

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path / "log")
    yield made
    made.process.kill()
    made.process.wait()


async def test_a_process_serves_and_stops(process: Process) -> None:
    """SIGTERM ends a process with a stream open: the stream is closed and the exit is clean."""
    await eventually(process.up)
    async with (
        httpx.AsyncClient(timeout=30) as client,
        client.stream("GET", f"{process.url}/v1/quiet") as on,
    ):
        rest = on.aiter_raw()
        assert b"retry" in await anext(rest)
        process.process.send_signal(signal.SIGTERM)
        assert [piece async for piece in rest] == []
    await eventually(lambda: process.process.poll() is not None)
    # uvicorn hands the signal on when it is done: the shell sees a process ended by SIGTERM.
    assert process.process.returncode in (0, -signal.SIGTERM)
    events = [line["event"] for line in process.lines()]
    assert "Application shutdown complete." in events


async def test_the_log_is_json_and_holds_no_address(process: Process) -> None:
    """Every line is JSON when nobody looks on; the path asked for is in none of them."""
    await eventually(process.up)
    async with httpx.AsyncClient(timeout=30) as client:
        await client.get(f"{process.url}/v1/who?q=hemligt", headers={"X-Forwarded-For": "6.6.6.6"})
        answer = await client.get(f"{process.url}/v1/who", headers={"X-Forwarded-For": "6.6.6.6"})
    assert answer.json() == {"host": "127.0.0.1"}
    assert "server" not in answer.headers
    asked = [line for line in process.lines() if line["event"] == "request"]
    assert {line["route"] for line in asked} == {"/v1/who"}
    assert "hemligt" not in process.log.read_text()
    assert all(line["service"] == "booking" for line in process.lines())


async def test_wrong_settings_are_named_not_shown(tmp_path: Path) -> None:
    """A process that cannot start says which setting is wrong, and not what stood in it."""
    process = Process(tmp_path / "log", SAFESPACE_HTTP_PORT="hemligt")
    await eventually(lambda: process.process.poll() is not None)
    assert process.process.returncode == 1
    written = process.log.read_text()
    assert "http_port" in written
    assert "hemligt" not in written
