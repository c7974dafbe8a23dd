"""One key per person, wrapped by the service's master key, in a database with a user of its own.

That database is never in the data backup (DESIGN §6.7). Keys are made outside of the business
transaction: a key that nothing was sealed with harms nobody. A tombstone is for good.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared.kernel.clock import real_now
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database
from shared.mongo.duplicates import add_new
from shared.privacy.master_keys import MasterKeys
from shared.privacy.wrapping import context, new_key

CACHE_SECONDS = 45.0
"""How long a key may be used without looking. Forgetting promises 60 s everywhere."""

_CACHE_SIZE = 20_000
_PLACE = context("safespace/person-key")


class Forgotten(Refusal):
    """The person is forgotten: the key is gone and never comes back."""

    kind = "person-forgotten"
    sv = "Uppgifterna är raderade och kan inte tas fram igen."
    en = "The details are erased and cannot be brought back."


class PersonUnknown(LookupError):
    """No key was ever made for this person: `new_person` comes first."""


class PersonKeys:
    """The keys by person id. `seconds` is real, monotonic time."""

    def __init__(
        self,
        database: Database,
        master_key: MasterKeys | bytes,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._masters = MasterKeys.of(master_key)
        self._keys = database["person_keys"]
        self._tombstones = database["tombstones"]
        self._seconds = seconds
        self._cache: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def make(self, people: Sequence[str]) -> frozenset[str]:
        """Make the keys that are not there yet, in one write; gives back the people forgotten.

        The tombstones are read after the keys are written, so that a key made while its person is
        being forgotten is taken away again, whichever came first. What was made is in hand: sealing
        for many new people asks for no key again.
        """
        made = {person: new_key() for person in dict.fromkeys(people)}
        if not made:
            return frozenset()
        known = await add_new(self._keys, [self._row(*each) for each in made.items()])
        asked_at = self._seconds()
        gone = await self.forgotten(people)
        if gone:
            await self._keys.delete_many({"_id": {"$in": sorted(gone)}})
        for person in made.keys() - known - gone:
            self._keep(person, asked_at, made[person])
        return gone

    async def forgotten(self, people: Iterable[str]) -> frozenset[str]:
        """Those of them that are forgotten."""
        rows = self._tombstones.find({"_id": {"$in": sorted(set(people))}}, {"_id": 1})
        return frozenset([row["_id"] async for row in rows])

    async def of(self, people: Iterable[str]) -> Mapping[str, bytes]:
        """The keys of those who have one, in at most one round trip."""
        wanted = set(people)
        found = {person: key for person in wanted if (key := self._cached(person))}
        missing = sorted(wanted - found.keys())
        if missing:
            asked_at = self._seconds()
            rows = self._keys.find({"_id": {"$in": missing}}, batch_size=len(missing) + 1)
            for row in await rows.to_list(len(missing)):
                box, at = bytes(row["wrapped"]), place(row["_id"])
                key = self._masters.unwrap(box, at, row.get("master"))
                found[row["_id"]] = key
                self._keep(row["_id"], asked_at, key)
        return found

    async def the_one(self, person: str) -> bytes:
        """The key of one person.

        Raises:
            Forgotten: it was deleted.
            PersonUnknown: it was never made.
        """
        found = (await self.of([person])).get(person)
        if found is not None:
            return found
        if await self.forgotten([person]):
            raise Forgotten
        raise PersonUnknown

    async def forget(self, person: str) -> None:
        """Leave a tombstone, then delete the key. Again is harmless."""
        await self._tombstones.update_one(
            {"_id": person}, {"$setOnInsert": {"at": real_now()}}, upsert=True
        )
        await self._keys.delete_one({"_id": person})
        self._cache.pop(person, None)

    def _row(self, person: str, key: bytes) -> dict[str, Any]:
        wrapped, master = self._masters.wrap(key, place(person)), self._masters.newest
        return {"_id": person, "wrapped": wrapped, "master": master, "made_at": real_now()}

    def _cached(self, person: str) -> bytes | None:
        kept = self._cache.get(person)
        if kept is None:
            return None
        if self._seconds() - kept[0] >= CACHE_SECONDS:
            del self._cache[person]
            return None
        return kept[1]

    def _keep(self, person: str, asked_at: float, key: bytes) -> None:
        self._cache[person] = (asked_at, key)
        while len(self._cache) > _CACHE_SIZE:
            self._cache.popitem(last=False)


def place(person: str) -> bytes:
    """Where a person's key belongs: what it is wrapped for."""
    return _PLACE + context(person)
