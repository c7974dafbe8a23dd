"""A partner's key: recognisable when it leaks, worthless when our database does.

`ssp_<live|test>_<id>_<secret>_<checksum>`: a fixed prefix and a CRC-32 (as GitHub's tokens have),
so that scanners find it and a typing error is told apart from a wrong key, without asking anybody.
Kept is only SHA-256 of the whole key: its 256 random bits need no slow hash.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Environment = Literal["live", "test"]

ID_LENGTH = 10
SECRET_LENGTH = 43
PATTERN = r"ssp_(?:live|test)_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}"
"""What a secret scanner looks for."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(PATTERN)
_CHECK_LENGTH = 6


@dataclass(frozen=True, slots=True)
class PartnerKey:
    """What is kept of a key. `id` is part of the key and no secret."""

    id: str
    digest: str
    made_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def works(self, now: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def key_text(environment: Environment, entropy: bytes) -> str:
    """The key as the partner gets it, once. `entropy`: 40 random bytes.

    8 of them make the id, 32 the secret.
    """
    if len(entropy) != 40:
        raise ValueError("a key is made of 40 random bytes")
    key_id = _base62(entropy[:8], ID_LENGTH)[-ID_LENGTH:]
    body = f"ssp_{environment}_{key_id}_{_base62(entropy[8:], SECRET_LENGTH)}"
    return f"{body}_{_checksum(body)}"


def is_whole(text: str) -> bool:
    """Whether it has the shape and its checksum is right; says nothing of whether it opens."""
    body, _, check = text.rpartition("_")
    return _SHAPE.fullmatch(text) is not None and _checksum(body) == check


def looks_like_one(text: str) -> bool:
    """Whether somebody means a key of ours by it."""
    return text.startswith("ssp_")


def id_of(text: str) -> str:
    """The part by which it is looked up; only for a whole key."""
    return text.split("_")[2]


def digest_of(text: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(text.encode()).hexdigest()


def opens(key: PartnerKey, text: str, now: datetime) -> bool:
    """Whether this text is that key, and the key works."""
    return hmac.compare_digest(key.digest, digest_of(text)) and key.works(now)


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()).to_bytes(4, "big"), _CHECK_LENGTH)


def _base62(data: bytes, length: int) -> str:
    number, digits = int.from_bytes(data, "big"), []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
