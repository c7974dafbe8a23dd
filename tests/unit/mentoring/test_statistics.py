"""Counts from which nobody can be picked out."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mentoring.domain.statistics import (
    AGE_BANDS,
    LEAST,
    MUST_BE_POSSIBLE,
    ROWS,
    Tally,
    age_band,
    is_over,
    possible,
    quarter_of,
    rounded,
    safe,
    tables_of,
)
from shared.kernel.municipalities import MUNICIPALITIES

AGES = ("13-15", "16-18", "19-25")
PLACES = ("Malmö", "Lund", "Kävlinge", "unknown")
PEOPLE = st.lists(st.tuples(st.sampled_from(AGES), st.sampled_from(PLACES)), max_size=60)
Counts = dict[str, dict[str, int]]


def counted(people: list[tuple[str, str]]) -> Counts:
    """By age and by place."""
    ages, places = Counter(age for age, _ in people), Counter(place for _, place in people)
    return {"age-band": dict(ages), "municipality": dict(places)}


@given(PEOPLE)
def test_no_small_group_is_shown(people: list[tuple[str, str]]) -> None:
    """A count below five is never published, and no number is exact."""
    counts = counted(people)
    for attribute, rows in safe(counts).items():
        for row, value in rows.items():
            assert value is None or (counts[attribute][row] >= LEAST and value % 5 == 0)


@given(PEOPLE)
def test_subtracting_tables_finds_nobody(people: list[tuple[str, str]]) -> None:
    """Whoever subtracts one table from the other keeps several values for each hidden count."""
    counts = counted(people)
    published = safe(counts)
    known = possible(published)
    shown = [value for rows in published.values() for value in rows.values() if value is not None]
    for (attribute, row), between in known.items():
        if counts[attribute][row] < LEAST:
            assert between.least <= counts[attribute][row] <= between.most
        assert not shown or between.most - between.least + 1 >= MUST_BE_POSSIBLE


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
)
def test_an_attacker_who_tries_everything_finds_nobody(ages: list[int], places: list[int]) -> None:
    """Every pair of tables that gives the same publication leaves a small count open."""
    total = max(sum(ages), sum(places))
    ages, places = [*ages, total - sum(ages)], [*places, total - sum(places)]
    counts = {"a": named(ages), "b": named(places)}
    published = safe(counts)
    if all(value is None for rows in published.values() for value in rows.values()):
        return
    sums = {
        attribute: {sum(c) for c in product(*(options(value) for value in rows.values()))}
        for attribute, rows in published.items()
    }
    both = sums["a"] & sums["b"]
    for rows in published.values():
        for row in rows:
            if rows[row] is None:
                fitting = {
                    count
                    for count in range(LEAST)
                    if any(
                        count + sum(rest) in both
                        for rest in product(
                            *(options(value) for name, value in rows.items() if name != row)
                        )
                    )
                }
                assert len(fitting) >= MUST_BE_POSSIBLE


def test_rounding_alone_would_not_do() -> None:
    """Negative control: 12 + 12 + 4 beside 28, hidden and rounded only, gives the four away."""
    counts = {"age-band": {"a": 12, "b": 12, "c": 4}, "municipality": {"Malmö": 28}}
    naive = {name: {row: rounded(n) for row, n in rows.items()} for name, rows in counts.items()}
    between = possible(naive)["age-band", "c"]
    assert between.least == between.most == 4
    known = possible(safe(counts))
    assert all(each.most - each.least + 1 >= MUST_BE_POSSIBLE for each in known.values())


def test_an_attacker_who_knows_the_method_finds_nobody() -> None:
    """Of all that would be published just so, each hidden count has several values."""
    published: dict[tuple[tuple[int | None, ...], ...], list[tuple[int, ...]]] = {}
    for a, b, c in product(range(13), repeat=3):
        if a + b - c not in range(13):
            continue
        counts = (a, b), (c, a + b - c)
        tables = safe({"a": named(list(counts[0])), "b": named(list(counts[1]))})
        told = tuple(tuple(rows.values()) for rows in tables.values())
        published.setdefault(told, []).append((*counts[0], *counts[1]))
    for told, fitting in published.items():
        cells = [value for rows in told for value in rows]
        if any(value is not None and value + 2 > 12 for value in cells):
            continue  # larger counts than were tried would look the same
        for place, value in enumerate(cells):
            if value is None:
                assert len({each[place] for each in fitting}) >= MUST_BE_POSSIBLE


@given(st.sampled_from(sorted(MUNICIPALITIES)), st.integers(0, LEAST - 1))
def test_a_row_that_is_there_says_nothing(place: str, several: int) -> None:
    """Nobody at all and a few from one place look the same, row by row and table by table."""
    attributes = {"age-band": "16-18", "municipality": place}
    tallies = [Tally("case-opened", "2027-Q1", attributes)] * several
    assert tables_of(tallies) == tables_of([])


def test_tables_are_by_kind_and_attribute() -> None:
    """What is published names kind and attribute; what is in no list is unknown."""
    tallies = [Tally("case-opened", "2027-Q1", {"municipality": "Hemma hos Kim"})] * 7
    published = tables_of(tallies)
    assert published["case-opened/municipality"] == {"unknown": 5}
    assert set(published["case-opened/age-band"]) == {band for _, band in AGE_BANDS} | {"unknown"}
    assert set(published) == {f"{kind}/{each}" for kind, of in ROWS.items() for each in of}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2014, 3, 2), "under-13"),
        (date(2014, 3, 1), "13-15"),
        (date(2008, 3, 1), "19-25"),
        (date(2001, 2, 28), "over-25"),
        (None, "unknown"),
    ],
)
def test_age_bands(born: date | None, band: str) -> None:
    """The band is that of the day on which it is counted."""
    assert age_band(born, date(2027, 3, 1)) == band


def test_only_a_period_that_is_over_is_published() -> None:
    """The running quarter is not."""
    today = date(2027, 4, 1)
    assert quarter_of(today) == "2027-Q2"
    assert is_over("2027-Q1", today)
    assert not is_over("2027-Q2", today)


def named(counts: list[int]) -> dict[str, int]:
    """Rows by number."""
    return {f"r{index}": count for index, count in enumerate(counts)}


def options(value: int | None) -> range:
    """Every count that a published cell may stand for."""
    return range(LEAST) if value is None else range(max(LEAST, value - 2), value + 3)
