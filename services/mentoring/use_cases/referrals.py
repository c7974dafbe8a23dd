"""Referrals as they are kept: the aggregate, and its words sealed under the person's own key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.mentoring.domain.ids import PersonId, ReferralId
from services.mentoring.domain.referral import Referral
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.ports import Document
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

REFERRALS = "referrals"


@dataclass(frozen=True, slots=True, repr=False)
class ReferralWords:
    """What was said: who it is about, the worry, and who refers."""

    about: Identity
    worry: str
    referrer: str = ""
    referrer_contact: str = ""


@dataclass(frozen=True, slots=True)
class StoredReferral:
    """The aggregate, whose person it is about, and the words as they lie there, encrypted."""

    referral: Referral
    person_id: PersonId
    words: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class SomeReferrals:
    """A page of them, and how many there are."""

    items: Sequence[Referral]
    total: int


class Referrals(Protocol):
    """The collection of referrals."""

    async def load(self, referral_id: ReferralId, *, by: Actor) -> StoredReferral:
        """For decisions; raises NotFound."""
        ...

    async def words_of(self, stored: StoredReferral, *, by: Actor) -> Sealed[ReferralWords] | None:
        """What was said, sealed under the referral; None when the person is forgotten."""
        ...

    async def some(
        self, state: str | None, *, by: Actor, limit: int, offset: int, newest_first: bool
    ) -> Sealed[SomeReferrals]:
        """A page in the order in which they came, or the other way round, sealed under each."""
        ...

    async def sharing(self, fingerprints: Sequence[str], *, by: Actor) -> Sequence[Referral]:
        """Those with any of these fingerprints."""
        ...

    async def document(
        self, referral: Referral, person_id: PersonId, words: ReferralWords, *, by: Actor
    ) -> Document:
        """A new one to store, its words encrypted under a key that is made for the person."""
        ...

    def changed(self, stored: StoredReferral, after: Referral) -> Document:
        """What to store after a decision: the next version, the words as they are."""
        ...


def fingerprinted(identity: Identity) -> dict[str, object]:
    """What of an identity somebody is recognised by (`referral.marks_of_a_person`)."""
    return {
        "personal_number": identity.personal_number or None,
        "phone": identity.phone or None,
        "email": identity.email or None,
        "name": identity.name or None,
        "birth_year": identity.born.year if identity.born else None,
    }
