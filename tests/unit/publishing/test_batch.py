"""A batch gives its letters out late, within every limit, and never to somebody who left."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.limits import SECOND, Bucket, Key, Limit
from services.publishing.domain.smtp_replies import TAKEN, Code, verdict
from services.publishing.mailing.allowance import OwnBuckets
from services.publishing.mailing.batch import Batch
from services.publishing.mailing.writing import Letter

SERVER, MAILING = Key("server", "relay"), Key("mailing", "m")
START = 1_800_000_000 * SECOND


class Time:
    now = START

    def __call__(self) -> int:
        return self.now


def letters(domains: list[str]) -> list[Letter]:
    return [Letter(n, "b@s", f"r@{to}.example", b"") for n, to in enumerate(domains)]


def per_second(messages: int) -> Bucket:
    return Bucket(Limit(messages, timedelta(seconds=1)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from("abc"), max_size=40),
    st.sets(st.integers(0, 39)),
    st.integers(0, 40),
)
def test_everybody_is_given_out_once_or_accounted_for(
    domains: list[str], leaving: set[int], stop_after: int
) -> None:
    """Given out, withdrawn, or left over when stopped: each letter is exactly one of these."""
    clock = Time()
    buckets = {SERVER: per_second(50), Key("domain", "a.example"): per_second(1)}
    batch = Batch(letters(domains), OwnBuckets(buckets), (SERVER,), clock)
    for number in leaving:
        batch.withdraw(number)
    given_out = []
    while not batch.done and len(given_out) < stop_after:
        letter = batch.take()
        if letter is None:
            assert batch.again_at is not None
            assert batch.again_at > clock.now
            clock.now = batch.again_at
            continue
        given_out.append(letter.recipient)
        batch.told(letter, TAKEN)
    left = [letter.recipient for letter in batch.stop()]
    assert batch.take() is None
    assert batch.done
    withdrawn = leaving & set(range(len(domains)))
    assert sorted([*given_out, *left, *withdrawn]) == list(range(len(domains)))
    assert set(batch.verdicts) == set(given_out)


def test_one_slow_domain_holds_up_nobody_else() -> None:
    """While one domain waits for its limit, the others' letters go."""
    slow = OwnBuckets({Key("domain", "a.example"): per_second(1)})
    batch = Batch(letters(["a", "a", "b"]), slow, (), Time())
    first = [batch.take(), batch.take()]
    assert {letter.to for letter in first if letter} == {"r@a.example", "r@b.example"}
    assert batch.take() is None
    assert batch.again_at == START + SECOND


def test_a_server_that_asks_for_less_gets_less_at_once() -> None:
    """After 452 the server's rate is halved; the mailing's own limit stays."""
    clock = Time()
    buckets = {SERVER: per_second(10), MAILING: per_second(1000)}
    batch = Batch(letters(["a"] * 3), OwnBuckets(buckets), (SERVER, MAILING), clock)
    letter = batch.take()
    assert letter is not None
    batch.told(letter, verdict("rcpt", Code(452)))
    assert buckets[SERVER].speed(clock.now) == 0.5
    assert buckets[MAILING].speed(clock.now) == 1.0
    assert not batch.done
