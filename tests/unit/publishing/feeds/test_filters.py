"""Filters: what is asked for, and never more than what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.domain.filters import EVERYTHING, Filter, within
from services.publishing.feeds.domain.refusals import FilterMakesNoSense

PUBLISHED = "se.safespace.booking.occasion-published.v1"
TYPES = [PUBLISHED, "se.safespace.booking.occasion-changed.v1", "se.safespace.publishing.x.v2"]
PLACES = ["Sal 2", "Rosengård", "Malmö"]
filters = st.builds(
    Filter,
    st.lists(st.sampled_from([*TYPES, "se.safespace.booking.*", "se.safespace.*"]), max_size=3).map(
        tuple
    ),
    st.lists(st.sampled_from([*PLACES, "SAL  2"]), max_size=3).map(tuple),
)
places = st.lists(st.sampled_from(PLACES), max_size=2)


@given(filters, filters, st.sampled_from(TYPES), places)
def test_a_subscription_never_gets_more_than_its_partner(
    asked: Filter, allowed: Filter, event_type: str, where: list[str]
) -> None:
    """What passes both passes each; nothing asked for means all that is allowed."""
    passes = within(asked, allowed, event_type, where)
    assert passes == (asked.wants(event_type, where) and allowed.wants(event_type, where))
    assert within(EVERYTHING, allowed, event_type, where) == allowed.wants(event_type, where)


def test_types_by_name_and_by_beginning() -> None:
    """A star stands for the rest, after a dot: `booking.*` is not `bookings…`."""
    assert Filter((PUBLISHED,)).wants(PUBLISHED, ())
    assert not Filter((PUBLISHED,)).wants(PUBLISHED + "0", ())
    assert Filter(("se.safespace.booking.*",)).wants(PUBLISHED, ())
    assert not Filter(("se.safespace.book.*",)).wants(PUBLISHED, ())


def test_an_entry_without_a_place_concerns_every_place() -> None:
    """A newsletter reaches who reads for one district; what is about another place does not."""
    here = Filter(places=("rosengård ",))
    assert here.wants(PUBLISHED, ())
    assert here.wants(PUBLISHED, ("Rosengård",))
    assert not here.wants(PUBLISHED, ("Sal 2",))


@pytest.mark.parametrize(
    "types",
    [("#",), ("*",), ("se.safespace.#",), ("booking.*",), ("se.safespace.booking.*.v1",), ("",)],
)
def test_a_type_that_cannot_be_ours_is_refused(types: tuple[str, ...]) -> None:
    """No wildcards but the one at the end, and never outside of our own names."""
    with pytest.raises(FilterMakesNoSense):
        Filter(types)


@pytest.mark.parametrize("place", ["", " ", "<script>", "x" * 81, "$where"])
def test_a_place_has_a_name(place: str) -> None:
    """No markup, no operator of a database."""
    with pytest.raises(FilterMakesNoSense):
        Filter(places=(place,))


def test_a_filter_has_an_end() -> None:
    """At most fifty of each."""
    with pytest.raises(FilterMakesNoSense):
        Filter(places=tuple(f"plats {n}" for n in range(51)))
