"""Ids that travel outside and come back: with a stamp that only we can make, one per purpose.

A stamp is a truncated HMAC-SHA-256 over purpose and id. Nothing is stored for it, so checking one
costs no database, and a stamp made for one purpose is worth nothing for another.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Purpose = Literal["return-path", "unsubscribe", "preferences", "opt-in"]
LENGTH = 12
"""Bytes of the stamp: 96 bits, which nobody guesses by asking."""
_KEY_AT_LEAST = 32
_BLOCK = 64
"""Bytes that SHA-256 takes at a time."""
_KEY_NAMES = frozenset(b"abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Keys by a one-letter name. New stamps use `current`; old keys open what is still about."""

    current: str
    keys: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("the current key is one of the keys")
        for name, key in self.keys.items():
            if len(name) != 1 or ord(name) not in _KEY_NAMES or len(key) < _KEY_AT_LEAST:
                raise ValueError("a key has a name of one letter, a-z, and at least 32 bytes")

    @classmethod
    def of(cls, current: bytes, older: Sequence[bytes] = ()) -> Keyring:
        """A key's name follows from the key, so that it keeps it wherever it stands.

        Raises:
            ValueError: two keys of one name; make another one.
        """
        named = {_name_of(key): key for key in (*older, current)}
        if len(named) != len({current, *older}):
            raise ValueError("two keys have the same name: make another one")
        return cls(_name_of(current), named)


def _name_of(key: bytes) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[hashlib.sha256(b"name of " + key).digest()[0] % 26]


def stamped(ring: Keyring, purpose: Purpose, number: uuid.UUID, extra: bytes = b"") -> bytes:
    """Key name, id, `extra` and stamp: 29 bytes and those of `extra`."""
    name = ring.current.encode()
    told = number.bytes + extra
    return name + told + _stamp(ring.keys[ring.current], purpose, name + told)


def opened(
    ring: Keyring, purpose: Purpose, data: bytes, extra: int = 0
) -> tuple[uuid.UUID, bytes] | None:
    """The id and the `extra` bytes, when the stamp is ours and for this purpose; else None."""
    if len(data) != 1 + 16 + extra + LENGTH:
        return None
    told, stamp = data[:-LENGTH], data[-LENGTH:]
    key = ring.keys.get(chr(told[0]))
    if key is None or not hmac.compare_digest(_stamp(key, purpose, told), stamp):
        return None
    return uuid.UUID(bytes=told[1:17]), told[17:]


class Stamps:
    """`stamped` for many ids of one purpose: what is the same for all of them is hashed once.

    It is HMAC as RFC 2104 §2 writes it, a hash around a hash: copies of both as they stand after
    the key cost half of what a copy of the library's own does, and a letter has three stamps.
    """

    def __init__(self, ring: Keyring, purpose: Purpose) -> None:
        self._name = ring.current.encode()
        key = ring.keys[ring.current]
        key = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
        self._inner = hashlib.sha256(inner + _begins(purpose) + self._name)
        self._outer = hashlib.sha256(outer)

    def __call__(self, told: bytes) -> bytes:
        """`told` is the id's bytes, and those of what goes with it."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(told)
        outer.update(inner.digest())
        return self._name + told + outer.digest()[:LENGTH]


def _begins(purpose: Purpose) -> bytes:
    return b"safespace/" + purpose.encode() + b"\0"


def _stamp(key: bytes, purpose: Purpose, told: bytes) -> bytes:
    return hmac.digest(key, _begins(purpose) + told, "sha256")[:LENGTH]
