"""The circle of people around a case. Whoever leaves it sees nothing from then on.

What a mentor sees is chosen when they come, and is the plan alone when nobody chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from services.mentoring.domain.access import is_named
from services.mentoring.domain.case import Case, Relation, Told, stay, tell
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import (
    Fact,
    LeadIsAway,
    LeadIsBack,
    RelationBegan,
    RelationEnded,
    WhyLeft,
)
from services.mentoring.domain.ids import Username
from services.mentoring.domain.phases import LIVING, SUPPORT, Phase
from services.mentoring.domain.rights import GRANTABLE, PLAN_ONLY, CircleKind, FieldGroup
from services.mentoring.domain.rules import (
    AlreadyInCircle,
    CannotBeShown,
    DateHasPassed,
    LeadIsHandedOver,
    NotInCircle,
    NotNamed,
    RelationNotInPhase,
    StandInIsActing,
    StandInMissing,
    StandInTaken,
)

PHASES_OF: Mapping[CircleKind, frozenset[Phase]] = MappingProxyType(
    {
        "lead": LIVING,
        "stand-in": LIVING,
        "second": LIVING,
        "mentor": SUPPORT,
        "aftercare": frozenset({"aftercare"}),
    }
)
"""In which phases a case may have whom."""

_CHOSEN: frozenset[CircleKind] = frozenset({"mentor", "aftercare"})


def assign(
    case: Case,
    username: Username,
    kind: CircleKind,
    *,
    sees: frozenset[FieldGroup] | None = None,
    by: Username,
    now: datetime,
) -> Told:
    """Somebody joins the circle. `sees` is for mentors and aftercare: default overview and plan.

    A lead never joins: `hand_over`. Raises NotInThisPhase, RelationNotInPhase, LeadIsHandedOver,
    AlreadyInCircle, StandInTaken, NotNamed (protected case) or CannotBeShown.
    """
    stay(case, "assign")
    if kind == "lead":
        raise LeadIsHandedOver
    if kind == "stand-in" and case.stand_in is not None:
        raise StandInTaken
    return _join(case, username, kind, shown(kind, sees), by=by, now=now)


def unassign(case: Case, username: Username, *, by: Username, now: datetime) -> Told:
    """Somebody leaves the circle; a lead cannot, nor a stand-in who acts.

    Raises NotInThisPhase, NotInCircle, LeadIsHandedOver or StandInIsActing.
    """
    stay(case, "unassign")
    relation = _relation_of(case, username)
    if relation.kind == "lead":
        raise LeadIsHandedOver
    if relation.kind == "stand-in" and case.lead_is_away(now):
        raise StandInIsActing
    return leave(case, relation, "unassigned", by=by, now=now)


def hand_over(
    case: Case,
    leaving: Username,
    to: Username,
    *,
    sees: frozenset[FieldGroup] | None = None,
    by: Username,
    now: datetime,
) -> Told:
    """`to` takes the place of `leaving`, who is out of the circle from now on.

    What the next mentor sees is `sees`, never what the last one saw: default overview and plan. A
    stand-in may take over as lead. Raises NotInThisPhase, NotInCircle, AlreadyInCircle, NotNamed
    or CannotBeShown.
    """
    stay(case, "hand-over")
    relation = _relation_of(case, leaving)
    chosen = shown(relation.kind, sees)
    standing = case.relation(to)
    takes_over = relation.kind == "lead" and standing is not None and standing.kind == "stand-in"
    if standing is not None and not takes_over:
        raise AlreadyInCircle
    case, told = leave(case, relation, "handed-over", by=by, now=now)
    if takes_over and standing is not None:
        kept = case.protected_circle
        case, more = leave(case, standing, "handed-over", by=by, now=now)
        case, told = replace(case, protected_circle=kept), told + more
    if relation.kind == "lead":
        case = replace(case, lead_away_until=None)
    case, joined = _join(case, to, relation.kind, chosen, by=by, now=now)
    return case, told + joined


def set_lead_away(case: Case, until: date, *, by: Username, now: datetime) -> Told:
    """The stand-in acts as lead up to and including a day in Malmö.

    Raises NotInThisPhase, StandInMissing or DateHasPassed.
    """
    stay(case, "set-away")
    if case.stand_in is None:
        raise StandInMissing
    if until < day_of(now):
        raise DateHasPassed
    away = replace(case, lead_away_until=until)
    return tell(away, LeadIsAway, by=by, now=now, stand_in=case.stand_in, until=until)


def set_lead_back(case: Case, *, by: Username, now: datetime) -> Told:
    """The lead acts again; quiet when the lead was not away. Raises NotInThisPhase."""
    stay(case, "set-away")
    if case.lead_away_until is None:
        return case, ()
    back = replace(case, lead_away_until=None)
    return tell(back, LeadIsBack, by=by, now=now, lead=case.lead)


def shown(kind: CircleKind, sees: frozenset[FieldGroup] | None) -> frozenset[FieldGroup]:
    """What somebody new sees: their right for a lead and the like, else the choice, else the plan.

    The overview always belongs to it. Raises CannotBeShown.
    """
    if kind not in _CHOSEN:
        return GRANTABLE
    if sees is None:
        return PLAN_ONLY
    if not sees <= GRANTABLE:
        raise CannotBeShown
    return sees | {"overview"}


def leave(case: Case, relation: Relation, why: WhyLeft, *, by: Username, now: datetime) -> Told:
    """End one relation, with any emergency access that the same person holds."""
    username = relation.username
    case = replace(
        case,
        circle=tuple(one for one in case.circle if one is not relation),
        protected_circle=case.protected_circle - {username},
        glasses=tuple(
            replace(glass, ended_at=now)
            if glass.username == username and glass.is_live(now)
            else glass
            for glass in case.glasses
        ),
    )
    return tell(case, RelationEnded, by=by, now=now, username=username, kind=relation.kind, why=why)


def leave_all(case: Case, why: WhyLeft, *, by: Username, now: datetime) -> Told:
    """Everybody's relation ends. The list of named staff stays: it opens nothing by itself."""
    named = case.protected_circle
    facts: tuple[Fact, ...] = ()
    for relation in case.circle:
        case, told = leave(case, relation, why, by=by, now=now)
        facts += told
    return replace(case, lead_away_until=None, protected_circle=named), facts


def _relation_of(case: Case, username: Username) -> Relation:
    relation = case.relation(username)
    if relation is None:
        raise NotInCircle
    return relation


def _join(
    case: Case,
    username: Username,
    kind: CircleKind,
    sees: frozenset[FieldGroup],
    *,
    by: Username,
    now: datetime,
) -> Told:
    if case.phase not in PHASES_OF[kind]:
        raise RelationNotInPhase
    if case.relation(username) is not None:
        raise AlreadyInCircle
    if not is_named(case, username):
        raise NotNamed
    joined = replace(case, circle=(*case.circle, Relation(username, kind, now, sees)))
    return tell(joined, RelationBegan, by=by, now=now, username=username, kind=kind, sees=sees)
