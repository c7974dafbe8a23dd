"""A referral: somebody's worry about a young person, before there is a case. An own aggregate.

The one who refers gets a receipt number and nothing else, the same whether or not there is a case.
Duplicates are found by keyed fingerprints, so that no clear text is compared, and shown to case
leads alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from services.mentoring.domain.concern import ensure_reason
from services.mentoring.domain.ids import CaseId, ReferralId, Username
from services.mentoring.domain.record_rules import ReferralIsDecided, UnknownCode
from services.mentoring.domain.rules import ConcernUndecided, ReasonMissing

ReferrerKind = Literal[
    "school", "social-services", "police", "parent", "support-request", "self", "other"
]
Via = Literal["link", "staff", "api", "sealed-event"]
ReferralState = Literal["received", "accepted", "linked", "declined"]

DECLINE_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "not-target-group": ("utanför målgruppen", "outside the target group"),
        "not-reached": ("gick inte att nå", "could not be reached"),
        "own-wish": ("vill inte", "does not want to"),
        "other-help": ("får annan hjälp", "gets other help"),
        "mistake": ("skickat av misstag", "sent by mistake"),
    }
)
"""Code → Swedish, English."""

MISTAKE = "mistake"
RECEIPT_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""No letter or digit that is taken for another."""


@dataclass(frozen=True, slots=True)
class ReferralConcern:
    """Whether a report of concern was made of whoever got no case, with a reason code."""

    reported: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Referral:
    """Who it is about is sealed elsewhere. `version` is storage's."""

    id: ReferralId
    receipt: str
    kind: ReferrerKind
    via: Via
    received_at: datetime
    fingerprints: frozenset[str]
    link_id: str | None = None
    state: ReferralState = "received"
    case_id: CaseId | None = None
    reason: str | None = None
    concern: ReferralConcern | None = None
    decided_by: Username | None = None
    decided_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFact:
    """Something that happened to a referral: `received`, or how it was decided."""

    referral_id: ReferralId
    at: datetime
    by: Username
    state: ReferralState
    case_id: CaseId | None = None


Decided = tuple[Referral, tuple[ReferralFact, ...]]


def receive_referral(
    referral_id: ReferralId,
    *,
    receipt: str,
    kind: str,
    via: Via,
    fingerprints: frozenset[str] = frozenset(),
    link_id: str | None = None,
    by: Username,
    now: datetime,
) -> Decided:
    """A referral came in; raises UnknownCode for a referrer of no known kind."""
    known = next((one for one in get_args(ReferrerKind) if one == kind), None)
    if known is None:
        raise UnknownCode
    referral = Referral(referral_id, receipt, known, via, now, fingerprints, link_id)
    fact = ReferralFact(referral_id=referral_id, at=now, by=by, state="received")
    return referral, (fact,)


def accept_referral(referral: Referral, case_id: CaseId, *, by: Username, now: datetime) -> Decided:
    """A new case begins with it; raises ReferralIsDecided."""
    return _decide(referral, "accepted", case_id=case_id, by=by, now=now)


def link_referral(referral: Referral, case_id: CaseId, *, by: Username, now: datetime) -> Decided:
    """It belongs to a case that there is; raises ReferralIsDecided."""
    return _decide(referral, "linked", case_id=case_id, by=by, now=now)


def decline_referral(
    referral: Referral,
    reason: str,
    concern: ReferralConcern | None = None,
    *,
    minor: bool,
    by: Username,
    now: datetime,
) -> Decided:
    """No case, with a reason from the list; of a `minor` also what is done about the worry.

    What was sent by mistake, or twice, is a worry that is elsewhere or nowhere. Raises
    ReasonMissing, ConcernUndecided or ReferralIsDecided.
    """
    if reason not in DECLINE_REASONS:
        raise ReasonMissing
    if concern is not None:
        ensure_reason(reported=concern.reported, reason=concern.reason)
    elif minor and reason != MISTAKE:
        raise ConcernUndecided
    declined = replace(referral, concern=concern)
    return _decide(declined, "declined", reason=reason, by=by, now=now)


def likely_same(referral: Referral, others: Iterable[Referral]) -> tuple[ReferralId, ...]:
    """Other referrals that share a fingerprint with it, the oldest first."""
    found = [
        other
        for other in others
        if other.id != referral.id and other.fingerprints & referral.fingerprints
    ]
    return tuple(one.id for one in sorted(found, key=lambda one: (one.received_at, one.id)))


def marks_of_a_person(
    *,
    personal_number: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    name: str | None = None,
    birth_year: int | None = None,
) -> tuple[tuple[str, ...], ...]:
    """What somebody is recognised by: parts to put through `shared.privacy.fingerprint.keyed`.

    A personal number counts by its last ten digits, a phone number by its last nine, so that a
    century, a dash or a country code makes no difference. A name counts only with a birth year.
    """
    marks: list[tuple[str, ...]] = []
    if number := _digits(personal_number):
        marks.append(("personal-number", number[-10:]))
    if number := _digits(phone):
        marks.append(("phone", number[-9:]))
    if email and email.strip():
        marks.append(("email", email))
    if name and name.strip() and birth_year:
        marks.append(("name", name, str(birth_year)))
    return tuple(marks)


def receipt_number(draw: Callable[[int], int]) -> str:
    """Eight letters and digits, as `K7QM-2XFB`; `draw(n)` gives a random number below n."""
    letters = "".join(RECEIPT_LETTERS[draw(len(RECEIPT_LETTERS))] for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _digits(text: str | None) -> str:
    return "".join(letter for letter in text or "" if letter in "0123456789")


def _decide(
    referral: Referral,
    state: ReferralState,
    *,
    case_id: CaseId | None = None,
    reason: str | None = None,
    by: Username,
    now: datetime,
) -> Decided:
    if referral.state != "received":
        raise ReferralIsDecided
    decided = replace(
        referral, state=state, case_id=case_id, reason=reason, decided_by=by, decided_at=now
    )
    fact = ReferralFact(referral_id=referral.id, at=now, by=by, state=state, case_id=case_id)
    return decided, (fact,)
