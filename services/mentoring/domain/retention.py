"""How long a case is kept, per phase, and how it ends: by the clock or at the person's own request.

The clock runs only where nobody works with the case any more: three months after a decline (long
enough to answer a complaint), two years in the archive. A legal hold stops both ways of ending.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from services.mentoring.domain.case import Case, Concern, LegalHold, Told, enter, stay, tell
from services.mentoring.domain.circle import leave_all
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import CaseErased, HoldChanged
from services.mentoring.domain.ids import Username
from services.mentoring.domain.phases import Command, Phase, after
from services.mentoring.domain.rules import OnLegalHold, ReasonMissing, TooEarlyToErase

KEPT_DAYS: Mapping[Phase, int] = MappingProxyType({"declined": 90, "archived": 730})
"""Days from entering the phase; a phase that is not here has no clock."""

HOLD_REASONS: frozenset[str] = frozenset({"legal-claim", "supervision", "crime-investigation"})


def kept_until(phase: Phase, since: date) -> date | None:
    """The first day on which the clock has run out; None where no clock runs."""
    days = KEPT_DAYS.get(phase)
    return None if days is None else since + timedelta(days=days)


def is_due(case: Case, now: datetime) -> bool:
    """Whether the clock has run out and nothing holds the case."""
    until = case.retention_until
    runs = case.phase in KEPT_DAYS and case.legal_hold is None
    return runs and until is not None and day_of(now) >= until


def hold(case: Case, reason: str, *, by: Username, now: datetime) -> Told:
    """The law needs the case kept. A second hold is quiet: the first stands.

    Raises NotInThisPhase or ReasonMissing.
    """
    stay(case, "hold")
    if reason not in HOLD_REASONS:
        raise ReasonMissing
    if case.legal_hold is not None:
        return case, ()
    held = replace(case, legal_hold=LegalHold(by, now, reason))
    return tell(held, HoldChanged, by=by, now=now, held=True, reason=reason)


def lift_hold(case: Case, *, by: Username, now: datetime) -> Told:
    """The hold ends; quiet when there is none. Raises NotInThisPhase."""
    stay(case, "hold")
    if case.legal_hold is None:
        return case, ()
    reason = case.legal_hold.reason
    free = replace(case, legal_hold=None)
    return tell(free, HoldChanged, by=by, now=now, held=False, reason=reason)


def erase(case: Case, *, by: Username, now: datetime) -> Told:
    """Forget by the clock. Raises NotInThisPhase, OnLegalHold or TooEarlyToErase."""
    after(case.phase, "erase")
    if case.legal_hold is not None:
        raise OnLegalHold
    if not is_due(case, now):
        raise TooEarlyToErase(until=case.retention_until)
    return _forget(case, "erase", by=by, now=now)


def erase_at_own_request(case: Case, *, by: Username, now: datetime) -> Told:
    """Forget because the person wants it, from every phase. Raises NotInThisPhase, OnLegalHold."""
    after(case.phase, "erase-at-own-request")
    if case.legal_hold is not None:
        raise OnLegalHold
    return _forget(case, "erase-at-own-request", by=by, now=now)


def _forget(case: Case, command: Command, *, by: Username, now: datetime) -> Told:
    person_id = case.person_id
    case, left = leave_all(case, "archived", by=by, now=now)
    case, entered = enter(case, command, by=by, now=now)
    case, erased = tell(
        case,
        CaseErased,
        by=by,
        now=now,
        person_id=person_id,
        at_own_request=command == "erase-at-own-request",
    )
    return _bare(case), left + entered + erased


def _bare(case: Case) -> Case:
    """What stays of an erased case: that it was, under a pseudonym that says nothing."""
    return replace(
        Case(
            id=case.id,
            pseudonym=case.pseudonym,
            person_id=case.person_id,
            recipient_id=case.recipient_id,
            phase=case.phase,
            opened_at=case.opened_at,
            phase_since=case.phase_since,
            circle=(),
        ),
        concern=Concern(),
        sequence=case.sequence,
        version=case.version,
    )
