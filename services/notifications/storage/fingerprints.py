"""Fingerprints of addresses and links, so that they can be looked up without being readable."""

from __future__ import annotations

from shared.privacy.fingerprint import keyed
from shared.privacy.link_secret import hash_of


class Fingerprints:
    """Numbers and e-mails by keyed HMAC; links by SHA-256, as they are long and random."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of_phone(self, phone: str) -> str:
        """For an E.164 number."""
        return keyed(self._key, "phone", phone)

    def of_email(self, email: str) -> str:
        """Case and surrounding space do not matter."""
        return keyed(self._key, "email", email)

    def of_link(self, secret: str) -> str:
        """As shared.web makes it from the Link-Secret header."""
        return hash_of(secret)
