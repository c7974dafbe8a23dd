"""The secret of a participant's link, and the one way in which it is kept and looked up.

Whoever holds the link is who it was made for. The plain text travels in the sealed card only.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, repr=False)
class Link:
    """The secret of a participant's link: plain text for the card, a hash to be kept."""

    secret: str

    @property
    def hash(self) -> str:
        """What a service stores and looks up."""
        return hash_of(self.secret)


def new_link() -> Link:
    """32 random bytes."""
    return Link(secrets.token_urlsafe(32))


def hash_of(secret: str) -> str:
    """SHA-256 in hex: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def has_its_shape(secret: str) -> bool:
    """Whether it could be one: 43 characters of base64url."""
    return _SHAPE.fullmatch(secret) is not None
