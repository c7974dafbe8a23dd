"""Fingerprints of addresses: the same mailbox is known again, and nobody can read which it is."""

from __future__ import annotations

from services.publishing.domain.address import Address, same_mailbox
from shared.privacy.fingerprint import keyed


class Fingerprints:
    """Keyed HMAC (`shared.privacy.fingerprint`), under the service's own key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, one: Address) -> str:
        """64 hex digits; two spellings of one mailbox have the same."""
        return keyed(self._key, "mailbox", same_mailbox(one))
