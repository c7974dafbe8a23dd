"""The vault on the real key database: fields open where they stand, and never after forgetting."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.ids import new_id
from shared.mongo.client import Database, connect, database_of
from shared.privacy import person_keys
from shared.privacy.fingerprint import keyed
from shared.privacy.person_keys import CACHE_SECONDS
from shared.privacy.vault import DoesNotOpen, Forgotten, PersonUnknown, Vault
from shared.privacy.wrapping import context, key_from_base64, lock, new_key, unlock
from tests.support.servers import RealServers

MASTER = new_key()
FIELDS = {"name": "Åsa Öberg", "phone": "+46701740605"}


@pytest_asyncio.fixture
async def keys(servers: RealServers) -> Any:
    url = servers.mongo_url("booking-keys")
    client = connect(url)
    database = database_of(client, url)
    for name in ("person_keys", "tombstones"):
        await database[name].delete_many({})
    yield database
    client.close()


class Stopwatch:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


async def test_what_is_sealed_opens_again(keys: Database) -> None:
    """Fields come back as they were, from another process too; at rest they are not readable."""
    vault, person = Vault(keys, MASTER), new_id()
    await vault.new_person(person)
    cipher = await vault.seal(person, FIELDS, record="bookings/1")
    assert await Vault(keys, MASTER).open(person, cipher, record="bookings/1") == FIELDS
    stored = repr(await keys["person_keys"].find_one({"_id": person})) + repr(cipher)
    assert "Öberg" not in stored
    assert all("Öberg".encode() not in box for box in cipher.values())
    again = await vault.seal(person, FIELDS, record="bookings/1")
    assert again["name"] != cipher["name"], "the same text twice does not look the same"


async def test_ciphertext_cannot_be_moved(keys: Database) -> None:
    """In another record, field or person's place a ciphertext does not open."""
    vault, person, other = Vault(keys, MASTER), new_id(), new_id()
    await vault.new_people([person, other])
    cipher = await vault.seal(person, FIELDS, record="bookings/1")
    for who, moved, record in (
        (person, cipher, "bookings/2"),
        (person, {"phone": cipher["name"]}, "bookings/1"),
        (other, cipher, "bookings/1"),
        (person, {"name": cipher["name"][:-1] + b"\0"}, "bookings/1"),
        (person, {"name": b""}, "bookings/1"),
    ):
        with pytest.raises(DoesNotOpen):
            await vault.open(who, moved, record=record)
        with pytest.raises(DoesNotOpen):
            await vault.open_many([(who, moved, record)])


