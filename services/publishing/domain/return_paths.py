"""Where a bounce comes back to: an address per recipient (VERP), stamped so that none is forged.

The local part is hexadecimal, because some servers change the case of it.
"""

from __future__ import annotations

import re
import uuid

from services.publishing.domain.stamps import Keyring, opened, stamped

PREFIX = "b-"
_LONGEST = 64
_HEX = re.compile("([0-9a-f]{2})+")


def return_path(ring: Keyring, recipient: uuid.UUID, domain: str) -> str:
    """The envelope sender for one recipient of one mailing."""
    return f"{PREFIX}{stamped(ring, 'return-path', recipient).hex()}@{domain}"


def recipient_of(ring: Keyring, address: str) -> uuid.UUID | None:
    """Whose bounce this is, from the address that it was sent to; None when it is not ours.

    Nothing else in a bounce is believed: anybody can write one.
    """
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    if not local.startswith(PREFIX) or len(local) > _LONGEST:
        return None
    text = local.removeprefix(PREFIX)
    if not _HEX.fullmatch(text):
        return None
    found = opened(ring, "return-path", bytes.fromhex(text))
    return found[0] if found else None
