"""Assessments: the questions are data, the answers are dated and never change; a new one is beside.

The questionnaire is the API's; a form names each answer by its kind and its question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish

_TO = "/assessments"
_FIRST = "first-assessment"
_ANSWER = "answer"


async def _facts(at: At) -> Mapping[str, Any]:
    """The newest, or the version that the address names, with its questions beside its answers."""
    at.ensure("read", "assessment")
    found = (await at.found(_TO, limit=100))["items"]
    wanted = at.request.query_params.get("version", "")
    picked = next((each for each in found if str(each["version"]) == wanted), None)
    shown = picked or (found[-1] if found else None)
    writes = at.may("write", "assessment")
    if shown is None:
        return {"versions": (), "shown": None, "writes": writes}
    asked = await _questions(at, shown["questionnaire"])
    return {
        "versions": list(reversed(found)),
        "shown": shown,
        "asked": asked,
        "answers": _in_words(asked, shown["answers"], at.say.language),
        "other_edition": asked["version"] != shown["questionnaire_version"],
        "writes": writes,
    }


async def _blank(at: At) -> Mapping[str, Any]:
    """The questions, with what was answered last beside each."""
    at.ensure("write", "assessment")
    lists = await at.desk.lists(at.staff)
    known = [each["code"] for each in lists["questionnaire"]]
    wanted = at.request.query_params.get("questionnaire", _FIRST)
    asked = await _questions(at, wanted if wanted in known else known[0])
    found = (await at.found(_TO, limit=100))["items"]
    before = [each for each in found if each["questionnaire"] == asked["id"]]
    said = before[-1]["answers"] if before else {}
    return {
        "asked": asked,
        "questionnaires": lists["questionnaire"],
        "before": _in_words(asked, said, at.say.language),
        "before_at": before[-1]["at"] if before else "",
    }


async def _questions(at: At, questionnaire: str) -> Any:
    path = f"/v1/questionnaires/{questionnaire}"
    return (await at.desk.apis.get(at.staff, "mentoring", path)).data


def _in_words(
    asked: Mapping[str, Any], answers: Mapping[str, Any], language: str
) -> Mapping[str, Sequence[str]]:
    """Question id → what was answered, in words; nothing for what was not."""
    questions = [each for domain in asked["domains"] for each in domain["questions"]]
    return {
        each["id"]: _said(each, answers[each["id"]], language)
        for each in questions
        if answers.get(each["id"]) is not None
    }


def _said(question: Mapping[str, Any], answer: Any, language: str) -> Sequence[str]:
    if isinstance(answer, bool):
        yes, no = {"sv": ("ja", "nej"), "en": ("yes", "no")}[language]
        return (yes if answer else no,)
    words = {each["value"]: each["words"][language] for each in question["steps"]}
    many = answer if isinstance(answer, list) else [answer]
    return [words.get(each, str(each)) for each in many]


def _recorded(form: Fields) -> Wish:
    body = {"questionnaire": form.get("questionnaire", ""), "answers": _answers(form)}
    return Wish("POST", _TO, body, _TO, "assessed")


def _answers(form: Fields) -> dict[str, Any]:
    """What was left out is no answer; the kind of a question says how its answer is meant."""
    said: dict[str, Any] = {}
    for name in form:
        what, _, rest = name.partition(":")
        kind, _, question = rest.partition(":")
        value = form.get(name, "").strip()
        if what != _ANSWER or not value:
            continue
        if kind == "scale" and value.isascii() and value.isdigit():
            said[question] = int(value)
        elif kind == "yes-no":
            said[question] = value == "yes"
        else:
            said[question] = form.all(name) if kind == "choices" else value
    return said


PAGE = CasePage(_TO, "assessments", _facts)
"""`/console/cases/{id}/assessments`."""
NEW = CasePage(f"{_TO}/new", "assessing", _blank, _recorded)
"""`/console/cases/{id}/assessments/new`."""
