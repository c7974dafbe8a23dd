"""A checkpoint says with a signature which entry stood at which number, and when. Pure.

Format 1. A JSON object: seq, hash (of that entry), at (RFC 3339 in UTC, milliseconds), service, key
(see `key_id`), and `signature`: Ed25519 (RFC 8032) in base64 over the RFC 8785 bytes of the others.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from shared.audit.entry import Tip, canonical

_CONTEXT = b"safespace-audit-checkpoint/1\n"
"""So that a signature of this key over anything else never passes for one."""


def signed(tip: Tip, *, service: str, at: str, key: SigningKey) -> dict[str, Any]:
    """The checkpoint of this tip."""
    checkpoint = {
        "seq": tip.seq,
        "hash": tip.hash,
        "at": at,
        "service": service,
        "key": key_id(key.verify_key),
    }
    signature = key.sign(_CONTEXT + canonical(checkpoint)).signature
    return {**checkpoint, "signature": base64.b64encode(signature).decode()}


def holds(checkpoint: Mapping[str, Any], service: str, keys: Mapping[str, VerifyKey]) -> bool:
    """Whether one of these keys (by `key_id`) signed it for this service."""
    said = {name: value for name, value in checkpoint.items() if name != "signature"}
    key = keys.get(str(said.get("key")))
    if key is None or said.get("service") != service:
        return False
    try:
        signature = base64.b64decode(str(checkpoint.get("signature")), validate=True)
        key.verify(_CONTEXT + canonical(said), signature)
    except (CryptoError, binascii.Error, ValueError, TypeError):
        return False
    return True


def key_id(key: VerifyKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the public key."""
    return hashlib.sha256(bytes(key)).hexdigest()[:16]


def verify_key_from_base64(text: str) -> VerifyKey:
    """A public key as it is written down.

    Raises:
        ValueError: it is none.
    """
    try:
        return VerifyKey(base64.b64decode(text.strip(), validate=True))
    except (CryptoError, binascii.Error, ValueError, TypeError):
        raise ValueError("not a public key: 32 bytes in base64") from None


def public_key_of(seed: bytes) -> str:
    """The public half of a signing key, in base64."""
    return base64.b64encode(bytes(SigningKey(seed).verify_key)).decode()
