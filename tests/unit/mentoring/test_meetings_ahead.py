"""Whoever leaves a circle leaves its meetings; nobody is expected by somebody who has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mentoring.domain import circle
from services.mentoring.domain.ids import Username
from services.mentoring.domain.meeting import LIVING_STATES, STATES, MeetingState, RoomHeld
from services.mentoring.domain.meeting_facts import MeetingCancelled, RoomGivenBack
from services.mentoring.domain.meetings_ahead import after_leaving, successors_of
from services.mentoring.domain.rights import FieldGroup
from tests.unit.mentoring.casework import IDRIS, KARIN, NOW, OMAR, PEOPLE, SARA, VERA, case_in
from tests.unit.mentoring.test_meetings import AFTER, BY, TIMES, in_state

EVERYBODY = st.frozensets(st.sampled_from(PEOPLE))


@given(
    st.sampled_from(STATES),
    st.frozensets(st.sampled_from(PEOPLE), min_size=1),
    EVERYBODY,
    st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
)
def test_a_meeting_that_stands_is_held_by_somebody_who_is_there(
    state: MeetingState,
    staff: frozenset[Username],
    around: frozenset[Username],
    successors: dict[Username, Username],
) -> None:
    """Ahead and alive, it is cancelled or its staff are of the circle; else it stays as it is."""
    before = replace(in_state(state), staff=staff)
    after, facts = after_leaving(before, around, successors, **BY)
    if state not in LIVING_STATES:
        assert (after, facts) == (before, ())
    elif after.state == "cancelled":
        assert {successors.get(each, each) for each in staff}.isdisjoint(around)
        assert facts
    else:
        assert after.staff
        assert after.staff <= around
        assert (replace(after, staff=staff), facts) == (before, ())


def test_the_last_one_gone_it_is_cancelled_told_and_its_room_given_back() -> None:
    """In the words of any cancellation: the time, and nothing of why."""
    held = replace(in_state("scheduled"), held_room=RoomHeld("r1", "Sal 2"))
    after, facts = after_leaving(held, frozenset({KARIN}), {}, **BY)
    assert after.state == "cancelled"
    assert [type(fact) for fact in facts] == [MeetingCancelled, RoomGivenBack]


@pytest.mark.parametrize("state", sorted(LIVING_STATES - {"awaiting-room"}))
def test_what_has_been_is_left_as_it_was(state: MeetingState) -> None:
    """Whether they met is still to be said, by whoever is there."""
    before = in_state(state)
    given: dict[str, Any] = {"by": KARIN, "now": AFTER}
    assert after_leaving(before, frozenset(), {}, **given) == (before, ())


def test_a_meeting_that_is_being_moved_ahead_is_ahead() -> None:
    """Its old time is over, its new one is not, if the room comes: it is cancelled all the same."""
    before = in_state("awaiting-room")
    assert before.wish is not None
    past = replace(TIMES, starts_local=TIMES.starts_local - timedelta(days=20))
    after, _ = after_leaving(replace(before, times=past), frozenset(), {}, **BY)
    assert after.state == "cancelled"


@pytest.mark.parametrize(
    ("leaving", "to", "sees", "takes_over"),
    [
        (KARIN, VERA, None, True),
        (KARIN, OMAR, None, True),
        (IDRIS, VERA, None, False),
        (IDRIS, VERA, frozenset({"plan", "meetings"}), True),
        (SARA, VERA, None, True),
    ],
)
def test_whoever_is_handed_the_place_takes_over_what_they_may_see(
    leaving: Username, to: Username, sees: frozenset[FieldGroup] | None, takes_over: bool
) -> None:
    """A lead's meetings go to the next lead; a mentor's only if somebody chose so."""
    _, facts = circle.hand_over(case_in("active"), leaving, to, sees=sees, by=KARIN, now=NOW)
    assert successors_of(facts) == ({leaving: to} if takes_over else {})


def test_nobody_succeeds_whoever_is_only_out() -> None:
    """Unassigned, and another assigned: the meetings were not handed to them."""
    case, out = circle.unassign(case_in("active"), IDRIS, by=KARIN, now=NOW)
    _, joined = circle.assign(case, VERA, "mentor", sees=frozenset({"meetings"}), by=KARIN, now=NOW)
    assert successors_of((*out, *joined)) == {}
