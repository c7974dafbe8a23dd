"""The keys behind sealed bodies: the receiver's pairs, and what tellers know of them (DESIGN §6.3).

The receiver makes a new pair every ISO week and announces its public half. The private half is
destroyed 14 days after the next pair took over, by real time, whatever the clock offset says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from nacl.public import PrivateKey

from shared.kernel.clock import real_now
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database, Document
from shared.mongo.duplicates import add_new
from shared.observability.metrics import SEALINGS
from shared.privacy.master_keys import MasterKeys
from shared.privacy.sealed_box import PublicKey, seal, unseal
from shared.privacy.wrapping import KEY_BYTES, DoesNotOpen, context

__all__ = [
    "DoesNotOpen",
    "KnownKeys",
    "PublicKey",
    "SealingKeyGone",
    "SealingKeyMissing",
    "SealingKeys",
    "seal",
]

OPENED_FOR = timedelta(days=14)
"""How long boxes made for a replaced key can still be opened."""

USABLE_FOR = timedelta(days=14)
"""How old a heard key may be and still be sealed with: it leaves the box a week on its way."""


class SealingKeyMissing(Refusal):
    """No usable key of the receiving service has been heard yet."""

    kind = "sealing-key-missing"
    sv = "Tjänsten är inte riktigt klar att ta emot kontaktuppgifter än. Försök igen om en stund."
    en = "The service is not quite ready to take contact details yet. Try again in a moment."


class SealingKeyGone(Exception):
    """The box names a key that was never ours, or whose private half is destroyed."""


class SealingKeys:
    """The receiver's own pairs, private halves wrapped by its master key.

    They stand in the collection `sealing_keys` of the database given: the key database.
    """

    def __init__(
        self,
        database: Database,
        master_key: MasterKeys | bytes,
        *,
        now: Callable[[], datetime] = real_now,
    ) -> None:
        self._keys = database["sealing_keys"]
        self._masters = MasterKeys.of(master_key)
        self._now = now

    async def ensure(self) -> PublicKey:
        """This week's key, made now if it is the first time; several processes agree on one."""
        label = _week(self._now())
        newest = await self._newest()
        if newest is None or not newest["_id"].startswith(label):
            await self._make(label)
            newest = await self._newest()
        return _public(newest)

    async def rotate(self) -> PublicKey:
        """A new key at once, without waiting for the week to end."""
        label = _week(self._now())
        made = await self._keys.count_documents({"_id": {"$regex": f"^{label}"}})
        await self._make(f"{label}.{made}" if made else label)
        return _public(await self._newest())

    async def destroy_old(self) -> int:
        """Erase private halves whose time is over; gives back how many."""
        keys = [key async for key in self._keys.find().sort([("made_at", 1), ("_id", 1)])]
        over = [
            key["_id"]
            for key, successor in pairwise(keys)
            if "private" in key and successor["made_at"] + OPENED_FOR <= self._now()
        ]
        if over:
            change = {"$unset": {"private": ""}, "$set": {"destroyed_at": self._now()}}
            await self._keys.update_many({"_id": {"$in": over}}, change)
        return len(over)

    async def open(self, key_id: str, box: bytes) -> dict[str, Any]:
        """Open a box made for the key of this id.

        Raises:
            SealingKeyGone: unknown, destroyed, or due to be destroyed.
            DoesNotOpen: not made for this key, or changed.
        """
        key = await self._keys.find_one({"_id": key_id})
        if key is None or "private" not in key or await self._is_over(key):
            SEALINGS.labels("unknown-key").inc()
            raise SealingKeyGone
        private = self._masters.unwrap(bytes(key["private"]), place(key_id), key.get("master"))
        return unseal(private, box)

    async def _is_over(self, key: Document) -> bool:
        later = {"made_at": {"$gt": key["made_at"]}}
        successor = await self._keys.find_one(later, sort=[("made_at", 1)])
        return successor is not None and successor["made_at"] + OPENED_FOR <= self._now()

    async def _newest(self) -> Document | None:
        return await self._keys.find_one({}, sort=[("made_at", -1), ("_id", -1)])

    async def _make(self, key_id: str) -> None:
        pair = PrivateKey.generate()
        row = {
            "_id": key_id,
            "public": bytes(pair.public_key),
            "private": self._masters.wrap(bytes(pair), place(key_id)),
            "master": self._masters.newest,
            "made_at": self._now(),
        }
        await add_new(self._keys, [row])


class KnownKeys:
    """What a telling service has heard of others' public keys. Collection `known_sealing_keys`."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = real_now) -> None:
        self._keys = database["known_sealing_keys"]
        self._now = now

    async def learn(self, service: str, key_id: str, public: bytes, made_at: datetime) -> None:
        """Keep an announced key; hearing it again changes nothing."""
        if len(public) != KEY_BYTES:
            raise ValueError("a public sealing key is 32 bytes")
        row = {
            "_id": f"{service}/{key_id}",
            "service": service,
            "key_id": key_id,
            "public": public,
            "made_at": made_at,
        }
        await add_new(self._keys, [row])

    async def newest(self, service: str) -> PublicKey:
        """The key to seal with for this service.

        Raises:
            SealingKeyMissing: none was heard, or only keys too old to be opened for sure.
        """
        usable = {"service": service, "made_at": {"$gt": self._now() - USABLE_FOR}}
        row = await self._keys.find_one(usable, sort=[("made_at", -1)])
        if row is None:
            raise SealingKeyMissing
        return PublicKey(row["key_id"], bytes(row["public"]), row["made_at"])


def _public(row: Document | None) -> PublicKey:
    if row is None:
        raise SealingKeyGone
    return PublicKey(row["_id"], bytes(row["public"]), row["made_at"])


def _week(at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def place(key_id: str) -> bytes:
    """Where a private half belongs: what it is wrapped for."""
    return context("safespace/sealing-key", key_id)
