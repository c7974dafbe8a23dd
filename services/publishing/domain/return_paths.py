"""Where a bounce comes back to: an address per recipient (VERP), stamped so that none is forged.

The local part is base32 in lower case, because some servers change the case of it.
"""

from __future__ import annotations

import base64
import uuid

from services.publishing.domain.stamps import Keyring, opened, stamped

PREFIX = "b-"
_LONGEST = 64


def return_path(ring: Keyring, recipient: uuid.UUID, domain: str) -> str:
    """The envelope sender for one recipient of one mailing."""
    text = base64.b32encode(stamped(ring, "return-path", recipient)).decode().rstrip("=").lower()
    return f"{PREFIX}{text}@{domain}"


def recipient_of(ring: Keyring, address: str) -> uuid.UUID | None:
    """Whose bounce this is, from the address that it was sent to; None when it is not ours.

    Nothing else in a bounce is believed: anybody can write one.
    """
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    if not local.startswith(PREFIX) or len(local) > _LONGEST:
        return None
    text = local.removeprefix(PREFIX).upper()
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        return None
    # Base32 has spare bits at the end: of the spellings that read the same, only ours counts.
    if base64.b32encode(data).decode().rstrip("=") != text:
        return None
    found = opened(ring, "return-path", data)
    return found[0] if found else None
