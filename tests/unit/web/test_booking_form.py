"""The booking form, read: what can be mended is said at its field, and what is sent is a wish."""

from __future__ import annotations

import pytest

from services.web.public.booking_form import blank, mistakes, wish

CLASS = {
    **blank("group", "sv"),
    "pupils": "26",
    "adults": "2",
    "school": "Rosengårdsskolan",
    "grade": "8",
    "name": "Åsa",
    "phone": "070-174 06 05",
}
ALONE = {**blank("individual", "en"), "age_band": "16-18", "name": "Kim", "email": "kim@x.example"}


def test_a_class_is_a_group_with_its_heads() -> None:
    """School, grade and heads go along; what was left open is not sent."""
    assert mistakes(CLASS, asks_a_question=False) == []
    sent = wish("id", {**CLASS, "wait": "ja"}, asks_a_question=False)
    assert sent["party"] == {
        "kind": "group", "pupils": 26, "adults": 2, "school": "Rosengårdsskolan", "grade": "8",
    }  # fmt: skip
    assert sent["when_full"] == "wait"


@pytest.mark.parametrize(
    ("age", "heads"), [("16-18", {}), ("over-25", {"pupils": 0, "adults": 1}), ("", {})]
)
def test_one_person_is_young_unless_they_say_otherwise(age: str, heads: dict[str, int]) -> None:
    """An age that was not said is not made up."""
    sent = wish("id", {**ALONE, "age_band": age}, asks_a_question=False)
    said = {"age_band": age} if age else {}
    assert sent["party"] == {"kind": "individual", **heads, **said}
    assert sent["contact"]["language"] == "en"


def test_a_consultation_is_for_one_grown_up_with_a_question() -> None:
    """Without the question it is asked for; elsewhere a question is not sent along."""
    asked = {**ALONE, "question": "Hur pratar vi om det?"}
    missing = mistakes(ALONE, asks_a_question=True)
    assert [each.field for each in missing] == ["question"]
    sent = wish("id", asked, asks_a_question=True)
    assert (sent["question"], sent["party"]["adults"]) == ("Hur pratar vi om det?", 1)
    assert wish("id", asked, asks_a_question=False)["question"] == ""


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"pupils": "många"}, ["pupils"]),
        ({"pupils": "", "adults": ""}, ["pupils"]),
        ({"pupils": "99999"}, ["pupils"]),
        ({"name": ""}, ["name"]),
        ({"phone": "", "email": ""}, ["phone"]),
        ({"kind": "x"}, ["kind"]),
        ({"needs": "x" * 201}, ["needs"]),
        ({"name": "", "phone": "", "pupils": "-1"}, ["pupils", "name", "phone"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changed: dict[str, str], fields: list[str]) -> None:
    """In the order of the form, all at once."""
    found = mistakes({**CLASS, **changed}, asks_a_question=False)
    assert [each.field for each in found] == fields
