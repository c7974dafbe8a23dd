"""Verifying over HTTP, as `safespace audit verify` does, against whoever owns the database."""

from __future__ import annotations

import asyncio
import io
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from bson import Binary, Code
from fastapi import FastAPI
from nacl.signing import SigningKey
from pymongo.collection import Collection
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.cli.asking import Asker
from deploy.cli.screen import CANCELLED, Screen
from deploy.cli.verifying import Verified, verify
from deploy.local.data_folder import data_folder, write_json
from shared.audit.audit import Audit
from shared.audit.chain import Broken, Fault
from shared.audit.checkpoint import public_key_of
from shared.audit.checkpoints import MongoCheckpoints, SignCheckpoint
from shared.audit.documents import documents_in
from shared.audit.entry import genesis, linked
from shared.kernel.clock import real_now
from shared.web.serving import served
from tests.integration.audit.appending import append
from tests.integration.audit.conftest import SERVICE, signed_in
from tests.integration.cli.conftest import ended, start
from tests.unit.audit.chains import ACCESS
from tests.unit.shared.issuer import Issuer

SEED = b"s" * 32
PAGE, LENGTH = 10, 35
Rows = Collection[dict[str, Any]]
Check = Callable[..., Any]


@pytest_asyncio.fixture(loop_scope="session")
async def auditor(app: FastAPI, issuer: Issuer) -> AsyncIterator[httpx.Client]:
    """Signed in at the service, over real HTTP."""
    async with AsyncExitStack() as open_:
        url = await open_.enter_async_context(served(app))
        headers = signed_in(issuer, "auditor")
        client = httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)
        yield open_.enter_context(client)


async def verified(auditor: httpx.Client, page: int = PAGE, out: Screen | None = None) -> Verified:
    screen = out or Screen(as_json=True, language="sv")
    key = SigningKey(SEED).verify_key
    return await asyncio.to_thread(verify, Asker(auditor), SERVICE, key, None, screen, page=page)


async def broken(auditor: httpx.Client) -> Broken | None:
    return (await verified(auditor)).verdict.broken


@pytest_asyncio.fixture(loop_scope="session")
async def signed(audit: Audit, checkpoints: MongoCheckpoints) -> None:
    """Three pages and a half, signed to the end of the third."""
    await append(audit, "a", 30)
    await SignCheckpoint(audit.entries, checkpoints, SERVICE, SEED)()
    await append(audit, "b", LENGTH - 30)


