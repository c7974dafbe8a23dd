"""Asking for places: fit-first with ageing."""

from __future__ import annotations

import pytest

from services.booking.domain import rules
from services.booking.domain.facts import BookingConfirmed, BookingWaitlisted
from tests.unit.booking.story import Story, names


def test_a_party_that_fits_is_confirmed() -> None:
    """Whoever fits gets its places at once and is told with sequence number one."""
    story = Story(capacity=30)
    (fact,) = story.ask("7A", 28)
    assert isinstance(fact, BookingConfirmed)
    assert (fact.booking_id, fact.size, fact.sequence, fact.offer_id) == ("7A", 28, 1, None)
    assert story.occasion.free == 2


def test_a_party_is_all_or_nothing() -> None:
    """A class that does not fit whole gets nothing, and waits with its position."""
    story = Story(capacity=30)
    story.ask("7A", 20)
    (fact,) = story.ask("7B", 11)
    assert isinstance(fact, BookingWaitlisted)
    assert (fact.position, fact.larger_than_room) == (1, False)
    assert story.occasion.people("confirmed") == 20


def test_refuse_means_not_waiting() -> None:
    """Asked to refuse when full, the occasion refuses, and nobody joins the line."""
    story = Story(capacity=30)
    story.ask("7A", 20)
    with pytest.raises(rules.OccasionFull):
        story.ask("7B", 11, when_full="refuse")
    assert story.line() == []


def test_a_smaller_party_may_go_first() -> None:
    """Fit-first: a small party takes what a large one ahead of it cannot use."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20)
    assert names(story.ask("c", 10)) == ["BookingConfirmed"]
    assert story.place("b").overtaken == 1


def test_nobody_is_overtaken_a_fourth_time() -> None:
    """Overtaken three times, a party holds the line: later ones wait although they would fit."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20, c=2, d=2, e=2)
    assert story.place("b").overtaken == 3
    assert names(story.ask("f", 1)) == ["BookingWaitlisted"]
    with pytest.raises(rules.OccasionFull):
        story.ask("g", 1, when_full="refuse")
    assert story.occasion.free == 4


def test_a_held_line_moves_on_when_the_aged_party_leaves() -> None:
    """Once the aged party has gone, those behind it that fit get their offers."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20, c=2, d=2, e=2, f=1, g=3)
    assert names(story.cancel("b")) == ["BookingCancelled", "PlaceOffered", "PlaceOffered"]
    assert story.states("f", "g") == ["offered", "offered"]


def test_the_aged_party_is_served_first() -> None:
    """Freed places go to the aged party, and only what is left to those behind it."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20, c=2, d=2, e=2, f=4)
    assert story.place("f").state == "waiting"
    story.cancel("a")
    assert story.states("b", "f") == ["offered", "offered"]


def test_places_freed_too_few_for_the_aged_party_are_kept_for_it() -> None:
    """What is too little for the aged party goes to nobody behind it."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20, c=2, d=2, e=2, f=4)
    assert names(story.cancel("c")) == ["BookingCancelled"]
    assert story.occasion.free == 6


def test_in_the_last_three_working_days_only_fitting_counts() -> None:
    """From the closing time that leaves three working days, empty chairs matter more than turns."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20, c=2, d=2, e=2, f=4)
    story.wait_until_before_start(days=6, hours=2)  # Friday 08:00: Fri, Mon, Tue, Wed are left
    assert story.settle() == ()
    story.wait_until_before_start(days=5, hours=17)  # Friday 17:00: Mon, Tue, Wed are left
    assert names(story.settle()) == ["PlaceOffered"]
    assert story.place("f").state == "offered"
    assert names(story.ask("g", 1)) == ["BookingWaitlisted"]


def test_a_party_larger_than_the_room_waits_apart() -> None:
    """It waits with its own wording, is never overtaken and never stops anybody."""
    story = Story(capacity=30)
    (fact,) = story.ask("all-of-year-7", 90)
    assert isinstance(fact, BookingWaitlisted)
    assert fact.larger_than_room
    story.ask_in_turn(a=10, b=10, c=5, d=5)
    assert story.states("a", "b", "c", "d") == ["confirmed"] * 4
    assert story.place("all-of-year-7").overtaken == 0
    assert story.occasion.is_larger_than_room(story.place("all-of-year-7"))
    assert not story.occasion.is_larger_than_room(story.place("a"))


def test_a_party_larger_than_the_room_may_be_refused() -> None:
    """Without the wish to wait it is refused with the number of places there are."""
    story = Story(capacity=30)
    with pytest.raises(rules.LargerThanRoom) as refused:
        story.ask("all-of-year-7", 90, when_full="refuse")
    assert refused.value.facts == {"capacity": 30}


@pytest.mark.parametrize("size", [0, -1, 2001])
def test_a_party_has_a_size(size: int) -> None:
    """Nobody, fewer than nobody, and more than two thousand are not parties."""
    with pytest.raises(rules.PartySizeOutOfRange):
        Story().ask("7A", size)


def test_nothing_is_confirmed_after_the_start() -> None:
    """The last moment to book is before the start, not at it."""
    story = Story()
    story.wait_until_before_start(seconds=1)
    assert names(story.ask("a", 1)) == ["BookingConfirmed"]
    story.wait(seconds=1)
    with pytest.raises(rules.OccasionHasStarted):
        story.ask("b", 1)


def test_nobody_joins_a_line_that_cannot_move() -> None:
    """In the last two hours no offers are made, so the line is closed; free places still go."""
    story = Story(capacity=3)
    story.ask("a", 2)
    story.wait_until_before_start(hours=2)
    with pytest.raises(rules.LineIsClosed):
        story.ask("b", 2)
    assert names(story.ask("c", 1)) == ["BookingConfirmed"]


def test_a_booking_stands_once() -> None:
    """The same booking cannot ask twice for places on one occasion."""
    story = Story()
    story.ask("a", 2)
    with pytest.raises(rules.BookingIsAlreadyHere):
        story.ask("a", 2)


def test_a_refusal_changes_nothing() -> None:
    """The occasion that refused is the one that was asked, to the last field."""
    story = Story(capacity=3)
    story.ask_in_turn(a=3, b=2)
    before = story.occasion
    with pytest.raises(rules.OccasionFull):
        story.ask("c", 1, when_full="refuse")
    assert story.occasion == before


def test_time_is_aware() -> None:
    """A decision without a time zone on its clock is a mistake of the program, not a refusal."""
    story = Story()
    story.now = story.now.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        story.settle()
