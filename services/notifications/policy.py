"""Who may do what, as data. A right that is not here is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DESK = frozenset({"coordinator"})
_OPERATOR = frozenset({"operator"})

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "messages.read": frozenset({"coordinator", "operator"}),
        "contacts.read": _DESK,
        "deliveries.decide": frozenset({"coordinator", "operator"}),
        "templates.read": frozenset({"coordinator", "operator", "editor"}),
        "changes.read": frozenset({"coordinator", "operator"}),
        "journal.read": _OPERATOR,
        "dead-letters.handle": _OPERATOR,
        "audit.read": frozenset({"auditor"}),
        "audit.follow-up": frozenset({"auditor"}),
    }
)
"""Permission → roles that have it."""
