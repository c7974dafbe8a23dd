"""Emergency access: a reason from a list, at most an hour, told at once, judged by somebody else.

The reasons follow the public FHIR value set for breaking the glass (cannot consent, threat to
life, covering for a colleague, confirming an identity). The words that go with one are elsewhere,
sealed. A protected identity is opened only when a second, named person confirms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from services.mentoring.domain.case import BreakGlass, Case, GlassReview, Told, stay, tell
from services.mentoring.domain.facts import GlassAsked, GlassEnded, GlassOpened, GlassReviewed
from services.mentoring.domain.ids import GlassId, Username
from services.mentoring.domain.rules import (
    GlassAwaitsReview,
    GlassIsAsked,
    GlassIsReviewed,
    GlassNotReviewed,
    GlassStillOpen,
    GlassTooLong,
    GlassUnknown,
    NotNamed,
    ReasonMissing,
    SecondPersonNeeded,
    SomebodyElseReviews,
)

LONGEST_MINUTES = 60
ANSWER_WITHIN = timedelta(hours=1)
"""How long the question to a second person stands."""

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "cannot-consent": ("personen kan inte svara själv", "the person cannot answer themselves"),
        "threat-to-life": ("fara för liv eller hälsa", "danger to life or health"),
        "covering": ("jag täcker upp för en kollega", "I am covering for a colleague"),
        "confirm-identity": ("säkerställa vem det gäller", "making sure whom it concerns"),
    }
)
"""Code → Swedish, English."""

OUTCOMES: frozenset[str] = frozenset({"justified", "not-justified", "follow-up"})


def open_glass(
    case: Case, glass_id: GlassId, reason: str, minutes: int, *, by: Username, now: datetime
) -> Told:
    """Get emergency access now, or, for a protected identity, ask a second person for it.

    Raises NotInThisPhase, ReasonMissing, GlassTooLong, GlassAwaitsReview while an earlier one of
    the same person is not judged, or GlassIsAsked while their last question still stands.
    """
    stay(case, "open-glass")
    if reason not in REASONS:
        raise ReasonMissing
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise GlassTooLong(most=LONGEST_MINUTES)
    own = [glass for glass in case.glasses if glass.username == by]
    if any(glass.awaits_review for glass in own):
        raise GlassAwaitsReview
    if case.protected and any(_is_asked(glass, now) for glass in own):
        raise GlassIsAsked
    glass = BreakGlass(glass_id, by, reason, minutes, now)
    if case.protected:
        asked = replace(case, glasses=(*case.glasses, glass))
        whom = tuple(sorted(case.protected_circle - {by}))
        return tell(asked, GlassAsked, by=by, now=now, glass_id=glass_id, reason=reason, tell=whom)
    case = replace(case, glasses=(*case.glasses, glass))
    return _begin(case, glass, None, by=by, now=now)


def second_glass(case: Case, glass_id: GlassId, *, by: Username, now: datetime) -> Told:
    """Another, named person confirms: the minutes count from now.

    Raises NotInThisPhase, GlassUnknown, SecondPersonNeeded (the same person, too late, or already
    confirmed) or NotNamed.
    """
    stay(case, "handle-glass")
    glass = glass_of(case, glass_id)
    if by == glass.username or not _is_asked(glass, now):
        raise SecondPersonNeeded
    if by not in case.protected_circle:
        raise NotNamed
    return _begin(case, glass, by, by=by, now=now)


def end_glass(
    case: Case, glass_id: GlassId, *, own_only: bool = False, by: Username, now: datetime
) -> Told:
    """Give the access back, or cut it off, before its time; quiet when it is over.

    `own_only`: whoever holds an emergency access ends nobody else's. Raises NotInThisPhase or
    GlassUnknown.
    """
    stay(case, "handle-glass")
    glass = glass_of(case, glass_id)
    if own_only and glass.username != by:
        raise GlassUnknown
    if not glass.is_live(now):
        return case, ()
    case = _with(case, replace(glass, ended_at=now))
    return tell(case, GlassEnded, by=by, now=now, glass_id=glass_id, username=glass.username)


def review_glass(
    case: Case, glass_id: GlassId, outcome: str, *, by: Username, now: datetime
) -> Told:
    """Somebody who neither opened nor confirmed it judges it, once it is over.

    Raises NotInThisPhase, GlassUnknown, ReasonMissing, SomebodyElseReviews, GlassStillOpen or
    GlassIsReviewed.
    """
    stay(case, "handle-glass")
    glass = glass_of(case, glass_id)
    if outcome not in OUTCOMES:
        raise ReasonMissing
    if by in {glass.username, glass.second}:
        raise SomebodyElseReviews
    if glass.review is not None:
        raise GlassIsReviewed
    if glass.opened_at is None:
        raise GlassUnknown
    if glass.is_live(now):
        raise GlassStillOpen
    case = _with(case, replace(glass, review=GlassReview(by, now, outcome)))
    return tell(case, GlassReviewed, by=by, now=now, glass_id=glass_id, outcome=outcome)


def glass_of(case: Case, glass_id: GlassId) -> BreakGlass:
    """One emergency access of the case; raises GlassUnknown."""
    for glass in case.glasses:
        if glass.id == glass_id:
            return glass
    raise GlassUnknown


def live_glass(case: Case, username: Username, now: datetime) -> BreakGlass | None:
    """The emergency access that somebody holds now."""
    return next((g for g in case.glasses if g.username == username and g.is_live(now)), None)


def ensure_reviewed(case: Case) -> None:
    """Raises GlassNotReviewed while an emergency access, live or over, is not judged."""
    if any(glass.awaits_review for glass in case.glasses):
        raise GlassNotReviewed


def _is_asked(glass: BreakGlass, now: datetime) -> bool:
    return glass.opened_at is None and now < glass.asked_at + ANSWER_WITHIN


def _begin(
    case: Case, glass: BreakGlass, second: Username | None, *, by: Username, now: datetime
) -> Told:
    until = now + timedelta(minutes=glass.minutes)
    case = _with(case, replace(glass, opened_at=now, until=until, second=second))
    lead = case.acting_lead(now)
    return tell(
        case,
        GlassOpened,
        by=by,
        now=now,
        glass_id=glass.id,
        username=glass.username,
        reason=glass.reason,
        until=until,
        second=second,
        tell=tuple(sorted({name for name in (lead, case.lead) if name})),
    )


def _with(case: Case, glass: BreakGlass) -> Case:
    return replace(
        case, glasses=tuple(glass if one.id == glass.id else one for one in case.glasses)
    )
