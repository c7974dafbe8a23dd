"""Did they get everything? Ranges that join, and an answer that never says yes too early."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.ranges import Ranges, common, covers, outside, with_range
from services.publishing.feeds.domain.reconciling import (
    Entitlement,
    Got,
    in_force,
    of_webhook,
    reckoned,
)

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12)


def built(added: list[tuple[int, int]]) -> tuple[Ranges, set[int]]:
    ranges: Ranges = ()
    inside: set[int] = set()
    for after, upto in added:
        ranges = with_range(ranges, after, upto)
        inside |= set(range(after + 1, upto + 1))
    return ranges, inside


@given(pairs, pairs)
def test_ranges_are_the_sets_they_stand_for(
    some: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    """Whatever is added in whatever order: the same positions, in order, joined, none empty."""
    (ranges, inside), (others, elsewhere) = built(some), built(more)
    assert [n for n in range(42) if covers(ranges, n)] == sorted(inside)
    assert all(one.after < one.upto for one in ranges)
    assert all(one.upto < other.after for one, other in pairwise(ranges))
    assert [n for n in range(42) if covers(common(ranges, others), n)] == sorted(inside & elsewhere)
    assert outside(ranges, range(1, 42)) == [n for n in range(1, 42) if n not in inside]


@given(st.sets(st.integers(1, 60)), pairs, pairs, pairs)
def test_what_is_missing_was_owed_and_confirmed_nowhere(
    owed: set[int],
    feed: list[tuple[int, int]],
    stream: list[tuple[int, int]],
    given: list[tuple[int, int]],
) -> None:
    """One door's confirmation is enough; given is not confirmed; the counts add up."""
    (by_feed, one), (by_stream, other), (sent, was_sent) = map(built, (feed, stream, given))
    got = [Got("feed", "", sent, by_feed), Got("stream", "", (), by_stream)]
    answer = reckoned(sorted(owed), got)
    assert set(answer.missing) == owed - one - other
    assert answer.owed - answer.confirmed == len(answer.missing)
    assert answer.given == len(owed & (one | other | was_sent))
    assert answer.everything == (not answer.missing)


@given(
    st.integers(0, 20), st.integers(0, 40), st.sets(st.integers(1, 45)), st.sets(st.integers(1, 45))
)
def test_a_webhook_has_confirmed_what_is_settled_and_not_lost(
    since: int, upto: int, open_: set[int], lost: set[int]
) -> None:
    """Neither what is open, nor what was given up, nor what is from before its time."""
    got = of_webhook(since=since, read_up_to=upto, open_positions=open_, given_up=lost)
    wanted = set(range(since + 1, upto + 1)) - open_ - lost
    assert {n for n in range(60) if covers(got, n)} == wanted


def test_a_later_entitlement_counts_from_its_place_on() -> None:
    """Before the first there is none; each holds until the next."""
    wide = Entitlement(0, frozenset({"feed:read"}), Filter())
    none = Entitlement(7, frozenset(), Filter())
    assert in_force([wide, none], 7) is wide
    assert in_force([wide, none], 8) is none
    assert in_force([none], 7) is None
    assert wide.owes("feed:read", "se.safespace.x.v1", ())
    assert not none.owes("feed:read", "se.safespace.x.v1", ())
    assert not wide.owes("cews:read", "se.safespace.x.v1", ())
