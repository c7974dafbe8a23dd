"""Verifying a chain: entries in, and the first one that is not as it was written comes out. Pure.

What is found: any change, deletion, insertion or swap, anywhere before the last checkpoint. After
it an entry can still be changed or left out at the very end by somebody who can rewrite everything
that follows; how many entries stand there is part of the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nacl.signing import VerifyKey

from shared.audit.checkpoint import holds, key_id
from shared.audit.entry import Link, Tip, genesis, link_of


class Fault(StrEnum):
    """What is wrong with an entry."""

    CHANGED = "changed"
    """Its content is not what its hash was made of."""
    MISSING = "missing"
    """The number is not there."""
    REPLACED = "replaced"
    """It is whole in itself, but not the one that the next entry was linked to."""
    OTHER_THAN_SIGNED = "other-than-signed"
    """It is not the one that a checkpoint was signed for: rewritten with all that follows it."""
    OTHER_THAN_SEEN = "other-than-seen"
    """It is not the one that whoever verifies saw there last time."""
    FALSE_CHECKPOINT = "false-checkpoint"
    """A checkpoint here is not signed by the known key."""


_SOMEWHERE = (Fault.OTHER_THAN_SIGNED, Fault.OTHER_THAN_SEEN)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not as it was; up to `until` when it cannot be said more closely."""

    seq: int
    fault: Fault
    until: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and whether it is whole."""

    entries: int
    checkpoints: int
    last_checkpoint: int
    broken: Broken | None
    oldest_unsigned: str | None
    tip: Tip

    @property
    def after_last_checkpoint(self) -> int:
        """Entries that no checkpoint vouches for yet."""
        return max(self.entries - self.last_checkpoint, 0)


class ChainCheck:
    """Give it the checkpoints, then the entries in order, in as many pieces as one likes."""

    def __init__(
        self,
        service: str,
        checkpoints: Iterable[Mapping[str, Any]],
        keys: Iterable[VerifyKey],
        *,
        seen_before: Tip | None = None,
    ) -> None:
        """`seen_before` is where the chain ended when it was verified last."""
        self._service, self._seen_before = service, seen_before
        self._last = genesis(service).hash
        self._whole_to = 0  # the last entry that a checkpoint vouched for
        self._oldest_unsigned: str | None = None
        self._broken: Broken | None = None
        self._signed = self._checked(checkpoints, {key_id(key): key for key in keys})
        self._last_signed = max(self._signed, default=0)
        self.seen = 0

    def take(self, entries: Iterable[dict[str, Any]]) -> bool:
        """Look at the next ones; False once something is broken. Takes their `hash` out."""
        return self.follow(map(link_of, entries))

    def follow(self, links: Iterable[Link]) -> bool:
        """The same of what was made out of them already."""
        for link in links:
            if self._broken is not None and self._broken.seq <= self.seen + 1:
                return False
            fault = self._look(link, self.seen + 1)
            if fault is not None:
                self._break(*fault)
                return False
            self.seen += 1
        return True

    def verdict(self, *, of: int = 0) -> Verdict:
        """After the last entry; there were to be so many."""
        known = max(self._last_signed, self._seen_before.seq if self._seen_before else 0, of)
        if self.seen < known:
            self._break(self.seen + 1, Fault.MISSING)
        return Verdict(
            entries=self.seen,
            checkpoints=len(self._signed),
            last_checkpoint=self._last_signed,
            broken=self._broken,
            oldest_unsigned=self._oldest_unsigned,
            tip=Tip(self.seen, self._last),
        )

    def _look(self, link: Link, expected: int) -> tuple[int, Fault] | None:
        said = link.said
        if link.seq != expected:
            return expected, Fault.MISSING
        if link.made != said:
            return expected, Fault.CHANGED
        if link.prev != self._last:
            if self._whole_to == expected - 1:  # what stands before is beyond doubt
                return expected, Fault.REPLACED
            return expected - 1, Fault.REPLACED
        signed = self._signed.get(expected)
        if signed is not None:
            if signed != said:
                return self._whole_to + 1, Fault.OTHER_THAN_SIGNED
            self._whole_to = expected
        elif expected == self._last_signed + 1:
            self._oldest_unsigned = str(link.at)
        before = self._seen_before
        if before is not None and before.seq == expected and before.hash != said:
            return self._whole_to + 1, Fault.OTHER_THAN_SEEN
        self._last = str(said)
        return None

    def _break(self, seq: int, fault: Fault) -> None:
        """Keep the earliest; what lies between two checkpoints is named as that stretch."""
        if self._broken is None or seq < self._broken.seq:
            until = self.seen + 1 if fault in _SOMEWHERE else seq
            self._broken = Broken(seq, fault, until)

    def _checked(
        self, checkpoints: Iterable[Mapping[str, Any]], keys: Mapping[str, VerifyKey]
    ) -> dict[int, str]:
        signed: dict[int, str] = {}
        false: list[int] = []
        for checkpoint in checkpoints:
            seq = checkpoint.get("seq")
            if isinstance(seq, int) and seq > 0 and holds(checkpoint, self._service, keys):
                signed[seq] = str(checkpoint["hash"])
            else:
                false.append(seq if isinstance(seq, int) else 0)
        if false:
            self._broken = Broken(min(false), Fault.FALSE_CHECKPOINT, min(false))
        return signed
