"""A sealed body: readable only by the service whose key it names (libsodium sealed box, X25519).

The plain text is JSON padded to whole KiB, so that its length tells nothing about a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.public import PublicKey as BoxKey

from shared.observability.metrics import SEALINGS
from shared.privacy.wrapping import DoesNotOpen

PADDED_TO = 1024


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a service's sealing key: its id, 32 bytes, and when it was made."""

    key_id: str
    public: bytes
    made_at: datetime


def seal(key: PublicKey, payload: Mapping[str, Any]) -> bytes:
    """Seal a JSON object so that only the owner of the key can open it."""
    plain = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    box = SealedBox(BoxKey(key.public)).encrypt(sodium_pad(plain, PADDED_TO))
    SEALINGS.labels("sealed").inc()
    return bytes(box)


def unseal(private: bytes, box: bytes) -> dict[str, Any]:
    """Open a box with the private half.

    Raises:
        DoesNotOpen: another key's, changed on the way, or not a JSON object inside.
    """
    try:
        plain = sodium_unpad(SealedBox(PrivateKey(private)).decrypt(box), PADDED_TO)
        payload = json.loads(plain)
    except (CryptoError, ValueError, TypeError):
        SEALINGS.labels("failed").inc()
        raise DoesNotOpen from None
    if not isinstance(payload, dict):
        SEALINGS.labels("failed").inc()
        raise DoesNotOpen
    SEALINGS.labels("opened").inc()
    return payload
