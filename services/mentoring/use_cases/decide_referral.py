"""What becomes of a referral: a case, a part of a case that there is, or nothing, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from services.mentoring.domain.case import Case
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import CaseId, ReferralId
from services.mentoring.domain.record_rules import ReferralIsDecided
from services.mentoring.domain.referral import (
    Referral,
    ReferralConcern,
    accept_referral,
    decline_referral,
    link_referral,
)
from services.mentoring.use_cases.case_work import CaseWork, Change, username_of
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.open_case import CaseWanted, OpenCase, minor_until
from services.mentoring.use_cases.ports import Ledger, Saving
from services.mentoring.use_cases.records import Opened, Whose, Writing, of_person
from services.mentoring.use_cases.referrals import (
    REFERRALS,
    Referrals,
    ReferralWords,
    StoredReferral,
)
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import ChangedElsewhere, NotFound, VersionConflict
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class AcceptReferral:
    """A case begins with the referral: its person, and what was said, go over to it."""

    referrals: Referrals
    open_case: OpenCase
    audit: Audit
    words: Writing

    async def __call__(
        self,
        referral_id: ReferralId,
        wanted: CaseWanted,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
        about: Callable[[A], CaseId],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, ReferralIsDecided, and what `OpenCase` does."""
        kept = await self.open_case.work.answered(once, about, by=by)
        if kept is not None:
            return kept
        stored = await self.referrals.load(referral_id, by=by)
        ensure_seen(stored, seen)
        case_id = CaseId(new_id())
        now = self.open_case.work.clock.now()
        after, _ = accept_referral(stored.referral, case_id, by=username_of(by), now=now)
        words = await said(self.referrals, self.audit, stored, by=by)
        record = await self.words.sealed(
            new_id(), Whose(case_id, stored.person_id), _facts(stored, by, now), _texts(words)
        )
        return await self.open_case(
            replace(
                wanted,
                identity=words.about,
                person_id=stored.person_id,
                case_id=case_id,
                inserts=((self.words.name, record),),
                replaces=((REFERRALS, self.referrals.changed(stored, after)),),
            ),
            by=by,
            once=once,
            present=present,
            about=about,
        )


@dataclass(frozen=True, slots=True)
class LinkReferral:
    """The referral belongs to a case that there is: what was said is kept with that case."""

    referrals: Referrals
    work: CaseWork
    audit: Audit
    words: Writing

    async def __call__(
        self,
        referral_id: ReferralId,
        case_id: CaseId,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` does, ReferralIsDecided, NotFound."""
        stored = await self.referrals.load(referral_id, by=by)

        async def decide(at: LetIn) -> Change:
            ensure_seen(stored, seen)
            after, _ = link_referral(stored.referral, case_id, **at.given())
            words = await said(self.referrals, self.audit, stored, by=by)
            document = await self.words.sealed(
                new_id(), of_person(at.case), _facts(stored, by, at.now), _texts(words)
            )
            change = Change(at.case)
            change.inserts.append((self.words.name, document))
            change.replaces.append((REFERRALS, self.referrals.changed(stored, after)))
            return change

        return await self.work.change(
            case_id, "write", decide, group="referral", by=by, once=once, present=present
        )


@dataclass(frozen=True, slots=True)
class DeclineReferral:
    """No case, with a reason from the list. What was said is forgotten after three months.

    Of somebody under 18 it is said too whether a report of concern is made, and why: a worry about
    a child does not end with our not being the right help.
    """

    referrals: Referrals
    ledger: Ledger
    audit: Audit
    clock: Clock

    async def __call__(
        self,
        referral_id: ReferralId,
        reason: str,
        concern: ReferralConcern | None,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Referral], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, ReasonMissing, ConcernUndecided, ReferralIsDecided."""
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        stored = await self.referrals.load(referral_id, by=by)
        ensure_seen(stored, seen)
        now = self.clock.now()
        after, _ = decline_referral(
            stored.referral,
            reason,
            concern,
            minor=await self._is_minor(stored, now, by=by),
            by=username_of(by),
            now=now,
        )
        answer = present(replace(after, version=stored.referral.version + 1))
        saving = Saving(
            replaces=[(REFERRALS, self.referrals.changed(stored, after))], cause=current_cause()
        )
        if once is not None:
            saving.once = [(once, answer)]
        try:
            await self.ledger.save(saving)
        except VersionConflict as error:
            raise ReferralIsDecided from error
        return answer

    async def _is_minor(self, stored: StoredReferral, now: datetime, *, by: Actor) -> bool:
        """By what was said of them, as far as it was; read on record."""
        sealed = await self.referrals.words_of(stored, by=by)
        if sealed is None:
            return False
        words = await self.audit.open(by, sealed, purpose=Purpose.INTAKE, rule="intake")
        until = minor_until(words.about)
        return until is not None and day_of(now) < until


def _facts(stored: StoredReferral, by: Actor, now: datetime) -> dict[str, Any]:
    referral = stored.referral
    return {
        "author": username_of(by),
        "at": now,
        "referral_id": referral.id,
        "referrer_kind": referral.kind,
        "received_at": referral.received_at,
    }


def _texts(words: ReferralWords) -> dict[str, str]:
    return {
        "worry": words.worry,
        "referrer": words.referrer,
        "referrer_contact": words.referrer_contact,
    }


def ensure_seen(stored: StoredReferral, seen: int) -> None:
    """Raises ChangedElsewhere unless it is the version that the asker decided on."""
    if stored.referral.version != seen:
        raise ChangedElsewhere


async def said(
    referrals: Referrals, audit: Audit, stored: StoredReferral, *, by: Actor
) -> ReferralWords:
    """What was said, written down as read; raises NotFound when the person is forgotten."""
    sealed = await referrals.words_of(stored, by=by)
    if sealed is None:
        raise NotFound
    return await audit.open(by, sealed, purpose=Purpose.INTAKE, rule="intake")


@dataclass(frozen=True, slots=True)
class ReadReferralsOfCase:
    """What was said when the case began, and what came in later and was joined to it."""

    disclosing: Disclosing
    words: Writing

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Opened], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "referral", by=by) as (_, reading):
            sealed = await self.words.of_case(case_id, by=by, limit=limit, offset=offset)
            some = await reading.open(sealed)
        return some.items, some.total
