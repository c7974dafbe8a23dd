"""Who may do what, as data. A right that is not here is nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_DESK = frozenset({"coordinator"})
_OPERATOR = frozenset({"operator"})

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "messages.read": frozenset({"coordinator", "operator"}),
        "contacts.read": _DESK,
        # By which channel, never at which address: so that a desk knows how many it will reach.
        "reach.read": _DESK,
        "deliveries.decide": frozenset({"coordinator", "operator"}),
        "templates.read": frozenset({"coordinator", "operator", "editor"}),
        "changes.read": frozenset({"coordinator", "operator"}),
        "journal.read": _OPERATOR,
        "dead-letters.handle": _OPERATOR,
        "keys.rotate": _OPERATOR,
        "audit.read": frozenset({"auditor"}),
        "audit.follow-up": frozenset({"auditor"}),
    }
)
"""Permission → roles that have it."""

KNOWS_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "coordinator": frozenset({"booking"}),
        "operator": frozenset({"booking"}),
    }
)
"""Role → the services whose recipients it may know of. Of all others it never learns that they are
there, in no list and by no id."""


def sources_known_to(roles: Iterable[str]) -> frozenset[str]:
    """The services whose recipients somebody with these roles may know of."""
    return frozenset().union(*(KNOWS_OF.get(role, frozenset()) for role in roles))
