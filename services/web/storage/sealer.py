"""Short secrets at rest: encrypted with one key, each bound to the place where it is kept."""

from __future__ import annotations

import secrets

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt,
)
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt,
)
from nacl.exceptions import CryptoError

_NONCE = 24


class Sealer:
    """Seals and opens. What is moved to another place does not open there."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, place: str, text: str) -> bytes:
        """Encrypted, for this place only."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + encrypt(text.encode(), place.encode(), nonce, self._key)

    def open(self, place: str, box: bytes) -> str | None:
        """What was sealed here; None when it was not, or with another key."""
        try:
            opened = decrypt(box[_NONCE:], place.encode(), box[:_NONCE], self._key)
        except CryptoError:
            return None
        return opened.decode()
