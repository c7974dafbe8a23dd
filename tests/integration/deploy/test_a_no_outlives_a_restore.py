"""Whoever said no to newsletters after a backup was made has still said it when it is put back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.backup.restoring import restore
from deploy.backup.taking import take
from services.publishing.domain.subscriber import Subscriber, asks, confirms, leaves
from services.publishing.storage.subscriber_documents import from_document, key, to_document
from tests.integration.publishing.people import NOW, asked, key_of, somebody
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
LATER = NOW + timedelta(days=3)


class Publishing:
    """Its database, in an administrator's hands."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client: MongoClient[dict[str, Any]] = MongoClient(url, tz_aware=True)
        self.database = self.client["publishing"]

    def keep(self, one: Subscriber, blind: str) -> None:
        row = to_document(one) | {"version": 1, "blind": blind, "cipher": {}}
        self.database["subscribers"].replace_one({"_id": key(one.id)}, row, upsert=True)

    def stop(self, fingerprint: str, **causes: Any) -> None:
        row = {"causes": causes}
        self.database["suppressions"].replace_one({"_id": fingerprint}, row, upsert=True)

    def forget(self, one: Subscriber) -> None:
        self.database["subscribers"].delete_one({"_id": key(one.id)})
        self.client["publishing_keys"]["tombstones"].insert_one({"_id": str(one.id)})

    def states(self) -> dict[str, Mapping[str, str]]:
        rows = self.database["subscribers"].find()
        found = {row["blind"]: from_document(row) for row in rows}
        return {blind: {n: s.state for n, s in one.on.items()} for blind, one in found.items()}


@pytest.fixture
def publishing(servers: RealServers, clean_databases: None) -> Iterator[Publishing]:
    here = Publishing(servers.mongo_administrator_url)
    yield here
    here.client.close()


def quiet(_: int, __: int) -> None:
    pass


async def test_no_is_kept_and_yes_is_undone(publishing: Publishing, tmp_path: Path) -> None:
    """Left, stopped and forgotten stay so; what was asked for since is as it was; again too."""
    leaver, stayer, forgotten = [somebody("skolor", "unga") for _ in range(3)]
    joiner, late = somebody("skolor"), somebody("unga")
    for blind, one in (("a", leaver), ("b", stayer), ("c", forgotten), ("d", joiner)):
        publishing.keep(one, blind)
    publishing.stop("x", complaint=LATER)
    await asyncio.to_thread(take, publishing.url, tmp_path / "data", None, quiet)

    publishing.keep(leaves(leaver, ["unga"], "page", LATER), "a")
    publishing.forget(forgotten)
    more, _ = asks(joiner, {"unga": asked(LATER)})
    publishing.keep(confirms(more, key_of("unga"), 1, LATER), "d")
    publishing.keep(late, "e")
    publishing.stop("x", **{"complaint": NOW, "dead-address": NOW})
    publishing.stop("y", **{"asked-never-again": NOW})

    for _ in range(2):
        done = await asyncio.to_thread(restore, publishing.url, tmp_path / "data", None, quiet)
        assert done.left_out == 1
        assert publishing.states() == {
            "a": {"skolor": "confirmed", "unga": "left"},
            "b": {"skolor": "confirmed", "unga": "confirmed"},
            "d": {"skolor": "confirmed"},
        }
        [kept] = publishing.database["subscribers"].find({"blind": "a"})
        assert kept["confirmed"] == ["skolor"]
        stops = {row["_id"]: row["causes"] for row in publishing.database["suppressions"].find()}
        assert stops == {
            "x": {"complaint": NOW, "dead-address": NOW},
            "y": {"asked-never-again": NOW},
        }
