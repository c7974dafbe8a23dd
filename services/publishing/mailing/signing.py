"""DKIM signatures (RFC 6376), by RSA and by Ed25519 (RFC 8463).

A letter may bear both: servers that know only RSA pass over the other. Some fields are named once
more than they stand, so that nobody can add a second one on the way.
"""

from __future__ import annotations

import binascii
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_seed_keypair

NEVER_TWICE = ("from", "to", "subject", "date", "message-id", "list-unsubscribe")
_NEVER_TWICE = (*NEVER_TWICE, "list-unsubscribe-post")
SMALLEST_RSA = 2048
_LINE = 70


class KeyDoesNotSign(ValueError):
    """The key is of no kind, or of a size, that DKIM allows (RFC 8301, RFC 8463)."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key, and where its public half stands: `<selector>._domainkey.<domain>`."""

    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)
    _secret: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        secret = b""
        if isinstance(self.private, Ed25519PrivateKey):
            _, secret = crypto_sign_seed_keypair(self.private.private_bytes_raw())
        object.__setattr__(self, "_secret", secret)

    @property
    def algorithm(self) -> str:
        """As it is named in a signature."""
        return "rsa-sha256" if isinstance(self.private, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, told: bytes) -> bytes:
        """The bare signature."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(told, padding.PKCS1v15(), hashes.SHA256())
        # RFC 8463 §3: what Ed25519 signs is the SHA-256 of it. libsodium takes 20 µs, OpenSSL 34.
        return crypto_sign(hashlib.sha256(told).digest(), self._secret)[:crypto_sign_BYTES]

    def private_bytes(self) -> bytes:
        """The private half, to hand it to a process of our own: a seed (32 bytes), or PEM."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.private_bytes_raw()
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def dkim_key(domain: str, selector: str, pem: bytes) -> DkimKey:
    """Read a private key.

    Raises:
        KeyDoesNotSign: neither RSA of at least 2,048 bits nor Ed25519, or no key at all.
    """
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyDoesNotSign("no private key in PEM, without a password") from None
    if isinstance(private, RSAPrivateKey) and private.key_size >= SMALLEST_RSA:
        return DkimKey(domain, selector, private)
    if isinstance(private, Ed25519PrivateKey):
        return DkimKey(domain, selector, private)
    raise KeyDoesNotSign("DKIM wants RSA of at least 2,048 bits, or Ed25519")


def seeded(domain: str, selector: str, seed: bytes) -> DkimKey:
    """An Ed25519 key from its seed of 32 bytes."""
    return DkimKey(domain, selector, Ed25519PrivateKey.from_private_bytes(seed))


def signature(
    key: DkimKey, names: tuple[str, ...], signed: bytes, body_hash: bytes, at: int
) -> bytes:
    """The `DKIM-Signature` field, ended by CRLF.

    `names` are the signed fields in the order of `signed`, which holds them in their relaxed form;
    `body_hash` is the SHA-256 of the body; `at` seconds since 1970.
    """
    begins, ends = _around(key.algorithm, key.domain, key.selector, names)
    tags = f"{begins} t={at}; bh={binascii.b2a_base64(body_hash, newline=False).decode()};{ends}"
    mark = binascii.b2a_base64(
        key.sign(signed + f"dkim-signature:{tags}".encode("ascii")), newline=False
    ).decode()
    rows = "\r\n ".join([mark[n : n + _LINE] for n in range(0, len(mark), _LINE)])
    # Each blank after a tag may be a fold: unfolded it is the same again, its relaxed form.
    folded = tags.replace("; ", ";\r\n ")
    return f"DKIM-Signature: {folded}{rows}\r\n".encode("ascii")


@lru_cache(maxsize=64)
def _around(algorithm: str, domain: str, selector: str, names: tuple[str, ...]) -> tuple[str, str]:
    """The tags before and after those that differ per letter."""
    twice = ":".join(name for name in _NEVER_TWICE if name in names)
    return (
        f"v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector};",
        f" h={':'.join(names)}:{twice}; b=",
    )
