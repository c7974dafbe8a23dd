"""What an occasion, an activity and a party may be; and the words of every refusal."""

from __future__ import annotations

import inspect
import string
from datetime import datetime
from typing import Any

import pytest

from services.booking.domain import rules
from services.booking.domain.activity import ACTIVITY_KINDS, new_activity
from services.booking.domain.party import (
    Party,
    checked,
    group,
    individual,
    resized,
)
from shared.kernel import wall_clock
from shared.kernel.ids import ActivityId
from shared.kernel.refusal import Refusal
from tests.unit.booking.story import names, published, utc

REFUSALS = [
    member
    for _, member in inspect.getmembers(rules, inspect.isclass)
    if issubclass(member, Refusal) and member is not Refusal
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.kind)
def test_every_refusal_has_words_in_both_languages(refusal: type[Refusal]) -> None:
    """A sentence each, not the same, with the same facts in them."""
    assert refusal.sv.endswith(".")
    assert refusal.en.endswith(".")
    assert refusal.sv != refusal.en
    in_swedish, in_english = (
        {field for _, field, _, _ in string.Formatter().parse(text) if field}
        for text in (refusal.sv, refusal.en)
    )
    assert in_swedish == in_english


def test_every_refusal_has_a_kind_of_its_own() -> None:
    """Kinds are kebab-case and never shared."""
    kinds = [refusal.kind for refusal in REFUSALS]
    assert len(kinds) > 30
    assert len(set(kinds)) == len(kinds)
    assert all(set(kind) <= set(string.ascii_lowercase + "-") for kind in kinds)


def test_an_occasion_is_published() -> None:
    """It begins empty, at an instant that follows from wall clock and zone."""
    occasion, facts = published(leaders=["Mira Lindh", " Yusuf Berg "])
    assert names(facts) == ["OccasionPublished"]
    assert occasion.starts_at == utc("2027-04-22T08:00")
    assert occasion.ends_at == utc("2027-04-22T09:30")
    assert occasion.leaders == ("Mira Lindh", "Yusuf Berg")
    assert (occasion.free, occasion.sequence, occasion.version) == (30, 1, 0)


def test_ten_is_ten_in_winter_and_summer() -> None:
    """The same wall-clock time is another instant when the clocks have changed."""
    winter, _ = published(starts_local=datetime.fromisoformat("2027-03-27T10:00"))
    summer, _ = published(starts_local=datetime.fromisoformat("2027-03-28T10:00"))
    assert winter.starts_at == utc("2027-03-27T09:00")
    assert summer.starts_at == utc("2027-03-28T08:00")


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"starts_local": datetime.fromisoformat("2027-03-28T02:30")}, wall_clock.TimeDoesNotExist),
        ({"starts_local": datetime.fromisoformat("2026-10-25T02:30")}, wall_clock.TimeIsAmbiguous),
        ({"zone": "Europe/Skåne"}, wall_clock.UnknownTimeZone),
        ({"zone": "../etc/passwd"}, wall_clock.UnknownTimeZone),
        ({"zone": ""}, wall_clock.UnknownTimeZone),
        ({"capacity": 0}, rules.CapacityOutOfRange),
        ({"capacity": 2001}, rules.CapacityOutOfRange),
        ({"minutes": 4}, rules.LengthOutOfRange),
        ({"minutes": 10081}, rules.LengthOutOfRange),
        ({"title": " "}, rules.TextMissing),
        ({"title": "x" * 201}, rules.TextTooLong),
        ({"room": "Sal\n1"}, rules.TextTooLong),
        ({"kind": "party"}, rules.UnknownActivityKind),
    ],
)
def test_what_cannot_be_is_not_published(values: dict[str, Any], refusal: type[Refusal]) -> None:
    """Impossible times, sizes and words are refused by name."""
    with pytest.raises(refusal):
        published(**values)


def test_a_group_is_pupils_and_adults() -> None:
    """Size is both together; an adult may come alone."""
    party = group(pupils=27, adults=2, grade="8", municipality="Malmö", class_name="8B")
    assert party.size == 29
    assert individual(adult=True).adults == 1


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"pupils": 0, "adults": 0}, rules.PartySizeOutOfRange),
        ({"pupils": 5, "adults": -1}, rules.PartySizeOutOfRange),
        ({"pupils": 1999, "adults": 2}, rules.PartySizeOutOfRange),
        ({"pupils": 0, "adults": 2, "class_name": "8B"}, rules.ClassWithoutPupils),
        ({"pupils": 0, "adults": 2, "grade": "8"}, rules.ClassWithoutPupils),
        ({"pupils": 5, "adults": 1, "grade": "10"}, rules.UnknownGrade),
        ({"pupils": 5, "adults": 1, "age_band": "0-99"}, rules.UnknownAgeBand),
        ({"pupils": 5, "adults": 1, "school": "x" * 121}, rules.TextTooLong),
        ({"pupils": 5, "adults": 1, "class_name": "8\x00B"}, rules.TextTooLong),
    ],
)
def test_what_cannot_come_is_not_a_party(values: dict[str, Any], refusal: type[Refusal]) -> None:
    """Impossible numbers and words are refused by name."""
    with pytest.raises(refusal):
        group(**values)


def test_a_class_never_comes_without_its_pupils() -> None:
    """Nought pupils is a slip of the finger; adults who came as adults may still be fewer."""
    for party in (group(pupils=27, adults=2), group(pupils=27, adults=2, class_name="8B")):
        with pytest.raises(rules.ClassWithoutPupils):
            resized(party, 0, 2)
        assert resized(party, 1, 0).size == 1
        with pytest.raises(rules.PartySizeOutOfRange):
            resized(party, 0, 0)
    assert resized(group(pupils=0, adults=12, school="Tunaskolan"), 0, 9).adults == 9


def test_an_individual_is_one() -> None:
    """More people are a group."""
    with pytest.raises(rules.IndividualIsOne):
        checked(Party("individual", pupils=2, adults=0))


def test_an_activity_has_a_kind_and_a_title() -> None:
    """Only a consultation asks a question; a title is never blank."""
    made = [new_activity(ActivityId("a"), title="T", kind=kind) for kind in ACTIVITY_KINDS]
    assert [each.kind for each in made if each.asks_a_question] == ["consultation"]
    assert new_activity(ActivityId("a"), title=" Ny ", kind="lecture").title == "Ny"
    with pytest.raises(rules.TextMissing):
        new_activity(ActivityId("a"), title=" ", kind="lecture")
    with pytest.raises(rules.UnknownActivityKind):
        new_activity(ActivityId("a"), title="T", kind="Workshop")
    with pytest.raises(rules.TextTooLong):
        new_activity(ActivityId("a"), title="T", kind="workshop", description="x" * 4001)
