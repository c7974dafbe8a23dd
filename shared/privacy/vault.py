"""Personal fields, encrypted under the person's own key and bound to where they stand.

Associated data is record and field, so that a ciphertext moved to another record, field or person
does not open. Law: DESIGN §4 (why not driver-side encryption) and §6.7 (forgetting).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from shared.mongo.client import Database
from shared.privacy.master_keys import MasterKeys
from shared.privacy.person_keys import Forgotten, PersonKeys, PersonUnknown
from shared.privacy.wrapping import DoesNotOpen, context, lock, unlock

__all__ = ["DoesNotOpen", "Forgotten", "PersonUnknown", "Vault"]

_AT_A_STRETCH = 50
"""Records that are opened before the loop may do something else: a millisecond of them."""

_VAULT = context("safespace/vault")
Cipher = Mapping[str, bytes]
"""Field name → ciphertext, as it stands in a document."""


class Vault:
    """Seals and opens fields; `keys_database` is the key database, not the service's own."""

    def __init__(
        self,
        keys_database: Database,
        master_key: MasterKeys | bytes,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = PersonKeys(keys_database, master_key, seconds=seconds)

    async def new_person(self, person_id: str) -> None:
        """Make the person's key; again is harmless.

        Raises:
            Forgotten: this person is to stay unknown.
        """
        if await self._keys.make([person_id]):
            raise Forgotten

    async def new_people(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Make many keys in one write; gives back those that are forgotten and got none."""
        return await self._keys.make(person_ids)

    async def seal(
        self, person_id: str, fields: Mapping[str, str], *, record: str
    ) -> dict[str, bytes]:
        """Encrypt the fields for one record (its id, with the collection's name before it).

        Raises:
            Forgotten, PersonUnknown: there is no key.
        """
        key = await self._keys.the_one(person_id)
        return _sealed(key, fields, record)

    async def seal_many(
        self, many: Sequence[tuple[str, Mapping[str, str], str]]
    ) -> list[dict[str, bytes]]:
        """The same for many (person, fields, record), in one round trip; all or nothing."""
        keys = await self._keys.of(person for person, _, _ in many)
        return [
            _sealed(keys.get(person) or await self._keys.the_one(person), fields, record)
            for person, fields, record in many
        ]

    async def open(self, person_id: str, cipher: Cipher, *, record: str) -> dict[str, str]:
        """Decrypt the fields of one record.

        Raises:
            Forgotten, PersonUnknown: there is no key.
            DoesNotOpen: sealed for another person, record or field, or changed.
        """
        key = await self._keys.the_one(person_id)
        return _opened(key, cipher, record)

    async def open_many(
        self, many: Sequence[tuple[str, Cipher, str]]
    ) -> list[dict[str, str] | None]:
        """The same for many (person, cipher, record), in one round trip; None without a key."""
        keys = await self._keys.of(person for person, _, _ in many)
        opened: list[dict[str, str] | None] = []
        for first in range(0, len(many), _AT_A_STRETCH):
            opened += [
                _opened(keys[person], cipher, record) if person in keys else None
                for person, cipher, record in many[first : first + _AT_A_STRETCH]
            ]
            await asyncio.sleep(0)
        return opened

    async def forget(self, person_id: str) -> None:
        """Delete the key for good: every copy is blind within 60 s, restored backups too."""
        await self._keys.forget(person_id)

    async def forgotten(self, person_ids: Iterable[str]) -> frozenset[str]:
        """Those of them that are forgotten: late and replayed cards of theirs are dropped."""
        return await self._keys.forgotten(person_ids)


def _sealed(key: bytes, fields: Mapping[str, str], record: str) -> dict[str, bytes]:
    at = _VAULT + context(record)
    return {name: lock(key, text.encode(), _place(at, name)) for name, text in fields.items()}


def _opened(key: bytes, cipher: Cipher, record: str) -> dict[str, str]:
    at = _VAULT + context(record)
    return {
        name: unlock(key, bytes(box), _place(at, name)).decode() for name, box in cipher.items()
    }


def _place(record: bytes, field: str) -> bytes:
    """`record` is the part that all fields of it share."""
    return record + _field(field)


@lru_cache(1024)
def _field(name: str) -> bytes:
    """The same for each person: asked for many times as often as there are fields."""
    return context(name)
