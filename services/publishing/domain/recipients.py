"""Who a row of the ledger is, in sixteen bytes: a bounce's stamped address leads straight to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

KEY = 10
"""Bytes of a mailing's id that are not its time: 74 of them are random bits."""
_NUMBER, _INDEX = 4, 2


@dataclass(frozen=True, slots=True)
class Row:
    """The `index`-th recipient of the `number`-th batch of the mailing with this key."""

    mailing: bytes
    number: int
    index: int


def mailing_key(mailing_id: str) -> bytes:
    """What every recipient of the mailing begins with.

    Raises:
        ValueError: the id is no UUID.
    """
    return uuid.UUID(mailing_id).bytes[-KEY:]


def recipient_id(row: Row) -> uuid.UUID:
    """The same however often a batch is made: Message-ID and return path rest on it."""
    place = row.number.to_bytes(_NUMBER, "big") + row.index.to_bytes(_INDEX, "big")
    return uuid.UUID(bytes=row.mailing + place)


def row_of(recipient: uuid.UUID) -> Row:
    """Which row it is; whether there is such a row, the ledger knows."""
    data = recipient.bytes
    return Row(
        data[:KEY],
        int.from_bytes(data[KEY : KEY + _NUMBER], "big"),
        int.from_bytes(data[KEY + _NUMBER :], "big"),
    )
