"""Who may do what, as data. A right that is not here is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DESK = frozenset({"coordinator"})
_HOUSE = frozenset({"coordinator", "facilitator"})

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "activities.read": _HOUSE,
        "activities.write": _DESK,
        "occasions.read": _HOUSE,
        "occasions.write": _DESK,
        "line.read": _DESK,
        "line.move": _DESK,
        "bookings.read": _DESK,
        "bookings.write": _DESK,
        "attendance.write": _HOUSE,
        # The role opens the door; only a leader of that very occasion gets further (use_cases).
        "needs.read": frozenset({"facilitator"}),
        "rooms.read": _HOUSE,
        "rooms.write": _DESK,
        # Whoever in the house asked for a room, it is held and released at the desk.
        "room-holds.write": _DESK,
        "imports.write": _DESK,
        "statistics.read": _DESK,
        "statistics.publish": _DESK,
        "changes.read": _HOUSE,
        "journal.read": frozenset({"operator"}),
        "dead-letters.handle": frozenset({"operator"}),
        "keys.rotate": frozenset({"operator"}),
        "audit.read": frozenset({"auditor"}),
        "audit.follow-up": frozenset({"auditor"}),
    }
)
"""Permission → roles that have it."""