async def test_a_whole_chain_is_whole_page_by_page(
    auditor: httpx.Client, signed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fits into an answer; what no checkpoint vouches for is said; progress is shown."""
    monkeypatch.setenv("TERM", "xterm")  # a bar is drawn where one can be
    out = Screen(as_json=False, language="sv")
    out.aside = Console(file=io.StringIO(), force_terminal=True, width=120)
    found = (await verified(auditor, out=out)).verdict
    assert (found.broken, found.checkpoints, found.last_checkpoint) == (None, 1, 30)
    assert (found.entries, found.after_last_checkpoint) == (LENGTH, LENGTH - 30)
    shown = out.aside.file.getvalue()  # type: ignore[attr-defined]
    assert "35/35" in shown
    assert "poster/s" in shown
    assert "s kvar" in shown
    for page in (1, 7, 1000):
        assert (await verified(auditor, page)).verdict.broken is None


@pytest.mark.parametrize("border", [1, 10, 11, 20, 30])
async def test_the_databases_owner_is_seen_at_the_borders(
    auditor: httpx.Client, signed: None, rows: Rows, border: int
) -> None:
    """The first and the last entry of an answer: changed, missing, swapped with the next."""
    one, two = rows.find_one({"_id": border}), rows.find_one({"_id": border + 1})
    assert one
    assert two
    rows.update_one({"_id": border}, {"$set": {"actor": "somebody-else"}})
    assert await broken(auditor) == Broken(border, Fault.CHANGED, border)
    rows.replace_one({"_id": border}, {**two, "_id": border})
    rows.replace_one({"_id": border + 1}, {**one, "_id": border + 1})
    assert await broken(auditor) == Broken(border, Fault.CHANGED, border)
    rows.replace_one({"_id": border + 1}, two)
    rows.delete_one({"_id": border})
    assert await broken(auditor) == Broken(border, Fault.MISSING, border)
    rows.insert_one(one)
    assert await broken(auditor) is None, "it was put back as it had been"


@pytest.mark.parametrize("gone", [{"$gte": 11, "$lte": 20}, {"$gte": 11}], ids=["one", "the rest"])
async def test_whole_answers_missing_are_seen(
    auditor: httpx.Client, signed: None, rows: Rows, gone: dict[str, int]
) -> None:
    """A page in the middle, or everything from a border on."""
    rows.delete_many({"_id": gone})
    assert await broken(auditor) == Broken(11, Fault.MISSING, 11)


@pytest.mark.parametrize(
    "odd",
    [{"subjects": [Binary(b"a-16")]}, {"subjects": [Code("a-16")]}, {"actor": Code("a")}],
    ids=["bytes", "code in a list", "code"],
)
async def test_a_text_made_another_kind_of_value_is_seen(
    auditor: httpx.Client, audit: Audit, signed: None, rows: Rows, odd: dict[str, Any]
) -> None:
    """The person concerned would not find it among their readers any more, nor the other way."""
    rows.update_one({"_id": 17}, {"$set": odd})
    assert await broken(auditor) == Broken(17, Fault.CHANGED, 17)
    [entry] = await audit.entries.after(16, limit=1)
    assert entry["hash"] == "", "nor does it fit for whoever reads it as JSON"


async def test_entries_that_fill_an_answer_alone_are_fetched_all(
    auditor: httpx.Client, rows: Rows
) -> None:
    """The database gives out 16 MiB at a time: the rest comes with the next answer."""
    large = replace(ACCESS, subjects=tuple(f"{number:0120}" for number in range(500)))
    entries = linked([large] * 300, genesis(SERVICE), SERVICE, real_now())
    rows.insert_many([{"_id": entry.pop("seq"), **entry} for entry in entries])
    found = (await verified(auditor, 1000)).verdict
    assert (found.broken, found.entries) == (None, 300)


async def test_a_service_that_hands_out_less_than_there_is_is_seen(
    auditor: httpx.Client, signed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said how long the chain was, and then it was shorter: also where nothing is signed yet."""
    handed_out = Asker.octets

    def less(asker: Asker, path: str, **query: Any) -> bytes:
        page = b"".join([*documents_in(handed_out(asker, path, **query))][:4])
        return page if query["cursor"] < "33" else b""

    monkeypatch.setattr(Asker, "octets", less)
    found = (await verified(auditor, LENGTH)).verdict
    assert found.broken == Broken(found.entries + 1, Fault.MISSING, found.entries + 1)


async def test_what_lies_beside_the_chain_is_nobodys_reading(
    auditor: httpx.Client, audit: Audit, signed: None, rows: Rows
) -> None:
    """A reading made up under a number that no chain has: in no list, in no sample, in no way."""
    made_up = {**(rows.find_one({"_id": 5}) or {}), "actor": "framed", "subjects": ["a-16"]}
    for odd in (-1, 0, "17", None):
        rows.insert_one({**made_up, "_id": odd})
    listed = (await asyncio.to_thread(auditor.get, "/v1/audit/readers?subject=a-16")).json()
    assert {each["actor"] for each in listed["items"]} == {"a"}
    assert (await audit.entries.tip()).seq > LENGTH
    a_day_ago = real_now() - timedelta(days=1)
    ends = await audit.entries.between(a_day_ago, real_now())
    assert ends is not None
    assert ends[0].seq == 1
    await append(audit, "c", 1)
    assert await broken(auditor) is None


async def test_ctrl_c_ends_it_though_the_service_says_nothing(tmp_path: Path) -> None:
    """Cancelled while an answer is on its way: at once, without a traceback, with 130."""
    asked, never = asyncio.Event(), asyncio.Event()

    async def silent(_: Request) -> Response:
        asked.set()
        await never.wait()
        return Response()

    app = Starlette(
        routes=[
            Route("/token", lambda _: JSONResponse({"access_token": "a.b.c"}), methods=["POST"]),
            Route(
                "/v1/audit/checkpoints",
                lambda _: JSONResponse({"checkpoints": [], "cursor": None, "tip": 9}),
            ),
            Route("/v1/audit/documents", silent),
        ]
    )
    async with served(app) as url:
        copy = {"front_door": url, "sms_sink": url, "smtp_sink": url, "identity": url}
        known = {"ready": True, "amqp": {}, "services": {SERVICE: url}}
        keys = {"audit_keys": {SERVICE: public_key_of(SEED)}}
        write_json(data_folder(tmp_path).copy, {**copy, **known, **keys})
        process = await start(tmp_path, "audit", "verify", "--service", SERVICE)
        await asyncio.wait_for(asked.wait(), 60)
        process.send_signal(signal.SIGINT)
        done = await asyncio.wait_for(ended(process), 20)
        never.set()
    assert done.code == CANCELLED
    assert "Avbrutet" in done.err
    assert "Traceback" not in done.err
