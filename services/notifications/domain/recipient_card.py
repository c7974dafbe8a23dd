"""Who can be reached, and how: what is known of a recipient without opening anything encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["sv", "en"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody notifications can reach: keyed by who told of them and their id there."""

    source: str
    id: str

    @property
    def key(self) -> str:
        """One string for both; sources have no colon."""
        return f"{self.source}:{self.id}"


@dataclass(frozen=True, slots=True)
class Contact:
    """A card's fields, readable. Never stored like this, never logged."""

    name: str = ""
    phone: str | None = None
    email: str | None = None
    language: Language = "sv"
    link_secret: str | None = None


SHOWN = ("name", "phone", "email", "language")
"""What staff may see of a contact; the link is the person's own."""


@dataclass(frozen=True, slots=True)
class Card:
    """The standing card: fingerprints of the addresses, and the revision they came with."""

    recipient: Recipient
    revision: int
    language: Language = "sv"
    number: str | None = None
    mail: str | None = None
    link: str | None = None
    forgotten: bool = False

    @property
    def has_phone(self) -> bool:
        """Whether an SMS can be sent."""
        return self.number is not None

    @property
    def has_email(self) -> bool:
        """Whether an e-mail can be sent."""
        return self.mail is not None


Fate = Literal["keep", "superseded", "forgotten"]


def fate_of(standing: Card | None, revision: int) -> Fate:
    """What becomes of an arriving card: the highest revision wins, a forgotten person stays so."""
    if standing is None:
        return "keep"
    if standing.forgotten:
        return "forgotten"
    return "keep" if revision > standing.revision else "superseded"
