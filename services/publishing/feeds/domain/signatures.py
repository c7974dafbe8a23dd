"""Signing what is sent: Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks).

What is signed is `<id>.<timestamp>.<body>`. `v1` is HMAC-SHA-256 with a secret that both sides
have (`whsec_…`), `v1a` Ed25519, of which the receiver has the public half only (`whpk_…`). Several
signatures, space between, let a receiver change keys without losing anything.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from nacl.signing import SigningKey

Scheme = Literal["v1", "v1a"]

SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""How long the old secret signs too, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """`material`: the HMAC key (24 to 64 bytes), or the Ed25519 seed (32 bytes)."""

    scheme: Scheme
    material: bytes
    until: datetime | None = None
    """When it stops signing; None: it goes on."""

    def __post_init__(self) -> None:
        wanted = 24 <= len(self.material) <= 64 if self.scheme == "v1" else len(self.material) == 32
        if not wanted:
            raise ValueError("a v1 secret has 24 to 64 bytes, a v1a seed 32")

    def for_the_receiver(self) -> str:
        """What the receiver checks with: shown once for `v1`, public for `v1a`."""
        if self.scheme == "v1":
            return "whsec_" + base64.b64encode(self.material).decode()
        public = bytes(SigningKey(self.material).verify_key)
        return "whpk_" + base64.b64encode(public).decode()


def rotated(
    secrets: Sequence[Secret], new: Secret, now: datetime, overlap: timedelta = OVERLAP
) -> tuple[Secret, ...]:
    """The new one first; those before it sign along until the overlap is over."""
    end = now + overlap
    kept = [
        Secret(old.scheme, old.material, min(old.until or end, end))
        for old in secrets
        if old.until is None or old.until > now
    ]
    return (new, *kept)


def headers(
    secrets: Sequence[Secret], *, message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers, signed with every secret that is in force."""
    seconds = str(int(at.timestamp()))
    content = f"{message_id}.{seconds}.".encode() + body
    signatures = [
        _signature(each, content) for each in secrets if each.until is None or at < each.until
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: Secret, content: bytes) -> str:
    if secret.scheme == "v1":
        made = hmac.digest(secret.material, content, "sha256")
    else:
        made = SigningKey(secret.material).sign(content).signature
    return f"{secret.scheme},{base64.b64encode(made).decode()}"
