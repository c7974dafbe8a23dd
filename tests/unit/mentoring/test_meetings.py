"""Meetings and the saga of their rooms: every command in every state, late and double answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from services.mentoring.domain.ids import MeetingId
from services.mentoring.domain.meeting import (
    ANSWER_WITHIN,
    STATES,
    Meeting,
    MeetingState,
    RoomHeld,
    RoomWish,
    Times,
)
from services.mentoring.domain.meeting_facts import (
    MeetingCancelled,
    MeetingDropped,
    MeetingHappened,
    MeetingMoved,
    MeetingScheduled,
    RoomGivenBack,
    RoomNotGot,
    RoomRequested,
    RoomTaken,
)
from services.mentoring.domain.meeting_rules import (
    MeetingIsAhead,
    MeetingIsPast,
    MeetingLength,
    MeetingPeople,
    NotInThisState,
    StaffMissing,
)
from services.mentoring.domain.meetings import (
    cancel_meeting,
    move_meeting,
    propose_meeting,
    record_meeting,
    schedule,
)
from services.mentoring.domain.rooms import (
    ask_for_room,
    check_room,
    room_is_refused,
    room_is_taken_away,
    take_room,
)
from shared.kernel.refusal import Refusal
from shared.kernel.wall_clock import TimeDoesNotExist, TimeIsAmbiguous, UnknownTimeZone
from tests.unit.mentoring.casework import DAY, IDRIS, KARIN, NOW, STRANGER, case_in

ZONE = "Europe/Stockholm"
TIMES = Times(datetime.fromisoformat("2027-03-20T15:00"), ZONE, 60)
OTHER = Times(datetime.fromisoformat("2027-03-21T15:00"), ZONE, 60)
BY: dict[str, Any] = {"by": KARIN, "now": NOW}
AFTER = TIMES.starts_at + timedelta(minutes=1)


def at(local: str) -> Times:
    return replace(TIMES, starts_local=datetime.fromisoformat(local))


def proposed(**wishes: Any) -> Meeting:
    wanted: dict[str, Any] = {"staff": frozenset({IDRIS}), "people": 2, **BY}
    return propose_meeting(
        case_in("active"), MeetingId("m"), wishes.pop("times", TIMES), **(wanted | wishes)
    )[0]


def in_state(state: MeetingState) -> Meeting:
    wish = RoomWish("r1", None, TIMES, NOW + ANSWER_WITHIN) if state == "awaiting-room" else None
    told = state in {"scheduled", "held", "missed"}
    return replace(proposed(), state=state, told=told, wish=wish)


def kinds(facts: tuple[object, ...]) -> list[type]:
    return [type(fact) for fact in facts]


COMMANDS: dict[str, tuple[set[str], Callable[[Meeting], Meeting]]] = {
    "schedule": ({"proposed"}, lambda it: schedule(it, **BY)[0]),
    "ask": ({"proposed", "scheduled"}, lambda it: ask_for_room(it, "r2", None, **BY)[0]),
    "move": (
        {"proposed", "awaiting-room", "scheduled"},
        lambda it: move_meeting(it, OTHER, "r2", **BY)[0],
    ),
    "cancel": ({"proposed", "awaiting-room", "scheduled"}, lambda it: cancel_meeting(it, **BY)[0]),
    "hold": ({"scheduled"}, lambda it: record_meeting(it, held=True, by=KARIN, now=AFTER)[0]),
    "miss": ({"scheduled"}, lambda it: record_meeting(it, held=False, by=KARIN, now=AFTER)[0]),
}


@pytest.mark.parametrize(("state", "name"), list(product(STATES, COMMANDS)))
def test_every_command_in_every_state(state: MeetingState, name: str) -> None:
    """A command is possible in its states and a named refusal in all others."""
    possible, give = COMMANDS[name]
    if state in possible:
        assert give(in_state(state)).state in STATES
    else:
        with pytest.raises(NotInThisState):
            give(in_state(state))


@pytest.mark.parametrize("state", STATES)
def test_bookings_answers_never_break_a_meeting(state: MeetingState) -> None:
    """Whatever comes from booking in whatever state is taken, given back, or quiet."""
    meeting = in_state(state)
    got, facts = take_room(meeting, "unknown", "Sal 2", now=NOW)
    assert kinds(facts) == [RoomGivenBack]
    assert (got.state, got.held_room) == (state, None)
    assert room_is_refused(meeting, "unknown", now=NOW) == (meeting, ())
    assert room_is_taken_away(meeting, "unknown", now=NOW) == (meeting, ())
    if state != "awaiting-room":
        assert check_room(meeting, now=NOW + DAY) == (meeting, ())


def test_a_room_is_asked_for_held_and_told() -> None:
    """The young person is told when there is a room, not before; the answer twice is quiet."""
    meeting, facts = ask_for_room(proposed(), "r1", "Sal 2", **BY)
    assert kinds(facts) == [RoomRequested]
    assert not meeting.told
    meeting, facts = take_room(meeting, "r1", "Sal 2", now=NOW)
    assert kinds(facts) == [RoomTaken, MeetingScheduled]
    assert (meeting.state, meeting.held_room) == ("scheduled", RoomHeld("r1", "Sal 2"))
    assert take_room(meeting, "r1", "Sal 2", now=NOW) == (meeting, ())


def test_no_room_leads_back_and_tells_the_staff() -> None:
    """Refused: the meeting is proposed again, and whoever takes part decides anew."""
    meeting, _ = ask_for_room(proposed(), "r1", None, **BY)
    meeting, facts = room_is_refused(meeting, "r1", now=NOW)
    assert (meeting.state, meeting.wish) == ("proposed", None)
    (fact,) = facts
    assert isinstance(fact, RoomNotGot)
    assert (fact.why, fact.tell) == ("refused", (IDRIS,))


def test_no_answer_in_time_takes_the_wish_back() -> None:
    """After fifteen minutes, not before; a late room is given back as well."""
    meeting, _ = ask_for_room(proposed(), "r1", None, **BY)
    assert check_room(meeting, now=NOW + ANSWER_WITHIN - timedelta(seconds=1)) == (meeting, ())
    meeting, facts = check_room(meeting, now=NOW + ANSWER_WITHIN)
    assert kinds(facts) == [RoomNotGot, RoomGivenBack]
    late, facts = take_room(meeting, "r1", "Sal 2", now=NOW + DAY)
    assert kinds(facts) == [RoomGivenBack]
    assert late.state == "proposed"


def test_a_move_keeps_the_old_room_until_the_new_one_is_held() -> None:
    """Never with neither: old time and room stand until then, and after a refusal."""
    meeting, _ = ask_for_room(proposed(), "r1", "Sal 2", **BY)
    meeting, _ = take_room(meeting, "r1", "Sal 2", now=NOW)
    moving, facts = move_meeting(meeting, OTHER, "r2", **BY)
    assert kinds(facts) == [RoomRequested]
    assert (moving.times, moving.held_room) == (TIMES, RoomHeld("r1", "Sal 2"))
    stays, facts = room_is_refused(moving, "r2", now=NOW)
    assert kinds(facts) == [RoomNotGot]
    assert (stays.state, stays.times) == ("scheduled", TIMES)
    assert stays.held_room == RoomHeld("r1", "Sal 2")
    moved, facts = take_room(moving, "r2", "Sal 2", now=NOW)
    assert kinds(facts) == [RoomTaken, MeetingMoved, RoomGivenBack]
    assert [f.request_id for f in facts if isinstance(f, RoomGivenBack)] == ["r1"]
    assert (moved.times, moved.held_room) == (OTHER, RoomHeld("r2", "Sal 2"))


def test_moving_while_a_room_is_asked_for_asks_anew() -> None:
    """The first wish is given back; its answer, when it comes, too."""
    meeting, _ = ask_for_room(proposed(), "r1", None, **BY)
    meeting, facts = move_meeting(meeting, OTHER, "r2", **BY)
    assert kinds(facts) == [RoomGivenBack, RoomRequested]
    meeting, facts = take_room(meeting, "r1", "Sal 2", now=NOW)
    assert kinds(facts) == [RoomGivenBack]
    meeting, _ = take_room(meeting, "r2", "Sal 3", now=NOW)
    assert (meeting.times, meeting.held_room) == (OTHER, RoomHeld("r2", "Sal 3"))


def test_without_a_room_a_move_is_told_at_once() -> None:
    """Only of a meeting that the young person knew of."""
    quiet, facts = move_meeting(proposed(), OTHER, "r2", **BY)
    assert (facts, quiet.times, quiet.state) == ((), OTHER, "proposed")
    meeting, _ = schedule(proposed(), **BY)
    _, facts = move_meeting(meeting, OTHER, "r2", **BY)
    assert kinds(facts) == [MeetingMoved]


def test_a_cancelled_meeting_holds_no_room() -> None:
    """Wished-for and held rooms are both given back; who knew of it is told."""
    meeting, _ = ask_for_room(proposed(), "r1", None, **BY)
    gone, facts = cancel_meeting(meeting, **BY)
    assert kinds(facts) == [MeetingDropped, RoomGivenBack]
    meeting, _ = take_room(meeting, "r1", "Sal 2", now=NOW)
    meeting, _ = move_meeting(meeting, OTHER, "r2", **BY)
    gone, facts = cancel_meeting(meeting, **BY)
    assert kinds(facts) == [MeetingCancelled, RoomGivenBack, RoomGivenBack]
    assert {f.request_id for f in facts if isinstance(f, RoomGivenBack)} == {"r1", "r2"}
    assert (gone.wish, gone.held_room) == (None, None)
    _, facts = take_room(gone, "r2", "Sal 2", now=NOW)
    assert kinds(facts) == [RoomGivenBack]


def test_a_room_that_booking_takes_back_leaves_the_time() -> None:
    """The meeting stands, somebody is told, and another room can be asked for without new words."""
    meeting, _ = ask_for_room(proposed(), "r1", None, **BY)
    meeting, _ = take_room(meeting, "r1", "Sal 2", now=NOW)
    meeting, facts = room_is_taken_away(meeting, "r1", now=NOW)
    assert kinds(facts) == [RoomNotGot]
    assert (meeting.state, meeting.held_room) == ("scheduled", None)
    meeting, _ = ask_for_room(meeting, "r2", None, **BY)
    meeting, facts = take_room(meeting, "r2", "Sal 3", now=NOW)
    assert kinds(facts) == [RoomTaken]
    with pytest.raises(NotInThisState):
        ask_for_room(meeting, "r3", None, **BY)


def test_whether_they_met_is_known_when_it_has_begun() -> None:
    """Not before the start; held and missed are both final."""
    meeting, _ = schedule(proposed(), **BY)
    with pytest.raises(MeetingIsAhead):
        record_meeting(meeting, held=True, **BY)
    met, facts = record_meeting(meeting, held=True, by=KARIN, now=TIMES.starts_at)
    assert kinds(facts) == [MeetingHappened]
    assert met.state == "held"


@pytest.mark.parametrize(
    ("wishes", "refusal"),
    [
        ({"staff": frozenset()}, StaffMissing),
        ({"staff": frozenset({IDRIS, STRANGER})}, StaffMissing),
        ({"people": 1}, MeetingPeople),
        ({"people": 21}, MeetingPeople),
        ({"times": replace(TIMES, minutes=4)}, MeetingLength),
        ({"times": replace(TIMES, minutes=481)}, MeetingLength),
        ({"times": at("2027-03-10T09:00")}, MeetingIsPast),
        ({"times": at("2027-03-28T02:30")}, TimeDoesNotExist),
        ({"times": at("2027-10-31T02:30")}, TimeIsAmbiguous),
        ({"times": replace(TIMES, zone="Malmö/Centrum")}, UnknownTimeZone),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    wishes: dict[str, Any], refusal: type[Refusal]
) -> None:
    """Somebody from the circle, a sensible size and length, a time that exists and lies ahead."""
    with pytest.raises(refusal):
        proposed(**wishes)


def test_wall_clock_is_turned_into_the_right_instant() -> None:
    """Three in the afternoon in Malmö is two in UTC in March, and one in April."""
    assert TIMES.starts_at == datetime(2027, 3, 20, 14, tzinfo=UTC)
    april = at("2027-04-20T15:00")
    assert april.starts_at == datetime(2027, 4, 20, 13, tzinfo=UTC)
    assert april.ends_at - april.starts_at == timedelta(minutes=60)


def test_a_schedule_lies_ahead() -> None:
    """A proposed time that has come can only be moved or dropped."""
    with pytest.raises(MeetingIsPast):
        schedule(proposed(), by=KARIN, now=AFTER)
    with pytest.raises(MeetingIsPast):
        ask_for_room(proposed(), "r1", None, by=KARIN, now=AFTER)


def test_facts_are_numbered_without_a_gap() -> None:
    """Each fact of a meeting has the next number."""
    meeting, first = ask_for_room(proposed(), "r1", None, **BY)
    meeting, second = take_room(meeting, "r1", "Sal 2", now=NOW)
    _, third = cancel_meeting(meeting, **BY)
    assert [fact.sequence for fact in (*first, *second, *third)] == [2, 3, 4, 5, 6]
