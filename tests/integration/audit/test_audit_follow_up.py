"""The month's follow-up, by the API and by the command, and whoever would get round it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI
from pymongo.collection import Collection
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from deploy.local.data_folder import data_folder, write_json
from shared.audit.audit import Audit
from shared.audit.entry import Access, genesis, linked
from shared.audit.purposes import Purpose
from shared.web.serving import served
from tests.integration.audit.conftest import SERVICE, signed_in
from tests.integration.cli.conftest import Done, ended, start
from tests.unit.audit.chains import ACCESS
from tests.unit.shared.issuer import Issuer

MONTH, PATH = "2026-03", "/v1/audit/samples/2026-03"
Rows = Collection[dict[str, Any]]


def in_march(rows: Rows, *accesses: Access) -> None:
    """What was read then, before everything else."""
    entries = linked(accesses, genesis(SERVICE), SERVICE, datetime(2026, 3, 9, tzinfo=UTC))
    rows.insert_many([{"_id": entry.pop("seq"), **entry} for entry in entries])


@dataclass
class Auditor:
    """At the service, and at a command line of a copy that has it."""

    client: httpx.AsyncClient
    folder: Path

    async def sample(self, size: int = 20) -> dict[str, Any]:
        answer = await self.client.get(PATH, params={"size": size})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def says(self, seq: int, outcome: str = "in-order") -> httpx.Response:
        return await self.client.post(f"{PATH}/outcomes", json={"seq": seq, "outcome": outcome})

    async def runs(self, *words: str) -> Done:
        return await ended(await start(self.folder, "audit", *words, "--service", SERVICE))


@pytest_asyncio.fixture(loop_scope="session")
async def auditor(app: FastAPI, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Auditor]:
    headers = signed_in(issuer, "auditor")
    token = JSONResponse({"access_token": headers["Authorization"].removeprefix("Bearer ")})
    async with AsyncExitStack() as open_:
        url = await open_.enter_async_context(served(app))
        identity = Starlette(routes=[Route("/token", lambda _: token, methods=["POST"])])
        known = {"identity": await open_.enter_async_context(served(identity))}
        copy = {"front_door": url, "sms_sink": url, "smtp_sink": url, "amqp": {}, "ready": True}
        write_json(data_folder(tmp_path).copy, {**copy, **known, "services": {SERVICE: url}})
        client = httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False)
        yield Auditor(await open_.enter_async_context(client), tmp_path)


async def test_what_is_left_is_said(auditor: Auditor, rows: Rows) -> None:
    """How many of the sample nobody has followed up; a second word about one changes nothing."""
    in_march(rows, *[ACCESS] * 30)
    drawn = await auditor.sample(5)
    assert drawn["left"] == 5
    seq = drawn["items"][0]["reading"]["seq"]
    for outcome in ("not-in-order", "explained"):
        assert (await auditor.says(seq, outcome)).status_code == 201
    assert (await auditor.sample(5))["left"] == 4


async def test_an_outcome_is_in_the_chain_too(auditor: Auditor, audit: Audit, rows: Rows) -> None:
    """Who said what of which reading: it cannot be taken back without being seen."""
    in_march(rows, *[ACCESS] * 3)
    assert (await auditor.says(2, "not-in-order")).status_code == 201
    [said] = [
        each for each in await audit.entries.after(3, limit=9) if each["fields"] == ["outcome"]
    ]
    assert (said["actor"], said["purpose"]) == ("sub-auditor", "follow-up")
    assert (said["rule"], said["reference"]) == ("outcome:not-in-order", "seq:2")
    assert said["subjects"] == list(ACCESS.subjects)


async def test_nobody_judges_what_they_read_themselves(auditor: Auditor, rows: Rows) -> None:
    """Drawn it may be; somebody else says what to think of it."""
    in_march(rows, replace(ACCESS, actor="sub-auditor"), ACCESS)
    assert len((await auditor.sample())["items"]) == 2
    refused = await auditor.says(1)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "own-reading")
    assert (await auditor.says(2)).status_code == 201


async def test_a_sample_is_not_thinned_out(auditor: Auditor, rows: Rows) -> None:
    """By thousands of looks at the audit and noes at the door: the readings are drawn."""
    noes = replace(ACCESS, purpose=Purpose.NOT_STATED, allowed=False)
    looks = replace(ACCESS, purpose=Purpose.AUDIT)
    in_march(rows, *[noes] * 1500, *[ACCESS] * 3, *[looks] * 1500)
    drawn = [each["reading"]["seq"] for each in (await auditor.sample())["items"]]
    assert sorted(drawn) == [1501, 1502, 1503]


async def test_an_entry_that_is_none_is_said_to_be(auditor: Auditor, rows: Rows) -> None:
    """Somebody spoiled it in the database: neither list breaks down, both say where to look."""
    in_march(rows, *[ACCESS] * 3)
    rows.update_one({"_id": 2}, {"$unset": {"rule": ""}})
    for path in (PATH, "/v1/audit/readers?subject=case-1"):
        answer = await auditor.client.get(path)
        assert answer.status_code == 409, path
        assert answer.json()["type"].endswith("/audit-entry-broken")
        assert answer.json()["facts"] == {"seq": 2}


async def test_the_commands_say_all_of_it(auditor: Auditor, rows: Rows) -> None:
    """The sample with whom each was about, an outcome, what is left; and a kind no."""
    many = replace(ACCESS, subjects=("case-1", "case-2", "case-3"))
    in_march(rows, *[many] * 4)
    table = await auditor.runs("sample", MONTH, "--size", "3")
    assert (table.code, "3 av 3 är kvar att följa upp för 2026-03." in table.out) == (0, True)
    assert "case-1 (+2)" in table.out
    drawn = (await auditor.runs("sample", MONTH, "--size", "3", "--json")).answer
    seq = str(drawn["items"][0]["reading"]["seq"])
    words = ("outcome", MONTH, seq, "explained", "--reference", "A-17", "--json")
    saved = (await auditor.runs(*words)).answer
    assert (saved["outcome"], saved["reference"], saved["by"]) == (
        *("explained", "A-17", "sub-auditor"),
    )
    again = await auditor.runs("sample", MONTH, "--size", "3", "--language", "en")
    assert "2 of 3 are left to follow up for 2026-03." in again.out
    assert "explained" in again.out
    no = await auditor.runs("outcome", MONTH, "99", "explained")
    assert (no.code, "ingår inte i månadens stickprov" in no.err) == (1, True)
    last, readers = await asyncio.gather(
        auditor.runs("sample", "--json"), auditor.runs("readers", "case-1")
    )
    assert last.answer["items"] == [], "last month there was nothing"
    assert "outcome" in readers.out, "that it was followed up is a reading too"
