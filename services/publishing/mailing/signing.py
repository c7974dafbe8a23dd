"""DKIM signatures (RFC 6376), by RSA and by Ed25519 (RFC 8463).

A letter may bear both: servers that know only RSA pass over the other. Some fields are named once
more than they stand, so that nobody can add a second one on the way.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]
from nacl.bindings import crypto_sign_BYTES, crypto_sign_SECRETKEYBYTES, crypto_sign_seed_keypair

from services.publishing.mailing.header_fields import relaxed

NEVER_TWICE = ("from", "to", "subject", "date", "message-id", "list-unsubscribe")
_NEVER_TWICE = (*NEVER_TWICE, "list-unsubscribe-post")
SMALLEST_RSA = 2048
_WHOLE = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "list-id", "list-unsubscribe"),
    *("list-unsubscribe-post", "auto-submitted", "content-language", "mime-version"),
    *("content-type", "content-transfer-encoding"),
)
"""Signed in a mail of any making, where they stand in it."""
_LINE = 70
_FIELD = re.compile(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*")
_BLANKS = re.compile(rb"[ \t]+")


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
        # libsodium reads so many bytes without asking: with fewer, what lies behind them too.
        if len(secret) != crypto_sign_SECRETKEYBYTES and not isinstance(
            self.private, RSAPrivateKey
        ):
            raise KeyDoesNotSign("DKIM wants RSA of at least 2,048 bits, or Ed25519")
        object.__setattr__(self, "_secret", secret)

    @property
    def algorithm(self) -> str:
        """As it is named in a signature."""
        return "rsa-sha256" if isinstance(self.private, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, digest: bytes) -> bytes:
        """The bare signature of what has this SHA-256."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        # RFC 8463 §3: what Ed25519 signs is the SHA-256 of it. libsodium takes 18 µs, OpenSSL 34;
        # PyNaCl's own call would take two more (decision 0037).
        signed = bytearray(crypto_sign_BYTES + len(digest))
        lib.crypto_sign(ffi.from_buffer(signed), ffi.NULL, digest, len(digest), self._secret)
        return bytes(signed[:crypto_sign_BYTES])

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


def signed_mail(content: bytes, keys: Sequence[DkimKey], at: datetime) -> bytes:
    """A mail of any making, with a signature on top for each key. Lines end with CRLF."""
    head, _, body = content.partition(b"\r\n\r\n")
    fields: dict[str, bytes] = {}
    for each in _FIELD.findall(head + b"\r\n"):
        fields[each.partition(b":")[0].decode("ascii").lower()] = relaxed(each)
    names = tuple(name for name in _WHOLE if name in fields)
    same = b"".join(fields[name] for name in names)
    hashed = hashlib.sha256(_relaxed_body(body)).digest()
    body_hash = binascii.b2a_base64(hashed, newline=False)
    seconds = int(at.timestamp())
    signers = [Signer(key, names, same, seconds) for key in keys]
    return b"".join([*(signer.field(b"", body_hash) for signer in signers), content])


def _relaxed_body(body: bytes) -> bytes:
    """RFC 6376 §3.4.4: blanks single and none at an end, no empty line at the end."""
    lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


class Signer:
    """Makes the `DKIM-Signature` fields of letters by one key, of one moment, that begin alike.

    `names` are the signed fields in their order; `same` is the first of them, relaxed, as they
    stand in every letter: hashed once. `at` is seconds since 1970.
    """

    def __init__(self, key: DkimKey, names: tuple[str, ...], same: bytes, at: int) -> None:
        twice = ":".join(name for name in _NEVER_TWICE if name in names)
        begins = f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={key.domain}; s={key.selector}"
        self._key, self._hashed = key, hashlib.sha256(same)
        said = f"{begins}; t={at}; bh=".encode("ascii")
        self._begins = b"dkim-signature:" + said
        self._ends = f"; h={':'.join(names)}:{twice}; b=".encode("ascii")
        # Each blank after a tag may be a fold: unfolded it is the same again, its relaxed form.
        self._first = b"DKIM-Signature: " + said.replace(b"; ", b";\r\n ")
        self._last = self._ends.replace(b"; ", b";\r\n ")

    def field(self, own: bytes, body_hash: bytes) -> bytes:
        """Ended by CRLF. `own` are the other signed fields; `body_hash` is in base64."""
        hashed = self._hashed.copy()
        hashed.update(b"".join((own, self._begins, body_hash, self._ends)))
        mark = binascii.b2a_base64(self._key.sign(hashed.digest()), newline=False)
        rows = [mark[n : n + _LINE] for n in range(0, len(mark), _LINE)]
        return b"".join((self._first, body_hash, self._last, b"\r\n ".join(rows), b"\r\n"))
