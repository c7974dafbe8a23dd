"""A house, a newsletter and readers, for tests of what is written to them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from services.publishing.domain.links import key_of
from services.publishing.domain.stamps import Keyring
from services.publishing.mailing.compiling import Words
from services.publishing.mailing.frame import House
from services.publishing.mailing.writing import Desk, Reader

NOW = datetime(2026, 1, 12, 9, tzinfo=UTC)
RING = Keyring("b", {"b": b"new" * 20})
DESK = Desk(RING, "bounce.exempel.se")
HOUSE = House(
    sender_name="Safe Space Malmö",
    sender="nyheter@exempel.se",
    list_name="Nyheter för skolor",
    list_id="skolor.exempel.se",
    list_key=key_of("skolor"),
    postal_address="Gatan 1, 211 00 Malmö",
    site="https://exempel.se",
)
SV = Words(
    "sv",
    "Vårens öppna kvällar – och en nyhet",
    """# Hej {{name|vän}}!

Välkommen till *öppen kväll* på [Garaget](https://garaget.example/?a=1&b=2).

.En rad som börjar med en punkt, och en mycket lång rad som måste brytas på vägen: ååå öööö ääää.

- Ett
- Två

From nu on.
""",
)


def reader(number: int, name: str = "Åsa Öberg") -> Reader:
    row, who = (uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}{number}") for kind in "rs")
    return Reader(row.bytes, who.bytes, f"asa.{number}@example.org", name)
