"""A chain tells whether it is as it was written, and names the first entry that is not."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from shared.audit.chain import ChainCheck, Fault
from shared.audit.checkpoint import signed
from shared.audit.entry import Tip
from tests.unit.audit.chains import (
    KEY,
    SERVICE,
    Entry,
    checkpoints_of,
    entries,
    rehashed,
    relinked,
    verdict_on,
)

LENGTH = 40
CHAIN = list(entries(LENGTH))
SIGNED = (10, 20, 30)
CHECKPOINTS = checkpoints_of(CHAIN, *SIGNED)
COVERED = range(1, SIGNED[-1] + 1)
FIELDS = [name for name in CHAIN[0] if name not in ("hash", "seq")]
SMALL = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [*value, "somebody-else"]
    return "something-else"


def with_entry(number: int, entry: Entry) -> list[Entry]:
    return [*CHAIN[: number - 1], entry, *CHAIN[number:]]


def named(chain: list[Entry], number: int) -> Fault:
    """The fault, which must be said of this entry, or of a stretch that it lies in."""
    broken = verdict_on(chain, CHECKPOINTS).broken
    assert broken is not None
    assert broken.seq <= number <= broken.until
    if broken.fault not in (Fault.OTHER_THAN_SIGNED, Fault.OTHER_THAN_SEEN):
        assert broken.seq == broken.until == number
    return broken.fault


def test_a_whole_chain_is_whole() -> None:
    """What nobody touched is found whole, with what no checkpoint vouches for yet."""
    verdict = verdict_on(CHAIN, CHECKPOINTS)
    assert (verdict.broken, verdict.entries, verdict.checkpoints) == (None, LENGTH, 3)
    assert (verdict.last_checkpoint, verdict.after_last_checkpoint) == (30, 10)
    assert verdict.oldest_unsigned == CHAIN[30]["at"]


def test_any_changed_field_is_named() -> None:
    """Every field of every entry, the last one too: whoever changes it is seen, there."""
    for number in range(1, LENGTH + 1):
        for field in (*FIELDS, "hash"):
            entry = CHAIN[number - 1]
            changed = {**entry, field: other(entry[field])}
            assert named(with_entry(number, changed), number) is Fault.CHANGED
        assert named(with_entry(number, {**CHAIN[number - 1], "more": 1}), number) is Fault.CHANGED


def test_a_changed_field_with_its_own_hash_is_named() -> None:
    """Making the hash again does not help: the next entry was linked to the old one."""
    for number in COVERED:
        for field in FIELDS:
            entry = rehashed(CHAIN[number - 1], **{field: other(CHAIN[number - 1][field])})
            fault = named_or_before(with_entry(number, entry), number, field)
            assert fault in (Fault.REPLACED, Fault.OTHER_THAN_SIGNED)


def named_or_before(chain: list[Entry], number: int, field: str) -> Fault:
    """A false link names the entry that it should lead to, unless a checkpoint vouches for it."""
    if field == "prev" and number - 1 not in (0, *SIGNED):
        return named(chain, number - 1)
    return named(chain, number)


def test_any_missing_entry_is_named() -> None:
    """Every single deletion up to the last checkpoint, and those after it but the very last."""
    for number in range(1, LENGTH):
        assert named([*CHAIN[: number - 1], *CHAIN[number:]], number) is Fault.MISSING


def test_a_cut_tail_is_named_as_far_as_it_was_signed() -> None:
    """Everything from an entry on is gone: seen when a checkpoint knew of more."""
    for number in COVERED:
        assert named(CHAIN[: number - 1], number) is Fault.MISSING
    after = verdict_on(CHAIN[:-1], CHECKPOINTS)
    assert after.broken is None, "the tail after the last checkpoint is the stated exception"
    assert after.after_last_checkpoint == 9


@SMALL
@given(pair=st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
def test_any_swap_is_named(pair: list[int]) -> None:
    """Two entries in each other's place, with their own numbers or with each other's."""
    low, high = sorted(pair)
    one, two = CHAIN[low - 1], CHAIN[high - 1]
    moved = [*CHAIN]
    moved[low - 1], moved[high - 1] = two, one
    assert named(moved, low) is Fault.MISSING
    moved[low - 1], moved[high - 1] = {**two, "seq": low}, {**one, "seq": high}
    assert named(moved, low) is Fault.CHANGED


@SMALL
@given(number=st.integers(1, SIGNED[-1]), how=st.sampled_from(["left out", "put in", "changed"]))
def test_a_rewritten_history_is_named(number: int, how: str) -> None:
    """All that follows is linked and hashed again: the next checkpoint does not agree."""
    new = {
        "left out": [],
        "put in": [CHAIN[0], CHAIN[number - 1]],
        "changed": [{**CHAIN[number - 1], "actor": "somebody-else"}],
    }[how]
    chain = relinked([*CHAIN[: number - 1], *new, *CHAIN[number:]])
    assert named(chain, number) is Fault.OTHER_THAN_SIGNED
    assert verdict_on(chain, []).broken is None, "without checkpoints nobody would know"


def test_a_checkpoint_that_nobody_signed_is_named() -> None:
    """Another key, another service or another number: it is not believed, and it is said."""
    another = signed(Tip(20, "0" * 64), service=SERVICE, at="x", key=SigningKey(b"x" * 32))
    elsewhere = signed(Tip(20, CHAIN[19]["hash"]), service="booking", at="x", key=KEY)
    moved = {**CHECKPOINTS[0], "seq": 20}
    for false in (another, elsewhere, moved, {**CHECKPOINTS[1], "signature": "!"}, {}):
        broken = verdict_on(CHAIN, [CHECKPOINTS[0], false]).broken
        assert broken is not None
        assert broken.fault is Fault.FALSE_CHECKPOINT


def test_whoever_verified_before_remembers() -> None:
    """A history rewritten with the signing key in hand differs from what was seen last time."""
    rewritten = relinked(with_entry(5, {**CHAIN[4], "actor": "somebody-else"}))
    checkpoints = checkpoints_of(rewritten, *SIGNED)
    seen = verdict_on(CHAIN, CHECKPOINTS).tip
    assert verdict_on(rewritten, checkpoints).broken is None
    broken = verdict_on(rewritten, checkpoints, seen_before=seen).broken
    assert broken is not None
    assert broken.fault is Fault.OTHER_THAN_SEEN
    shorter = verdict_on(CHAIN[:-1], CHECKPOINTS, seen_before=seen).broken
    assert shorter is not None
    assert (shorter.seq, shorter.fault) == (LENGTH, Fault.MISSING)


def found(length: int, number: int, tamper: str) -> tuple[int, Fault] | None:
    """Verify a long chain with one thing wrong at `number`, without keeping it in memory."""

    def altered(entry: Entry) -> Entry:
        if tamper == "changed" and entry["seq"] == number:
            return {**entry, "allowed": not entry["allowed"]}
        if tamper == "replaced" and entry["seq"] == number:
            return rehashed(entry, actor="somebody-else")
        if tamper == "swapped" and entry["seq"] in (number, number + 1):
            return {**entry, "seq": 2 * number + 1 - entry["seq"]}
        return entry

    check = ChainCheck(SERVICE, [], [KEY.verify_key])
    chain = entries(length, altered=altered)
    check.take(e for e in chain if not (tamper == "deleted" and e["seq"] == number))
    broken = check.verdict().broken
    return None if broken is None else (broken.seq, broken.fault)


EXPECTED = {
    "changed": Fault.CHANGED,
    "replaced": Fault.REPLACED,
    "swapped": Fault.MISSING,
    "deleted": Fault.MISSING,
}


def one_wrong_of(length: int) -> None:
    chosen = random.Random(length)
    assert found(length, 0, "nothing") is None
    for tamper, fault in EXPECTED.items():
        number = chosen.randrange(1, length - 1)
        assert found(length, number, tamper) == (number, fault)


def test_one_of_twenty_thousand() -> None:
    """One change, replacement, swap or deletion in 20,000 entries is found and named."""
    one_wrong_of(20_000)


@pytest.mark.long
def test_one_of_a_million() -> None:
    """One change, replacement, swap or deletion in a million entries is found and named."""
    one_wrong_of(1_000_000)
