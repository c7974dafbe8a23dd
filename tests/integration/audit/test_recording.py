"""Every reading is in the chain before anybody sees anything of it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from typing import Any

import pytest
from pymongo.collection import Collection

from deploy.local.data_folder import CHECKOUT
from shared.audit.audit import Audit
from shared.audit.chain import ChainCheck
from shared.audit.purposes import Purpose
from shared.audit.sealed import NotRecorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.observability.cause import Cause, because_of
from tests.integration.audit.appending import append
from tests.support.servers import RealServers

KARIN = Actor("staff", "sub-karin", frozenset({"case-lead"}), name="Karin Holm")
Rows = Collection[dict[str, Any]]


async def test_a_reading_is_recorded_before_it_is_shown(audit: Audit, rows: Rows) -> None:
    """Who, about whom, which fields, why, by which rule, in which request; no name, no content."""
    notes = Sealed("Kim mår bättre", subjects=["case-1"], fields=["notes"])
    known = {"fields": ["notes"], "purpose": Purpose.CASE_WORK, "rule": "lead-of-case"}
    with because_of(Cause("trace-1")):
        async with audit.reading(KARIN, subjects=["case-1"], reference="m-1", **known) as reading:
            shown = await reading.open(notes)
            [row] = rows.find({}, {"_id": 0, "at": 0, "prev": 0, "hash": 0})
    assert shown == "Kim mår bättre"
    assert row == {
        "service": "notifications",
        "actor": "sub-karin",
        "roles": ["case-lead"],
        "subjects": ["case-1"],
        "fields": ["notes"],
        "purpose": "case-work",
        "reference": "m-1",
        "allowed": True,
        "rule": "lead-of-case",
        "trace": "trace-1",
    }


async def test_a_reading_opens_nothing_else(audit: Audit) -> None:
    """Another person's seal, or another field, stays shut."""
    for other in (
        Sealed("x", subjects=["case-2"], fields=["notes"]),
        Sealed("x", subjects=["case-1"], fields=["identity"]),
    ):
        with pytest.raises(NotRecorded):
            async with audit.reading(
                KARIN,
                subjects=["case-1"],
                fields=["notes"],
                purpose=Purpose.CASE_WORK,
                rule="lead-of-case",
            ) as reading:
                await reading.open(other)


async def test_what_goes_wrong_inside_comes_out_and_the_trace_stays(
    audit: Audit, rows: Rows
) -> None:
    """A load that fails is told as such; that somebody was about to read is recorded."""
    with pytest.raises(NotFound):
        async with audit.reading(
            KARIN, subjects=["case-1"], fields=["notes"], purpose=Purpose.REVIEW, rule="lead"
        ):
            raise NotFound
    assert rows.count_documents({"subjects": "case-1"}) == 1


async def test_a_list_names_everybody_shown(audit: Audit, rows: Rows) -> None:
    """Also when there are very many; and an empty list names nobody."""
    many = [f"case-{number}" for number in range(1200)]
    sealed = Sealed(many, subjects=many, fields=["pseudonym"])
    empty: Sealed[list[str]] = Sealed([], subjects=[], fields=["pseudonym"])
    assert await audit.open(KARIN, sealed, purpose=Purpose.CASE_WORK, rule="own-cases") == many
    assert await audit.open(KARIN, empty, purpose=Purpose.CASE_WORK, rule="own-cases") == []
    assert [subject for row in rows.find().sort("_id", 1) for subject in row["subjects"]] == many


async def test_a_refusal_leaves_a_trace_too(audit: Audit, rows: Rows) -> None:
    """Whoever tries what they may not is in the chain, and the refusal is the one asked for."""
    with pytest.raises(NotFound):
        await audit.refuse(
            KARIN,
            subjects=["case-1"],
            fields=["notes"],
            purpose=Purpose.CASE_WORK,
            rule="not-assigned",
            refusal=NotFound(),
        )
    [row] = rows.find()
    assert (row["allowed"], row["rule"]) == (False, "not-assigned")


async def test_two_processes_write_one_chain(
    audit: Audit, servers: RealServers, rows: Rows
) -> None:
    """Two processes and this one append at once, four tasks each: 600 entries, each once, whole."""
    told = {**os.environ, "AUDIT_MONGODB_URL": servers.mongo_url("notifications-audit")}
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.audit.appending", name, "4", "50"),
            cwd=CHECKOUT,
            env=told,
        )
        for name in ("one", "two")
    ]
    ours = Audit(audit._database, "notifications", patience=60)
    await asyncio.gather(*(append(ours, f"here.{task}", 50) for task in range(4)))
    assert [await process.wait() for process in processes] == [0, 0]
    found = await audit.entries.after(0, limit=1000)
    subjects = Counter(entry["subjects"][0] for entry in found)
    assert len(subjects) == len(found) == 600
    check = ChainCheck("notifications", [], [])
    assert check.take(found)
    assert (check.verdict().entries, check.verdict().broken) == (600, None)
    by = {entry["actor"].split(".")[0] for entry in found[:300]}
    assert len(by) > 1, "they did write at the same time"


async def test_what_waits_is_written_together(audit: Audit, rows: Rows) -> None:
    """Fifty readings at once cost a handful of writes, and each has its own number."""
    from shared.observability import metrics

    sizes = metrics.COMBINED_GROUP_SIZE.labels("audit")
    before = [(bucket.name, bucket.value) for bucket in sizes.collect()[0].samples]
    await asyncio.gather(*(append(audit, f"task-{task}", 1) for task in range(50)))
    after = {bucket.name: bucket.value for bucket in sizes.collect()[0].samples}
    groups = after["safespace_combined_group_size_count"] - dict(before).get(
        "safespace_combined_group_size_count", 0
    )
    assert 1 <= groups < 10
    assert rows.count_documents({}) == 50
