"""Head counts, capacity, time, leaders; and an occasion that is called off."""

from __future__ import annotations

import pytest

from services.booking.domain import rules
from services.booking.domain.facts import (
    BookingCancelled,
    HeadCountChanged,
    LargerThanRoomChanged,
    OccasionChanged,
)
from tests.unit.booking.story import Story, names, utc


def test_fewer_heads_free_places() -> None:
    """What a smaller class leaves goes to the line."""
    story = Story(capacity=30)
    story.ask_in_turn(a=28, b=5)
    assert names(story.resize("a", 25)) == ["HeadCountChanged", "PlaceOffered"]


def test_more_heads_need_free_places() -> None:
    """A confirmed party grows into free places only, else stays as it is."""
    story = Story(capacity=30)
    story.ask("a", 28)
    (fact,) = story.resize("a", 30)
    assert isinstance(fact, HeadCountChanged)
    assert (fact.size_before, fact.size, fact.state) == (28, 30, "confirmed")
    with pytest.raises(rules.HeadCountDoesNotFit):
        story.resize("a", 31)
    assert story.place("a").size == 30


def test_growing_overtakes_those_who_wait() -> None:
    """A wish to grow is asked for now, so it counts as a grant to somebody last in line."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20)
    for size in (21, 22, 23):
        story.resize("a", size)
    assert story.place("b").overtaken == 3
    with pytest.raises(rules.HeadCountDoesNotFit):
        story.resize("a", 24)


def test_a_waiting_party_changes_in_place() -> None:
    """It keeps its turn, may then fit, and may become larger than the room."""
    story = Story(capacity=30)
    story.ask_in_turn(a=25, b=10, c=10)
    (fact,) = story.resize("b", 31)
    assert isinstance(fact, HeadCountChanged)
    assert fact.larger_than_room
    assert story.line() == ["b", "c"]
    assert names(story.resize("b", 5)) == ["HeadCountChanged", "PlaceOffered"]


def test_the_same_head_count_is_quiet() -> None:
    """Nothing changed, nobody is told."""
    story = Story()
    story.ask("a", 5)
    assert story.resize("a", 5) == ()


def test_head_counts_stand_from_the_start_on() -> None:
    """Once it has begun, attendance is counted instead."""
    story = Story()
    story.ask("a", 5)
    story.wait_until_before_start()
    with pytest.raises(rules.OccasionHasStarted):
        story.resize("a", 4)


def test_more_capacity_triggers_offers() -> None:
    """A larger room is offered to the line at once."""
    story = Story(capacity=20)
    story.ask_in_turn(a=20, b=8, c=3)
    facts = story.change(capacity=31)
    assert names(facts) == ["OccasionChanged", "PlaceOffered", "PlaceOffered"]


def test_capacity_never_falls_below_what_is_promised() -> None:
    """Confirmed and offered places count; the refusal says how many of each."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=10, c=8)
    story.cancel("b")
    with pytest.raises(rules.CapacityBelowTaken) as refused:
        story.change(capacity=27)
    assert refused.value.facts == {"taken": 28, "confirmed": 20, "offered": 8}
    assert names(story.change(capacity=28)) == ["OccasionChanged"]


def test_a_new_capacity_says_who_can_never_fit() -> None:
    """A waiting party learns when it has become larger than the room, and when no longer."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=25)
    (_, fact) = story.change(capacity=22)
    assert isinstance(fact, LargerThanRoomChanged)
    assert fact.larger_than_room
    (_, back) = story.change(capacity=26)
    assert isinstance(back, LargerThanRoomChanged)
    assert not back.larger_than_room


def test_an_aged_party_that_can_never_fit_stops_nobody() -> None:
    """When the room becomes too small for it, those it held back get their offers."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=25, c=1, d=1, e=1, f=2)
    assert story.states("f") == ["waiting"]
    facts = story.change(capacity=25)
    assert "PlaceOffered" not in names(facts)
    facts = story.change(capacity=24)
    assert names(facts) == ["OccasionChanged", "LargerThanRoomChanged"]
    assert names(story.cancel("c")) == ["BookingCancelled", "PlaceOffered"]


def test_changes_are_told_by_name() -> None:
    """Only the fields that really differ are named, and the occasion's own number rises."""
    story = Story()
    (fact,) = story.change(
        room="Sal 2", leaders=["Mira Lindh", " "], title="Demokrativerkstad åk 7–9"
    )
    assert isinstance(fact, OccasionChanged)
    assert (fact.changed, fact.sequence) == (("room", "leaders"), 2)
    assert story.occasion.leaders == ("Mira Lindh",)
    assert story.change(room="Sal 2") == ()


def test_an_occasion_moves_only_forward_in_time() -> None:
    """It cannot be moved to a time that has been, nor once it has begun."""
    story = Story()
    with pytest.raises(rules.TimeHasPassed):
        story.change(starts_local=utc("2027-04-05T09:00").replace(tzinfo=None))
    story.wait_until_before_start()
    with pytest.raises(rules.OccasionHasStarted):
        story.change(minutes=60)
    assert names(story.change(leaders=["Yusuf Berg"])) == ["OccasionChanged"]


def test_a_cancelled_occasion_tells_everybody() -> None:
    """Each living party is told, whatever it had, and nobody is left on the occasion."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=10, c=15, d=9)
    story.cancel("b")
    facts = story.call_off()
    assert names(facts) == ["OccasionCancelled"] + ["BookingCancelled"] * 3
    told = {fact.booking_id: fact.was for fact in facts if isinstance(fact, BookingCancelled)}
    assert told == {"a": "confirmed", "c": "waiting", "d": "offered"}
    assert story.occasion.places == ()
    assert story.call_off() == ()


def test_a_cancelled_occasion_takes_nothing_more() -> None:
    """Nobody can book it, change it or take an old offer on it."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=10)
    story.cancel("a")
    offer = story.offer_of("b")
    story.call_off()
    with pytest.raises(rules.OccasionIsCancelled):
        story.ask("c", 1)
    with pytest.raises(rules.OccasionIsCancelled):
        story.change(capacity=40)
    with pytest.raises(rules.OfferIsWithdrawn):
        story.answer(offer, yes=True)


def test_calling_off_needs_a_reason_and_a_future() -> None:
    """A blank reason is refused, and so is calling off what has been."""
    story = Story()
    with pytest.raises(rules.ReasonMissing):
        story.call_off("  ")
    story.wait_until_before_start(minutes=-90)
    with pytest.raises(rules.OccasionIsOver):
        story.call_off()
