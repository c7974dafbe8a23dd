"""Typed ids. New ones are UUIDv7 (RFC 9562 §5.7), so that they sort by the time they were made."""

from __future__ import annotations

import uuid
from typing import NewType

import uuid_utils

ActivityId = NewType("ActivityId", str)
BookingId = NewType("BookingId", str)
DeliveryId = NewType("DeliveryId", str)
EventId = NewType("EventId", str)
MessageId = NewType("MessageId", str)
OccasionId = NewType("OccasionId", str)
OfferId = NewType("OfferId", str)
RecipientId = NewType("RecipientId", str)

_SAFESPACE = uuid.UUID("8f1d0e0c-6a0e-5d1b-9a53-0f2f6f0c7a11")


def new_id() -> str:
    """A fresh UUIDv7 as text; unique between processes, ordered in time within one."""
    return str(uuid_utils.uuid7())


def id_of(data: bytes) -> str:
    """Sixteen bytes as the text of a UUID, at a fifth of the price: for many at a time."""
    return str(uuid_utils.UUID(bytes=data))


def deterministic_id(*parts: str) -> str:
    """The same parts give the same id (UUIDv5), so that a repeat replaces instead of adding."""
    return str(uuid.uuid5(_SAFESPACE, "\x1f".join(parts)))
