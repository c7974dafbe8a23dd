"""A professional's question: answered and counted, with nobody on file.

Question, answer and how to reach the asker are sealed under a key of the consultation's own. Once
it is answered or closed, how to reach the asker is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar, cast

from services.mentoring.domain.consultation import (
    Consultation,
    Via,
    answer_consultation,
    close_consultation,
    receive_consultation,
)
from services.mentoring.domain.ids import Username
from services.mentoring.domain.record_rules import ConsultationIsAnswered, TextMissing
from services.mentoring.domain.statistics import UNKNOWN
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.ports import Document, Ledger, Saving, Session
from services.mentoring.use_cases.tally import tally
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import ChangedElsewhere, VersionConflict
from shared.observability.cause import current_cause

A = TypeVar("A")
CONSULTATIONS = "consultations"
Words = Mapping[str, str]
"""`question`, `reach` (how to reach the asker), and `answer`."""


@dataclass(frozen=True, slots=True, repr=False)
class ConsultationSeen:
    """A consultation in clear."""

    consultation: Consultation
    words: Words


@dataclass(frozen=True, slots=True)
class SomeConsultations:
    """A page of codes, and how many there are."""

    items: Sequence[Consultation]
    total: int


class Consultations(Protocol):
    """The collection of consultations."""

    async def load(self, consultation_id: str, *, by: Actor) -> Sealed[ConsultationSeen]:
        """One, sealed under its id; raises NotFound."""
        ...

    async def some(
        self, state: str | None, *, by: Actor, limit: int, offset: int
    ) -> Sealed[SomeConsultations]:
        """A page, newest first, sealed under each."""
        ...

    async def document(self, asked: Consultation, words: Words, *, by: Actor) -> Document:
        """What to store; `version` is the next one."""
        ...


@dataclass(frozen=True, slots=True)
class ReceiveConsultation:
    """Take in a professional's question, without a person on file."""

    consultations: Consultations
    ledger: Ledger
    clock: Clock

    async def __call__(
        self,
        question: str,
        reach: str,
        *,
        profession: str,
        topic: str,
        via: Via,
        municipality: str | None = None,
        by: Actor,
        once: Any,
        present: Callable[[Consultation], A],
        session: Session = None,
    ) -> A:
        """Raises UnknownCode, TextMissing."""
        if not question.strip():
            raise TextMissing
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        asked, _ = receive_consultation(
            new_id(),
            via=via,
            profession=profession,
            topic=topic,
            municipality=municipality,
            by=Username(by.username or by.kind),
            now=self.clock.now(),
        )
        answer = present(replace(asked, version=1))
        words = {"question": question, "reach": reach}
        document = await self.consultations.document(asked, words, by=by)
        about = {
            "profession": asked.profession,
            "topic": asked.topic,
            "municipality": asked.municipality or UNKNOWN,
        }
        counted = tally("consultation", about, now=asked.received_at)
        saving = Saving(inserts=[(CONSULTATIONS, document), counted], cause=current_cause())
        if once is not None:
            saving.once = [(once, answer)]
        await self.ledger.save(saving, session=session)
        return answer


@dataclass(frozen=True, slots=True)
class ListConsultations:
    """Questions in codes, newest first. What was asked, and by whom, is read one by one."""

    consultations: Consultations
    audit: Audit

    async def __call__(
        self, state: str | None, *, by: Actor, limit: int, offset: int
    ) -> SomeConsultations:
        """Each that is shown leaves an entry in the audit before the list is given."""
        sealed = await self.consultations.some(state, by=by, limit=limit, offset=offset)
        return await self.audit.open(by, sealed, purpose=Purpose.CONSULTATION, rule="consultation")


@dataclass(frozen=True, slots=True)
class SeeConsultation:
    """One question, and how to reach whoever asked until it is answered."""

    consultations: Consultations
    audit: Audit

    async def __call__(self, consultation_id: str, *, by: Actor) -> ConsultationSeen:
        """Raises NotFound."""
        sealed = await self.consultations.load(consultation_id, by=by)
        return await self.audit.open(by, sealed, purpose=Purpose.CONSULTATION, rule="consultation")


@dataclass(frozen=True, slots=True)
class AnswerConsultation:
    """Note the answer that was given; without one the question is closed. Both end the reach."""

    consultations: Consultations
    ledger: Ledger
    audit: Audit
    clock: Clock

    async def __call__(
        self,
        consultation_id: str,
        text: str | None,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Consultation], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, ConsultationIsAnswered."""
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        sealed = await self.consultations.load(consultation_id, by=by)
        found = await self.audit.open(by, sealed, purpose=Purpose.CONSULTATION, rule="consultation")
        if found.consultation.version != seen:
            raise ChangedElsewhere
        given: dict[str, Any] = {"by": username_of(by), "now": self.clock.now()}
        end = close_consultation if text is None else answer_consultation
        after, _ = end(found.consultation, **given)
        words = {"question": found.words["question"], "answer": text or ""}
        answer = present(replace(after, version=after.version + 1))
        document = await self.consultations.document(after, words, by=by)
        saving = Saving(replaces=[(CONSULTATIONS, document)], cause=current_cause())
        if once is not None:
            saving.once = [(once, answer)]
        try:
            await self.ledger.save(saving)
        except VersionConflict as error:
            raise ConsultationIsAnswered from error
        return answer
