"""The keys that other keys are wrapped with: one is the newest, more are still, or already, known.

What is wrapped names its master key by a hash of it. To rotate without a failed read, every process
is first told of the next key as one of the `others`, then of it as the newest with the earlier one
among the others; then everything is wrapped anew (`rewrapping`), and the earlier one is let go.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence

from shared.privacy.wrapping import KEY_BYTES, DoesNotOpen, lock, unlock

_PERSONAL = b"safespace-master"


class MasterKeys:
    """Wraps with the newest, unwraps with whichever is named."""

    def __init__(self, newest: bytes, others: Sequence[bytes] = ()) -> None:
        if any(len(key) != KEY_BYTES for key in (newest, *others)):
            raise ValueError("the master key is not 32 bytes long")
        self.newest = name_of(newest)
        self._keys = {name_of(key): key for key in (*others, newest)}

    @classmethod
    def of(cls, keys: MasterKeys | bytes) -> MasterKeys:
        """One key alone is the newest."""
        return keys if isinstance(keys, MasterKeys) else cls(keys)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all that are known here."""
        return tuple(self._keys)

    def wrap(self, plain: bytes, place: bytes) -> bytes:
        """With the newest."""
        return lock(self._keys[self.newest], plain, place)

    def unwrap(self, box: bytes, place: bytes, name: str | None) -> bytes:
        """With the one named; what was wrapped before names were kept is tried with each.

        Raises:
            DoesNotOpen: wrapped with a key that is not known here, for another place, or changed.
        """
        if name is not None:
            if name not in self._keys:
                raise DoesNotOpen
            return unlock(self._keys[name], box, place)
        for key in self._keys.values():
            with contextlib.suppress(DoesNotOpen):
                return unlock(key, box, place)
        raise DoesNotOpen


def name_of(key: bytes) -> str:
    """16 hex digits that name a key and tell nothing of it (BLAKE2b, RFC 7693)."""
    return hashlib.blake2b(key, digest_size=8, person=_PERSONAL).hexdigest()
