"""The lattice of delivery states, and what lost answers mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.backoff import SMS, Backoff
from services.notifications.domain.channel_plan import Reach, after_failure, first_channels
from services.notifications.domain.delivery import State, below, join, reported
from services.notifications.domain.message import moves_on, outcome
from services.notifications.domain.reconciling import Entry, Patience, Verdict, verdict

STATES = st.sampled_from(get_args(State))
REPORTS = st.lists(st.sampled_from(["created", "sent", "delivered", "failed"]), max_size=6)
AT = datetime(2027, 1, 14, 10, 0, tzinfo=UTC)


@given(STATES, REPORTS, st.randoms())
def test_reports_end_the_same_in_any_order(known: State, words: list[str], chance: object) -> None:
    """All orders and repeats of a provider's reports end in one state."""
    reports = [state for word in words if (state := reported(word)) is not None]
    straight = reduce(join, reports, known)
    shuffled = reports + reports[:2]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(join, shuffled, known) == straight


@given(STATES, STATES)
def test_below_and_join_say_the_same(one: State, other: State) -> None:
    """The conditional write (`below`) moves a row exactly when `join` would."""
    assert (join(one, other) != one) == (one in below(other))


def test_a_provider_word_that_we_do_not_know() -> None:
    """An unknown word moves nothing."""
    assert reported("exploded") is None


def test_a_message_is_as_far_as_its_best_channel() -> None:
    """Failed only when every channel is; an open one keeps it ready."""
    for states in permutations(["failed", "delivered", "superseded"]):
        assert outcome(states) == "delivered"  # type: ignore[arg-type]
    assert outcome(["failed", "queued"]) == "ready"
    assert outcome(["failed", "uncertain"]) == "ready"
    assert outcome(["failed", "failed"]) == "failed"
    assert outcome(["superseded"]) == "superseded"
    assert moves_on("failed", "delivered")
    assert not moves_on("delivered", "failed")


@pytest.mark.parametrize(
    ("email", "reach", "first", "after_sms"),
    [
        ("also", Reach(phone=True, email=True), ("sms", "email"), None),
        ("also", Reach(phone=False, email=True), ("email",), None),
        ("instead", Reach(phone=True, email=True), ("sms",), "email"),
        ("instead", Reach(phone=False, email=True), ("email",), None),
        ("never", Reach(phone=True, email=True), ("sms",), None),
        ("also", Reach(phone=False, email=False), (), None),
    ],
)
def test_ways(email: str, reach: Reach, first: tuple[str, ...], after_sms: str | None) -> None:
    """SMS first, e-mail beside it or instead of it, as the template wishes and the card allows."""
    assert first_channels(email, reach) == first  # type: ignore[arg-type]
    tried = frozenset(first)
    assert after_failure(email, reach, tried) == after_sms  # type: ignore[arg-type]


def entry(name: str, seconds: float) -> Entry:
    return Entry(name, AT + timedelta(seconds=seconds), "created")


def judge(entries: list[Entry] | None, claimed: set[str], waited: float) -> Verdict:
    return verdict(entries, claimed, AT, AT + timedelta(seconds=waited), Patience())


def test_an_unclaimed_entry_since_the_attempt_is_ours() -> None:
    """Accepted if the provider's list has one that no other delivery owns; the earliest of them."""
    found = judge([entry("b", 3), entry("a", 1)], set(), 5)
    assert (found.kind, found.entry and found.entry.id) == ("accepted", "a")
    assert judge([entry("a", 1)], {"a"}, 5).kind == "look-again"
    assert judge([entry("old", -60)], set(), 5).kind == "look-again"


def test_silence_of_the_list_means_retry_only_after_two_minutes() -> None:
    """Nothing in the list for 120 s: it never arrived, and may be sent again."""
    assert judge([], set(), 119).kind == "look-again"
    assert judge([], set(), 120).kind == "retry"


def test_an_unreachable_list_ends_as_uncertain() -> None:
    """When nobody can be asked for ten minutes, a person decides; it is never simply retried."""
    assert judge(None, set(), 599).kind == "look-again"
    assert judge(None, set(), 600).kind == "uncertain"


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True))
def test_pauses_grow_within_bounds(attempt: int, chance: float) -> None:
    """Doubling up to the most, spread over the upper half, given up after the last attempt."""
    rule = Backoff(timedelta(seconds=2), timedelta(minutes=5), attempts=30)
    pause = rule.pause(attempt, chance)
    if attempt >= 30:
        assert pause is None
        return
    whole = min(timedelta(minutes=5), timedelta(seconds=2) * 2 ** (attempt - 1))
    assert pause is not None
    assert whole / 2 <= pause <= whole


def test_sms_is_given_up_within_a_quarter_of_an_hour() -> None:
    """Failing over to e-mail must not take longer than an offer can bear."""
    pauses = [SMS.pause(attempt, 0.999) for attempt in range(1, SMS.attempts)]
    assert sum((pause for pause in pauses if pause), timedelta()) < timedelta(minutes=15)
