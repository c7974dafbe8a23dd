"""Who may do what, as data. A right that is not here is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_EDITOR = frozenset({"editor"})
_OPERATOR = frozenset({"operator"})

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "newsletters.read": _EDITOR,
        "newsletters.write": _EDITOR,
        "mailings.read": frozenset({"editor", "operator"}),
        "mailings.write": _EDITOR,
        "lists.read": frozenset({"editor", "coordinator", "operator"}),
        "lists.write": _EDITOR,
        "segments.read": _EDITOR,
        "segments.write": _EDITOR,
        "subscribers.read": frozenset({"editor", "operator"}),
        "subscribers.write": _EDITOR,
        "addresses.read": frozenset({"editor", "data-protection"}),
        "subscribers.forget": frozenset({"data-protection"}),
        "suppressions.read": frozenset({"editor", "operator"}),
        "suppressions.write": _EDITOR,
        "imports.write": _EDITOR,
        "letters.read": frozenset({"editor", "operator"}),
        "letters.decide": frozenset({"editor", "operator"}),
        "publications.read": _EDITOR,
        "publications.write": _EDITOR,
        "print-items.write": frozenset({"coordinator"}),
        "print-orders.read": frozenset({"coordinator"}),
        "print-orders.write": frozenset({"coordinator"}),
        "partners.read": frozenset({"editor", "operator", "auditor"}),
        "partners.write": frozenset({"editor", "operator"}),
        "bulletins.decide": _EDITOR,
        "feed.redact": _EDITOR,
        "journal.read": _OPERATOR,
        "dead-letters.handle": _OPERATOR,
        "keys.rotate": _OPERATOR,
        "audit.read": frozenset({"auditor"}),
        "audit.follow-up": frozenset({"auditor"}),
    }
)
"""Permission → roles that have it."""
