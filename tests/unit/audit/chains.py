"""Chains made by hand, and every way to tamper with one that its checks must name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nacl.signing import SigningKey

from shared.audit.chain import ChainCheck, Verdict
from shared.audit.checkpoint import signed
from shared.audit.entry import Access, Tip, genesis, hash_of, linked
from shared.audit.purposes import Purpose

SERVICE = "mentoring"
KEY = SigningKey(b"k" * 32)
AT = datetime(2027, 1, 14, 9, 30, tzinfo=UTC)
ACCESS = Access(
    actor="actor-1",
    roles=("case-lead",),
    subjects=("case-1",),
    fields=("notes",),
    purpose=Purpose.CASE_WORK,
    rule="lead-of-case",
    trace="trace-1",
)
Entry = dict[str, Any]


def entries(length: int, *, altered: Callable[[Entry], Entry] | None = None) -> Iterator[Entry]:
    """A chain, made as it is read; what is `altered` on the way is linked to nothing."""
    tip = genesis(SERVICE)
    for number in range(length):
        access = replace(ACCESS, actor=f"actor-{number % 7}", subjects=(f"case-{number % 13}",))
        [entry] = linked([access], tip, SERVICE, AT)
        tip = Tip(entry["seq"], entry["hash"])
        yield entry if altered is None else altered(entry)


def checkpoints_of(chain: Sequence[Entry], *seqs: int) -> list[Entry]:
    """Signed for these entries."""
    tips = [Tip(seq, chain[seq - 1]["hash"]) for seq in seqs]
    return [signed(tip, service=SERVICE, at=chain[0]["at"], key=KEY) for tip in tips]


def rehashed(entry: Entry, **changed: Any) -> Entry:
    """Changed by somebody who knows how the hash is made."""
    other = {name: value for name, value in {**entry, **changed}.items() if name != "hash"}
    return {**other, "hash": hash_of(other)}


def relinked(chain: Sequence[Entry]) -> list[Entry]:
    """Numbered, linked and hashed again from the first to the last: a whole new history."""
    tip, again = genesis(SERVICE), []
    for entry in chain:
        linked_again = rehashed(entry, seq=tip.seq + 1, prev=tip.hash)
        tip = Tip(linked_again["seq"], linked_again["hash"])
        again.append(linked_again)
    return again


def verdict_on(chain: Sequence[Entry], checkpoints: Sequence[Entry], **more: Any) -> Verdict:
    """What verifying it says."""
    check = ChainCheck(SERVICE, checkpoints, [KEY.verify_key], **more)
    check.take(dict(entry) for entry in chain)
    return check.verdict()
