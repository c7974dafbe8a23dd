"""What of the bookings somebody may see at all; the permission itself is checked at the door."""

from __future__ import annotations

from shared.kernel.actor import Actor
from shared.mongo.client import Document


def visible(by: Actor, field: str = "_id") -> Document:
    """A condition on the field that holds a booking's id.

    A participant sees the one booking whose link they hold; staff and the clockwork see all.
    """
    if by.kind == "participant":
        return {field: by.booking_id}
    if by.kind in ("staff", "housekeeping", "service"):
        return {}
    return {field: {"$in": []}}
