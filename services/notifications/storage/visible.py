"""What of the rows about recipients somebody may see at all; the permission is checked at the door.

A participant sees their own; staff those of the sources that their roles may know of (`policy`);
the clockwork and events see all.
"""

from __future__ import annotations

import re

from services.notifications.domain.recipient_card import Recipient
from services.notifications.policy import sources_known_to
from shared.kernel.actor import Actor
from shared.mongo.client import Document


def visible(by: Actor, field: str = "recipient") -> Document:
    """A condition on the field that holds a recipient's key."""
    if by.kind == "housekeeping":
        return {}
    if by.kind == "participant":
        return {field: by.id}
    if by.kind != "staff":
        return {field: {"$in": []}}
    sources = "|".join(re.escape(source) for source in sorted(sources_known_to(by.roles)))
    return {field: {"$regex": f"^({sources}):"}} if sources else {field: {"$in": []}}


def may_see(by: Actor, recipient: Recipient) -> bool:
    """The same, of one recipient in hand."""
    if by.kind == "staff":
        return recipient.source in sources_known_to(by.roles)
    return by.kind == "housekeeping" or (by.kind == "participant" and by.id == recipient.key)
