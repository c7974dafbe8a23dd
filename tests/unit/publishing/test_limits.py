"""Limits: any window holds at most what was allowed, and nearly all of it is used."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import asdict
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import limits
from services.publishing.domain.limits import SECOND, Bucket, Key, Limit, ready_at, slowed, take

START = 1_800_000_000 * SECOND
GLOBAL, SERVER, DOMAIN, MAILING = (
    Key("global"),
    Key("server", "relay"),
    Key("domain", "example.org"),
    Key("mailing", "m"),
)
limit = st.builds(
    Limit,
    messages=st.integers(1, 3000),
    per=st.integers(1, 60_000).map(lambda ms: timedelta(milliseconds=ms)),
)


def window(one: Limit) -> int:
    return one.per // timedelta(microseconds=1) * 1000


def send(buckets: dict[Key, Bucket], keys: tuple[Key, ...], times: int) -> list[int]:
    """As fast as it is allowed, from one and the same moment on."""
    now, sent = START, []
    while len(sent) < times:
        changed, ready = take(buckets, keys, now)
        buckets.update(changed)
        if ready:
            assert ready > now
            now = ready
        else:
            sent.append(now)
    return sent


def most_in_any(sent: list[int], length: int) -> int:
    return max(bisect_left(sent, at + length) - n for n, at in enumerate(sent))


@settings(max_examples=25, deadline=None)
@given(limit)
def test_no_window_is_exceeded_by_one(one: Limit) -> None:
    """However it is placed, a window holds at most its messages; at least 98 % of them are used."""
    sent = send({GLOBAL: Bucket(one)}, (GLOBAL,), 400)
    assert most_in_any(sent, window(one)) <= one.messages
    elapsed = sent[-1] - sent[0]
    if elapsed > 5 * window(one):
        assert len(sent) >= 0.98 * one.messages * elapsed / window(one)


@settings(max_examples=20, deadline=None)
@given(st.tuples(limit, limit, limit, limit), st.lists(st.booleans(), min_size=50, max_size=300))
def test_four_limits_hold_at_once(four: tuple[Limit, ...], which: list[bool]) -> None:
    """Two recipients' domains and one mailing: none of the four is ever exceeded."""
    keys = (GLOBAL, SERVER, DOMAIN, MAILING)
    buckets = {key: Bucket(one) for key, one in zip(keys, four, strict=True)}
    now, all_sent, to_domain = START, [], []
    for this_domain in which:
        asked = keys if this_domain else (GLOBAL, SERVER, Key("domain", "other"), MAILING)
        changed, ready = take(buckets, asked, now)
        if ready:
            now = ready
            changed, ready = take(buckets, asked, now)
        assert not ready
        buckets.update(changed)
        all_sent.append(now)
        to_domain += [now] if this_domain else []
    for key, one in zip(keys, four, strict=True):
        times = to_domain if key == DOMAIN else all_sent
        assert not times or most_in_any(times, window(one)) <= one.messages


@pytest.mark.long
def test_a_million_letters_under_four_limits() -> None:
    """No window of any of the four is exceeded by one, and the tightest is used to 98 %."""
    four = {
        GLOBAL: Limit(5000, timedelta(seconds=1)),
        SERVER: Limit(100_000, timedelta(minutes=1)),
        DOMAIN: Limit(2000, timedelta(seconds=1)),
        MAILING: Limit(5_000_000, timedelta(hours=1)),
    }
    sent = send({key: Bucket(one) for key, one in four.items()}, tuple(four), 1_000_000)
    for one in four.values():
        assert most_in_any(sent, window(one)) <= one.messages
    assert len(sent) >= 0.98 * 5_000_000 * (sent[-1] - sent[0]) / (3600 * SECOND)


def test_all_are_charged_or_none() -> None:
    """A message that one limit holds back uses up nothing of the others."""
    buckets = {
        GLOBAL: Bucket(Limit(1000, timedelta(seconds=1))),
        DOMAIN: Bucket(Limit(1, timedelta(minutes=1))),
    }
    first, ready = take(buckets, (GLOBAL, DOMAIN), START)
    assert not ready
    buckets.update(first)
    changed, ready = take(buckets, (GLOBAL, DOMAIN), START)
    assert (changed, ready) == ({}, START + 60 * SECOND)
    assert take(buckets, (GLOBAL,), START)[1] == 0
    almost = START + 60 * SECOND - 1
    assert take(buckets, (GLOBAL, DOMAIN), almost) == ({}, almost + 1)


def test_a_complaint_halves_the_speed_and_quiet_brings_it_back() -> None:
    """One round of complaints counts once; the next halves again; two minutes later all is well."""
    bucket = Bucket(Limit(100, timedelta(seconds=1)))
    once = slowed(bucket, START)
    assert once.speed(START) == 0.5
    for _ in range(10):
        once = slowed(once, START + SECOND // 2)
    assert once.speed(START + SECOND // 2) == 0.5
    twice = slowed(once, START + SECOND)
    assert twice.speed(START + SECOND) == pytest.approx(0.25)
    assert twice.speed(START + 120 * SECOND) == 1.0
    sent = send({GLOBAL: twice}, (GLOBAL,), 40)
    assert most_in_any(sent, SECOND) <= 50


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10 * SECOND), max_size=200))
def test_speed_stays_within_bounds(pauses: list[int]) -> None:
    """However much a server complains, it never stands still and never goes faster than allowed."""
    bucket, now = Bucket(Limit(50, timedelta(seconds=1))), START
    for pause in pauses:
        now += pause
        bucket = slowed(bucket, now)
        assert limits.SLOWEST <= bucket.speed(now) <= 0.5


def test_what_is_written_down_goes_on() -> None:
    """A bucket is a few numbers: read back after a kill, it allows what the dead one would have."""
    bucket = Bucket(Limit(10, timedelta(seconds=10)), factor=0.5, slowed_at=START)
    changed, _ = take({GLOBAL: bucket}, (GLOBAL,), START)
    saved = json.loads(json.dumps(asdict(changed[GLOBAL]), default=str))
    back = Bucket(bucket.limit, saved["full_at"], saved["factor"], saved["slowed_at"])
    assert back == changed[GLOBAL]
    assert ready_at(back, START) == ready_at(changed[GLOBAL], START) > START
