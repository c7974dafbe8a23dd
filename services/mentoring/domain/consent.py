"""Consents: for one purpose and one recipient, to a versioned text, until a day.

Who can give one depends on age on that day. Under 13 a guardian consents; from 13 the young person
does (13 is the Swedish age of consent for online services, and an opinion of one's own has weight
long before 18). For telling one's story in public a minor needs both. Giving a wider consent than
one has is impossible: a consent that lacks the right voice is refused, not stored as half.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.consent_rules import (
    ConsentExpires,
    ConsentIsWithdrawn,
    GuardianNeeded,
    PersonNeeded,
)
from services.mentoring.domain.days import day_of, same_day_in
from services.mentoring.domain.facts import ConsentChanged, Fact
from services.mentoring.domain.ids import CaseId, ConsentId, Username
from services.mentoring.domain.record_rules import UnknownCode
from shared.kernel.refusal import NotFound

Purpose = Literal["coordination", "onward-referral", "school-contact", "family-contact", "story"]
RecipientKind = Literal[
    "school", "social-services", "police", "health-care", "family", "organisation", "public"
]
Voice = Literal["person", "guardian"]

OWN_VOICE_FROM = 13
"""Years of age from which the young person consents themselves."""
PERHAPS_A_CHILD = 17
"""What somebody is taken for whose age is not known: what a minor could not consent to is none."""


@dataclass(frozen=True, slots=True)
class ShareRecipient:
    """To whom: a kind, and a reference of ours to which one (never their name)."""

    kind: RecipientKind
    reference: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The text that was read and agreed to; its wording is kept by id and version."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes. It counts through the day before `expires_on`, in Malmö, until it is withdrawn."""

    id: ConsentId
    case_id: CaseId
    purpose: Purpose
    recipient: ShareRecipient
    text: ConsentText
    voices: frozenset[Voice]
    given_at: datetime
    expires_on: date
    recorded_by: Username
    withdrawn_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it counts now."""
        return self.withdrawn_at is None and self.given_at <= now and day_of(now) < self.expires_on

    def covers(self, purpose: str, recipient: ShareRecipient) -> bool:
        """Whether it is about this purpose and this very recipient."""
        return self.purpose == purpose and self.recipient == recipient


def voices_needed(age: int | None, purpose: Purpose) -> frozenset[Voice]:
    """Who must say yes, at so many years of age (None: an adult)."""
    if age is None:
        return frozenset({"person"})
    if age < OWN_VOICE_FROM:
        return frozenset({"guardian"})
    return frozenset({"person", "guardian"}) if purpose == "story" else frozenset({"person"})


def new_consent(
    case: Case,
    consent_id: ConsentId,
    *,
    purpose: str,
    recipient: ShareRecipient,
    text: ConsentText,
    voices: frozenset[Voice],
    expires_on: date,
    by: Username,
    now: datetime,
) -> Consent:
    """A consent as it was given today, for a year at most.

    Raises NotInThisPhase, UnknownCode, ConsentExpires, GuardianNeeded or PersonNeeded.
    """
    stay(case, "give-consent")
    known = next((one for one in get_args(Purpose) if one == purpose), None)
    if known is None or recipient.kind not in get_args(RecipientKind):
        raise UnknownCode
    today = day_of(now)
    if not today < expires_on <= same_day_in(today, 1):
        raise ConsentExpires
    age = PERHAPS_A_CHILD if case.age_unknown else case.age_on(today)
    missing = voices_needed(age, known) - voices
    if "guardian" in missing:
        raise GuardianNeeded
    if missing:
        raise PersonNeeded
    return Consent(consent_id, case.id, known, recipient, text, voices, now, expires_on, by)


def record_consent(case: Case, consent: Consent, *, by: Username, now: datetime) -> Told:
    """The case knows of it; raises NotInThisPhase."""
    stay(case, "give-consent")
    return tell(case, ConsentChanged, by=by, now=now, consent_id=consent.id, withdrawn=False)


def withdraw_consent(
    case: Case, consent: Consent, *, by: Username, now: datetime
) -> tuple[Case, Consent, tuple[Fact, ...]]:
    """Take a consent back: the case, the consent as it is from now on, and what happened.

    The shares that live by it end in the same breath: `sharing.end_shares`. Always possible while
    there is a case. Raises NotInThisPhase, NotFound or ConsentIsWithdrawn.
    """
    stay(case, "withdraw-consent")
    if consent.case_id != case.id:
        raise NotFound
    if consent.withdrawn_at is not None:
        raise ConsentIsWithdrawn
    case, facts = tell(case, ConsentChanged, by=by, now=now, consent_id=consent.id, withdrawn=True)
    return case, replace(consent, withdrawn_at=now), facts
