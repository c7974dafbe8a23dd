"""The life of a case: every command in every phase, and every pair of phases."""

from __future__ import annotations

from itertools import product

import pytest

from services.mentoring.domain.phases import ALLOWED, COMMANDS, PHASES, Command, Phase, after
from services.mentoring.domain.rules import NotInThisPhase
from tests.unit.mentoring.casework import case_in
from tests.unit.mentoring.commands import GIVE, OTHERS

ALL_BUT_ERASED = (
    "intake assessment planning active closing aftercare archived declined".split()  # noqa: SIM905
)
LEGAL_PAIRS = {
    ("intake", "assessment"),
    ("assessment", "planning"),
    ("planning", "active"),
    ("intake", "declined"),
    # Whoever wants to stop before support has begun is closed with the same care.
    ("assessment", "closing"),
    ("planning", "closing"),
    ("active", "closing"),
    ("closing", "assessment"),
    ("closing", "planning"),
    ("closing", "active"),
    ("closing", "aftercare"),
    ("aftercare", "active"),
    ("aftercare", "archived"),
    ("declined", "archived"),
    *((phase, "erased") for phase in ALL_BUT_ERASED),
}
"""Written from the description of the work, not from the table."""


def test_every_command_can_be_given() -> None:
    """The table knows no command that the code does not have, nor the other way round."""
    assert set(GIVE) == set(COMMANDS) == {command for _, _, command in ALLOWED}


@pytest.mark.parametrize(("before", "to"), list(product(PHASES, PHASES)))
def test_each_pair_of_phases_is_as_described(before: Phase, to: Phase) -> None:
    """No way leads from a phase to another but those that the work has."""
    moves = {command for start, end, command in ALLOWED if (start, end) == (before, to)}
    if before != to:
        assert bool(moves) == ((before, to) in LEGAL_PAIRS)
    elif before == "erased":
        assert not moves


@pytest.mark.parametrize(("phase", "command"), list(product(PHASES, COMMANDS)))
def test_a_command_in_a_phase_is_legal_or_a_named_refusal(phase: Phase, command: Command) -> None:
    """Given with all it asks for, a command leads where the table says, or is NotInThisPhase."""
    reached = {end for start, end, by in ALLOWED if (start, by) == (phase, command)}
    case = case_in(phase)
    if not reached:
        with pytest.raises(NotInThisPhase):
            GIVE[command](case)
        return
    assert GIVE[command](case).phase in reached


@pytest.mark.parametrize(("phase", "name"), list(product(PHASES, OTHERS)))
def test_other_ways_of_a_command_obey_the_same_table(phase: Phase, name: str) -> None:
    """What belongs to a command is refused in the same phases as the command itself."""
    command, give = OTHERS[name]
    if (phase, phase, command) in ALLOWED:
        assert give(case_in(phase)).phase == phase
    else:
        with pytest.raises(NotInThisPhase):
            give(case_in(phase))


def test_an_erased_case_knows_no_command() -> None:
    """Nothing leads out of erased, and nothing can be done there."""
    assert [step for step in ALLOWED if step[0] == "erased"] == []


def test_a_no_to_a_closing_leads_back_only_to_where_it_came_from() -> None:
    """Several phases lead to closing, so the way back has to be named."""
    with pytest.raises(NotInThisPhase):
        after("closing", "withdraw-closure")
    assert after("closing", "withdraw-closure", "planning") == "planning"
    with pytest.raises(NotInThisPhase):
        after("closing", "withdraw-closure", "aftercare")
