"""Shares: what somebody outside may see, by a valid consent or by a reasoned override.

A share never outlives the consent it lives by. Whether it counts is asked at each look, so a
withdrawal cuts it at once, whoever is late to tell. An override is another right than sharing, has
a reason from the list, words kept elsewhere, and fourteen days at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.consent import Consent, Purpose, ShareRecipient
from services.mentoring.domain.consent_rules import (
    ConsentMissing,
    ShareIsOver,
    ShareTooLong,
    ShareTooWide,
)
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import Fact, ShareBegan, ShareEnded
from services.mentoring.domain.ids import CaseId, ConsentId, ShareId, Username
from services.mentoring.domain.phases import LIVING
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.domain.rules import ProtectedStaysHere, ReasonMissing
from shared.kernel.refusal import NotFound

WhyOver = Literal["withdrawn", "expired", "ended", "closed", "protected"]

_HELP: frozenset[FieldGroup] = frozenset({"overview", "assessment", "plan", "identity", "contact"})
SHAREABLE: Mapping[Purpose, frozenset[FieldGroup]] = MappingProxyType(
    {
        "coordination": _HELP,
        "onward-referral": _HELP,
        "school-contact": frozenset({"overview", "plan"}),
        "family-contact": frozenset({"overview", "plan"}),
        "story": frozenset({"overview"}),
    }
)
"""The most that each purpose needs. Never meetings: when somebody is met tells where they are."""

OVERRIDE_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "threat-to-life": ("fara för liv eller hälsa", "danger to life or health"),
        "child-protection": ("skydd för ett barn", "protection of a child"),
        "legal-duty": ("skyldighet enligt lag", "a duty by law"),
    }
)
"""Why something is shared without consent: code → Swedish, English."""
LONGEST_OVERRIDE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Override:
    """Who decided to share without consent, and the reason code."""

    by: Username
    reason: str


@dataclass(frozen=True, slots=True)
class Share:
    """Field groups for one recipient through the day before `until`; by consent or override."""

    id: ShareId
    case_id: CaseId
    purpose: Purpose
    recipient: ShareRecipient
    groups: frozenset[FieldGroup]
    began_at: datetime
    until: date
    began_by: Username
    consent_id: ConsentId | None = None
    override: Override | None = None
    ended_at: datetime | None = None
    why_over: WhyOver | None = None


def is_live(share: Share, case: Case, consent: Consent | None, now: datetime) -> bool:
    """Whether the recipient may see anything now: asked at every look, never remembered."""
    if share.ended_at is not None or day_of(now) >= share.until:
        return False
    if case.phase not in LIVING or case.protected or share.case_id != case.id:
        return False
    if share.override is not None:
        return True
    return (
        consent is not None
        and consent.id == share.consent_id
        and consent.covers(share.purpose, share.recipient)
        and consent.is_valid(now)
    )


def new_share(
    case: Case,
    share_id: ShareId,
    consent: Consent | None,
    *,
    purpose: Purpose,
    recipient: ShareRecipient,
    groups: frozenset[FieldGroup],
    until: date,
    by: Username,
    now: datetime,
) -> Share:
    """A share by a valid consent for this purpose and recipient, no longer than the consent.

    Raises NotInThisPhase, ProtectedStaysHere, ShareTooWide, ConsentMissing or ShareTooLong.
    """
    _ensure_shareable(case, purpose, groups)
    fits = consent is not None and consent.case_id == case.id and consent.is_valid(now)
    if consent is None or not fits or not consent.covers(purpose, recipient):
        raise ConsentMissing
    if not day_of(now) < until <= consent.expires_on:
        raise ShareTooLong(until=consent.expires_on)
    return Share(share_id, case.id, purpose, recipient, groups, now, until, by, consent.id)


def new_override(
    case: Case,
    share_id: ShareId,
    reason: str,
    *,
    purpose: Purpose,
    recipient: ShareRecipient,
    groups: frozenset[FieldGroup],
    until: date,
    by: Username,
    now: datetime,
) -> Share:
    """A share without consent, with a reason, for 14 days at most; another right than `new_share`.

    Raises NotInThisPhase, ProtectedStaysHere, ShareTooWide, ReasonMissing or ShareTooLong.
    """
    _ensure_shareable(case, purpose, groups)
    if reason not in OVERRIDE_REASONS:
        raise ReasonMissing
    longest = day_of(now) + LONGEST_OVERRIDE
    if not day_of(now) < until <= longest:
        raise ShareTooLong(until=longest)
    override = Override(by, reason)
    return Share(share_id, case.id, purpose, recipient, groups, now, until, by, override=override)


def begin_share(case: Case, share: Share, *, by: Username, now: datetime) -> Told:
    """The case knows of it; raises NotInThisPhase."""
    stay(case, "share")
    override = share.override is not None
    return tell(case, ShareBegan, by=by, now=now, share_id=share.id, override=override)


def end_share(
    case: Case, share: Share, why: WhyOver, *, by: Username, now: datetime
) -> tuple[Case, Share, tuple[Fact, ...]]:
    """The recipient sees nothing from now on; raises NotInThisPhase, NotFound or ShareIsOver."""
    stay(case, "end-share")
    if share.case_id != case.id:
        raise NotFound
    if share.ended_at is not None:
        raise ShareIsOver
    over = replace(share, ended_at=now, why_over=why)
    case, facts = tell(case, ShareEnded, by=by, now=now, share_id=share.id, why=why)
    return case, over, facts


def end_shares(
    case: Case,
    shares: Iterable[Share],
    why: WhyOver,
    *,
    consent_id: ConsentId | None = None,
    by: Username,
    now: datetime,
) -> tuple[Case, tuple[Share, ...], tuple[Fact, ...]]:
    """End all that have not ended, or only those that live by one consent.

    Gives back the ended ones alone. For a withdrawal, and a case that is closed or protected.
    """
    ended: tuple[Share, ...] = ()
    facts: tuple[Fact, ...] = ()
    for share in shares:
        if share.ended_at is None and consent_id in (None, share.consent_id):
            case, over, told = end_share(case, share, why, by=by, now=now)
            ended, facts = (*ended, over), facts + told
    return case, ended, facts


def _ensure_shareable(case: Case, purpose: Purpose, groups: frozenset[FieldGroup]) -> None:
    stay(case, "share")
    if case.protected:
        raise ProtectedStaysHere
    if not groups or not groups <= SHAREABLE.get(purpose, frozenset()):
        raise ShareTooWide
