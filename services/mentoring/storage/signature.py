"""The service's own signature on notes: Ed25519 (RFC 8032), from a seed that follows its keys."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from shared.privacy.fingerprint import keyed

_SEED = "note-signature"


class ServiceSignature:
    """The seed is derived from the fingerprint key, which both processes are given."""

    def __init__(self, fingerprint_key: bytes) -> None:
        self._key = SigningKey(bytes.fromhex(keyed(fingerprint_key, _SEED)))

    def sign(self, content: bytes) -> bytes:
        """See the port."""
        return self._key.sign(content).signature

    def is_genuine(self, content: bytes, signature: bytes) -> bool:
        """See the port."""
        try:
            self._key.verify_key.verify(content, signature)
        except (BadSignatureError, ValueError):
            return False
        return True
