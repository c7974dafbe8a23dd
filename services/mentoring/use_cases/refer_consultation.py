"""A question turns out to be about a young person who needs support."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from services.mentoring.domain.consultation import close_consultation
from services.mentoring.domain.record_rules import ConsultationIsAnswered
from services.mentoring.domain.referral import Referral, Via
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.consult import CONSULTATIONS, Consultations
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.ports import Saving
from services.mentoring.use_cases.receive_referral import ReceiveReferral
from services.mentoring.use_cases.referrals import ReferralWords
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.refusal import ChangedElsewhere, VersionConflict
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ReferConsultation:
    """Make a referral of a request for support: it says whom it is about, the worry is as asked.

    The question is closed; how to reach whoever asked goes over to the referral.
    """

    consultations: Consultations
    receive: ReceiveReferral
    audit: Audit

    async def __call__(
        self,
        consultation_id: str,
        about: Identity,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Referral], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, ConsultationIsAnswered."""
        ledger = self.receive.ledger
        kept = await ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        sealed = await self.consultations.load(consultation_id, by=by)
        found = await self.audit.open(by, sealed, purpose=Purpose.CONSULTATION, rule="consultation")
        if found.consultation.version != seen:
            raise ChangedElsewhere
        now = self.receive.clock.now()
        after, _ = close_consultation(found.consultation, by=username_of(by), now=now)
        question = {"question": found.words["question"], "answer": ""}
        closed = await self.consultations.document(after, question, by=by)
        words = ReferralWords(
            about, found.words["question"], referrer_contact=found.words.get("reach", "")
        )
        via: Via = "sealed-event" if after.via == "sealed-event" else "staff"
        referral, inserts = await self.receive.taken_in(words, "support-request", via, by=by)
        answer = present(replace(referral, version=1))
        saving = Saving(inserts=inserts, replaces=[(CONSULTATIONS, closed)], cause=current_cause())
        if once is not None:
            saving.once = [(once, answer)]
        try:
            await ledger.save(saving)
        except VersionConflict as error:
            raise ConsultationIsAnswered from error
        return answer
