"""Assessments: a questionnaire is data, its answers are checked against it, versions never change.

A questionnaire has domains of life; each has questions: a scale, one choice, several choices, yes
or no, or a free text. All its words are there in Swedish and English. The files are in
`services/mentoring/questionnaires/`; whoever reads them hands the parsed JSON to `questionnaire`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.facts import AssessmentRecorded
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.record_rules import AnswersDoNotFit, AnswerUnknown

QuestionKind = Literal["scale", "choice", "choices", "yes-no", "text"]
Answer = int | str | bool | tuple[str, ...]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scale, or one alternative: its value and what it means."""

    value: int | str
    words: Words


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `steps` for scales and choices; `limit` in characters for a text."""

    id: str
    kind: QuestionKind
    words: Words
    steps: tuple[Step, ...] = ()
    required: bool = False
    limit: int = 4000


@dataclass(frozen=True, slots=True)
class LifeDomain:
    """A side of life with its questions."""

    id: str
    words: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A set of questions; a changed one is a new version beside the old."""

    id: str
    version: int
    title: Words
    intro: Words
    domains: tuple[LifeDomain, ...]

    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for domain in self.domains for question in domain.questions)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Answers at one time. Texts among them are sealed by whoever keeps it."""

    id: str
    case_id: CaseId
    version: int
    questionnaire_id: str
    questionnaire_version: int
    answers: Answers
    author: Username
    at: datetime


def questionnaire(data: Mapping[str, Any]) -> Questionnaire:
    """A questionnaire from parsed JSON. Raises ValueError or KeyError when it is not one."""
    scales = {
        name: tuple(Step(int(step["value"]), _words(step)) for step in steps)
        for name, steps in data.get("scales", {}).items()
    }
    made = Questionnaire(
        id=str(data["id"]),
        version=int(data["version"]),
        title=_words(data["title"]),
        intro=_words(data["intro"]),
        domains=tuple(
            LifeDomain(
                str(domain["id"]),
                _words(domain["title"]),
                tuple(_question(question, scales) for question in domain["questions"]),
            )
            for domain in data["domains"]
        ),
    )
    ids = [question.id for question in made.questions()]
    if len(ids) != len(set(ids)) or not ids:
        raise ValueError("a questionnaire has questions, each with an id of its own")
    return made


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words, with its question; None for one that is no longer asked."""

    question: Words | None
    answers: tuple[Words, ...]


_YES, _NO = Words("ja", "yes"), Words("nej", "no")


def in_words(asked: Questionnaire, answers: Mapping[str, object]) -> tuple[Said, ...]:
    """What was answered, in the order of the questions; then what they do not ask any more."""
    known = [each for each in asked.questions() if answers.get(each.id) is not None]
    others = answers.keys() - {each.id for each in asked.questions()}
    return (
        *(Said(each.words, _worded(each.steps, answers[each.id])) for each in known),
        *(Said(None, _worded((), answers[each])) for each in sorted(others)),
    )


def _worded(steps: tuple[Step, ...], answer: object) -> tuple[Words, ...]:
    if isinstance(answer, bool):
        return (_YES if answer else _NO,)
    known: dict[object, Words] = {each.value: each.words for each in steps}
    many = answer if isinstance(answer, list | tuple) else [answer]
    return tuple(known.get(each) or Words(str(each), str(each)) for each in many)


def checked(asked: Questionnaire, answers: Mapping[str, object]) -> Answers:
    """The answers as they are kept: blank texts and None left out, lists as tuples.

    Raises AnswerUnknown, or AnswersDoNotFit with the id of the first question that is wrong.
    """
    if not answers.keys() <= {question.id for question in asked.questions()}:
        raise AnswerUnknown
    kept: dict[str, Answer] = {}
    for question in asked.questions():
        answer = _blank_is_none(answers.get(question.id))
        if answer is None and not question.required:
            continue
        kept[question.id] = _fitting(question, answer)
    return kept


def new_assessment(
    case: Case,
    assessment_id: str,
    asked: Questionnaire,
    answers: Mapping[str, object],
    *,
    by: Username,
    now: datetime,
) -> Assessment:
    """The next version for a case; raises NotInThisPhase, AnswerUnknown or AnswersDoNotFit."""
    stay(case, "record-assessment")
    return Assessment(
        id=assessment_id,
        case_id=case.id,
        version=case.assessment_version + 1,
        questionnaire_id=asked.id,
        questionnaire_version=asked.version,
        answers=checked(asked, answers),
        author=by,
        at=now,
    )


def record_assessment(case: Case, made: Assessment, *, by: Username, now: datetime) -> Told:
    """The case knows its newest version; raises NotInThisPhase."""
    stay(case, "record-assessment")
    recorded = replace(case, assessment_version=made.version)
    return tell(recorded, AssessmentRecorded, by=by, now=now, version=made.version)


def _words(data: Mapping[str, Any]) -> Words:
    words = Words(str(data["sv"]).strip(), str(data["en"]).strip())
    if not words.sv or not words.en:
        raise ValueError("words are there in both languages")
    return words


def _question(data: Mapping[str, Any], scales: Mapping[str, tuple[Step, ...]]) -> Question:
    kind = data["kind"]
    if kind not in get_args(QuestionKind):
        raise ValueError("a question is a scale, choice, choices, yes-no or text")
    steps: tuple[Step, ...] = ()
    if kind == "scale":
        steps = scales[data["scale"]]
    elif kind in {"choice", "choices"}:
        steps = tuple(Step(str(step["value"]), _words(step)) for step in data["alternatives"])
    if kind in {"scale", "choice", "choices"} and len({step.value for step in steps}) < 2:
        raise ValueError("a choice is between two or more")
    required = bool(data.get("required", False))
    return Question(str(data["id"]), kind, _words(data["text"]), steps, required)


def _blank_is_none(answer: object) -> object:
    if isinstance(answer, str):
        return answer.strip() or None
    return None if answer in ((), []) else answer


def _fitting(question: Question, answer: object) -> Answer:
    values = {step.value for step in question.steps}
    if question.kind == "yes-no" and isinstance(answer, bool):
        return answer
    if question.kind == "scale" and type(answer) is int and answer in values:
        return answer
    if question.kind == "choice" and isinstance(answer, str) and answer in values:
        return answer
    if question.kind == "text" and isinstance(answer, str) and len(answer) <= question.limit:
        return answer
    if question.kind == "choices" and isinstance(answer, list | tuple):
        chosen = tuple(item for item in answer if isinstance(item, str) and item in values)
        if len(chosen) == len(answer) == len(set(chosen)):
            return chosen
    raise AnswersDoNotFit(question=question.id)