async def test_without_the_place_it_could_be_moved(
    keys: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check above is real: with the associated data taken away, a moved ciphertext opens."""
    monkeypatch.setattr("shared.privacy.vault._place", lambda _record, _field: b"")
    vault, person = Vault(keys, MASTER), new_id()
    await vault.new_person(person)
    cipher = await vault.seal(person, FIELDS, record="bookings/1")
    moved = await vault.open(person, {"phone": cipher["name"]}, record="bookings/2")
    assert moved == {"phone": "Åsa Öberg"}


async def test_a_wrapped_key_cannot_be_moved(keys: Database) -> None:
    """Somebody else's wrapped key in a person's row does not open, nor under another master key."""
    vault, person, other = Vault(keys, MASTER), new_id(), new_id()
    await vault.new_people([person, other])
    stolen = await keys["person_keys"].find_one({"_id": other})
    assert stolen
    change = {"$set": {"wrapped": stolen["wrapped"]}}
    await keys["person_keys"].update_one({"_id": person}, change)
    with pytest.raises(DoesNotOpen):
        await Vault(keys, MASTER).seal(person, FIELDS, record="bookings/1")
    with pytest.raises(DoesNotOpen):
        await Vault(keys, new_key()).seal(other, FIELDS, record="bookings/1")


async def test_forgetting_blinds_every_process(keys: Database) -> None:
    """Here at once, elsewhere when the cache runs out, which is within 60 s."""
    watch, person = Stopwatch(), new_id()
    here, elsewhere = Vault(keys, MASTER), Vault(keys, MASTER, seconds=watch)
    await here.new_person(person)
    cipher = await here.seal(person, FIELDS, record="r")
    assert await elsewhere.open(person, cipher, record="r") == FIELDS
    await here.forget(person)
    with pytest.raises(Forgotten):
        await here.open(person, cipher, record="r")
    watch.at = CACHE_SECONDS - 1
    assert await elsewhere.open(person, cipher, record="r") == FIELDS, "the cache is at work"
    assert CACHE_SECONDS <= 60
    watch.at = CACHE_SECONDS
    with pytest.raises(Forgotten):
        await elsewhere.open(person, cipher, record="r")
    assert await elsewhere.open_many([(person, cipher, "r")]) == [None]


async def test_a_new_key_is_in_hand_no_longer_than_others(keys: Database) -> None:
    """Who was made here is sealed for without asking again, and blind in time all the same."""
    watch, person, known = Stopwatch(), new_id(), new_id()
    here, elsewhere = Vault(keys, MASTER, seconds=watch), Vault(keys, MASTER)
    await elsewhere.new_person(known)
    await here.new_people([person, known])
    await keys["person_keys"].update_many({}, {"$rename": {"wrapped": "away"}})
    cipher = await here.seal(person, FIELDS, record="r")
    with pytest.raises(KeyError):
        await here.seal(known, FIELDS, record="r")
    await keys["person_keys"].update_many({}, {"$rename": {"away": "wrapped"}})
    assert await elsewhere.open(person, cipher, record="r") == FIELDS
    await elsewhere.forget(person)
    watch.at = CACHE_SECONDS
    with pytest.raises(Forgotten):
        await here.seal(person, FIELDS, record="r")


async def test_reading_does_not_prolong_the_cache(keys: Database) -> None:
    """A person who is read all the time is looked up again all the same."""
    watch, person = Stopwatch(), new_id()
    here, elsewhere = Vault(keys, MASTER), Vault(keys, MASTER, seconds=watch)
    await here.new_person(person)
    cipher = await here.seal(person, FIELDS, record="r")
    await elsewhere.open(person, cipher, record="r")
    await here.forget(person)
    for second in range(1, int(CACHE_SECONDS)):
        watch.at = float(second)
        assert await elsewhere.open(person, cipher, record="r")
    watch.at = CACHE_SECONDS
    with pytest.raises(Forgotten):
        await elsewhere.open(person, cipher, record="r")


async def test_a_tombstone_is_for_good(keys: Database) -> None:
    """A forgotten person gets no new key, alone or among others; forgetting again is harmless."""
    vault, person, other = Vault(keys, MASTER), new_id(), new_id()
    await vault.new_person(person)
    await vault.forget(person)
    await vault.forget(person)
    for newly in (vault, Vault(keys, MASTER)):
        with pytest.raises(Forgotten):
            await newly.new_person(person)
    assert await vault.new_people([person, other]) == {person}
    assert await keys["person_keys"].count_documents({"_id": person}) == 0
    assert await vault.forgotten([person, other]) == {person}
    with pytest.raises(Forgotten):
        await vault.seal(person, FIELDS, record="r")
    assert await vault.seal(other, FIELDS, record="r")


async def test_forgetting_wins_every_race(keys: Database) -> None:
    """Making and forgetting at the same time always ends forgotten, with no key left."""
    vault = Vault(keys, MASTER)
    people = [new_id() for _ in range(40)]

    async def make(person: str) -> None:
        try:
            await Vault(keys, MASTER).new_person(person)
        except Forgotten:
            return

    await asyncio.gather(*(step(p) for p in people for step in (make, vault.forget)))
    assert await keys["person_keys"].count_documents({"_id": {"$in": people}}) == 0


async def test_making_keys_again_changes_none(keys: Database) -> None:
    """Keys made by two processes at once are the same keys for both."""
    one, two, people = Vault(keys, MASTER), Vault(keys, MASTER), [new_id() for _ in range(60)]
    await asyncio.gather(one.new_people(people), two.new_people([*people, *people]))
    ciphers = await one.seal_many([(person, FIELDS, "r") for person in people])
    opened = await two.open_many(
        [(person, cipher, "r") for person, cipher in zip(people, ciphers, strict=True)]
    )
    assert opened == [FIELDS] * 60


async def test_many_are_opened_in_one_round_trip(
    keys: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred people cost one question to the key database, and none the second time."""
    vault, people = Vault(keys, MASTER), [new_id() for _ in range(200)]
    await vault.new_people(people)
    ciphers = await vault.seal_many([(person, FIELDS, "r") for person in people])
    fresh, asked = Vault(keys, MASTER), []
    kept = fresh._keys._keys

    class Counted:
        def find(self, *arguments: Any, **how: Any) -> Any:
            asked.append(arguments)
            return kept.find(*arguments, **how)

    monkeypatch.setattr(fresh._keys, "_keys", Counted())
    many = [(person, cipher, "r") for person, cipher in zip(people, ciphers, strict=True)]
    assert await fresh.open_many(many) == [FIELDS] * 200
    assert await fresh.open_many(many) == [FIELDS] * 200
    assert len(asked) == 1


async def test_the_unknown_are_not_the_forgotten(keys: Database) -> None:
    """Somebody who never had a key is a mistake of ours, not a forgotten person."""
    with pytest.raises(PersonUnknown):
        await Vault(keys, MASTER).seal(new_id(), FIELDS, record="r")


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many people are read, only so many keys stay in memory."""
    monkeypatch.setattr(person_keys, "_CACHE_SIZE", 10)
    keys = person_keys.PersonKeys({"person_keys": None, "tombstones": None}, MASTER)  # type: ignore[arg-type]
    for number in range(50):
        keys._keep(str(number), 0.0, b"")
    assert len(keys._cache) == 10


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_places_do_not_run_together(one: list[str], other: list[str]) -> None:
    """Different parts never make the same place."""
    assert (context(*one) == context(*other)) == (one == other)


@given(st.binary(max_size=80).filter(lambda key: len(key) != 32), st.binary(max_size=60))
def test_a_key_and_a_box_have_their_length(key: bytes, box: bytes) -> None:
    """Libsodium is asked directly and trusts its caller: nothing shorter comes near it."""
    with pytest.raises(ValueError, match="32 bytes"):
        lock(key, b"Asa", b"")
    whole = lock(right := new_key(), b"", b"")
    for some, what in ((key, whole), (right, whole[:40]), (right, box), (right, whole[:-1])):
        with pytest.raises(DoesNotOpen):
            unlock(some, what, b"")


@given(st.binary(max_size=200), st.binary(max_size=20), st.integers(0, 7), st.data())
def test_any_changed_bit_is_noticed(
    plain: bytes, place: bytes, bit: int, data: st.DataObject
) -> None:
    """One flipped bit anywhere in a box, and it does not open."""
    key = new_key()
    box = bytearray(lock(key, plain, place))
    assert unlock(key, bytes(box), place) == plain
    box[data.draw(st.integers(0, len(box) - 1))] ^= 1 << bit
    with pytest.raises(DoesNotOpen):
        unlock(key, bytes(box), place)


def test_keys_in_settings_are_checked() -> None:
    """A key that is not 32 bytes of base64 is refused without being repeated."""
    assert key_from_base64(base64.b64encode(MASTER).decode()) == MASTER
    for wrong in ("", "hemligt!", base64.b64encode(b"short").decode()):
        with pytest.raises(ValueError, match="a key in the settings") as refused:
            key_from_base64(wrong)
        assert not wrong or wrong not in str(refused.value)


def test_fingerprints() -> None:
    """The same thing differently written is the same; other parts or another key are not."""
    key = new_key()
    assert keyed(key, "Åsa  Öberg ", "Klass 8B") == keyed(key, "åsa öberg", "klass 8b")
    assert keyed(key, "A\u030asa") == keyed(key, "Åsa")
    assert keyed(key, "ab", "c") != keyed(key, "a", "bc")
    assert keyed(key, "a") != keyed(new_key(), "a")
