"""The booking form: what was written, what is wrong with that, and the wish it makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = (
    "kind",
    "pupils",
    "adults",
    "school",
    "class_name",
    "grade",
    "age_band",
    "name",
    "phone",
    "email",
    "language",
    "needs",
    "question",
    "wait",
)
GRADES = ("f", "1", "2", "3", "4", "5", "6", "7", "8", "9", "gy1", "gy2", "gy3")
AGES = ("13-15", "16-18", "19-25", "over-25")
_LONGEST = {
    "question": 4000,
    "school": 120,
    "class_name": 120,
    "name": 120,
    "phone": 200,
    "email": 200,
    "needs": 200,
}
_FIGURES = 4
_FIELD_OF = {
    "broken-phone": "phone",
    "broken-email": "email",
    "contact-missing": "phone",
    "phone-cannot-take-sms": "phone",
    "party-size": "pupils",
    "class-without-pupils": "pupils",
    "head-count-does-not-fit": "pupils",
    "larger-than-room": "wait",
    "occasion-full": "wait",
    "question-missing": "question",
}
"""A refusal of booking's → the field where it can be mended."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field, and the name of the words that say what to do there; or a service's own sentence."""

    field: str
    name: str = ""
    sentence: str = ""


def blank(kind: str, language: str) -> dict[str, str]:
    """A form that nobody has written in."""
    spoken = language if language in ("sv", "en") else "sv"
    return {**dict.fromkeys(FIELDS, ""), "kind": kind, "language": spoken, "adults": ""}


def wrote(fields: Mapping[str, str]) -> dict[str, str]:
    """What was written, as it is shown again."""
    return {name: fields.get(name, "").strip() for name in FIELDS}


def mistakes(said: Mapping[str, str], *, asks_a_question: bool) -> list[Wrong]:
    """What the writer can mend, in the order of the form; only what they are asked is looked at."""
    found = [] if asks_a_question else _party_mistakes(said)
    if asks_a_question and not said["question"]:
        found.append(Wrong("question", "form_question_missing"))
    if not said["name"]:
        found.append(Wrong("name", "form_name_missing"))
    if not (said["phone"] or said["email"]):
        found.append(Wrong("phone", "form_contact_missing"))
    too_long = [name for name, most in _LONGEST.items() if len(said[name]) > most]
    return [*found, *(Wrong(name, "form_too_long") for name in too_long)]


def wish(occasion_id: str, said: Mapping[str, str], *, asks_a_question: bool) -> dict[str, Any]:
    """What booking is asked for; only after `mistakes` found none."""
    contact = {name: said[name] for name in ("name", "phone", "email")}
    language = said["language"] if said["language"] in ("sv", "en") else "sv"
    return {
        "occasion_id": occasion_id,
        "party": _party(said, asks_a_question=asks_a_question),
        "contact": {**contact, "language": language},
        "when_full": "wait" if said["wait"] else "refuse",
        "needs": said["needs"],
        "question": said["question"] if asks_a_question else "",
    }


def field_of(kind: str) -> str:
    """Where a refusal of booking's can be mended; empty when nothing in the form is to blame."""
    return _FIELD_OF.get(kind, "")


def _party_mistakes(said: Mapping[str, str]) -> list[Wrong]:
    if said["kind"] not in ("individual", "group"):
        return [Wrong("kind", "form_kind_missing")]
    if said["kind"] == "individual":
        return []
    found = [
        Wrong(name, "error_numbers_only")
        for name in ("pupils", "adults")
        if said[name] and _count(said[name]) is None
    ]
    if not found and not (_count(said["pupils"]) or _count(said["adults"])):
        found.append(Wrong("pupils", "form_heads_missing"))
    return found


def _party(said: Mapping[str, str], *, asks_a_question: bool) -> dict[str, Any]:
    if said["kind"] == "individual":
        grown = asks_a_question or said["age_band"] == "over-25"
        age = {"age_band": said["age_band"]} if said["age_band"] in AGES else {}
        heads = {"pupils": 0, "adults": 1} if grown else {}
        return {"kind": "individual", **heads, **age}
    named = {name: said[name] for name in ("school", "class_name") if said[name]}
    grade = {"grade": said["grade"]} if said["grade"] in GRADES else {}
    pupils, adults = _count(said["pupils"]) or 0, _count(said["adults"]) or 0
    return {"kind": "group", "pupils": pupils, "adults": adults, **named, **grade}


def _count(text: str) -> int | None:
    """A head count in figures; None for nothing or anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= _FIGURES):
        return None
    return int(text)
