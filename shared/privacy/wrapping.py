"""Authenticated encryption with associated data: XChaCha20-Poly1305 (libsodium, 256-bit keys).

A box is one format byte, a random 24-byte nonce, and the ciphertext with its tag. The context is
authenticated and not stored: a box opened in another context than it was made for does not open.
"""

from __future__ import annotations

import base64
import binascii
import os
import struct

import nacl.bindings  # noqa: F401 - it starts libsodium
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]

KEY_BYTES = 32
_FORMAT = b"\x01"
_NONCE_BYTES = 24
_TAG_BYTES = 16
_BEGINS = 1 + _NONCE_BYTES
_OVERHEAD = _BEGINS + _TAG_BYTES
_SIZE = struct.Struct(">I")
_NULL, _memory = ffi.NULL, ffi.from_buffer
# Called directly: of 4.4 µs PyNaCl's own call spends 3.1 on looking at what is looked at here, and
# a newsletter opens three boxes a reader (decision 0037).
_encrypt = lib.crypto_aead_xchacha20poly1305_ietf_encrypt
_decrypt = lib.crypto_aead_xchacha20poly1305_ietf_decrypt


class DoesNotOpen(Exception):
    """Another key, another place, or changed on the way."""


def new_key() -> bytes:
    """256 random bits."""
    return os.urandom(KEY_BYTES)


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
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 bytes long")
    nonce, told = os.urandom(_NONCE_BYTES), _FORMAT + place
    sealed = bytearray(len(plain) + _TAG_BYTES)
    _encrypt(_memory(sealed), _NULL, plain, len(plain), told, len(told), _NULL, nonce, key)
    return _FORMAT + nonce + sealed


def unlock(key: bytes, box: bytes, place: bytes) -> bytes:
    """Decrypt what was locked with this key for this place.

    Raises:
        DoesNotOpen: see there.
    """
    size = len(box) - _OVERHEAD
    if size < 0 or box[:1] != _FORMAT or len(key) != KEY_BYTES:
        raise DoesNotOpen
    nonce, sealed, told = box[1:_BEGINS], box[_BEGINS:], _FORMAT + place
    plain = bytearray(size)
    said = (sealed, len(sealed), told, len(told), nonce, key)
    if _decrypt(_memory(plain), _NULL, _NULL, *said):
        raise DoesNotOpen
    return bytes(plain)
