"""Partners as they are: they hang up at odd moments, read slowly, are unwell, and come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.responses import Response

from shared.contracts.envelope import Envelope

ODD = (httpx.TransportError, TimeoutError)
"""What a partner sees of a server that goes, and of its own hanging up."""
_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Reader:
    """A partner at a door that it comes to. It remembers only the last id, as it should."""

    client: httpx.AsyncClient
    chance: random.Random
    last: str | None = None
    got: list[dict[str, Any]] = field(default_factory=list)
    shown: list[list[str]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """In the order in which they came, as often as they came."""
        return [one["id"] for one in self.got]

    def take(self, event: dict[str, Any]) -> None:
        """Deal with it, and only then remember it."""
        self.got.append(event)
        self.last = event["id"]

    async def by_pages(self) -> None:
        """Long polling, with pages of odd sizes, sometimes hanging up before the answer."""
        while True:
            asked: dict[str, Any] = {"timeout": 2000, "limit": self.chance.randint(1, 40)}
            asked |= {"lastEventId": self.last} if self.last else {}
            try:
                async with asyncio.timeout(self.chance.uniform(0.5, 5)):
                    answer = await self.client.get("/v1/feed", params=asked)
            except ODD:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 200:
                for event in answer.json():
                    self.take(event)

    async def by_stream(self) -> None:
        """The stream, broken off at odd moments, read slowly now and then."""
        while True:
            headers = {"Last-Event-ID": self.last} if self.last else {}
            with contextlib.suppress(*ODD):
                async with (
                    asyncio.timeout(self.chance.uniform(0.5, 8)),
                    self.client.stream("GET", "/v1/feed/stream", headers=headers) as answer,
                ):
                    async for line in answer.aiter_lines():
                        if line.startswith("data: ") and "specversion" in line:
                            self.take(json.loads(line[6:]))
                            if self.chance.random() < 0.02:
                                await asyncio.sleep(self.chance.uniform(0, 0.2))
            await asyncio.sleep(0.05)

    async def by_atom(self) -> None:
        """A feed reader for people: looks now and then, and is shown the newest."""
        while True:
            with contextlib.suppress(*ODD):
                answer = await self.client.get("/v1/feed.atom")
                if answer.status_code == 200:
                    ids = [one.findtext(f"{_ATOM}id", "") for one in _entries(answer.text)]
                    self.shown.append([one.removeprefix("urn:uuid:") for one in ids])
            await asyncio.sleep(self.chance.uniform(0.2, 1))

    async def catch_up(self) -> None:
        """Page after page, until there is no more."""
        while True:
            asked = {"lastEventId": self.last} if self.last else {}
            page = (await self.client.get("/v1/feed", params=asked)).json()
            if not page:
                return
            for event in page:
                self.take(event)


def _entries(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall(f"{_ATOM}entry")


def flaky(chance: random.Random) -> Callable[[dict[str, Any], int], Response]:
    """A receiver that is unwell one time in twenty, and asks for a second of rest.

    Never twice for the same entry: the second pause is five minutes.
    """
    failed: set[str] = set()

    def answers(event: dict[str, Any], _times: int) -> Response:
        if chance.random() < 0.05 and event["id"] not in failed:
            failed.add(event["id"])
            return Response(status_code=503, headers={"retry-after": "1"})
        return Response(status_code=204)

    return answers


def all_came(ids: Sequence[str], many: Sequence[Sequence[dict[str, Any]]]) -> bool:
    """Whether each of these has every entry; else it says how many are missing."""
    left = [len(set(ids) - {one["id"] for one in got}) for got in many]
    assert not any(left), f"still missing: {left}"
    return True


def subjects_in_order(got: Sequence[dict[str, Any]], told: Sequence[Envelope]) -> None:
    """Exactly these entries, and by the first time that each came, every subject in its order."""
    firsts: dict[str, dict[str, Any]] = {}
    for one in got:
        firsts.setdefault(one["id"], one)
    assert set(firsts) == {one.id for one in told}
    for subject in {one.subject for one in told}:
        own = [one["sequence"] for one in firsts.values() if one["subject"] == subject]
        assert own == sorted(own)


def slice_of(ids: Sequence[str], shown: Sequence[str]) -> None:
    """What Atom showed: neighbours in the log, newest first, each once."""
    if shown:
        begin = ids.index(shown[-1])
        assert list(reversed(shown)) == list(ids[begin : begin + len(shown)])
