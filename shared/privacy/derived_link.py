"""Links whose secret is made from the service's key and an id, so that it is stored nowhere.

For links that staff hand out and can be shown once more by nobody: the answer that is kept with an
idempotency key holds the id alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class DerivedLinks:
    """Secrets of one kind of link; HMAC-SHA256 under the key, 43 characters of base64url."""

    key: bytes
    kind: str

    def secret_of(self, link_id: str) -> str:
        """The same id gives the same secret."""
        made = hmac.new(self.key, f"{self.kind}/{link_id}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
