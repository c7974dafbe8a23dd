"""A webhook's line: nothing is forgotten, nothing overtakes its own subject, and it stays small."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.publishing.feeds.domain import line as lines
from services.publishing.feeds.domain.line import IN_A_ROW, WINDOW, Line, Wanted, ready
from services.publishing.feeds.domain.ranges import covers
from services.publishing.feeds.domain.reconciling import of_webhook
from services.publishing.feeds.domain.retry_plan import STEPS

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)


def a_line(*subjects: str) -> Line:
    wanted = [Wanted(n, f"e{n}", subject) for n, subject in enumerate(subjects, start=1)]
    return lines.read_on(Line(), wanted, len(subjects))


class Webhook(RuleBasedStateMachine):
    """A log that grows, a receiver that fails at will, a process that is killed at will."""

    @initialize()
    def begin(self) -> None:
        self.log: list[str] = []
        self.line = Line()
        self.kept = Line()
        self.now = NOW
        self.arrived: list[int] = []
        self.given_up: list[int] = []

    @rule(subjects=st.lists(st.sampled_from("abcd"), min_size=1, max_size=8))
    def something_happens(self, subjects: list[str]) -> None:
        self.log += subjects

    @rule()
    def it_reads_on(self) -> None:
        begin = self.line.read_up_to
        end = min(len(self.log), begin + self.line.room)
        wanted = [Wanted(n, f"e{n}", self.log[n - 1]) for n in range(begin + 1, end + 1)]
        self.line = lines.read_on(self.line, wanted, end)

    @rule(fails=st.lists(st.booleans(), min_size=1, max_size=6), at_once=st.integers(1, 4))
    def it_sends(self, fails: list[bool], at_once: int) -> None:
        due = ready(self.line, self.now, (), at_once)
        assert len({one.subject for one in due}) == len(due) <= at_once
        for one, failing in zip(due, fails, strict=False):
            earlier = [
                open_.position
                for open_ in self.line.open
                if open_.subject == one.subject and open_.position < one.position
            ]
            assert not earlier
            if failing:
                after = lines.failed(self.line, one.position, self.now, chance=0.5)
                self.line = after.line
                if after.given_up:
                    self.given_up.append(one.position)
            else:
                self.arrived.append(one.position)
                self.line = lines.taken(self.line, one.position, self.now)

    @rule()
    def it_is_kept(self) -> None:
        self.kept = self.line

    @rule()
    def it_is_killed(self) -> None:
        self.line = self.kept

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours, seconds=1)

    @rule(after=st.integers(0, 10))
    def somebody_asks_for_a_replay(self, after: int) -> None:
        self.line = self.kept = lines.replayed(self.line, after)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        settled = {*self.arrived, *self.given_up}
        open_ = {one.position for one in self.line.open}
        assert set(range(1, self.line.read_up_to + 1)) <= settled | open_
        assert len(self.line.open) <= WINDOW
        assert [one.position for one in self.line.open] == sorted(open_)
        got = of_webhook(
            since=0,
            read_up_to=self.line.read_up_to,
            open_positions=open_,
            given_up=self.given_up,
        )
        for position in range(1, len(self.log) + 1):
            if covers(got, position):
                assert position in self.arrived


TestWebhook = Webhook.TestCase
TestWebhook.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_one_subject_in_trouble_holds_back_itself_alone() -> None:
    """`a` fails: its second waits behind it, `b` goes on."""
    line = a_line("a", "a", "b")
    assert [one.position for one in ready(line, NOW, (), 8)] == [1, 3]
    line = lines.failed(line, 1, NOW, chance=0).line
    assert [one.position for one in ready(line, NOW, (), 8)] == [3]
    assert [one.position for one in ready(line, NOW + STEPS[0], (), 8)] == [1, 3]
    assert lines.next_due(line, ()) == NOW + STEPS[0]


def test_what_is_on_its_way_is_not_sent_twice() -> None:
    """Busy positions count, and hold back their subjects."""
    line = a_line("a", "a", "b", "c")
    assert [one.position for one in ready(line, NOW, {1}, 3)] == [3, 4]
    assert [one.position for one in ready(line, NOW, {1}, 2)] == [3]
    assert ready(line, NOW, {1, 3}, 2) == []


def test_after_failures_in_a_row_one_at_a_time_is_tried() -> None:
    """A receiver that is away is asked carefully; the first success opens the way for all."""
    line = a_line(*"abcdefgh")
    for position in range(1, IN_A_ROW + 1):
        line = lines.failed(line, position, NOW, chance=0).line
    assert ready(line, NOW, (), 8) == []
    assert line.resting_until is not None
    later = line.resting_until
    assert lines.next_due(line, ()) == later
    assert len(ready(line, later, (), 8)) == 1
    line = lines.taken(line, 1, later)
    assert len(ready(line, later + timedelta(days=1), (), 8)) == 7


def test_slow_down_rests_everything_as_long_as_was_asked() -> None:
    """503 with Retry-After of ten minutes: not one goes before that."""
    line = lines.failed(
        a_line("a", "b"), 1, NOW, chance=0, slow_down=True, retry_after=timedelta(minutes=10)
    ).line
    assert ready(line, NOW + timedelta(minutes=9, seconds=59), (), 8) == []
    assert len(ready(line, NOW + timedelta(minutes=10), (), 8)) == 2


def test_the_last_failure_gives_it_up_and_says_so() -> None:
    """After the tenth try it is open no more; the next of its subject may go."""
    line, at = a_line("a", "a"), NOW
    for _ in STEPS:
        after = lines.failed(line, 1, at, chance=1)
        assert after.given_up is None
        line, at = after.line, at + timedelta(days=2)
    after = lines.failed(line, 1, at, chance=1)
    assert after.given_up is not None
    assert after.given_up.position == 1
    assert [one.position for one in after.line.open] == [2]
    assert lines.is_dead(after.line, after.given_up)
    alive = lines.taken(line, 2, at)
    assert not lines.is_dead(lines.failed(alive, 1, at, chance=1).line, after.given_up)


def test_a_replay_keeps_what_is_open_before_it() -> None:
    """What still waits from before is not dropped, and what comes again comes once."""
    line = lines.taken(a_line("a", "b", "c"), 2, NOW)
    again = lines.replayed(line, 1)
    assert (again.read_up_to, [one.position for one in again.open]) == (1, [1])
    assert lines.replayed(line, 99).read_up_to == 3


def test_it_reads_forward_only() -> None:
    """A reading that goes back would open twice what is settled."""
    with pytest.raises(ValueError, match="forward"):
        lines.read_on(a_line("a"), [], 0)


@given(st.lists(st.sampled_from("ab"), max_size=WINDOW + 50))
def test_a_window_is_as_large_as_it_is(subjects: list[str]) -> None:
    """What is open is never more than the window leaves room for."""
    line = Line()
    end = min(len(subjects), line.room)
    line = lines.read_on(line, [Wanted(n + 1, "e", subjects[n]) for n in range(end)], end)
    assert line.room == WINDOW - len(line.open)


def test_switched_on_again_everything_is_due() -> None:
    """It begins with all its tries before it, and at once."""
    line = lines.failed(a_line("a", "b"), 1, NOW, chance=0, slow_down=True).line
    assert [one.position for one in ready(lines.rested(line), NOW, (), 8)] == [1, 2]
