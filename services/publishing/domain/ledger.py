"""The ledger of one batch: one byte per recipient, and a note on the few that want more words.

What a byte may become is decided by `outcome`; the way that nearly everybody goes (waiting, in
hand, accepted) is written out here, as it is gone ten thousand times a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, get_args

from services.publishing.domain import outcome
from services.publishing.domain.mailing import Tally
from services.publishing.domain.outcome import Cause, Standing, State
from services.publishing.domain.smtp_replies import TAKEN, Code, Kind, Verdict

LARGEST = 500
"""Recipients of a batch: their ids and bytes are 8.5 kB, and a write of the bytes is small."""

_STATES: tuple[State, ...] = ("waiting", "in-hand", "accepted", "bounced", "uncertain")
_CAUSES: tuple[Cause, ...] = get_args(Cause)
"""Stored by their number: new ones come last."""
_SUPPRESSED = 16
WAITING, IN_HAND, ACCEPTED, BOUNCED, UNCERTAIN = range(5)


class Note(NamedTuple):
    """What a byte does not hold; `attempt` counts hand-overs."""

    attempt: int
    first_at: datetime | None = None
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A ledger as it is kept: a byte each, and the notes by index.

    `owed` are failures whose points nobody has counted yet: they follow from what is kept, so that
    nobody's death loses them or counts them twice.
    """

    states: bytes
    notes: Mapping[int, Note]
    owed: Mapping[int, Kind] = field(default_factory=dict)


