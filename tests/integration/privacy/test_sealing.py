"""Sealed bodies and their keys: week by week, gone after a fortnight, on the real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from shared.mongo.client import Database, connect, database_of
from shared.privacy.sealed_box import PADDED_TO, unseal
from shared.privacy.sealing import (
    DoesNotOpen,
    KnownKeys,
    PublicKey,
    SealingKeyGone,
    SealingKeyMissing,
    SealingKeys,
    seal,
)
from shared.privacy.wrapping import new_key
from tests.support.servers import RealServers

MASTER = new_key()
CARD = {"source": "booking", "name": "Åsa Öberg", "phone": "+46701740605"}


class RealTime:
    def __init__(self) -> None:
        self.at = datetime(2027, 1, 4, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


@pytest_asyncio.fixture
async def database(servers: RealServers) -> Any:
    url = servers.mongo_url("notifications-keys")
    client = connect(url)
    found = database_of(client, url)
    for name in ("sealing_keys", "known_sealing_keys"):
        await found[name].delete_many({})
    yield found
    client.close()


@pytest.fixture
def time() -> RealTime:
    return RealTime()


@pytest.fixture
def keys(database: Database, time: RealTime) -> SealingKeys:
    return SealingKeys(database, MASTER, now=time)


async def test_sealed_by_one_opened_by_the_other(keys: SealingKeys) -> None:
    """What is sealed with the public half opens with the private half, and shows nothing before."""
    public = await keys.ensure()
    box = seal(public, CARD)
    assert await keys.open(public.key_id, box) == CARD
    assert "Öberg".encode() not in box
    with pytest.raises(DoesNotOpen):
        await keys.open(public.key_id, box[:-1] + bytes([box[-1] ^ 1]))


async def test_the_private_half_is_wrapped(keys: SealingKeys, database: Database) -> None:
    """The database alone opens nothing: the private half is under the master key."""
    public = await keys.ensure()
    row = await database["sealing_keys"].find_one({"_id": public.key_id})
    assert row
    with pytest.raises(DoesNotOpen):
        unseal(bytes(row["private"])[-32:], seal(public, CARD))
    with pytest.raises(DoesNotOpen):
        await SealingKeys(database, new_key(), now=keys._now).open(
            public.key_id, seal(public, CARD)
        )


async def test_a_key_a_week(keys: SealingKeys, time: RealTime) -> None:
    """Within a week the key stays, the next week has its own, and one may be made at once."""
    first = await keys.ensure()
    time.pass_days(6)
    assert await keys.ensure() == first
    time.pass_days(1)
    second = await keys.ensure()
    assert second.key_id != first.key_id
    time.pass_days(0.1)
    third = await keys.rotate()
    assert third.key_id not in {first.key_id, second.key_id}
    assert await keys.ensure() == third


async def test_several_processes_agree(database: Database, time: RealTime) -> None:
    """Twenty processes that start at once announce the same key."""
    many = [SealingKeys(database, MASTER, now=time) for _ in range(20)]
    made = await asyncio.gather(*(one.ensure() for one in many))
    assert len({key.key_id for key in made}) == len({key.public for key in made}) == 1


async def test_gone_after_a_fortnight(
    keys: SealingKeys, time: RealTime, database: Database
) -> None:
    """14 days after the next key took over, the private half is erased and boxes stay shut."""
    first = await keys.ensure()
    box = seal(first, CARD)
    time.pass_days(7)
    second = await keys.ensure()
    time.pass_days(13.9)
    assert await keys.destroy_old() == 0
    assert await keys.open(first.key_id, box) == CARD
    time.pass_days(0.2)
    with pytest.raises(SealingKeyGone):
        await keys.open(first.key_id, box)
    row = await database["sealing_keys"].find_one({"_id": first.key_id})
    assert row
    assert "private" in row, "shut by time alone, before anything was erased"
    assert await keys.destroy_old() == 1
    row = await database["sealing_keys"].find_one({"_id": first.key_id})
    assert row
    assert "private" not in row
    assert await keys.open(second.key_id, seal(second, CARD)) == CARD
    time.pass_days(100)
    assert await keys.destroy_old() == 0, "the newest key is never erased"


async def test_an_unknown_key_is_said_to_be_gone(keys: SealingKeys) -> None:
    """A box for a key that was never ours does not open."""
    public = await keys.ensure()
    with pytest.raises(SealingKeyGone):
        await keys.open("2020-W01", seal(public, CARD))


async def test_tellers_use_the_newest_key_they_heard(database: Database, time: RealTime) -> None:
    """Keys heard in any order and twice: the newest is used, none or only old ones is a refusal."""
    known = KnownKeys(database, now=time)
    with pytest.raises(SealingKeyMissing):
        await known.newest("notifications")
    old, new = time.at, time.at + timedelta(hours=1)
    for key_id, made_at in (("b", new), ("a", old), ("b", new)):
        await known.learn("notifications", key_id, key_id.encode() * 32, made_at)
    await known.learn("mentoring", "z", b"z" * 32, new + timedelta(hours=1))
    assert await known.newest("notifications") == PublicKey("b", b"b" * 32, new)
    time.pass_days(15)
    with pytest.raises(SealingKeyMissing):
        await known.newest("notifications")
    with pytest.raises(ValueError, match="32 bytes"):
        await known.learn("notifications", "c", b"short", new)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=6))
def test_the_length_tells_nothing(payload: dict[str, str]) -> None:
    """Every card of ordinary size makes a box of the same length."""
    pair = PrivateKey.generate()
    public = PublicKey("k", bytes(pair.public_key), datetime(2027, 1, 1, tzinfo=UTC))
    box = seal(public, payload)
    overhead = 48
    assert (len(box) - overhead) % PADDED_TO == 0
    assert unseal(bytes(pair), box) == payload
    assert len(seal(public, {"name": "Bo"})) == len(seal(public, {"name": "Alexandra" * 20}))
