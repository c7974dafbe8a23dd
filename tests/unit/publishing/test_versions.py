"""Which version may come after which, and what its number promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.domain.versions import (
    CHANGES,
    FIRST,
    Change,
    ChangeIsLarger,
    NotAVersion,
    Version,
    VersionDoesNotFollow,
    ensure_follows,
    followers,
    parse,
)

NUMBERS = st.integers(min_value=0, max_value=9999)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS)


@given(VERSIONS, VERSIONS)
def test_written_read_and_compared(one: Version, other: Version) -> None:
    """A version is read as it is written, and 1.10 comes after 1.9."""
    assert parse(str(one)) == one
    told = [(v.major, v.minor, v.patch) for v in (one, other)]
    assert (one < other) == (told[0] < told[1])


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "-1.0.0", "1.0.0 ", "1.0.0\n", "१.0.0"]
)
def test_what_is_no_version(text: str) -> None:
    """Three plain numbers, no more and no less."""
    with pytest.raises(NotAVersion):
        parse(text)


def test_the_first_is_one() -> None:
    """Nothing comes before 1.0.0."""
    ensure_follows(None, FIRST, "rework")
    with pytest.raises(VersionDoesNotFollow):
        ensure_follows(None, Version(0, 1, 0), "correction")


@given(VERSIONS, VERSIONS, st.sampled_from(CHANGES))
def test_only_the_next_ones_follow(last: Version, wanted: Version, least: Change) -> None:
    """No number is skipped, none comes twice, and none says less than has changed."""
    allowed = followers(last, least)
    assert all(last < each for each in allowed)
    if wanted in allowed:
        ensure_follows(last, wanted, least)
    else:
        with pytest.raises((VersionDoesNotFollow, ChangeIsLarger)):
            ensure_follows(last, wanted, least)


@pytest.mark.parametrize(
    ("least", "wanted", "refusal"),
    [
        ("correction", "1.2.4", None),
        ("correction", "1.3.0", None),
        ("correction", "2.0.0", None),
        ("correction", "1.2.3", VersionDoesNotFollow),
        ("correction", "1.2.5", VersionDoesNotFollow),
        ("correction", "2.0.1", VersionDoesNotFollow),
        ("addition", "1.2.4", ChangeIsLarger),
        ("addition", "1.3.0", None),
        ("rework", "1.3.0", ChangeIsLarger),
        ("rework", "2.0.0", None),
    ],
)
def test_the_number_promises_enough(
    least: Change, wanted: str, refusal: type[Exception] | None
) -> None:
    """After 1.2.3: whatever has changed, a larger number may be chosen, a smaller one not."""
    if refusal is None:
        ensure_follows(parse("1.2.3"), parse(wanted), least)
    else:
        with pytest.raises(refusal):
            ensure_follows(parse("1.2.3"), parse(wanted), least)
