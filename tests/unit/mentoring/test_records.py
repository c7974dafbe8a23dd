"""What hangs on a case: assessments, plans, and the question of a report of concern."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

import services.mentoring
from services.mentoring.domain.assessing import (
    Questionnaire,
    checked,
    new_assessment,
    questionnaire,
    record_assessment,
)
from services.mentoring.domain.ids import Username
from services.mentoring.domain.planning import (
    MENTEE,
    Goal,
    PlannedAction,
    change_plan,
    new_plan,
    overdue,
)
from services.mentoring.domain.record_rules import (
    AnswersDoNotFit,
    AnswerUnknown,
    IdTwice,
    OwnerNotInCircle,
    PlanTooLarge,
    TextMissing,
    TextTooLong,
)
from services.mentoring.domain.rules import PlanMissing
from shared.kernel.refusal import Refusal
from tests.unit.mentoring.casework import (
    DAY,
    IDRIS,
    KARIN,
    NOW,
    STRANGER,
    TODAY,
    VERA,
    case_in,
    closure,
    opened,
)
from tests.unit.mentoring.commands import A_FORM

BY: dict[str, Any] = {"by": KARIN, "now": NOW}
FORMS = sorted((Path(services.mentoring.__file__).parent / "questionnaires").glob("*.json"))


def form(name: str) -> Questionnaire:
    (path,) = [path for path in FORMS if path.stem == name]
    return questionnaire(json.loads(path.read_text("utf-8")))


FIRST_ANSWERS: Mapping[str, object] = {
    "safety-now": 2,
    "safety-someone": True,
    "days-what": "school",
    "strengths-what": ["music", "friends"],
    "wishes-first": "  Sova bättre  ",
    "home-people": "   ",
}


@pytest.mark.parametrize("path", FORMS, ids=[path.stem for path in FORMS])
def test_every_questionnaire_is_one(path: Path) -> None:
    """Each file parses, carries its own name, and has all its words in both languages."""
    asked = questionnaire(json.loads(path.read_text("utf-8")))
    assert asked.id == path.stem
    for question in asked.questions():
        words = [question.words, *(step.words for step in question.steps)]
        assert all(one.sv and one.en for one in words)
    assert len(FORMS) >= 2


def test_answers_are_kept_as_they_fit() -> None:
    """Blanks are left out, texts trimmed, several choices kept in order."""
    kept = checked(form("first-assessment"), FIRST_ANSWERS)
    assert kept["wishes-first"] == "Sova bättre"
    assert kept["strengths-what"] == ("music", "friends")
    assert "home-people" not in kept


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("safety-now", 6),
        ("safety-now", True),
        ("safety-now", "2"),
        ("safety-now", 2.0),
        ("safety-now", None),
        ("safety-someone", "ja"),
        ("safety-someone", 1),
        ("days-what", "prison"),
        ("days-what", ["school"]),
        ("strengths-what", ["music", "music"]),
        ("strengths-what", ["magic"]),
        ("strengths-what", "music"),
        ("wishes-first", "   "),
        ("wishes-first", "x" * 4001),
        ("wishes-first", 3),
    ],
)
def test_an_answer_that_does_not_fit_is_named(question: str, answer: object) -> None:
    """The refusal says which question, and nothing of the answer."""
    with pytest.raises(AnswersDoNotFit) as refused:
        checked(form("first-assessment"), {**FIRST_ANSWERS, question: answer})
    assert refused.value.facts == {"question": question}


def test_an_unknown_question_is_refused_without_its_name() -> None:
    """What was sent is never repeated, the name of a question that is not ours included."""
    with pytest.raises(AnswerUnknown) as refused:
        checked(form("first-assessment"), {**FIRST_ANSWERS, "anna-svensson": 1})
    assert refused.value.facts == {}


@pytest.mark.parametrize(
    "change",
    [
        {"domains": []},
        {"title": {"sv": "Nu", "en": " "}},
        {"scales": {"ok": [{"value": 1, "sv": "ja", "en": "yes"}]}},
        {"scales": {}},
    ],
)
def test_a_broken_questionnaire_is_not_taken(change: dict[str, Any]) -> None:
    """Without questions, words in both languages, or a scale with steps it is none."""
    sound = {
        "id": "f",
        "version": 1,
        "title": {"sv": "Nu", "en": "Now"},
        "intro": {"sv": "Hej", "en": "Hi"},
        "scales": {
            "ok": [{"value": 1, "sv": "ja", "en": "yes"}, {"value": 2, "sv": "nej", "en": "no"}]
        },
        "domains": [
            {
                "id": "d",
                "title": {"sv": "Liv", "en": "Life"},
                "questions": [
                    {"id": "q", "kind": "scale", "scale": "ok", "text": {"sv": "A", "en": "A"}}
                ],
            }
        ],
    }
    assert questionnaire(sound).version == 1
    with pytest.raises((ValueError, KeyError)):
        questionnaire(sound | change)


def test_assessments_are_versions() -> None:
    """Each is one higher than the last, and says which questionnaire it answers."""
    case = case_in("assessment", assessment_version=4)
    made = new_assessment(case, "as", A_FORM, {"q": 2}, **BY)
    assert (made.version, made.questionnaire_id, made.questionnaire_version) == (5, "form", 3)
    assert record_assessment(case, made, **BY)[0].assessment_version == 5


def goal(name: str, *actions: PlannedAction, text: str = "Trygga kvällar") -> Goal:
    return Goal(name, text, actions)


def action(name: str, owner: Username = KARIN, **wishes: Any) -> PlannedAction:
    return replace(PlannedAction(name, "Ring skolan", owner, TODAY), **wishes)


@pytest.mark.parametrize(
    ("goals", "refusal"),
    [
        ((), PlanMissing),
        ((goal("g", text=" "),), TextMissing),
        ((goal("g", text="x" * 2001),), TextTooLong),
        ((goal("g"), goal("g")), IdTwice),
        ((goal("g", action("g")),), IdTwice),
        ((goal("g", action("a", owner=STRANGER)),), OwnerNotInCircle),
        (tuple(goal(f"g{n}") for n in range(21)), PlanTooLarge),
        ((goal("g", *(action(f"a{n}") for n in range(31))),), PlanTooLarge),
    ],
)
def test_a_plan_is_sound(goals: tuple[Goal, ...], refusal: type[Refusal]) -> None:
    """Goals with words, ids of their own, owners in the circle, and not more than can be read."""
    with pytest.raises(refusal):
        new_plan(case_in("active"), "support", goals, **BY)


def test_owners_are_the_circle_and_the_young_person() -> None:
    """What is done keeps the name of who did it, also after they left."""
    goals = (
        goal("g", action("a", IDRIS), action("b", MENTEE), action("c", STRANGER, state="done")),
    )
    plan = new_plan(case_in("active", plan_version=3), "support", goals, **BY)
    assert plan.version == 4
    case, _ = change_plan(case_in("active"), plan, **BY)
    assert (case.plan_version, case.plan_goals) == (4, 1)


def test_the_aftercare_plan_is_another_and_knows_who_is_proposed() -> None:
    """Its versions are its own; people proposed for aftercare can already own actions in it."""
    case = case_in("closing", closure=closure(), aftercare_plan_version=2)
    plan = new_plan(case, "aftercare", (goal("g", action("a", VERA)),), **BY)
    changed, _ = change_plan(case, plan, **BY)
    assert (changed.aftercare_plan_version, changed.plan_version) == (3, case.plan_version)


def test_overdue_actions_are_open_ones_of_open_goals() -> None:
    """Yesterday's, oldest first; what is done, dropped or due today is not late."""
    goals = (
        goal(
            "g", action("a", due_on=TODAY - DAY), action("b", due_on=TODAY - 2 * DAY), action("c")
        ),
        goal("h", action("d", due_on=TODAY - DAY, state="done")),
        replace(goal("i", action("e", due_on=TODAY - DAY)), state="reached"),
    )
    plan = new_plan(case_in("active"), "support", goals, **BY)
    assert [late.id for late in overdue(plan.goals, TODAY)] == ["b", "a"]


def test_a_case_holds_no_words_and_no_identity() -> None:
    """The aggregate has no field in which a name, an address, a birth date or a story could be."""
    names = {field.name for field in fields(type(opened()))}
    assert names.isdisjoint({"name", "phone", "email", "address", "text", "birth_date", "place"})
