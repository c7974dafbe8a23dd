"""Recognising the same thing again without keeping it: keyed fingerprints (HMAC-SHA256)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from shared.privacy.wrapping import context


def keyed(key: bytes, *parts: str) -> str:
    """64 hex digits: the same parts under the same key give the same ones.

    Parts are normalised (NFKC, case folded, spaces collapsed) and length-prefixed, so that
    `("ab", "c")` and `("a", "bc")` differ while `"Åsa  Berg "` and `"åsa berg"` do not.
    """
    plain = context(*(normalised(part) for part in parts))
    return hmac.new(key, plain, hashlib.sha256).hexdigest()


def normalised(text: str) -> str:
    """How a part is seen by `keyed`."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
