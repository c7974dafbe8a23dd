"""Protected identity: from then on the case exists for the named staff alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mentoring.domain.break_glass import end_glass
from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.circle import leave
from services.mentoring.domain.facts import ProtectionChanged
from services.mentoring.domain.ids import Username
from services.mentoring.domain.rules import LeadMustBeNamed, ReasonMissing, StandInIsActing

LIFT_REASONS: frozenset[str] = frozenset({"authority-decision", "wrongly-set"})


def protect(case: Case, named: frozenset[Username], *, by: Username, now: datetime) -> Told:
    """Name the only staff who may come near; others leave the circle. Naming again replaces.

    Emergency accesses that one person opened alone end too. Raises NotInThisPhase,
    LeadMustBeNamed, or StandInIsActing when the stand-in acts and is not named.
    """
    stay(case, "protect")
    if case.lead not in named:
        raise LeadMustBeNamed
    if case.lead_is_away(now) and case.stand_in not in named:
        raise StandInIsActing
    case, facts = tell(
        replace(case, protected=True),
        ProtectionChanged,
        by=by,
        now=now,
        protected=True,
        named=named,
    )
    for glass in case.glasses:
        if glass.second is None:
            case, told = end_glass(case, glass.id, by=by, now=now)
            facts += told
    for relation in case.circle:
        if relation.username not in named:
            case, told = leave(case, relation, "not-named", by=by, now=now)
            facts += told
    return replace(case, protected_circle=named), facts


def lift_protection(case: Case, reason: str, *, by: Username, now: datetime) -> Told:
    """The identity is protected no longer; quiet when it was not.

    Raises NotInThisPhase or ReasonMissing.
    """
    stay(case, "protect")
    if reason not in LIFT_REASONS:
        raise ReasonMissing
    if not case.protected:
        return case, ()
    case = replace(case, protected=False, protected_circle=frozenset())
    return tell(case, ProtectionChanged, by=by, now=now, protected=False, named=frozenset())
