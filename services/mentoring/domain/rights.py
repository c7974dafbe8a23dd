"""The words in which rights are said: roles, relations to a case, actions and field groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from services.mentoring.domain.phases import Phase

Role = Literal[
    "case-lead",
    "mentor",
    "data-protection",
    "coordinator",
    "facilitator",
    "editor",
    "auditor",
    "operator",
]
ROLES: tuple[Role, ...] = get_args(Role)

CircleKind = Literal["lead", "stand-in", "mentor", "aftercare", "second"]
"""What somebody in the circle is to the case."""
RelationKind = CircleKind | Literal["break-glass", "none"]
RELATIONS: tuple[RelationKind, ...] = (*get_args(CircleKind), "break-glass", "none")

FieldGroup = Literal[
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
]
GROUPS: tuple[FieldGroup, ...] = get_args(FieldGroup)

Action = Literal[
    "list",
    "read",
    "write",
    "assign",
    "hand-over",
    "set-away",
    "protect",
    "propose-closure",
    "approve-closure",
    "reopen",
    "archive",
    "open-glass",
    "second-glass",
    "end-glass",
    "review-glass",
    "share",
    "override-consent",
    "hold",
    "forget",
    "export",
    "raise-concern",
    "report-concern",
]
ACTIONS: tuple[Action, ...] = get_args(Action)

GROUP_OF_ACTION: Mapping[Action, FieldGroup] = MappingProxyType(
    {
        "list": "overview",
        "assign": "overview",
        "hand-over": "overview",
        "set-away": "overview",
        "protect": "overview",
        "propose-closure": "closure",
        "approve-closure": "closure",
        "reopen": "closure",
        "archive": "closure",
        "open-glass": "access-log",
        "second-glass": "access-log",
        "end-glass": "access-log",
        "review-glass": "access-log",
        "share": "consents",
        "override-consent": "consents",
        "hold": "overview",
        "forget": "overview",
        "raise-concern": "overview",
        "report-concern": "overview",
    }
)
"""The one field group that an action is about; `read`, `write` and `export` name theirs."""

GRANTABLE: frozenset[FieldGroup] = frozenset(
    {"overview", "plan", "meetings", "notes", "contact", "assessment", "referral", "identity"}
)
"""What a mentor, or somebody in aftercare, can be let see."""
PLAN_ONLY: frozenset[FieldGroup] = frozenset({"overview", "plan"})
"""What they see when nobody chose otherwise."""
OWN_RECORDS: frozenset[FieldGroup] = frozenset({"meetings", "notes", "contact"})
"""Groups whose records somebody always sees when they made them or take part in them."""


@dataclass(frozen=True, slots=True)
class Right:
    """Whoever has the role and the relation may do the action with the groups in the phases."""

    role: Role
    relation: RelationKind
    phases: frozenset[Phase]
    action: Action
    groups: frozenset[FieldGroup]
