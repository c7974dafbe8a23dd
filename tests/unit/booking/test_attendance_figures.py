"""Who came in figures: right counts, and nobody who can be picked out of them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.activity import ACTIVITY_KINDS
from services.booking.domain.attendance_figures import (
    BASE,
    LEAST,
    MUST_BE_POSSIBLE,
    Came,
    figures_of,
    possible,
    rounded,
    safe,
)
from services.booking.domain.quarter import Quarter, quarter_named, quarter_of

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=2)


def test_people_are_counted_by_age_or_grade_and_by_municipality() -> None:
    """A class by grade, its leaders apart, one young person by band; free words are unknown."""
    came = [
        Came("workshop", True, 24, 2, grade="8", municipality="Lund"),
        Came("workshop", True, 26, 4, grade="8", municipality="Malmö"),
        Came("workshop", False, 6, 0, age_band="16-18", municipality="Hemma hos Kim"),
        Came("training", False, 0, 11, age_band="over-25", municipality="Malmö"),
    ]
    figures = figures_of(came, {"workshop": 2, "training": 1})
    workshop, training = figures["workshop"], figures["training"]
    assert (workshop.occasions, workshop.people) == (2, 60)
    ages = {row: value for row, value in workshop.tables["age"].items() if value}
    assert ages == {"grade-8": 50, "leader": 5, "16-18": 5}
    assert workshop.tables["municipality"] == {"Lund": 25, "Malmö": 30, "unknown": 5}
    assert (training.occasions, training.tables["age"]["over-25"]) == (1, 10)


@pytest.mark.parametrize("several", range(LEAST))
def test_nobody_and_a_few_look_the_same(several: int) -> None:
    """Not even that there was an occasion is told of a kind that fewer than five came to."""
    came = [Came("consultation", False, 0, 1, municipality="Svedala")] * several
    assert figures_of(came, {"consultation": several}) == figures_of([], {})
    assert set(figures_of([], {})) == set(ACTIVITY_KINDS)


@given(COUNTS)
def test_no_small_group_and_no_exact_number_is_shown(counts: dict[str, int]) -> None:
    """Whatever is shown is five or more, and a multiple of five."""
    for row, value in safe(counts).items():
        assert value is None or (counts[row] >= LEAST and value % BASE == 0)


@given(COUNTS)
def test_whoever_knows_the_sum_keeps_several_values(counts: dict[str, int]) -> None:
    """Where anything is shown, the true counts are among what is possible, and never alone."""
    table = safe(counts)
    if any(table.values()) and None in table.values():
        left = possible(table, sum(counts.values()))
        assert len(left) >= MUST_BE_POSSIBLE
        assert {count for row, count in counts.items() if table[row] is None} <= left


def test_whoever_knows_the_sum_and_the_method_finds_nobody() -> None:
    """Of all counts that would be published just so, each hidden row has several values."""
    published: dict[tuple[int, tuple[int | None, ...]], list[tuple[int, ...]]] = {}
    for total in range(34):
        for a, b in product(range(total + 1), repeat=2):
            if a + b <= total:
                counts = (a, b, total - a - b)
                told = tuple(safe(dict(zip("abc", counts, strict=True))).values())
                published.setdefault((total, told), []).append(counts)
    for (_, told), fitting in published.items():
        for place, value in enumerate(told):
            if value is None and any(told):
                assert len({counts[place] for counts in fitting}) >= MUST_BE_POSSIBLE


def test_hiding_and_rounding_alone_would_not_do() -> None:
    """Negative control: of 12 + 12 + 4, hidden and rounded only, the sum gives the four away."""
    counts = {"a": 12, "b": 12, "c": 4}
    naive = {row: rounded(count) for row, count in counts.items()}
    assert possible(naive, 28) == {4}
    assert set(safe(counts).values()) == {None}


def test_a_quarter_begins_and_ends_at_midnight_here() -> None:
    """In winter an hour before midnight UTC, in summer two; the year turns with it."""
    first = quarter_named("2027-Q1")
    assert first.begins == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert first.ends == datetime(2027, 3, 31, 22, tzinfo=UTC)
    assert (str(first.later(-1)), str(first.later(4))) == ("2026-Q4", "2028-Q1")
    assert (
        quarter_of(first.begins) == first == quarter_of(datetime(2027, 3, 31, 21, 59, tzinfo=UTC))
    )
    assert quarter_of(first.ends) == Quarter(2027, 2)
