"""No trace, no data: when the audit cannot be written, nothing is shown, and soon."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pymongo.collection import Collection

from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.refusals import AuditUnavailable
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.mongo.client import connect, database_of
from shared.web.refusals import HEADERS, STATUSES
from tests.integration.audit.standstill import line_to
from tests.support.eventually import eventually
from tests.support.servers import RealServers

KARIN = Actor("staff", "sub-karin", frozenset({"case-lead"}))
NOTES = Sealed("Kim mår bättre", subjects=["case-1"], fields=["notes"])
KNOWN: dict[str, Any] = {"purpose": Purpose.CASE_WORK, "rule": "lead-of-case"}
Rows = Collection[dict[str, Any]]


async def read(audit: Audit) -> str:
    async with audit.reading(KARIN, subjects=["case-1"], fields=["notes"], **KNOWN) as reading:
        return await reading.open(NOTES)


async def test_a_store_that_stands_still_refuses_in_time(
    servers: RealServers, clean_databases: None, rows: Rows
) -> None:
    """While its line is dead nothing is opened; when it lives again, readings go on."""
    async with line_to(servers.mongo_url("notifications-audit")) as line:
        audit = Audit(database_of(connect(line.url), line.url), "notifications", patience=0.5)

        async def works() -> bool:
            try:
                return await read(audit) == "Kim mår bättre"
            except AuditUnavailable:
                return False

        await eventually(works)
        line.flows.clear()
        refused = await asyncio.gather(
            read(audit),
            audit.open(KARIN, NOTES, **KNOWN),
            audit.record(KARIN, subjects=["case-1"], fields=["notes"], **KNOWN),
            return_exceptions=True,
        )
        assert [type(each) for each in refused] == [AuditUnavailable] * 3
        line.flows.set()

        await eventually(works)
        # Closing says goodbye over the line, which lives in this loop.
        await asyncio.to_thread(audit.close)
    assert rows.count_documents({}) >= 2


async def test_a_store_that_is_not_there_refuses(clean_databases: None) -> None:
    """Nobody listens at its address."""
    url = "mongodb://127.0.0.1:1/notifications_audit?directConnection=true"
    audit = Audit(database_of(connect(url, patience=0.3), url), "notifications", patience=2)
    with pytest.raises(AuditUnavailable):
        await read(audit)
    audit.close()


async def test_whoever_leaves_the_block_without_opening_has_still_waited(
    clean_databases: None,
) -> None:
    """A use case that forgets to open cannot answer either: the block ends with the commit."""
    url = "mongodb://127.0.0.1:1/notifications_audit?directConnection=true"
    audit = Audit(database_of(connect(url, patience=0.3), url), "notifications", patience=2)
    answered = False
    with pytest.raises(AuditUnavailable):
        async with audit.reading(KARIN, subjects=["case-1"], fields=["notes"], **KNOWN):
            answered = True
    assert answered, "the loading ran beside it"
    audit.close()


async def test_the_answer_says_when_to_come_back() -> None:
    """503 with Retry-After, in every service."""
    assert STATUSES[AuditUnavailable] == 503
    assert HEADERS[AuditUnavailable] == {"Retry-After": "5"}
