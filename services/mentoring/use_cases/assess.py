"""Assessments: answers to a questionnaire, dated and versioned, sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from services.mentoring.domain.assessing import (
    Questionnaire,
    new_assessment,
    record_assessment,
)
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.records import Opened, Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

A = TypeVar("A")
Questionnaires = Mapping[str, Questionnaire]
"""By id, the newest version of each."""


@dataclass(frozen=True, slots=True)
class RecordAssessment:
    """Record the answers to a questionnaire as the next version. Earlier ones stay as they are."""

    work: CaseWork
    assessments: Writing
    questionnaires: Questionnaires

    async def __call__(
        self,
        case_id: CaseId,
        questionnaire: str,
        answers: Mapping[str, object],
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case, str], A],
    ) -> A:
        """Raises what `CaseWork.change` and `assessing.new_assessment` do."""
        assessment_id = new_id()

        async def decide(at: LetIn) -> Change:
            asked = self.questionnaires.get(questionnaire)
            if asked is None:
                raise NotFound
            made = new_assessment(at.case, assessment_id, asked, answers, **at.given())
            change = Change.of(record_assessment(at.case, made, **at.given()))
            facts = {
                "author": made.author,
                "at": made.at,
                "version": made.version,
                "questionnaire": made.questionnaire_id,
                "questionnaire_version": made.questionnaire_version,
            }
            words = {"answers": json.dumps(dict(made.answers), ensure_ascii=False)}
            document = await self.assessments.sealed(
                assessment_id, of_person(at.case), facts, words
            )
            change.inserts.append((self.assessments.name, document))
            return change

        return await self.work.change(
            case_id,
            "write",
            decide,
            group="assessment",
            by=by,
            once=once,
            present=lambda case: present(case, assessment_id),
        )


@dataclass(frozen=True, slots=True)
class ReadAssessments:
    """All assessments of a case, oldest first."""

    disclosing: Disclosing
    assessments: Writing

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Opened], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "assessment", by=by) as (inside, reading):
            sealed = await self.assessments.of_case(
                case_id, by=by, limit=limit, offset=offset, **inside.only()
            )
            some = await reading.open(sealed)
        return some.items, some.total


def as_data(questionnaire: Questionnaire) -> dict[str, Any]:
    """A questionnaire as it is given to whoever fills it in."""
    return asdict(questionnaire)