class Ledger:
    """The rows of one batch. Only who owns the batch changes it."""

    def __init__(self, page: Page) -> None:
        self._states = bytearray(page.states)
        self._notes = dict(page.notes)
        self._owed = dict(page.owed)

    @classmethod
    def of(cls, size: int) -> Ledger:
        """Everybody waits.

        Raises:
            ValueError: nobody, or more than a batch holds.
        """
        if not 0 < size <= LARGEST:
            raise ValueError("a batch holds one to five hundred")
        return cls(Page(bytes(size), {}))

    def __len__(self) -> int:
        return len(self._states)

    def page(self) -> Page:
        """As it stands now, for keeping."""
        return Page(bytes(self._states), dict(self._notes), dict(self._owed))

    def standing(self, index: int) -> Standing:
        """One recipient's place."""
        byte = self._states[index]
        if byte >= _SUPPRESSED:
            note = self._notes.get(index, Note(0))
            cause = _CAUSES[byte - _SUPPRESSED]
            return Standing("suppressed", note.attempt, note.first_at, note.code, cause)
        note = self._notes.get(index, Note(_usual(byte)))
        return Standing(_STATES[byte], note.attempt, note.first_at, note.code)

    @property
    def in_hand(self) -> int:
        """How many are on their way, or about to be."""
        return self._states.count(IN_HAND)

    def waiting(self) -> list[int]:
        """Who is to be written to."""
        return [index for index, byte in enumerate(self._states) if byte == WAITING]

    def take_in_hand(self, index: int, now: datetime) -> bool:
        """It is about to be handed over; False when it is not waiting, and then it must not be."""
        if self._states[index] != WAITING:
            return False
        if not self.goes(index, WAITING, IN_HAND):
            self._step(index, outcome.take_in_hand(self.standing(index), now))
        return True

    def goes(self, index: int, was: int, becomes: int) -> bool:
        """A step of the way that nearly everybody goes; False: it is for the others to decide."""
        if self._states[index] != was or index in self._notes:
            return False
        self._states[index] = becomes
        return True

    def conclude(self, index: int, verdict: Verdict, now: datetime) -> None:
        """The hand-over came to this."""
        if verdict is TAKEN and self.goes(index, IN_HAND, ACCEPTED):
            return
        known = self.standing(index)
        # The first time is noted when there is something to note: seconds after it began.
        since = replace(known, first_at=known.first_at or now)
        after = outcome.conclude(since, verdict, now)
        self._step(index, after)
        # Of a letter that was taken and has bounced all the same, the report's weight stands there.
        bounced = (known.state, after.state) == ("in-hand", "bounced")
        if bounced and verdict.kind is not None:
            self._owed[index] = verdict.kind

    def put_back(self, index: int) -> None:
        """It was taken, and surely never left: as if it had not been taken."""
        known = self.standing(index)
        if known.state == "in-hand":
            note = self._notes.get(index)
            first_at = note.first_at if note else None
            self._step(index, Standing("waiting", known.attempt - 1, first_at))

    def suppress(self, index: int, cause: Cause) -> bool:
        """Not to be written to after all; whether that came in time."""
        before = self._states[index]
        self._step(index, outcome.suppress(self.standing(index), cause))
        return before == WAITING

    def suppress_waiting(self, cause: Cause) -> None:
        """Nobody who waits is written to."""
        for index in self.waiting():
            self.suppress(index, cause)

    def lease_ran_out(self) -> int:
        """Whoever had some in hand is gone; how many came to an end by that."""
        found = [index for index, byte in enumerate(self._states) if byte == IN_HAND]
        for index in found:
            self._step(index, outcome.lease_ran_out(self.standing(index)))
        return len(found)

    def reported(self, index: int, code: Code, kind: Kind) -> bool:
        """A delivery report failed it; whether that changed anything."""
        known = self.standing(index)
        after = outcome.reported(known, code)
        if after == known:
            return False
        self._step(index, after)
        self._owed[index] = kind
        return True

    def send_again(self, cause: str) -> int:
        """Those who are uncertain (`uncertain`) or bounced with this code wait once more."""
        found = [index for index in range(len(self)) if self._failed_by(index) == cause]
        for index in found:
            self._step(index, outcome.again(self.standing(index)))
        return len(found)

    def taken_over(self, other: Page) -> None:
        """Reports that came in beside us, since the page that we kept last."""
        for index, kind in other.owed.items():
            note = other.notes.get(index)
            if note is not None and note.code is not None:
                self.reported(index, note.code, kind)
            self._owed.setdefault(index, kind)

    def tally(self) -> Tally:
        """How many stand where."""
        count = self._states.count
        counts = [count(byte) for byte in range(len(_STATES))]
        return Tally(
            waiting=counts[WAITING],
            in_hand=counts[IN_HAND],
            accepted=counts[ACCEPTED],
            bounced=counts[BOUNCED],
            suppressed=len(self._states) - sum(counts),
            uncertain=counts[UNCERTAIN],
        )

    def codes(self) -> Mapping[str, int]:
        """How many bounced with which code."""
        notes = self._notes.items()
        return Counter(
            str(note.code)
            for index, note in notes
            if self._states[index] == BOUNCED and note.code is not None
        )

    def attempts_of_the_waiting(self) -> Sequence[int]:
        """How often each who waits again was tried."""
        notes = self._notes.items()
        return [note.attempt for index, note in notes if self._states[index] == WAITING]

    def _failed_by(self, index: int) -> str | None:
        byte = self._states[index]
        if byte == UNCERTAIN:
            return "uncertain"
        note = self._notes.get(index)
        return str(note.code) if byte == BOUNCED and note is not None else None

    def _step(self, index: int, to: Standing | None) -> None:
        if to is None:
            return
        if to.cause is not None:
            byte, usual = _SUPPRESSED + _CAUSES.index(to.cause), 0
        else:
            byte = _STATES.index(to.state)
            usual = _usual(byte)
        self._states[index] = byte
        if to.code is None and to.attempt == usual:
            self._notes.pop(index, None)
        else:
            self._notes[index] = Note(to.attempt, to.first_at, to.code)


def _usual(byte: int) -> int:
    """How many hand-overs it took when nothing is noted."""
    return 0 if byte == WAITING else 1
