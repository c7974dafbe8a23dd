"""A case read with its audit beside the same read without, and how fast words are sealed.

The audit that records nothing exists in here alone: no setting of a service turns the real one off.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import httpx
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as raw_open,
)
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt as raw_seal,
)

from services.mentoring import main
from services.mentoring.api.app import make_http
from services.mentoring.settings import HttpSettings
from shared.audit.audit import Audit
from shared.audit.entry import Access
from shared.audit.sealed import Receipt
from shared.house.ground import Ground, ground_of
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.privacy.vault import Vault
from shared.web.serving import served
from tests.support.whole_copy import WholeCopy

READS = 300
NOTES = 10
FIELDS = 20_000
_PAGE = 100
_TEXT = "Vi har talats vid om skolan och om helgen. " * 5


@dataclass(frozen=True, slots=True)
class Times:
    """Of one request over HTTP, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class CaseRead:
    """Ten notes of a case without and with the audit, alone and 20 at a time; fields a second."""

    plain: Times
    audited: Times
    crowd_plain: Times
    crowd_audited: Times
    sealed: float
    opened: float
    raw_sealed: float
    raw_opened: float


class NoAudit(Audit):
    """Says that it is recorded, and records nothing."""

    async def _record(self, by: Actor, access: Access) -> Receipt:
        return Receipt(frozenset(access.subjects), frozenset(access.fields))


async def measure(copy: WholeCopy) -> CaseRead:
    """On a running copy, with mentoring's API served twice in this process; leaves one case."""
    environment = copy.table().command("mentoring-http").environment
    with patch.dict(os.environ, environment):
        settings = HttpSettings()
    ground = ground_of("mentoring", settings)
    nothing = NoAudit(ground.audit._database, "mentoring")
    async with AsyncExitStack() as stack:
        doors = [
            await stack.enter_async_context(_asked(copy, settings, each))
            for each in (replace(ground, audit=nothing), ground)
        ]
        path = await _a_case(doors[1])
        plain, audited = await _timed(doors, path, 1)
        crowd_plain, crowd_audited = await _timed(doors, path, 20)
        fields = await _fields(ground.people)
    return CaseRead(plain, audited, crowd_plain, crowd_audited, *fields)


@asynccontextmanager
async def _asked(
    copy: WholeCopy, settings: HttpSettings, ground: Ground
) -> AsyncIterator[httpx.AsyncClient]:
    with patch.object(main, "ground_of", lambda *_: ground):
        app = make_http(settings, main.house_of(settings))
    headers = copy.signed_in("karin.holm", "mentoring")
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as client,
    ):
        yield client


async def _a_case(client: httpx.AsyncClient) -> str:
    wanted = {"identity": {"name": "Kim Exempel", "birth_date": "2003-05-01"}}
    made = (await client.post("/v1/cases", json=wanted)).raise_for_status().json()
    path = f"/v1/cases/{made['id']}/notes"
    for _ in range(NOTES):
        (await client.post(path, json={"text": _TEXT})).raise_for_status()
    return path


async def _timed(doors: list[httpx.AsyncClient], path: str, at_once: int) -> list[Times]:
    """Both in turn, so that whatever else the machine does meets both."""
    took: list[list[float]] = [[] for _ in doors]

    async def one_after_the_other() -> None:
        for _ in range(READS // at_once):
            for door, times in zip(doors, took, strict=True):
                began = time.perf_counter()
                answer = await door.get(path)
                times.append((time.perf_counter() - began) * 1000)
                if len(answer.raise_for_status().json()["items"]) != NOTES:
                    raise AssertionError(answer.text)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    cuts = [statistics.quantiles(times, n=100) for times in took]
    return [Times(each[49], each[94]) for each in cuts]


async def _fields(people: Vault) -> tuple[float, float, float, float]:
    """Pages of words of one person, sealed and opened; then the bare cipher on the same bytes."""
    person = new_id()
    await people.new_person(person)
    page = [(person, {"text": _TEXT}, f"notes:{number}") for number in range(_PAGE)]
    sealed = await people.seal_many(page)
    boxes = [(person, box, f"notes:{number}") for number, box in enumerate(sealed)]
    found = [
        await _rate(lambda: people.seal_many(page)),
        await _rate(lambda: people.open_many(boxes)),
    ]
    await people.forget(person)
    key, nonce, plain = secrets.token_bytes(32), secrets.token_bytes(24), _TEXT.encode()
    box = raw_seal(plain, b"place", nonce, key)

    async def bare_seals() -> None:
        for _ in range(_PAGE):
            raw_seal(plain, b"place", secrets.token_bytes(24), key)

    async def bare_opens() -> None:
        for _ in range(_PAGE):
            raw_open(box, b"place", nonce, key)

    seals, opens = await _rate(bare_seals), await _rate(bare_opens)
    return found[0], found[1], seals, opens


async def _rate(page: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    for _ in range(FIELDS // _PAGE):
        await page()
    return FIELDS / (time.perf_counter() - began)


def rows(found: CaseRead) -> list[tuple[str, ...]]:
    """For the table that people read."""
    table: list[tuple[str, ...]] = []
    for how, plain, audited in (
        ("one at a time", found.plain, found.audited),
        ("20 at once", found.crowd_plain, found.crowd_audited),
    ):
        for name in ("p50", "p95"):
            ours, without = getattr(audited, name), getattr(plain, name)
            aim = "≤ 15 ms more" if how == "one at a time" else "–"
            more = f"{ours - without:+.1f} ms"
            figure = f"notes of a case with audit, {how}, {name} ms"
            table.append((figure, f"{ours:.1f}", f"{without:.1f}", more, aim))
    for figure, rate, raw in (
        ("fields sealed/s (baseline: bare XChaCha20-Poly1305)", found.sealed, found.raw_sealed),
        ("fields opened/s (baseline: bare XChaCha20-Poly1305)", found.opened, found.raw_opened),
    ):
        table.append((figure, f"{rate:.0f}", f"{raw:.0f}", f"{rate / raw:.2f}", "–"))
    return table
