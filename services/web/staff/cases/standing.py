"""What somebody may do with a case, from what the API says they are to it: which controls to show.

The rows are named as in mentoring's policy, and a test keeps them the same. The service decides;
this only spares people the no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.web.storage.staff_sessions import Person

OPEN = frozenset({"intake", "assessment", "planning", "active", "closing"})
LIVING = OPEN | {"aftercare"}
KEPT = LIVING | {"archived", "declined"}
SUPPORT = frozenset({"planning", "active", "closing"})
_AFTERCARE = frozenset({"aftercare"})
_CLOSING = frozenset({"closing"})
GROUPS = frozenset(
    {
        "overview",
        "referral",
        "assessment",
        "plan",
        "meetings",
        "notes",
        "identity",
        "contact",
        "consents",
        "closure",
        "access-log",
    }
)
GRANTABLE = GROUPS - {"consents", "closure", "access-log"}
OWN_RECORDS = frozenset({"meetings", "notes", "contact"})
_ALONE = frozenset({""})
_WRITTEN_LATE = frozenset({"plan", "meetings", "notes", "contact", "identity", "consents"})
_SECOND = frozenset({"overview", "plan", "contact", "consents", "closure", "access-log"})

Row = tuple[str, str, frozenset[str], frozenset[str]]
ROWS: tuple[Row, ...] = (
    ("lead", "read", OPEN, GROUPS),
    ("lead", "write", OPEN, GROUPS - {"access-log"}),
    ("lead", "read", _AFTERCARE, GROUPS - {"referral", "assessment"}),
    ("lead", "write", _AFTERCARE, _WRITTEN_LATE),
    *(
        ("lead", action, LIVING, _ALONE)
        for action in (
            "assign",
            "hand-over",
            "set-away",
            "protect",
            "second-glass",
            "review-glass",
            "raise-concern",
            "report-concern",
        )
    ),
    ("lead", "propose-closure", OPEN - {"intake"}, _ALONE),
    ("lead", "approve-closure", _CLOSING, _ALONE),
    ("lead", "reopen", _AFTERCARE, _ALONE),
    ("lead", "archive", _AFTERCARE, _ALONE),
    ("stand-in", "read", LIVING, frozenset({"overview", "plan", "closure"})),
    ("stand-in", "approve-closure", _CLOSING, _ALONE),
    ("stand-in", "second-glass", LIVING, _ALONE),
    ("stand-in", "raise-concern", LIVING, _ALONE),
    ("second", "read", LIVING, _SECOND),
    ("second", "approve-closure", _CLOSING, _ALONE),
    *(
        ("second", action, LIVING, _ALONE)
        for action in ("set-away", "second-glass", "review-glass", "raise-concern")
    ),
    ("mentor", "read", SUPPORT, GRANTABLE),
    ("mentor", "write", SUPPORT, OWN_RECORDS),
    ("mentor", "raise-concern", SUPPORT, _ALONE),
    ("aftercare", "read", _AFTERCARE, GRANTABLE),
    ("aftercare", "write", _AFTERCARE, OWN_RECORDS),
    ("aftercare", "raise-concern", _AFTERCARE, _ALONE),
    ("break-glass", "read", KEPT, GROUPS - {"access-log"}),
    ("break-glass", "raise-concern", LIVING, _ALONE),
)
"""Relation, action, phases, and field groups of what is read or written."""

ROLES_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "lead": frozenset({"case-lead"}),
        "stand-in": frozenset({"case-lead"}),
        "second": frozenset({"case-lead"}),
        "break-glass": frozenset({"case-lead"}),
        "mentor": frozenset({"mentor"}),
        "aftercare": frozenset({"case-lead", "mentor"}),
    }
)
"""The role that each relation takes."""

_CELLS = frozenset(
    (relation, action, phase, group)
    for relation, action, phases, groups in ROWS
    for phase in phases
    for group in groups
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody before a case. `sees` is what was chosen for them as a mentor or in aftercare."""

    relations: frozenset[str]
    phase: str
    sees: frozenset[str]

    @classmethod
    def of(cls, case: Mapping[str, Any], person: Person) -> Standing:
        """As the API answered the case to this person."""
        own = [each for each in case["circle"] if each["username"] == person.username]
        relations = frozenset(
            each for each in case["you_are"] if ROLES_OF.get(each, frozenset()) & person.roles
        )
        return cls(relations, case["phase"], frozenset(own[0]["sees"] if own else ()))

    def may(self, action: str, group: str = "") -> bool:
        """Whether they may, of a group at least with records of their own."""
        having = {each for each in self.relations if (each, action, self.phase, group) in _CELLS}
        if not having:
            return False
        chosen_for = having <= {"mentor", "aftercare"} and bool(group)
        return not chosen_for or group in self.sees or group in OWN_RECORDS
