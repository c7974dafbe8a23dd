"""What was done with early warnings stays as it was recorded, and an auditor can tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from nacl.signing import SigningKey
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from deploy.cli.asking import Asker
from deploy.cli.screen import Screen
from deploy.cli.verifying import Verified, verify
from shared.audit.chain import Fault
from shared.audit.entries import ENTRIES
from tests.integration.publishing.feeds.partners_world import Partnered
from tests.integration.publishing.feeds.test_bulletins import MEMBER, decide, post
from tests.support.servers import RealServers

Rows = Collection[dict[str, Any]]
CHANGING: tuple[Callable[[Rows], object], ...] = (
    lambda rows: rows.update_one({"purpose": "early-warning"}, {"$set": {"actor": "x"}}),
    lambda rows: rows.update_many({}, {"$unset": {"fields": 1}}),
    lambda rows: rows.find_one_and_replace({"purpose": "early-warning"}, {}),
    lambda rows: rows.delete_one({"purpose": "early-warning"}),
    lambda rows: rows.delete_many({}),
    lambda rows: rows.drop(),
)


async def verified(partnered: Partnered) -> Verified:
    """As `safespace audit verify --service publishing` does it, over HTTP."""
    world = partnered.world
    headers, out = world.signed_in("auditor"), Screen(as_json=True, language="sv")
    with httpx.Client(
        base_url=world.client.base_url, headers=headers, timeout=30, trust_env=False
    ) as client:
        key = SigningKey(b"s" * 32).verify_key
        return await asyncio.to_thread(verify, Asker(client), "publishing", key, None, out)


async def test_nobody_changes_what_was_done_with_a_warning(
    partnered: Partnered, servers: RealServers
) -> None:
    """Publishing's own user for its audit is refused; whoever owns the database is found out."""
    async with await partnered.partner("poster", MEMBER) as poster:
        bulletin = await post(poster)
        await partnered.world.ask("GET", f"/v1/bulletins/{bulletin['id']}", by="editor")
        await decide(partnered, bulletin, "approval", {})
    with MongoClient[dict[str, Any]](servers.mongo_url("publishing-audit")) as own:
        rows = own["publishing_audit"][ENTRIES]
        before = list(rows.find())
        assert [one["purpose"] for one in before] == ["early-warning"] * 3
        for act in CHANGING:
            with pytest.raises(OperationFailure) as refused:
                act(rows)
            assert refused.value.code == 13
        assert list(rows.find()) == before
    whole = (await verified(partnered)).verdict
    assert whole.broken is None
    assert whole.entries >= 3
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as owner:
        change = {"$set": {"fields": ["text"]}}
        owner["publishing_audit"][ENTRIES].update_one({"_id": before[2]["_id"]}, change)
    broken = (await verified(partnered)).verdict.broken
    assert broken is not None
    assert (broken.seq, broken.fault) == (before[2]["_id"], Fault.CHANGED)
