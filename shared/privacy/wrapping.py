"""Authenticated encryption with associated data: XChaCha20-Poly1305 (libsodium, 256-bit keys).

A box is one format byte, a random 24-byte nonce, and the ciphertext with its tag. The context is
authenticated and not stored: a box opened in another context than it was made for does not open.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import struct

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

KEY_BYTES = 32
_FORMAT = b"\x01"
_NONCE_BYTES = 24
_SIZE = struct.Struct(">I")


class DoesNotOpen(Exception):
    """Another key, another place, or changed on the way."""


def new_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def key_from_base64(text: str) -> bytes:
    """A key as it stands in the settings.

    Raises:
        ValueError: it is not base64 of 32 bytes (the text itself is not repeated).
    """
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a key in the settings is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError("a key in the settings is not 32 bytes long")
    return key


def context(*parts: str) -> bytes:
    """Parts bound together so that no other parts give the same bytes."""
    # A list, and packed sizes: it is asked for each field of each person.
    return b"".join([_SIZE.pack(len(said := part.encode())) + said for part in parts])


def lock(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Encrypt for this place (see `context`)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(plain, _FORMAT + place, nonce, key)
    return _FORMAT + nonce + sealed


def unlock(key: bytes, box: bytes, place: bytes) -> bytes:
    """Decrypt what was locked with this key for this place.

    Raises:
        DoesNotOpen: see there.
    """
    nonce, sealed = box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :]
    if box[:1] != _FORMAT or len(nonce) != _NONCE_BYTES:
        raise DoesNotOpen
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, _FORMAT + place, nonce, key)
    except CryptoError:
        raise DoesNotOpen from None
