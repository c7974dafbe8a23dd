"""What an auditor sees and does over HTTP; nobody else does, and looking leaves a trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI
from nacl.signing import SigningKey
from pymongo.collection import Collection

from shared.audit.audit import Audit
from shared.audit.chain import ChainCheck
from shared.audit.checkpoints import MongoCheckpoints, SignCheckpoint
from shared.audit.entry import genesis, linked
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.audit.appending import append
from tests.integration.audit.conftest import SERVICE, signed_in
from tests.unit.audit.chains import ACCESS
from tests.unit.shared.issuer import Issuer

SEED = b"s" * 32
Rows = Collection[dict[str, Any]]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(app: FastAPI, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """The routes, asked with an auditor's token."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = signed_in(issuer, "auditor")
    async with httpx.AsyncClient(transport=transport, base_url="http://n", headers=headers) as made:
        yield made


async def pages(desk: httpx.AsyncClient, name: str, limit: int) -> list[dict[str, Any]]:
    """All pages of one kind, up to where the chain ended at the first one."""
    found: list[dict[str, Any]] = []
    cursor, tip = "0", None
    while cursor and (tip is None or len(found) < tip):
        asked = {"cursor": cursor, "limit": limit}
        page = (await desk.get(f"/v1/audit/{name}", params=asked)).json()
        tip = page["tip"] if tip is None else tip
        found += page[name]
        cursor = page["cursor"]
    return found


async def test_an_auditor_verifies_what_the_service_hands_out(
    desk: httpx.AsyncClient, audit: Audit, checkpoints: MongoCheckpoints
) -> None:
    """Pages of entries and checkpoints are enough, with the public key; each look is an entry."""
    await append(audit, "a", 25)
    await SignCheckpoint(audit.entries, checkpoints, SERVICE, SEED)()
    signed = await pages(desk, "checkpoints", 100)
    check = ChainCheck(SERVICE, signed, [SigningKey(SEED).verify_key])
    assert check.take(await pages(desk, "entries", 10))
    verdict = check.verdict()
    assert (verdict.broken, verdict.last_checkpoint) == (None, 25)
    looked = (await audit.entries.after(25, limit=10))[:2]
    assert [(row["actor"], row["purpose"], row["fields"]) for row in looked] == [
        ("sub-auditor", "audit", ["checkpoints"]),
        ("sub-auditor", "audit", ["entries"]),
    ]


async def test_the_person_concerned_can_have_the_readers(
    desk: httpx.AsyncClient, audit: Audit
) -> None:
    """Everybody who read about them, newest first, and nobody else's id in the same entry."""
    await append(audit, "a", 2)
    await append(audit, "b", 1)
    found = (await desk.get("/v1/audit/readers", params={"subject": "a-1"})).json()
    assert found["total"] == 1
    [reading] = found["items"]
    assert (reading["actor"], reading["fields"], reading["purpose"]) == (
        *("a", ["notes"], "case-work"),
    )
    again = (await desk.get("/v1/audit/readers", params={"subject": "a-1"})).json()
    assert [row["purpose"] for row in again["items"]] == ["own-data", "case-work"]
    assert {tuple(row["subjects"]) for row in again["items"]} == {("a-1",)}


async def test_only_an_auditor_looks(desk: httpx.AsyncClient, issuer: Issuer) -> None:
    """Not staff, not an operator, not without a token."""
    for path in ("entries", "checkpoints", "readers?subject=a", "samples/2026-01"):
        for role in ("coordinator", "operator", "case-lead"):
            headers = signed_in(issuer, role)
            assert (await desk.get(f"/v1/audit/{path}", headers=headers)).status_code == 403
        nobody = {"Authorization": ""}
        assert (await desk.get(f"/v1/audit/{path}", headers=nobody)).status_code == 401


def a_month_of_readings(rows: Rows, month: int, count: int) -> None:
    """Entries as they were written in 2026, before everything else."""
    entries = linked(
        [ACCESS] * count, genesis(SERVICE), SERVICE, datetime(2026, month, 9, tzinfo=UTC)
    )
    rows.insert_many([{"_id": entry.pop("seq"), **entry} for entry in entries])


async def test_the_monthly_sample_is_nobodys_choice(desk: httpx.AsyncClient, rows: Rows) -> None:
    """The same readings each time, a part of the month's; a larger sample holds the smaller."""
    a_month_of_readings(rows, 3, 60)
    five = (await desk.get("/v1/audit/samples/2026-03", params={"size": 5})).json()["items"]
    ten = (await desk.get("/v1/audit/samples/2026-03", params={"size": 10})).json()["items"]
    drawn = [item["reading"]["seq"] for item in ten]
    assert ten[:5] == five
    assert len(set(drawn)) == 10
    assert drawn != sorted(drawn), "not simply the first ones"
    assert (await desk.get("/v1/audit/samples/2026-02")).json()["items"] == []
    this_month = real_now().strftime("%Y-%m")
    assert (await desk.get(f"/v1/audit/samples/{this_month}")).status_code == 409


async def test_what_a_follow_up_found_stays(desk: httpx.AsyncClient, rows: Rows) -> None:
    """A second outcome stands beside the first; what was not drawn gets none."""
    a_month_of_readings(rows, 3, 300)
    path = "/v1/audit/samples/2026-03"
    drawn = (await desk.get(path, params={"size": 100})).json()["items"]
    seqs = {item["reading"]["seq"] for item in drawn}
    seq, other = drawn[0]["reading"]["seq"], next(n for n in range(1, 301) if n not in seqs)
    key = {"Idempotency-Key": new_id()}
    said = {"seq": seq, "outcome": "not-in-order", "reference": "A-17"}
    for _ in range(2):
        saved = await desk.post(f"{path}/outcomes", json=said, headers=key)
        assert saved.status_code == 201
    later = {"seq": seq, "outcome": "explained"}
    assert (await desk.post(f"{path}/outcomes", json=later)).status_code == 201
    no = await desk.post(f"{path}/outcomes", json={"seq": other, "outcome": "in-order"})
    assert (no.status_code, no.json()["type"].rpartition("/")[2]) == (422, "not-in-sample")
    words = await desk.post(f"{path}/outcomes", json={**said, "reference": "Kim var sjuk"})
    assert words.status_code == 422
    [found] = [each for each in (await desk.get(path)).json()["items"] if each["outcomes"]]
    assert [(each["outcome"], each["by"]) for each in found["outcomes"]] == [
        ("not-in-order", "sub-auditor"),
        ("explained", "sub-auditor"),
    ]
