"""Who may do what, as data. A right that is not here is nobody's, and none takes one away.

`RIGHTS` is the table for a case: role, relation, phases, action, field groups. What concerns no
single case is in `_SERVICE_WIDE`. `PERMISSIONS` follows from both and is the house's door only;
`sees` is the door of each case, and `domain/proofs.py` says for what a proof must be new there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.mentoring.domain.access import Granted, Refused, decide
from services.mentoring.domain.case import Case
from services.mentoring.domain.phases import CLOSES_FROM, KEPT, LIVING, OPEN, SUPPORT, Phase
from services.mentoring.domain.rights import (
    GRANTABLE,
    GROUP_OF_ACTION,
    GROUPS,
    Action,
    FieldGroup,
    RelationKind,
    Right,
    Role,
)
from shared.kernel.actor import Actor

_CLOSING: frozenset[Phase] = frozenset({"closing"})
_AFTERCARE: frozenset[Phase] = frozenset({"aftercare"})
_ENDED: frozenset[Phase] = frozenset({"archived", "declined"})
_ALL: frozenset[FieldGroup] = frozenset(GROUPS)
_OF_GROUPS: tuple[Action, ...] = ("read", "write", "export")
_OWN_WORK: frozenset[FieldGroup] = frozenset({"meetings", "notes", "contact"})


def _fields(*groups: FieldGroup) -> frozenset[FieldGroup]:
    return frozenset(groups)


def _rows(
    role: Role,
    relation: RelationKind,
    *rows: tuple[Action, frozenset[Phase], frozenset[FieldGroup]],
) -> tuple[Right, ...]:
    return tuple(Right(role, relation, phases, action, groups) for action, phases, groups in rows)


def _doing(
    role: Role, relation: RelationKind, *rows: tuple[Action, frozenset[Phase]]
) -> tuple[Right, ...]:
    return tuple(
        Right(role, relation, phases, action, frozenset({GROUP_OF_ACTION[action]}))
        for action, phases in rows
    )


RIGHTS: tuple[Right, ...] = (
    # The lead sees all there is while somebody works towards something, less in aftercare.
    *_rows(
        "case-lead",
        "lead",
        ("read", OPEN, _ALL),
        ("write", OPEN, _ALL - {"access-log"}),
        ("export", OPEN, _ALL),
        ("read", _AFTERCARE, _ALL - {"referral", "assessment"}),
        (
            "write",
            _AFTERCARE,
            _fields("plan", "meetings", "notes", "contact", "identity", "consents"),
        ),
        ("export", _AFTERCARE, _ALL - {"referral", "assessment"}),
    ),
    *_doing(
        "case-lead",
        "lead",
        ("list", LIVING),
        ("assign", LIVING),
        ("hand-over", LIVING),
        ("set-away", LIVING),
        ("protect", LIVING),
        ("propose-closure", CLOSES_FROM | _CLOSING),
        ("approve-closure", _CLOSING),
        ("reopen", _AFTERCARE),
        ("archive", _AFTERCARE),
        ("second-glass", LIVING),
        ("end-glass", LIVING),
        ("review-glass", LIVING),
        ("share", LIVING),
        ("raise-concern", LIVING),
        ("report-concern", LIVING),
    ),
    # A stand-in is prepared; while the lead is away the stand-in is the lead as well.
    *_rows("case-lead", "stand-in", ("read", LIVING, _fields("overview", "plan", "closure"))),
    *_doing(
        "case-lead",
        "stand-in",
        ("list", LIVING),
        ("approve-closure", _CLOSING),
        ("second-glass", LIVING),
        ("raise-concern", LIVING),
    ),
    # The second pair of eyes: decides with the lead, never alone.
    *_rows(
        "case-lead",
        "second",
        (
            "read",
            LIVING,
            _fields("overview", "plan", "contact", "consents", "closure", "access-log"),
        ),
    ),
    *_doing(
        "case-lead",
        "second",
        ("list", LIVING),
        ("set-away", LIVING),
        ("approve-closure", _CLOSING),
        ("second-glass", LIVING),
        ("end-glass", LIVING),
        ("review-glass", LIVING),
        ("override-consent", LIVING),
        ("raise-concern", LIVING),
    ),
    # A mentor reads as far as the relation's `sees` goes, and writes of their own work.
    *_rows(
        "mentor",
        "mentor",
        ("read", SUPPORT, GRANTABLE),
        ("write", SUPPORT, _OWN_WORK),
    ),
    *_doing("mentor", "mentor", ("list", SUPPORT), ("raise-concern", SUPPORT)),
    # Aftercare has a circle of its own; whoever is named there, with either role.
    *(
        right
        for role in ("case-lead", "mentor")
        for right in (
            *_rows(
                role, "aftercare", ("read", _AFTERCARE, GRANTABLE), ("write", _AFTERCARE, _OWN_WORK)
            ),
            *_doing(role, "aftercare", ("list", _AFTERCARE), ("raise-concern", _AFTERCARE)),
        )
    ),
    # Emergency access looks; it changes nothing, and is given back when it is no longer needed.
    *_rows("case-lead", "break-glass", ("read", KEPT, _ALL - {"access-log"})),
    *_doing("case-lead", "break-glass", ("raise-concern", LIVING), ("end-glass", KEPT)),
    *_doing("case-lead", "none", ("open-glass", KEPT)),
    # The data-protection contact sees who looked, not what they saw; and gives a person, who has a
    # right to it, a copy of what has been put away and nobody works with any more.
    *_rows(
        "data-protection",
        "none",
        ("read", KEPT, _fields("access-log")),
        ("export", _ENDED, _ALL),
    ),
    *_doing(
        "data-protection",
        "none",
        ("set-away", LIVING),
        ("second-glass", KEPT),
        ("end-glass", KEPT),
        ("review-glass", KEPT),
        ("override-consent", LIVING),
        ("hold", KEPT),
        ("forget", KEPT),
    ),
)
"""Every right on a case."""

_CELLS: frozenset[tuple[str, RelationKind, Phase, Action, FieldGroup]] = frozenset(
    (right.role, right.relation, phase, right.action, group)
    for right in RIGHTS
    for phase in right.phases
    for group in right.groups
)


def allowed(role: str, as_: RelationKind, phase: Phase, action: Action, group: FieldGroup) -> bool:
    """Whether any row says so."""
    return (role, as_, phase, action, group) in _CELLS


def sees(
    case: Case, actor: Actor, now: datetime, action: Action, group: FieldGroup | None = None
) -> Granted | Refused:
    """Whether the actor may do this to the case now; see `access.decide`."""
    return decide(allowed, case, actor, now, action, group)


def reads(case: Case, actor: Actor, now: datetime, group: FieldGroup) -> bool:
    """Whether the actor may read the group whole; records of their own alone are not that."""
    found = sees(case, actor, now, "read", group)
    return isinstance(found, Granted) and not found.own_only


def readable(case: Case, actor: Actor, now: datetime) -> frozenset[FieldGroup]:
    """The field groups that the actor may read whole."""
    return frozenset(group for group in GROUPS if reads(case, actor, now, group))


@dataclass(frozen=True, slots=True)
class Possible:
    """What somebody may do to a case as it is now: for whoever shows it to them.

    `read_own` and `write_own` are groups of which only records of their own are theirs.
    """

    read: frozenset[FieldGroup]
    read_own: frozenset[FieldGroup]
    write: frozenset[FieldGroup]
    write_own: frozenset[FieldGroup]
    do: frozenset[Action]


def possible(case: Case, actor: Actor, now: datetime) -> Possible:
    """All that `sees` would say yes to."""
    whole: dict[Action, frozenset[FieldGroup]] = {}
    own: dict[Action, frozenset[FieldGroup]] = {}
    for action in _OF_GROUPS:
        found = {group: sees(case, actor, now, action, group) for group in GROUPS}
        granted = {g: yes.own_only for g, yes in found.items() if isinstance(yes, Granted)}
        whole[action] = frozenset(group for group, own_only in granted.items() if not own_only)
        own[action] = frozenset(granted) - whole[action]
    do = {a for a in GROUP_OF_ACTION if isinstance(sees(case, actor, now, a), Granted)}
    if whole["export"]:
        do.add("export")
    return Possible(whole["read"], own["read"], whole["write"], own["write"], frozenset(do))


def knows_whose(case: Case, actor: Actor, now: datetime) -> bool:
    """Whether the actor may be told that this is the case of somebody whom they name.

    Whoever knows a case by its code word pair only shall not learn whose it is.
    """
    asked = (sees(case, actor, now, "list"), sees(case, actor, now, "read", "identity"))
    return all(isinstance(each, Granted) for each in asked)


_LEADS = frozenset({"case-lead"})
_OPERATOR = frozenset({"operator"})
_AUDITORS = frozenset({"auditor", "data-protection"})

_SERVICE_WIDE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "cases.open": _LEADS,
        "referrals.read": _LEADS,
        "referrals.write": _LEADS,
        "referrals.decide": _LEADS,
        "referral-links.read": _LEADS,
        "referral-links.write": _LEADS,
        "consultations.read": _LEADS,
        "consultations.answer": _LEADS,
        "mentors.read": _LEADS,
        "mentors.write": _LEADS,
        # A mentor's own profile, availability and reading of the handbook.
        "mentors.own": frozenset({"mentor"}),
        "handbook.confirm": frozenset({"mentor", "case-lead"}),
        "matchings.read": _LEADS,
        "matchings.decide": _LEADS,
        "meetings.own": frozenset({"case-lead", "mentor"}),
        "attention.read": frozenset({"case-lead", "mentor", "data-protection"}),
        "changes.read": frozenset({"case-lead", "mentor", "data-protection"}),
        "statistics.read": frozenset({"case-lead", "data-protection"}),
        "statistics.publish": _LEADS,
        "audit.read": _AUDITORS,
        "audit.verify": _AUDITORS | _OPERATOR,
        "audit.follow-up": _AUDITORS,
        "forgettings.read": frozenset({"data-protection"}),
        "keys.rotate": _OPERATOR,
        "journal.read": _OPERATOR,
        "dead-letters.handle": _OPERATOR,
    }
)


def _roles_with(rights: Iterable[Right]) -> frozenset[str]:
    return frozenset(right.role for right in rights)


def _of_cases() -> dict[str, frozenset[str]]:
    actions = {right.action for right in RIGHTS}
    own_database: tuple[Action, ...] = ("read", "write")
    return {
        **{f"cases.{name}": _roles_with(r for r in RIGHTS if r.action == name) for name in actions},
        **{
            f"identity.{name}": _roles_with(
                r for r in RIGHTS if r.action == name and "identity" in r.groups
            )
            for name in own_database
        },
        "access-log.read": _roles_with(
            r for r in RIGHTS if r.action == "read" and "access-log" in r.groups
        ),
    }


PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType({**_of_cases(), **_SERVICE_WIDE})
"""Permission → roles that have it: `cases.<action>`, identity's own, and the service-wide ones."""
