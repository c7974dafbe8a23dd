"""Another master key: everything is wrapped anew while everybody goes on reading."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from shared.kernel.ids import new_id
from shared.mongo.client import Database, connect, database_of
from shared.mongo.settings import StoreSettings
from shared.privacy.master_keys import MasterKeys, name_of
from shared.privacy.person_keys import place
from shared.privacy.rewrapping import Rewrapping
from shared.privacy.sealing import SealingKeys, seal
from shared.privacy.vault import DoesNotOpen, Forgotten, Vault
from shared.privacy.wrapping import new_key
from tests.support.eventually import eventually
from tests.support.servers import RealServers
from tests.support.world import KEY, told

EARLIER, NEXT = new_key(), new_key()
FIELDS = {"name": "Åsa Öberg"}


@pytest_asyncio.fixture
async def keys(servers: RealServers) -> Any:
    url = servers.mongo_url("booking-keys")
    client = connect(url)
    database = database_of(client, url)
    for name in ("person_keys", "tombstones", "sealing_keys"):
        await database[name].delete_many({})
    yield database
    client.close()


async def test_no_reading_fails_while_keys_are_wrapped_anew(keys: Database) -> None:
    """Processes that know both keys read on, fresh from the database each time, in every state."""
    before = Vault(keys, EARLIER)
    people = [new_id() for _ in range(600)]
    await before.new_people(people)
    sealed = [(each, await before.seal(each, FIELDS, record="r"), "r") for each in people]
    rewrapping = Rewrapping(keys, MasterKeys(NEXT, [EARLIER]))
    over, read = asyncio.Event(), 0

    async def reader(masters: MasterKeys) -> None:
        nonlocal read
        while not over.is_set():
            assert await Vault(keys, masters).open_many(sealed) == [FIELDS] * len(people)
            read += 1

    async def newcomer() -> None:
        while not over.is_set():
            vault, person = Vault(keys, MasterKeys(EARLIER, [NEXT])), new_id()
            await vault.new_person(person)
            await vault.seal(person, FIELDS, record="r")

    ways = (MasterKeys(EARLIER, [NEXT]), MasterKeys(NEXT, [EARLIER]))
    readers = [asyncio.create_task(reader(way)) for way in ways]
    readers.append(asyncio.create_task(newcomer()))
    for _ in range(8):
        before = read
        await rewrapping.step(100)
        await eventually(lambda before=before: read > before)
    over.set()
    await asyncio.gather(*readers)
    while (await rewrapping.step(500)).left:
        pass
    assert await Vault(keys, NEXT).open_many(sealed) == [FIELDS] * len(people)
    with pytest.raises(DoesNotOpen):
        await Vault(keys, EARLIER).open_many(sealed)


async def test_it_can_be_broken_off_and_taken_up_again(keys: Database) -> None:
    """Each step is whole; how much is left is counted in the database, not remembered."""
    await Vault(keys, EARLIER).new_people([new_id() for _ in range(30)])
    masters = MasterKeys(NEXT, [EARLIER])
    assert (await Rewrapping(keys, masters).step(20)).left == 10
    found = await Rewrapping(keys, masters).standing()
    assert (found.newest, found.total, found.left) == (name_of(NEXT), 30, 10)
    both = [Rewrapping(keys, masters).step(20) for _ in range(2)]
    assert {one.left for one in await asyncio.gather(*both)} == {0}


async def test_keys_from_before_names_were_kept(keys: Database) -> None:
    """Rows that name no master key open with any that is known, and are wrapped anew as well."""
    vault, person = Vault(keys, EARLIER), new_id()
    await vault.new_person(person)
    cipher = await vault.seal(person, FIELDS, record="r")
    await keys["person_keys"].update_one({"_id": person}, {"$unset": {"master": ""}})
    masters = MasterKeys(NEXT, [EARLIER])
    assert await Vault(keys, masters).open(person, cipher, record="r") == FIELDS
    assert (await Rewrapping(keys, masters).step(10)).left == 0
    assert await Vault(keys, NEXT).open(person, cipher, record="r") == FIELDS


async def test_somebody_forgotten_meanwhile_stays_forgotten(keys: Database) -> None:
    """A key that is deleted between reading and wrapping is not put back."""
    vault, person = Vault(keys, EARLIER), new_id()
    await vault.new_person(person)
    rewrapping = Rewrapping(keys, MasterKeys(NEXT, [EARLIER]))
    row = await keys["person_keys"].find_one({"_id": person})
    assert row is not None
    await vault.forget(person)
    late = rewrapping._anew(row, "wrapped", place(person))
    await keys["person_keys"].bulk_write([late])
    with pytest.raises(Forgotten):
        await Vault(keys, MasterKeys(NEXT, [EARLIER])).seal(person, FIELDS, record="r")


async def test_boxes_open_after_the_change(keys: Database) -> None:
    """Private halves of sealing keys are wrapped anew too; a box on its way still opens."""

    def now() -> datetime:
        return datetime(2027, 1, 11, tzinfo=UTC)

    public = await SealingKeys(keys, EARLIER, now=now).ensure()
    box = seal(public, FIELDS)
    assert (await Rewrapping(keys, MasterKeys(NEXT, [EARLIER])).step(10)).left == 0
    assert await SealingKeys(keys, NEXT, now=now).open(public.key_id, box) == FIELDS


async def test_a_key_that_nobody_was_told_of_is_counted(keys: Database) -> None:
    """What cannot be opened stays as it is, is said, and stands in the way of nothing that can."""
    await Vault(keys, EARLIER).new_people([new_id() for _ in range(3)])
    other = new_key()
    await Vault(keys, other).new_people([new_id() for _ in range(3)])
    rewrapping = Rewrapping(keys, MasterKeys(NEXT, [other]))
    assert (await rewrapping.standing()).unopened == 3
    seen = [await rewrapping.step(2) for _ in range(2)]
    assert [(each.left, each.unopened) for each in seen] == [(4, 3), (3, 3)]


def test_the_settings_take_several(servers: RealServers) -> None:
    """The newest, and any others with commas between; none is the rule."""
    known = told(servers, "booking")
    assert StoreSettings.model_validate(known).other_master_keys == ()
    more = StoreSettings.model_validate({**known, "other_master_keys": f"{KEY},{KEY}"})
    assert more.other_master_keys == (b"k" * 32, b"k" * 32)
    assert "kkkk" not in repr(more)
