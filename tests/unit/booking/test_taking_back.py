"""What staff did by mistake is taken back: a cancellation, a count. And a party is reminded."""

from __future__ import annotations

import pytest

from services.booking.domain import rules
from services.booking.domain.facts import BookingCancelled, BookingConfirmed, BookingWaitlisted
from services.booking.domain.place import Place
from tests.unit.booking.story import Story, as_it_was, names


def cancelled(story: Story, who: str) -> Place:
    """Cancel; its place as the facts tell it."""
    (told, *_) = story.cancel(who)
    assert isinstance(told, BookingCancelled)
    return as_it_was(told)


def test_who_had_places_has_them_again() -> None:
    """Its number goes on where the cancellation left it, and it is told by whom."""
    story = Story(capacity=30)
    story.ask("a", 20)
    left = cancelled(story, "a")
    (fact,) = story.bring_back(left)
    assert isinstance(fact, BookingConfirmed)
    assert (fact.sequence, fact.by_staff, fact.offer_id) == (left.sequence + 1, True, None)
    assert story.states("a") == ["confirmed"]


def test_what_others_were_offered_meanwhile_is_theirs() -> None:
    """The line has the places: taking back refuses, and nothing changes for anybody."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=20)
    left = cancelled(story, "a")
    assert story.states("b") == ["offered"]
    with pytest.raises(rules.OccasionFull):
        story.bring_back(left)
    assert story.states("b") == ["offered"]


def test_who_stood_in_line_stands_where_it_stood() -> None:
    """Also when somebody has come since who was given the same number."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=20, c=15, d=10)
    middle, last = cancelled(story, "c"), cancelled(story, "d")
    story.ask("e", 12)
    (fact,) = story.bring_back(middle)
    assert isinstance(fact, BookingWaitlisted)
    assert fact.position == 2
    story.bring_back(last)
    assert story.line() == ["b", "c", "d", "e"]
    keys = [place.joined for place in story.occasion.places]
    assert keys == sorted(set(keys))


def test_who_had_an_offer_has_its_turn_again() -> None:
    """The old offer is withdrawn and stays so; the next one comes as soon as there is room."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=20, c=15)
    story.cancel("a")
    old = story.offer_of("b")
    left = cancelled(story, "b")
    assert story.states("c") == ["offered"]
    assert names(story.bring_back(left)) == ["BookingWaitlisted"]
    assert story.line() == ["b"]
    assert names(story.decline("c"))[-1] == "PlaceOffered"
    assert story.offer_of("b") != old
    with pytest.raises(rules.OfferIsWithdrawn):
        story.answer(old, yes=True)


def test_nobody_comes_back_twice_or_too_late() -> None:
    """Not to where it stands, not once offers are over, not after the start, not to what is off."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=20)
    waited = cancelled(story, "b")
    story.bring_back(waited)
    with pytest.raises(rules.BookingIsAlreadyHere):
        story.bring_back(waited)
    waited = cancelled(story, "b")
    story.wait_until_before_start(minutes=119)
    with pytest.raises(rules.LineIsClosed):
        story.bring_back(waited)
    story.wait_until_before_start()
    with pytest.raises(rules.OccasionHasStarted):
        story.bring_back(waited)
    story.call_off()
    with pytest.raises(rules.OccasionIsCancelled):
        story.bring_back(waited)


def test_a_count_is_taken_back() -> None:
    """As if nobody had counted: then it can be cancelled again; twice is quiet."""
    story = Story(capacity=30)
    story.ask("a", 20)
    story.wait_until_before_start(minutes=30)
    story.count("a", 18, 2)
    assert names(story.uncount("a")) == ["AttendanceTakenBack"]
    assert story.place("a").attended is None
    assert story.uncount("a") == ()


def test_a_party_is_reminded_once_a_day() -> None:
    """The day is the occasion's own: half past midnight in Malmö is another one than in UTC."""
    story = Story(capacity=30)
    story.ask("a", 20)
    assert names(story.remind("a")) == ["ReminderAsked"]
    with pytest.raises(rules.RemindedToday):
        story.remind("a")
    story.wait(hours=15, minutes=30)  # 00:30 on the next day, 22:30 UTC
    assert names(story.remind("a")) == ["ReminderAsked"]


def test_only_who_is_expected_is_reminded() -> None:
    """Nobody in line, nobody once it has begun, and nobody of what is cancelled."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=20)
    with pytest.raises(rules.BookingHasNoPlaces):
        story.remind("b")
    story.wait_until_before_start()
    with pytest.raises(rules.OccasionHasStarted):
        story.remind("a")
    other = Story(capacity=30)
    other.ask("a", 20)
    other.call_off()
    with pytest.raises(rules.OccasionIsCancelled):
        other.remind("a")
