"""An e-mail address as a mail server takes it: checked for shape, its domain in ASCII."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.kernel.refusal import Refusal

LONGEST = 254
"""RFC 5321 §4.5.3.1.3, less the angle brackets."""
LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NotAnAddress(Refusal):
    """It does not have the shape of an address that mail can be sent to."""

    kind = "not-an-address"
    sv = "Det där ser inte ut som en e-postadress. Kontrollera stavningen."
    en = "That does not look like an e-mail address. Please check the spelling."


@dataclass(frozen=True, slots=True)
class Address:
    """`local` as written, `domain` in lower-case ASCII (IDNA)."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def address(text: str) -> Address:
    """Read one address. A local part beyond ASCII (RFC 6531) is refused: few servers take it.

    Raises:
        NotAnAddress: nothing of it is repeated in the refusal.
    """
    local, at, written = text.strip().rpartition("@")
    domain = _domain(written) if at else None
    shaped = (
        domain is not None
        and len(local) <= LONGEST_LOCAL
        and _LOCAL.fullmatch(local)
        and len(local) + 1 + len(domain) <= LONGEST
    )
    if domain is None or not shaped:
        raise NotAnAddress
    return Address(local, domain)


@lru_cache(4096)
def _domain(written: str) -> str | None:
    """In ASCII, when it has the shape of one; many people share few."""
    if len(written) > LONGEST:
        return None
    try:
        domain = written.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = domain.split(".")
    shaped = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    return domain if shaped and not labels[-1].isdigit() else None


def same_mailbox(one: Address) -> str:
    """What two spellings of one mailbox share. In practice no server tells case apart."""
    return f"{one.local.lower()}@{one.domain}"
