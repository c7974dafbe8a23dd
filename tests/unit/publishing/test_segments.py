"""Segments, languages and figures."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import figures, languages, segments
from services.publishing.domain.segments import FIELDS, All, Facts, Is, Not, Segment, Since

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
words = st.sampled_from(["sv", "en", "malmö", "teacher", "news"])
leaves = st.builds(Is, st.sampled_from(FIELDS), st.frozensets(words, min_size=1)) | st.builds(
    Since, st.datetimes(timezones=st.just(UTC))
)
questions = st.recursive(
    leaves,
    lambda inner: (
        st.builds(All, st.lists(inner, max_size=3).map(tuple))
        | st.builds(segments.Any, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)
people = st.lists(
    st.builds(
        Facts,
        st.sampled_from("abcdefgh"),
        st.dictionaries(st.sampled_from(FIELDS), st.frozensets(words)),
        st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=8,
)
junk = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["is", "values", "since", "all", "any", "not", "x"]), inner
        )
    ),
)


@settings(max_examples=40, deadline=None)
@given(questions, people)
def test_a_question_and_its_opposite_share_everybody(question: Segment, them: list[Facts]) -> None:
    """Each person is in a segment or in its opposite, never both; a saved one asks the same."""
    again = segments.from_data(segments.as_data(question))
    for one in them:
        assert segments.holds(question, one) != segments.holds(Not(question), one)
        assert segments.holds(again, one) == segments.holds(question, one)


@settings(max_examples=40, deadline=None)
@given(questions, people)
def test_frozen_is_frozen(question: Segment, them: list[Facts]) -> None:
    """Each recipient once, in the same order whatever order they were read in."""
    frozen = segments.freeze(question, them, NOW)
    assert list(frozen.recipients) == sorted(set(frozen.recipients))
    assert segments.freeze(question, reversed(them), NOW) == frozen


@settings(max_examples=40, deadline=None)
@given(junk)
def test_any_other_data_is_refused(data: object) -> None:
    """What is sent in is a question, or is refused as none."""
    try:
        assert segments.as_data(segments.from_data(data))
    except segments.NotASegment:
        return


def test_a_question_is_not_deeper_than_anybody_can_read() -> None:
    """Eight levels; a ninth is refused before it can exhaust anything."""
    deep: dict[str, object] = {"all": []}
    for _ in range(500):
        deep = {"not": deep}
    with pytest.raises(segments.NotASegment):
        segments.from_data(deep)


@pytest.mark.parametrize(
    ("wishes", "available", "default", "got"),
    [
        (["ar"], ["sv", "en", "ar"], "sv", "ar"),
        (["en-GB"], ["sv", "en"], "sv", "en"),
        (["so", "en"], ["sv", "en"], "sv", "en"),
        (["so"], ["sv", "en"], "en", "en"),
        (["so"], ["en"], "sv", "en"),
        (["<x>", ""], ["sv", "en"], "sv", "sv"),
        ([], ["fa"], "sv", "fa"),
    ],
)
def test_each_reader_gets_the_nearest_language(
    wishes: list[str], available: list[str], default: str, got: str
) -> None:
    """Their wish, what it shortens to, the list's own language, Swedish, English, any at all."""
    assert languages.chosen(wishes, available, default) == got
    assert languages.direction("ar") == languages.direction("fa-IR") == "rtl"
    assert languages.direction(got) == ("rtl" if got in ("ar", "fa") else "ltr")


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=6))
def test_no_subtraction_finds_a_few_people(counts: dict[str, int]) -> None:
    """What a table hides is never one number alone beside a known sum, as far as others exist."""
    shown = figures.table(counts)
    hidden = [counts[name] for name, count in shown.items() if count is None]
    assert all(count == counts[name] for name, count in shown.items() if count is not None)
    assert all(shown[name] is None for name, count in counts.items() if 0 < count < 5)
    if hidden and any(counts[n] >= 5 for n, count in shown.items() if count is not None):
        assert len(hidden) > 1
        assert sum(hidden) >= 5


def test_figures_below_five_are_hidden() -> None:
    """One to four people are not a figure; nobody and five are."""
    assert [figures.shown(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]
