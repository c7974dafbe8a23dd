"""Another store, under another user, says with a signature what the chain held."""

from __future__ import annotations

from typing import Any

import pytest
from nacl.signing import SigningKey
from pymongo.collection import Collection
from structlog.testing import capture_logs

from shared.audit.audit import Audit
from shared.audit.chain import ChainCheck, Fault, Verdict
from shared.audit.checkpoint import signed
from shared.audit.checkpoints import EVERY_SECONDS, MongoCheckpoints, SignCheckpoint
from tests.integration.audit.appending import append
from tests.integration.audit.conftest import SERVICE

SEED = b"s" * 32
Rows = Collection[dict[str, Any]]


@pytest.fixture
def sign(audit: Audit, checkpoints: MongoCheckpoints) -> SignCheckpoint:
    return SignCheckpoint(audit.entries, checkpoints, SERVICE, SEED)


async def verdict(audit: Audit, checkpoints: MongoCheckpoints) -> Verdict:
    signed = await checkpoints.after(0, limit=100)
    check = ChainCheck(SERVICE, signed, [SigningKey(SEED).verify_key])
    check.take(await audit.entries.after(0, limit=100))
    return check.verdict()


async def test_new_entries_are_signed_once(
    audit: Audit, checkpoints: MongoCheckpoints, sign: SignCheckpoint
) -> None:
    """Only when there is something new; and two workers at once make one checkpoint."""
    assert EVERY_SECONDS <= 60, "within a minute"
    await sign()
    assert await checkpoints.newest() is None, "there is nothing to sign yet"
    await append(audit, "a", 3)
    await sign()
    await SignCheckpoint(audit.entries, checkpoints, SERVICE, SEED)()
    await append(audit, "b", 2)
    assert (await verdict(audit, checkpoints)).after_last_checkpoint == 2
    await sign()
    assert [each["seq"] for each in await checkpoints.after(0, limit=9)] == [3, 5]
    found = await verdict(audit, checkpoints)
    assert (found.broken, found.checkpoints, found.after_last_checkpoint) == (None, 2, 0)


async def test_a_broken_chain_is_never_signed(
    audit: Audit, checkpoints: MongoCheckpoints, sign: SignCheckpoint, rows: Rows
) -> None:
    """What was changed since the last checkpoint, or at it, raises the alarm instead."""
    await append(audit, "a", 3)
    await sign()
    await append(audit, "b", 3)
    rows.update_one({"_id": 5}, {"$set": {"actor": "somebody-else"}})
    with capture_logs() as logs:
        await sign()
    assert [(each["event"], each["seq"]) for each in logs] == [("audit_chain_broken", 5)]
    rows.update_one({"_id": 3}, {"$set": {"hash": "0" * 64}})
    with capture_logs() as logs:
        await sign()
    assert [(each["event"], each["seq"]) for each in logs] == [("audit_chain_broken", 3)]
    assert len(await checkpoints.after(0, limit=9)) == 1


async def test_whoever_cuts_both_off_is_seen(
    audit: Audit,
    checkpoints: MongoCheckpoints,
    sign: SignCheckpoint,
    rows: Rows,
    signed_rows: Rows,
) -> None:
    """The end of the chain and the checkpoints for it are gone: the worker remembers them."""
    await append(audit, "a", 3)
    await sign()
    await append(audit, "b", 3)
    with capture_logs() as logs:
        await sign()
    [witness] = [each for each in logs if each["event"] == "audit_signed"]
    assert (witness["seq"], witness["hash"]) == (6, (await audit.entries.tip()).hash)
    rows.delete_many({"_id": {"$gt": 3}})
    signed_rows.delete_many({"_id": {"$gt": 3}})
    await append(audit, "c", 9)
    assert (await verdict(audit, checkpoints)).broken is None, "the databases alone do not know"
    with capture_logs() as logs:
        await sign()
    assert [(each["event"], each["seq"]) for each in logs] == [("audit_chain_broken", 6)]
    assert len(await checkpoints.after(0, limit=9)) == 1, "it is not signed"


async def test_a_false_checkpoint_does_not_stand_in_for_ours(
    audit: Audit, checkpoints: MongoCheckpoints, sign: SignCheckpoint, signed_rows: Rows
) -> None:
    """Put there by whoever owns that database, under another key or under ours."""
    await append(audit, "a", 3)
    tip = await audit.entries.tip()
    another = signed(tip, service=SERVICE, at="x", key=SigningKey(b"x" * 32))
    signed_rows.insert_one({**another, "_id": 3})
    signed_rows.insert_one({"_id": "zzz"})
    await append(audit, "a", 1)
    await sign()
    assert [each["seq"] for each in await checkpoints.after(0, limit=9)] == [3, 4]
    broken = (await verdict(audit, checkpoints)).broken
    assert broken is not None
    assert (broken.seq, broken.fault) == (3, Fault.FALSE_CHECKPOINT)
    await append(audit, "a", 1)
    ours = {**(await checkpoints.newest() or {}), "_id": 5}
    signed_rows.insert_one({name: value for name, value in ours.items() if name != "seq"})
    with capture_logs() as logs:
        await sign()
    assert [each["event"] for each in logs] == ["audit_chain_broken"]


async def test_whoever_rules_the_database_is_seen(
    audit: Audit, checkpoints: MongoCheckpoints, sign: SignCheckpoint, rows: Rows
) -> None:
    """An administrator changes, adds, deletes, or puts another kind of value: it is named."""
    await append(audit, "a", 9)
    await sign()
    kept = rows.find_one({"_id": 4})
    assert kept is not None
    for change, fault in (
        ({"$set": {"allowed": False}}, Fault.CHANGED),
        ({"$set": {"more": "words"}}, Fault.CHANGED),
        ({"$set": {"seq": 7}}, Fault.MISSING),
        ({"$currentDate": {"at": True}}, Fault.CHANGED),
        ({"$unset": {"hash": ""}}, Fault.CHANGED),
    ):
        rows.update_one({"_id": 4}, change)
        broken = (await verdict(audit, checkpoints)).broken
        assert broken is not None
        assert (broken.seq, broken.fault) == (4, fault)
        rows.replace_one({"_id": 4}, kept)
    rows.delete_one({"_id": 4})
    broken = (await verdict(audit, checkpoints)).broken
    assert broken is not None
    assert (broken.seq, broken.fault) == (4, Fault.MISSING)
    rows.insert_one(kept)
    assert (await verdict(audit, checkpoints)).broken is None
