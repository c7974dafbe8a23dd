"""Limits shared by several mailers, some of which die: no window is exceeded by one."""

from __future__ import annotations

import random
from bisect import bisect_left
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.limits import SECOND, Bucket, Limit
from services.publishing.domain.reserving import (
    AHEAD,
    complained,
    grace,
    is_over,
    reckoned,
    reserved,
)

START = 1_800_000_000 * SECOND
limit = st.builds(
    Limit,
    messages=st.integers(1, 2000),
    per=st.integers(50, 60_000).map(lambda ms: timedelta(milliseconds=ms)),
)


def nanoseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 1000


def used(one: Limit, chance: random.Random, rounds: int, *, late: bool) -> list[int]:
    """When mailers hand over that reserve in turn; some die with what they had reserved."""
    bucket, now, sent = Bucket(reckoned(one)), START, []
    longest = nanoseconds(grace(one))
    for _ in range(rounds):
        before = bucket
        bucket, moments, free = reserved(bucket, now, chance.randint(1, 60))
        if late and chance.random() < 0.1:
            # The answer was lost, or the mailer died: what it took is used by nobody.
            assert bucket.full_at >= before.full_at
            moments = moments[: chance.randint(0, len(moments))]
        sent += [at + (chance.randint(0, longest) if late else 0) for at in moments]
        now = max(now, (moments[-1] if moments else free) - chance.randint(0, AHEAD))
    return sorted(sent)


def most_in_any(sent: list[int], length: int) -> int:
    return max((bisect_left(sent, at + length) - n for n, at in enumerate(sent)), default=0)


@settings(max_examples=60, deadline=None)
@given(limit, st.randoms(use_true_random=False))
def test_no_window_is_exceeded_by_one(one: Limit, chance: random.Random) -> None:
    """However late moments are used, and whoever dies with some of them."""
    sent = used(one, chance, 40, late=True)
    assert most_in_any(sent, nanoseconds(one.per)) <= one.messages


@settings(max_examples=30, deadline=None)
@given(limit, st.randoms(use_true_random=False))
def test_nearly_all_of_it_is_used(one: Limit, chance: random.Random) -> None:
    """Nobody dies and all have letters: what the longer window and the grace cost is small."""
    sent = used(one, chance, 60, late=False)
    elapsed, window = sent[-1] - sent[0], nanoseconds(one.per)
    if elapsed > 3 * window:
        share = window / (window + nanoseconds(grace(one)))
        assert len(sent) >= 0.97 * share * one.messages * elapsed / window


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_a_million_letters_of_mailers_that_die(seed: int) -> None:
    """No window of a second holds 5,001."""
    one = Limit(5000, timedelta(seconds=1))
    sent = used(one, random.Random(seed), 40_000, late=True)
    assert len(sent) > 900_000
    assert most_in_any(sent, SECOND) <= 5000


def test_a_complaint_about_an_unlimited_server_makes_a_limit_for_a_while() -> None:
    """Half of what was seen of late; two minutes of quiet and there is none again."""
    bucket = complained(None, 200.0, START)
    assert bucket.speed(START) == 0.5
    _, moments, _ = reserved(bucket, START, 500)
    assert 40 <= len(moments) <= 52, "half of 200/s, for half a second"
    assert not is_over(bucket, START + 20 * SECOND)
    assert is_over(bucket, START + 120 * SECOND)
    again = complained(bucket, 1.0, START + 2 * SECOND)
    assert again.speed(START + 2 * SECOND) < 0.3


def test_a_slow_limit_says_when_to_ask_again() -> None:
    """One a minute: one now, and the next is known, not reserved."""
    bucket = Bucket(reckoned(Limit(1, timedelta(minutes=1))))
    bucket, moments, free = reserved(bucket, START, 10)
    assert moments == [START]
    assert free >= START + 60 * SECOND
    assert reserved(bucket, START + SECOND, 10)[1:] == ([], free)
