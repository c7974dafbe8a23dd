"""How new the proof must be of who asks, for what a screen or a token must not give away by itself.

The table is data, as the table of rights is (`policy.py`): a right says who may, this says how
lately they must have shown the identity provider who they are (decision 0038, RFC 9470). Whatever
does not stand here needs no newer proof than the sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from services.mentoring.domain.rights import GROUPS, Action, FieldGroup

LATELY = timedelta(minutes=45)
"""Long enough to write what is sent: the console opens such a page within 15 (decision 0038)."""

PROVED_WITHIN: Mapping[tuple[Action, FieldGroup], timedelta] = MappingProxyType(
    {
        ("read", "identity"): LATELY,
        ("write", "identity"): LATELY,
        **{("export", group): LATELY for group in GROUPS},
        ("open-glass", "access-log"): LATELY,
        ("hold", "overview"): LATELY,
        ("forget", "overview"): LATELY,
    }
)
"""Action and what it is about → how long ago the proof may be, in real time."""


def too_old(
    action: Action, group: FieldGroup, proved_at: datetime | None, now: datetime
) -> timedelta | None:
    """The age that is not kept to, or None when the proof will do. An unknown one does not."""
    within = PROVED_WITHIN.get((action, group))
    if within is None or (proved_at is not None and now - proved_at <= within):
        return None
    return within
