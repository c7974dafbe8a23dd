"""A room's day: holds never overlap anything, occasions occupy and say so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.occupying import ROOM_TAKEN, flagged, freed_of, keys_of, occupied
from services.booking.domain.publishing import publish
from services.booking.domain.room import Room, room_id, smallest_fitting
from services.booking.domain.room_day import Claim, DayKey, RoomDay, days_of, held
from services.booking.domain.room_rules import RoomIsTaken
from shared.kernel.ids import ActivityId, OccasionId

FIRST = datetime(2027, 1, 28, 6, 0, tzinfo=UTC)
ROOM = room_id("Sal 2")
WISHES = st.lists(
    st.tuples(
        st.sampled_from(["hold", "hold", "hold", "occasion", "release"]),
        st.integers(0, 4 * 48),  # quarters of an hour over two days
        st.integers(1, 4 * 14),
    ),
    max_size=25,
)


class Rooms:
    """Days as a store would keep them: all that an interval touches change together."""

    def __init__(self) -> None:
        self.days: dict[DayKey, RoomDay] = {}
        self.standing: dict[str, Claim] = {}

    def wish(self, kind: str, claim: Claim) -> bool:
        keys = days_of(ROOM, claim.starts_at, claim.ends_at)
        days = {key: self.days.get(key, RoomDay(key)) for key in keys}
        try:
            if kind == "hold":
                changed = held(days, keys, claim)
            else:
                changed = [day.occupy(claim) for day in days.values()]
        except RoomIsTaken:
            return False
        self.days.update({day.key: day for day in changed})
        self.standing[claim.id] = claim
        return True

    def release(self) -> None:
        if self.standing:
            gone = self.standing.pop(min(self.standing))
            for key in days_of(ROOM, gone.starts_at, gone.ends_at):
                self.days[key] = self.days[key].without(gone.id)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(WISHES)
def test_no_two_holds_ever_share_a_moment(wishes: list[tuple[str, int, int]]) -> None:
    """Whatever is asked for in whatever order: what a hold was given nobody else had, or gets."""
    rooms = Rooms()
    for number, (kind, start, length) in enumerate(wishes):
        if kind == "release":
            rooms.release()
            continue
        begins = FIRST + timedelta(minutes=15 * start)
        ends = begins + timedelta(minutes=15 * length)
        claim = Claim(f"{number:03}", "hold" if kind == "hold" else "occasion", begins, ends)
        in_the_way = [each for each in rooms.standing.values() if each.overlaps(claim)]
        assert rooms.wish(kind, claim) == (kind == "occasion" or not in_the_way)
    holds = [each for each in rooms.standing.values() if each.kind == "hold"]
    assert not any(one.overlaps(other) for one, other in combinations(holds, 2))
    for claim in rooms.standing.values():
        for key in days_of(ROOM, claim.starts_at, claim.ends_at):
            assert claim in rooms.days[key].claims
    assert sum(len(day.claims) for day in rooms.days.values()) == sum(
        len(days_of(ROOM, each.starts_at, each.ends_at)) for each in rooms.standing.values()
    )


def test_a_day_is_local_and_ends_at_its_midnight() -> None:
    """What crosses midnight in Malmö touches two days; what ends there touches one."""
    late = datetime(2027, 1, 28, 22, 0, tzinfo=UTC)  # 23 in Malmö
    assert [key.day for key in days_of(ROOM, late, late + timedelta(hours=1))] == [
        date(2027, 1, 28)
    ]
    assert [key.day for key in days_of(ROOM, late, late + timedelta(hours=2))] == [
        date(2027, 1, 28),
        date(2027, 1, 29),
    ]
    summer = datetime(2027, 7, 1, 22, 30, tzinfo=UTC)  # 00:30 the next day
    assert [key.day for key in days_of(ROOM, summer, summer + timedelta(hours=1))] == [
        date(2027, 7, 2)
    ]


def test_an_occasion_over_a_hold_is_flagged_until_the_hold_is_gone() -> None:
    """An occasion is never refused for its room; staff see that somebody holds it."""
    occasion, _ = publish(
        OccasionId("o"),
        activity_id=ActivityId("a"),
        title="Öppen kväll",
        kind="open-evening",
        audience="",
        starts_local=datetime(2027, 1, 28, 23, 0),  # noqa: DTZ001 - wall clock
        zone="Europe/Stockholm",
        minutes=120,
        room=" sal  2",
        capacity=10,
    )
    keys = keys_of(occasion)
    hold = Claim("h", "hold", occasion.starts_at + timedelta(minutes=90), occasion.ends_at)
    days = {key: RoomDay(key) for key in keys}
    assert len(keys) == 2
    assert flagged(occasion, days) is occasion
    days[keys[1]] = days[keys[1]].hold(hold)
    taken = flagged(occasion, days)
    assert taken.flags == (ROOM_TAKEN,)
    days.update(occupied(days, None, taken))
    assert all(len(day.claims) == size for day, size in zip(days.values(), (1, 2), strict=True))
    free = {keys[1]: days[keys[1]].without("h")}
    assert freed_of(free, hold) == ("o",)
    assert flagged(taken, {**days, **free}).flags == ()


def test_whoever_asks_for_any_room_gets_the_smallest_that_is_ours_and_fits() -> None:
    """A room that only a file named is never given away by itself."""
    rooms = [Room("1", "Aulan", 200), Room("2", "Sal 2", 32), Room("3", "Skolan", None)]
    assert [room.id for room in smallest_fitting(rooms, 12)] == ["2", "1"]
    assert [room.id for room in smallest_fitting(rooms, 33)] == ["1"]
    assert room_id("Sal 2") == room_id(" sal   2 ") != room_id("Sal 3")
