"""The partner's page: its two programs, run word for word."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from services.publishing.feeds.domain import keys
from tests.integration.publishing.feeds.partners_world import Partnered, Receiver, an_occasion
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.support.eventually import eventually
from tests.support.ports import free_port

PAGE = (Path(__file__).parents[4] / "docs/how-to/partner.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
PATIENT = 40.0


@contextmanager
def running(program: str, folder: Path, **environment: str) -> Iterator[Path]:
    """The program as it stands, in a folder of its own; gives what it prints."""
    (folder / "program.py").write_text(program)
    printed = folder / "printed"
    with printed.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-u", "program.py"],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
        )
    try:
        yield printed
    finally:
        process.kill()
        process.wait()


def kept(folder: Path) -> str:
    """Where the reader will go on: what it has printed it may not have kept yet."""
    place = folder / "last-event-id"
    return place.read_text() if place.exists() else ""


def test_each_is_thirty_lines_at_most() -> None:
    """A reader and a receiver; what is longer is read by nobody."""
    assert len(PROGRAMS) == 2
    assert all(len(program.splitlines()) <= 30 for program in PROGRAMS)
    assert keys.PATTERN in PAGE


async def test_the_reader_reads_everything_and_goes_on_where_it_was(
    partnered: Partnered, tmp_path: Path
) -> None:
    """Killed and started again: each entry once, in order."""
    ids = await partnered.happens(*(an_occasion() for _ in range(3)))
    async with await partnered.partner() as client:
        told = {
            "SAFESPACE_FEED": f"{client.base_url}/v1/feed".replace("//v1", "/v1"),
            "SAFESPACE_PARTNER_KEY": client.headers["authorization"].split(" ")[1],
        }
        with running(PROGRAMS[0], tmp_path, **told) as printed:
            await eventually(lambda: ids[-1] in kept(tmp_path), within=PATIENT)
        ids += await partnered.happens(an_occasion(), an_occasion())
        with running(PROGRAMS[0], tmp_path, **told) as printed:
            await eventually(lambda: ids[-1] in kept(tmp_path), within=PATIENT)
    lines = [line.split() for line in printed.read_text().splitlines() if "not now" not in line]
    assert [line[2] for line in lines] == ids
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "5"]


async def test_the_receiver_takes_what_is_signed_and_nothing_else(
    partnered: Partnered, tmp_path: Path
) -> None:
    """Every entry; a call without our signature is turned away."""
    port = free_port()
    async with await partnered.partner() as client:
        made = await webhook(client, "a")
        told = {"SAFESPACE_WEBHOOK_KEY": made["secret"], "PORT": str(port)}
        with running(PROGRAMS[1], tmp_path, **told) as printed:
            forged = await eventually(lambda: _forged(port), within=PATIENT)
            assert forged == 401
            async with partnered.sending(a=Receiver(port=port)):
                ids = await partnered.happens(*(an_occasion() for _ in range(3)))
                await eventually(
                    lambda: all(one in printed.read_text() for one in ids), within=PATIENT
                )
            assert len(printed.read_text().splitlines()) >= 3
            assert "forged" not in printed.read_text()


async def _forged(port: int) -> int:
    headers = {
        "webhook-id": "forged",
        "webhook-timestamp": "1",
        "webhook-signature": "v1a," + "A" * 86 + "==",
    }
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            url = f"http://127.0.0.1:{port}/"
            return (await client.post(url, headers=headers, content=b"{}")).status_code
    except httpx.ConnectError:
        await asyncio.sleep(0)
        return 0
