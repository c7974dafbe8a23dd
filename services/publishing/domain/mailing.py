"""One run of sending a newsletter: its states, and what may lead from which to which.

    draft ⇄ scheduled ──▶ running ⇄ paused           every outcome known:
                             ⇅                         ──▶ finished
                          stalled (with its cause)     ──▶ finished-with-failures ──▶ running
    cancel: from everywhere before the end ──▶ cancelled

A mailing is never finished while an outcome is open, and never open when it is finished: `settle`
alone ends it, from the counts of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.kernel.refusal import Refusal

State = Literal[
    "draft", "scheduled", "running", "paused", "stalled", "finished", "finished-with-failures",
    "cancelled",
]  # fmt: skip
Stall = Literal["sender-refused", "no-server", "key-missing", "ledger-away", "too-many-refused"]
ENDED: frozenset[State] = frozenset({"finished", "finished-with-failures", "cancelled"})
UNDER_WAY: frozenset[State] = frozenset({"running", "paused", "stalled"})
LARGEST = 5_000_000
_ENOUGH = 50
"""Answers before anything is said of them all."""


class NotInThisState(Refusal):
    """What was asked for cannot be done with a mailing in this state."""

    kind = "mailing-state"
    sv = "Det går inte nu: utskicket är {sv_state}."
    en = "That cannot be done now: the mailing is {state}."


class NobodyToWriteTo(Refusal):
    """A mailing without recipients is a mistake in the segment."""

    kind = "no-recipients"
    sv = "Urvalet innehåller inga mottagare."
    en = "The segment holds no recipients."


class InThePast(Refusal):
    """It can be scheduled for later, or started now."""

    kind = "in-the-past"
    sv = "Välj en tid som inte redan har varit."
    en = "Choose a time that has not passed yet."


_SV: dict[State, str] = {
    "draft": "ett utkast",
    "scheduled": "schemalagt",
    "running": "i gång",
    "paused": "pausat",
    "stalled": "stoppat av ett fel",
    "finished": "klart",
    "finished-with-failures": "klart, med fel",
    "cancelled": "avbrutet",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recipients stand where. The sum never changes while a mailing runs."""

    waiting: int = 0
    in_hand: int = 0
    accepted: int = 0
    bounced: int = 0
    suppressed: int = 0
    uncertain: int = 0

    @property
    def open(self) -> int:
        """Whose outcome is not known yet."""
        return self.waiting + self.in_hand

    @property
    def total(self) -> int:
        """Everybody."""
        return self.open + self.accepted + self.bounced + self.suppressed + self.uncertain


@dataclass(frozen=True, slots=True)
class Mailing:
    """`recipients` is how many were frozen when it started; `stall` why it stopped by itself."""

    id: str
    state: State = "draft"
    send_at: datetime | None = None
    recipients: int = 0
    stall: Stall | None = None

    def __post_init__(self) -> None:
        if (self.state == "stalled") != (self.stall is not None):
            raise ValueError("stalled, and only that, has a cause")
        if (self.state == "scheduled") != (self.send_at is not None):
            raise ValueError("scheduled, and only that, has a time")


def schedule(mailing: Mailing, at: datetime, now: datetime) -> Mailing:
    """Send it at that time; again: at another time."""
    _ensure(mailing, "draft", "scheduled")
    if at <= now:
        raise InThePast
    return replace(mailing, state="scheduled", send_at=at)


def start_at_once(mailing: Mailing, now: datetime) -> Mailing:
    """Its time is now: whoever freezes it finds it due."""
    _ensure(mailing, "draft", "scheduled")
    return replace(mailing, state="scheduled", send_at=now)


def unschedule(mailing: Mailing) -> Mailing:
    """Back to a draft, to go on writing."""
    _ensure(mailing, "scheduled")
    return replace(mailing, state="draft", send_at=None)


def start(mailing: Mailing, recipients: int) -> Mailing:
    """The segment is frozen: so many people. From here on the text and the people stand."""
    _ensure(mailing, "draft", "scheduled")
    if not 0 < recipients <= LARGEST:
        raise NobodyToWriteTo
    return replace(mailing, state="running", send_at=None, recipients=recipients)


def pause(mailing: Mailing) -> Mailing:
    """Hand over nothing more for now. Again is quiet."""
    _ensure(mailing, "running", "stalled", "paused")
    return replace(mailing, state="paused", stall=None)


def resume(mailing: Mailing) -> Mailing:
    """Go on, after a pause or when what stalled it is mended. Again is quiet."""
    _ensure(mailing, "paused", "stalled", "running")
    return replace(mailing, state="running", stall=None)


def stalled(mailing: Mailing, cause: Stall) -> Mailing:
    """It cannot go on by itself; the first cause stands. A paused one stays paused."""
    if mailing.state != "running":
        return mailing
    return replace(mailing, state="stalled", stall=cause)


def cancel(mailing: Mailing) -> Mailing:
    """For good. Who is waiting becomes suppressed; what is in hand still comes to its end."""
    if mailing.state == "cancelled":
        return mailing
    _ensure(mailing, "draft", "scheduled", "running", "paused", "stalled")
    return replace(mailing, state="cancelled", send_at=None, stall=None)


def too_many_refused(refused: int, answered: int) -> bool:
    """Whether a server's policy turns away so many of those asked that going on does harm."""
    return answered >= _ENOUGH and refused * 2 > answered


def settle(mailing: Mailing, tally: Tally) -> Mailing:
    """What the ledger's counts mean: finished when everybody is accounted for, else as before."""
    if mailing.state not in UNDER_WAY or tally.open or tally.total != mailing.recipients:
        return mailing
    failed = tally.bounced or tally.uncertain
    return replace(mailing, state="finished-with-failures" if failed else "finished", stall=None)


def send_again(mailing: Mailing, reopened: int) -> Mailing:
    """So many of those that failed for a chosen reason are waiting once more."""
    _ensure(mailing, "finished-with-failures")
    if reopened < 1:
        raise NobodyToWriteTo
    return replace(mailing, state="running")


def _ensure(mailing: Mailing, *allowed: State) -> None:
    if mailing.state not in allowed:
        raise NotInThisState(state=mailing.state, sv_state=_SV[mailing.state])
