"""Somebody is worried about a young person and says so: by a link, by staff, or sealed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from services.mentoring.domain.ids import PersonId, ReferralId, Username
from services.mentoring.domain.record_rules import TextMissing
from services.mentoring.domain.referral import (
    Referral,
    Via,
    marks_of_a_person,
    receipt_number,
    receive_referral,
)
from services.mentoring.use_cases.ports import Document, Ledger, Saving, Session
from services.mentoring.use_cases.referrals import (
    REFERRALS,
    Referrals,
    ReferralWords,
    fingerprinted,
)
from services.mentoring.use_cases.tally import tally
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.observability.cause import current_cause
from shared.privacy.fingerprint import keyed

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ReceiveReferral:
    """Take in a referral. The answer is a receipt number and nothing else, whatever there is.

    Nothing is looked up while somebody waits, so that not even the time tells whether there is a
    case: who is the same is asked when a case lead reads it.
    """

    referrals: Referrals
    ledger: Ledger
    clock: Clock
    key: bytes

    async def __call__(
        self,
        words: ReferralWords,
        kind: str,
        via: Via,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Referral], A],
        link_id: str | None = None,
        session: Session = None,
    ) -> A:
        """Raises UnknownCode, or TextMissing without a word of worry."""
        if not words.worry.strip():
            raise TextMissing
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        referral, inserts = await self.taken_in(words, kind, via, by=by, link_id=link_id)
        answer = present(referral)
        saving = Saving(inserts=inserts, cause=current_cause())
        if once is not None:
            saving.once = [(once, answer)]
        await self.ledger.save(saving, session=session)
        return answer

    async def taken_in(
        self,
        words: ReferralWords,
        kind: str,
        via: Via,
        *,
        by: Actor,
        link_id: str | None = None,
    ) -> tuple[Referral, list[tuple[str, Document]]]:
        """A new referral, and what to insert with it. Raises UnknownCode."""
        marks = marks_of_a_person(**cast("dict[str, Any]", fingerprinted(words.about)))
        referral, _ = receive_referral(
            ReferralId(new_id()),
            receipt=receipt_number(secrets.randbelow),
            kind=kind,
            via=via,
            fingerprints=frozenset(keyed(self.key, *mark) for mark in marks),
            link_id=link_id,
            by=Username(by.username or by.kind),
            now=self.clock.now(),
        )
        document = await self.referrals.document(referral, PersonId(new_id()), words, by=by)
        counted = tally("referral", {"referrer": referral.kind}, now=referral.received_at)
        return referral, [(REFERRALS, document), counted]
