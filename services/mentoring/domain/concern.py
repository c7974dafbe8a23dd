"""The question of a report of concern (orosanmälan), for everybody under 18.

Whose age nobody knows may be under 18: a worry about them is taken in too.
It is asked when a minor's case begins and each time somebody in the circle worries. The Social
Services Act wants a report at once, so it is decided within a day. It only stops being open by a
decision, with a reason from the list; the words are elsewhere, sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from services.mentoring.domain.case import Case, Concern, Told, stay, tell
from services.mentoring.domain.facts import ConcernDecided, ConcernOverdue, ConcernRaised
from services.mentoring.domain.ids import CLOCKWORK, Username
from services.mentoring.domain.record_rules import NoConcernOpen, NotAMinor
from services.mentoring.domain.rules import ConcernUndecided, ReasonMissing

DECIDE_WITHIN = timedelta(hours=24)

REPORTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "harm": ("far illa", "comes to harm"),
        "risk-of-harm": ("riskerar att fara illa", "is at risk of harm"),
        "own-behaviour": ("utsätter sig själv för fara", "puts themselves in danger"),
    }
)
"""Why a report is made: code → Swedish, English."""

NOT_REPORTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no-concern": ("ingen oro om att fara illa", "no concern about harm"),
        "already-reported": ("redan anmält", "already reported"),
        "known-to-social-services": ("socialtjänsten arbetar redan", "social services already act"),
    }
)
"""Why no report is made: code → Swedish, English."""


def asked_from_the_start(*, minor: bool, now: datetime) -> Concern:
    """Undecided for a minor, not asked for an adult."""
    return Concern("undecided", now + DECIDE_WITHIN) if minor else Concern()


def raise_concern(case: Case, *, by: Username, now: datetime) -> Told:
    """Ask, or ask again: somebody is worried, and whoever leads is told each time.

    While it is undecided the first deadline stands. Raises NotInThisPhase or NotAMinor.
    """
    stay(case, "raise-concern")
    if not case.may_be_minor(now):
        raise NotAMinor
    stands = case.concern if case.concern.state == "undecided" else None
    concern = stands or Concern("undecided", now + DECIDE_WITHIN)
    return tell(
        replace(case, concern=concern),
        ConcernRaised,
        by=by,
        now=now,
        decide_by=concern.decide_by,
        tell=_who_leads(case, now),
    )


def check_concern(case: Case, *, by: Username = CLOCKWORK, now: datetime) -> Told:
    """Tell whoever leads once that it should have been decided by now. Else quiet."""
    concern = case.concern
    if concern.state != "undecided" or concern.overdue_told or not is_overdue(case, now):
        return case, ()
    told = replace(case, concern=replace(concern, overdue_told=True))
    return tell(told, ConcernOverdue, by=by, now=now, tell=_who_leads(case, now))


def _who_leads(case: Case, now: datetime) -> tuple[Username, ...]:
    lead = case.acting_lead(now)
    return (lead,) if lead else ()


def decide_concern(case: Case, *, reported: bool, reason: str, by: Username, now: datetime) -> Told:
    """Decide to report, or not to, each with a reason of its own list.

    Raises NotInThisPhase, NoConcernOpen or ReasonMissing.
    """
    stay(case, "decide-concern")
    if case.concern.state != "undecided":
        raise NoConcernOpen
    ensure_reason(reported=reported, reason=reason)
    decided = replace(case, concern=Concern("reported" if reported else "not-reported"))
    return tell(decided, ConcernDecided, by=by, now=now, reported=reported, reason=reason)


def ensure_reason(*, reported: bool, reason: str) -> None:
    """Raises ReasonMissing unless the reason is of the list that belongs to the decision."""
    if reason not in (REPORTED if reported else NOT_REPORTED):
        raise ReasonMissing


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether the decision should have been made by now."""
    return case.concern.decide_by is not None and now >= case.concern.decide_by


def ensure_decided(case: Case) -> None:
    """Raises ConcernUndecided while a report is neither made nor declined.

    Somebody who has come of age since does not make the question go away: it was about a minor.
    """
    if case.concern.state == "undecided":
        raise ConcernUndecided
