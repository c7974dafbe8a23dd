"""What the audit costs a read, and how fast a chain is verified by whoever asks for it."""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from shared.audit.audit import Audit
from shared.audit.entry import Access, Tip, genesis, linked
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.mongo.client import connect, database_of
from tests.support.eventually import eventually
from tests.support.whole_copy import WholeCopy

SERVICE = "notifications"
ENTRIES = 1_000_000
READS = 400
_BATCH = 10_000
_BY = Actor("staff", "bench", frozenset({"case-lead"}))
_AT = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Times:
    """Of one read, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """The same read without and with the audit, alone and 20 at a time; entries verified a second.

    `verified` counts the whole command: over HTTP, every hash and link, on this machine. `hashed`
    is its raw baseline: the same documents read from the database, and one hash over their bytes.
    """

    plain: Times
    audited: Times
    crowd_plain: Times
    crowd_audited: Times
    verified: float
    hashed: float


async def measure(copy: WholeCopy) -> AuditFigures:
    """On a running copy; leaves its entries behind."""
    await asyncio.to_thread(fill, copy, ENTRIES)
    await all_signed(copy)
    bare = await asyncio.to_thread(hashed_per_second, copy)
    rate = await asyncio.to_thread(verified_per_second, copy)
    own_url, audit_url = (servers_of(copy).mongo_url(SERVICE + each) for each in ("", "-audit"))
    own = database_of(connect(own_url), own_url)
    audit = Audit(database_of(connect(audit_url), audit_url), SERVICE)
    await own["bench"].insert_one({"_id": "case-1", "text": b"x" * 2000})

    async def load() -> Any:
        return await own["bench"].find_one({"_id": "case-1"})

    async def audited() -> Any:
        async with audit.reading(
            _BY, subjects=["case-1"], fields=["notes"], purpose=Purpose.CASE_WORK, rule="bench"
        ) as reading:
            sealed = Sealed(await load(), subjects=["case-1"], fields=["notes"])
            return await reading.open(sealed)

    figures = AuditFigures(
        plain=await _timed(load, 1),
        audited=await _timed(audited, 1),
        crowd_plain=await _timed(load, 20),
        crowd_audited=await _timed(audited, 20),
        verified=rate,
        hashed=bare,
    )
    await own["bench"].delete_many({})
    return figures


def fill(copy: WholeCopy, count: int) -> None:
    """So many entries more from one hand: as they would stand there after years."""
    with MongoClient[dict[str, Any]](servers_of(copy).mongo_administrator_url) as client:
        rows = client[f"{SERVICE}_audit"]["entries"]
        newest = rows.find_one({}, {"hash": 1}, sort=[("_id", -1)])
        tip = Tip(newest["_id"], newest["hash"]) if newest else genesis(SERVICE)
        for first in range(0, count, _BATCH):
            readings = [_reading(number) for number in range(first, min(first + _BATCH, count))]
            entries = linked(readings, tip, SERVICE, _AT)
            tip = Tip(entries[-1]["seq"], entries[-1]["hash"])
            rows.insert_many([{"_id": entry.pop("seq"), **entry} for entry in entries])


async def all_signed(copy: WholeCopy) -> None:
    """The worker has looked at all that is new: it does not compete with whoever verifies."""
    with MongoClient[dict[str, Any]](servers_of(copy).mongo_administrator_url) as client:
        rows = client[f"{SERVICE}_checkpoints"]["checkpoints"]

        async def signed() -> bool:
            return rows.find_one({"_id": {"$gte": ENTRIES}}) is not None

        await eventually(signed, within=300, every=0.5)


def hashed_per_second(copy: WholeCopy) -> float:
    """The raw baseline: nothing but the driver, and SHA-256 over all bytes."""
    began, hashed = time.perf_counter(), hashlib.sha256()
    with MongoClient[dict[str, Any]](servers_of(copy).mongo_administrator_url) as client:
        rows = client[f"{SERVICE}_audit"]["entries"]
        for batch in rows.find_raw_batches({}, sort=[("_id", 1)], batch_size=_BATCH):
            hashed.update(batch)
        count = rows.estimated_document_count()
    return count / (time.perf_counter() - began)


def servers_of(copy: WholeCopy) -> Servers:
    """How the copy's databases are reached."""
    return Servers(copy.folder, Ports(copy.folder, in_use=True), Secrets(copy.folder))


def _reading(number: int) -> Access:
    return Access(
        actor=f"0199c0de-0000-7000-8000-{number % 40:012}",
        roles=("case-lead",),
        subjects=(f"0199c0de-0000-7000-8000-{number % 900:012}",),
        fields=("notes",),
        purpose=Purpose.CASE_WORK,
        rule="lead-of-case",
        trace=f"0199c0de-0000-7000-8000-{number:012}",
    )


def verified_per_second(copy: WholeCopy) -> float:
    """As an auditor does it: `safespace audit verify`, start of the command included."""
    (copy.folder.root / "audit-seen.json").unlink(missing_ok=True)
    began = time.perf_counter()
    [found] = copy.safespace("audit", "verify", "--service", SERVICE)
    if not found["whole"]:
        raise AssertionError(found)
    return float(found["entries"] / (time.perf_counter() - began))


async def _timed(read: Callable[[], Awaitable[Any]], at_once: int) -> Times:
    took: list[float] = []

    async def one_after_the_other() -> None:
        for _ in range(READS // at_once):
            began = time.perf_counter()
            await read()
            took.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    cuts = statistics.quantiles(took, n=100)
    return Times(cuts[49], cuts[94])


def rows(found: AuditFigures) -> list[tuple[str, ...]]:
    """For the table that people read; the raw baseline is the same read without the audit."""
    table = []
    for how, plain, audited in (
        ("one at a time", found.plain, found.audited),
        ("20 at once", found.crowd_plain, found.crowd_audited),
    ):
        for name, aim in (("p50", "≤ 15 ms more"), ("p95", "–")):
            with_it, without = getattr(audited, name), getattr(plain, name)
            ours = (f"{with_it:.1f}", f"{without:.1f}", f"{with_it - without:+.1f} ms", aim)
            table.append((f"a read with audit, {how}, {name} ms", *ours))
    verified = (
        f"of {ENTRIES:,} audit entries, verified/s (baseline: read, hashed)",
        *(f"{found.verified:.0f}", f"{found.hashed:.0f}"),
        *(f"{found.verified / found.hashed:.2f}", "≥ 33,334"),
    )
    return [*table, verified]
