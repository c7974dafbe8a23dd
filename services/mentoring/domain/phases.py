"""The life of a case: which command may lead from which phase to which. What is not here cannot be.

A command that leaves the phase as it is stands here too, once for each phase in which it is
possible. A review is a deadline, not a phase. What decides beside the phase (two people, an
assessment, a review date) is the command's own business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from services.mentoring.domain.rules import NotInThisPhase

Phase = Literal[
    "intake",
    "assessment",
    "planning",
    "active",
    "closing",
    "aftercare",
    "archived",
    "declined",
    "erased",
]
PHASES: tuple[Phase, ...] = get_args(Phase)

MovingCommand = Literal[
    "begin-assessment",
    "begin-planning",
    "begin-support",
    "decline",
    "propose-closure",
    "withdraw-closure",
    "refuse-closure",
    "approve-closure",
    "reopen",
    "archive",
    "erase",
    "erase-at-own-request",
]
StayingCommand = Literal[
    "assign",
    "unassign",
    "hand-over",
    "set-away",
    "protect",
    "record-assessment",
    "change-plan",
    "change-aftercare-plan",
    "write-note",
    "arrange-meeting",
    "record-contact",
    "set-contact-rhythm",
    "set-review",
    "give-consent",
    "withdraw-consent",
    "share",
    "end-share",
    "raise-concern",
    "decide-concern",
    "open-glass",
    "handle-glass",
    "hold",
]
Command = MovingCommand | StayingCommand
COMMANDS: tuple[Command, ...] = (*get_args(MovingCommand), *get_args(StayingCommand))

OPEN: frozenset[Phase] = frozenset({"intake", "assessment", "planning", "active", "closing"})
"""Somebody works towards something with the person."""
LIVING: frozenset[Phase] = OPEN | {"aftercare"}
"""The case has a circle of people."""
KEPT: frozenset[Phase] = frozenset(PHASES) - {"erased"}
"""There is something on file."""
CLOSES_FROM: frozenset[Phase] = frozenset({"assessment", "planning", "active"})
SUPPORT: frozenset[Phase] = frozenset({"planning", "active", "closing"})
"""A mentor may be on the case."""

_MOVES: tuple[tuple[Phase, Phase, Command], ...] = (
    ("intake", "assessment", "begin-assessment"),
    ("assessment", "planning", "begin-planning"),
    ("planning", "active", "begin-support"),
    ("intake", "declined", "decline"),
    ("closing", "aftercare", "approve-closure"),
    ("aftercare", "active", "reopen"),
    ("aftercare", "archived", "archive"),
    ("declined", "archived", "archive"),
    ("declined", "erased", "erase"),
    ("archived", "erased", "erase"),
)

_STAYS: dict[Command, frozenset[Phase]] = {
    "assign": LIVING,
    "unassign": LIVING,
    "hand-over": LIVING,
    "set-away": LIVING,
    "protect": LIVING,
    "record-assessment": CLOSES_FROM,
    "change-plan": frozenset({"planning", "active"}),
    "change-aftercare-plan": LIVING - {"intake"},
    "write-note": LIVING,
    "arrange-meeting": LIVING,
    "record-contact": LIVING,
    "set-contact-rhythm": LIVING,
    "set-review": LIVING,
    "give-consent": LIVING,
    "withdraw-consent": KEPT,
    "share": LIVING,
    "end-share": KEPT,
    "raise-concern": LIVING,
    "decide-concern": LIVING,
    "open-glass": KEPT,
    "handle-glass": KEPT,
    "hold": KEPT,
}


def _all_moves() -> Iterator[tuple[Phase, Phase, Command]]:
    yield from _MOVES
    for phase in CLOSES_FROM:
        yield (phase, "closing", "propose-closure")
        yield ("closing", phase, "withdraw-closure")
        yield ("closing", phase, "refuse-closure")
    for phase in KEPT:
        yield (phase, "erased", "erase-at-own-request")
    for command, phases in _STAYS.items():
        for phase in phases:
            yield (phase, phase, command)


ALLOWED: frozenset[tuple[Phase, Phase, Command]] = frozenset(_all_moves())
"""(from, to, by command): every step there is."""


def after(before: Phase, command: Command, to: Phase | None = None) -> Phase:
    """The phase that a command leads to; `to` chooses when there are several.

    Raises NotInThisPhase.
    """
    reached = [
        end for start, end, by in ALLOWED if start == before and by == command and to in (None, end)
    ]
    if len(reached) != 1:
        raise NotInThisPhase(phase=before, command=command)
    return reached[0]
