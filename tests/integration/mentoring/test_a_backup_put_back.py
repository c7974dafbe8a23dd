"""A backup that is put back brings nobody back who was forgotten after it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.backup.file_set import NotWhole, read_manifest
from deploy.backup.restoring import AnotherAudit, NobodyKnows, restore
from deploy.backup.taking import DATA_DATABASES, KEY_DATABASES, AlreadyThere, Together, take
from services.mentoring.api.app import make_http
from services.mentoring.main import house_of
from shared.audit.entries import ENTRIES
from shared.kernel.ids import new_id
from tests.integration.mentoring.conftest import mentoring_settings
from tests.integration.mentoring.world import GRETA, KARIN, World
from tests.support.servers import RealServers
from tests.support.world import asked

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARKS = ("Planterad-Borta-4711", "Planterad-Kvar-4712")  # ASCII: looked for in raw bytes too


async def test_the_forgotten_stay_so_and_the_others_come_back(
    world: World, servers: RealServers, tmp_path: Path
) -> None:
    """Backup, forget, put back, start: 404 everywhere, no word readable, nobody else lost."""
    url, data, keys = servers.mongo_administrator_url, tmp_path / "data", tmp_path / "keys"
    gone, kept = [await _a_case(world, mark) for mark in MARKS]
    [row] = [each for each in await world.rows("cases") if each["_id"] == gone]
    take(url, data, keys, _quiet)
    _nothing_readable(data)
    await _forget(world, gone)
    await world.asks(KARIN, "POST", f"/v1/cases/{kept}/notes", 201, json={"text": "Efter."})

    for key_set in (None, keys):
        done = restore(url, data, key_set, _quiet)
        assert done.tombstones >= 1
        assert done.left_out >= 5
        house = house_of(mentoring_settings(servers, world.issuer), world.clock)
        async with asked(make_http(mentoring_settings(servers, world.issuer), house)) as client:
            anew = World(house, world.clock, client, world.issuer, world.notifications)
            for more in ("", "/notes", "/identity", "/steps"):
                await anew.asks(KARIN, "GET", f"/v1/cases/{gone}{more}", 404)
            notes = await anew.asks(KARIN, "GET", f"/v1/cases/{kept}/notes")
            assert [each["text"] for each in notes["items"]] == [MARKS[1]]
            found = await anew.asks(KARIN, "GET", f"/v1/cases/{kept}/identity")
            assert found["name"] == MARKS[1]
            assert (await anew.asks(GRETA, "GET", "/v1/forgettings"))["total"] == 1
            everything = _raw(url)
            assert row["person_id"] not in everything["mentoring"]
            assert row["person_id"] not in everything["mentoring_identity"]
            assert not any(mark in text for mark in MARKS for text in everything.values())
            with MongoClient[Any](url) as administrator:
                kept_keys = administrator["mentoring_keys"]["person_keys"].find().distinct("_id")
            assert row["person_id"] not in kept_keys, "the key of the forgotten came back"
            assert kept_keys, "those of others are there"


async def test_without_tombstones_somebody_must_say_so(
    world: World, servers: RealServers, tmp_path: Path
) -> None:
    """All keys lost: nobody knows who was forgotten since, and nothing is changed by itself."""
    url, data, keys = servers.mongo_administrator_url, tmp_path / "data", tmp_path / "keys"
    case_id = await _a_case(world, MARKS[1])
    take(url, data, keys, _quiet)
    with MongoClient[Any](url) as client:
        for name in KEY_DATABASES:
            for collection in client[name].list_collection_names():
                client[name][collection].delete_many({})
        with pytest.raises(NobodyKnows):
            restore(url, data, keys, _quiet)
        assert client["mentoring"]["cases"].count_documents({}) == 1
    restore(url, data, keys, _quiet, nobody_since=True)
    assert (await world.case(case_id))["phase"] == "intake"


async def test_a_backup_is_whole_or_none(
    world: World, servers: RealServers, tmp_path: Path
) -> None:
    """Data and keys apart; nothing written over; a changed byte, file or audit stops it."""
    url, data, keys = servers.mongo_administrator_url, tmp_path / "data", tmp_path / "keys"
    await _a_case(world, MARKS[1])
    for together in (data, data / "keys"):
        with pytest.raises(Together):
            take(url, data, together, _quiet)
    with pytest.raises(KeyboardInterrupt):
        take(url, data, keys, _interrupted)
    assert not data.exists()
    assert not keys.exists()
    made = take(url, data, keys, _quiet)
    with pytest.raises(AlreadyThere):
        take(url, data, None, _quiet)
    assert read_manifest(keys, "keys").id == made.id
    assert {each.database for each in made.files} <= set(DATA_DATABASES)
    with MongoClient[Any](url) as client:
        entries = client["mentoring_audit"][ENTRIES]
        entries.update_one({"_id": 1}, {"$set": {"hash": "0" * 64}})
        entries.delete_many({"_id": {"$gt": 1}})
    with pytest.raises(AnotherAudit):
        restore(url, data, None, _quiet)
    file = next(data.glob("mentoring/cases.bson"))
    changed = bytearray(file.read_bytes())
    changed[-3] ^= 1
    file.write_bytes(bytes(changed))
    with pytest.raises(NotWhole) as found:
        restore(url, data, None, _quiet)
    assert found.value.name == "mentoring/cases.bson"
    (data / "manifest.json").unlink()
    with pytest.raises(NotWhole):
        restore(url, data, None, _quiet)


async def _a_case(world: World, mark: str) -> str:
    case_id = await world.a_case(identity={"name": mark})
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": mark})
    return case_id


async def _forget(world: World, case_id: str) -> None:
    more: dict[str, Any] = {"params": {"commit": "true"}, "headers": {"Idempotency-Key": new_id()}}
    await world.change(GRETA, "POST", case_id, "/forgetting", **more)


def _quiet(_: int, __: int) -> None:
    pass


def _interrupted(_: int, __: int) -> None:
    raise KeyboardInterrupt


def _nothing_readable(folder: Path) -> None:
    files = list(folder.rglob("*.bson"))
    assert len(files) > 10
    for file in files:
        content = file.read_bytes()
        assert not any(mark.encode() in content for mark in MARKS), file


def _raw(url: str) -> dict[str, str]:
    with MongoClient[Any](url) as client:
        return {
            name: repr(
                [list(client[name][each].find()) for each in client[name].list_collection_names()]
            )
            for name in (*DATA_DATABASES, *KEY_DATABASES)
        }
