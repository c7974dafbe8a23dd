"""Offers: to whom, for how long, and what an answer does."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.booking.domain import rules
from services.booking.domain.facts import (
    BookingConfirmed,
    BookingUnserved,
    OfferDeadlineMoved,
    OfferDeclined,
    OfferExpired,
    PlaceOffered,
)
from tests.unit.booking.story import OFFICE, Story, names, utc


def full_with_a_line() -> Story:
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=10, c=18, d=9, e=12)
    return story


def test_freed_places_are_offered_in_order_to_whoever_fits() -> None:
    """The first that fits gets the offer, then the next that fits what is left."""
    story = full_with_a_line()
    facts = story.cancel("a")
    assert names(facts) == ["BookingCancelled", "PlaceOffered"]
    assert story.states("c", "d", "e") == ["offered", "waiting", "waiting"]
    assert story.occasion.free == 2


def test_who_does_not_fit_is_passed_and_overtaken() -> None:
    """An offer to a later party counts against the one that had to be passed."""
    story = full_with_a_line()
    story.cancel("b")
    assert story.states("c", "d") == ["waiting", "offered"]
    assert story.place("c").overtaken == 1


def test_an_offer_stands_for_eight_office_hours() -> None:
    """Made Monday at 09:00 it stands until 17:00; made at 10:00 until Tuesday at 09:00."""
    story = full_with_a_line()
    story.cancel("b")
    assert story.deadline_of("d") == utc("2027-04-05T15:00")
    later = full_with_a_line()
    later.wait(hours=1)
    later.cancel("b")
    assert later.deadline_of("d") == utc("2027-04-06T07:00")


def test_an_offer_never_stands_past_two_hours_before_the_start() -> None:
    """Close to the start the deadline is two hours before it."""
    story = full_with_a_line()
    story.wait_until_before_start(hours=3)
    story.cancel("a")
    assert story.deadline_of("c") == utc("2027-04-22T06:00")


def test_no_offer_in_the_last_two_hours() -> None:
    """What comes free then stays free for whoever asks."""
    story = full_with_a_line()
    story.wait_until_before_start(hours=2)
    story.settle()
    assert names(story.cancel("a")) == ["BookingCancelled"]
    assert names(story.ask("f", 20)) == ["BookingConfirmed"]


def test_yes_confirms() -> None:
    """A yes turns the held places into confirmed ones, through that offer."""
    story = full_with_a_line()
    story.cancel("a")
    offer = story.offer_of("c")
    (fact,) = story.accept("c")
    assert isinstance(fact, BookingConfirmed)
    assert (fact.offer_id, fact.sequence) == (offer, 3)
    assert story.place("c").state == "confirmed"


def test_yes_twice_is_quiet() -> None:
    """Saying yes again changes nothing and tells nobody twice."""
    story = full_with_a_line()
    story.cancel("a")
    story.accept("c")
    before = story.occasion
    assert story.accept("c") == ()
    assert story.occasion is before


def test_no_passes_it_on() -> None:
    """A no leaves the line, and those who fit now are asked; overtakings are not given back."""
    story = full_with_a_line()
    story.cancel("b")
    assert story.place("c").overtaken == 1
    assert names(story.decline("d")) == ["OfferDeclined"]
    assert story.line() == ["c", "e"]
    assert story.place("c").overtaken == 1
    story.resize("e", 10)
    assert story.states("e") == ["offered"]
    assert story.place("c").overtaken == 2


def test_no_twice_is_quiet() -> None:
    """Saying no again changes nothing."""
    story = full_with_a_line()
    story.cancel("b")
    offer = story.offer_of("d")
    story.answer(offer, yes=False)
    assert story.answer(offer, yes=False) == ()


def test_no_after_yes_is_a_cancellation() -> None:
    """Places that were taken are given back by cancelling, never by a late no."""
    story = full_with_a_line()
    story.cancel("b")
    story.accept("d")
    with pytest.raises(rules.OfferIsAccepted):
        story.answer(story.offer_of("d"), yes=False)


def test_yes_after_no_is_refused() -> None:
    """The places have gone on."""
    story = full_with_a_line()
    story.cancel("b")
    offer = story.offer_of("d")
    story.answer(offer, yes=False)
    with pytest.raises(rules.OfferIsDeclined):
        story.answer(offer, yes=True)


def test_an_expired_offer_is_dead_even_if_nobody_looked() -> None:
    """At the deadline a yes comes too late, with no background job anywhere."""
    story = full_with_a_line()
    story.cancel("b")
    offer = story.offer_of("d")
    story.now = story.deadline_of("d")
    for _ in range(2):
        with pytest.raises(rules.OfferHasExpired):
            story.answer(offer, yes=True)
        story.settle()


def test_a_yes_in_the_last_second_counts() -> None:
    """The deadline itself is the first moment that is too late."""
    story = full_with_a_line()
    story.cancel("b")
    story.now = story.deadline_of("d")
    story.wait(seconds=-1)
    assert names(story.accept("d")) == ["BookingConfirmed"]


def test_an_expired_offer_passes_on_at_the_next_touch() -> None:
    """Whatever is done next first settles: the dead offer's places go to the next that fits."""
    story = full_with_a_line()
    story.cancel("a")
    story.now = story.deadline_of("c")
    facts = story.ask("f", 30)
    assert names(facts) == ["OfferExpired", "PlaceOffered", "BookingWaitlisted"]
    assert story.states("d") == ["offered"]


def test_an_unknown_offer_is_refused() -> None:
    """An id that was never an offer here is not found."""
    with pytest.raises(rules.OfferNotFound):
        Story().answer("no-such-offer", yes=True)


def test_a_withdrawn_offer_says_so() -> None:
    """The offer of a booking that has been cancelled no longer stands."""
    story = full_with_a_line()
    story.cancel("b")
    offer = story.offer_of("d")
    story.cancel("d")
    for yes in (True, False):
        with pytest.raises(rules.OfferIsWithdrawn):
            story.answer(offer, yes=yes)


def test_a_cancelled_offer_passes_on() -> None:
    """Who cancels while holding an offer frees the places for the next."""
    story = full_with_a_line()
    story.cancel("a")
    assert names(story.cancel("c")) == ["BookingCancelled", "PlaceOffered"]


def test_an_earlier_start_brings_deadlines_forward() -> None:
    """An open offer never outlives two hours before the new start, and its holder is told."""
    story = full_with_a_line()
    story.cancel("a")
    facts = story.change(starts_local=utc("2027-04-05T14:00").replace(tzinfo=None))
    moved = [fact for fact in facts if isinstance(fact, OfferDeadlineMoved)]
    assert [fact.deadline for fact in moved] == [utc("2027-04-05T10:00")]
    assert story.deadline_of("c") == utc("2027-04-05T10:00")


def test_it_is_known_when_to_look_again() -> None:
    """The clockwork learns the next moment at which time alone changes something."""
    assert Story().occasion.settles_at(OFFICE) is None
    story, line_ends = full_with_a_line(), utc("2027-04-22T06:00")
    assert story.occasion.settles_at(OFFICE) == line_ends
    story.cancel("b")
    assert story.occasion.settles_at(OFFICE) == story.deadline_of("d")
    held, last_days = Story(capacity=30), utc("2027-04-16T15:00")
    held.ask_in_turn(a=20, b=20, c=2, d=2, e=2, f=4)
    assert held.occasion.settles_at(OFFICE) == last_days
    assert held.occasion.settles_at(OFFICE, after=last_days) == line_ends
    held.change(capacity=26)
    assert held.occasion.settles_at(OFFICE) == line_ends


def test_who_waits_in_vain_is_told_once() -> None:
    """Two hours before the start nothing is offered any more: the line is told, in its order."""
    story = full_with_a_line()
    story.wait_until_before_start(hours=2, seconds=1)
    assert story.settle() == ()
    story.wait(seconds=1)
    facts = story.settle()
    assert names(facts) == ["BookingUnserved"] * 3
    assert [fact.booking_id for fact in facts if isinstance(fact, BookingUnserved)] == list("cde")
    assert (story.line(), story.occasion.settles_at(OFFICE), story.settle()) == ([], None, ())
    with pytest.raises(rules.BookingIsNotHere):
        story.cancel("c")


def test_a_party_larger_than_the_room_is_told_too() -> None:
    """We promised to come back to it, so its end is said as well."""
    story = Story(capacity=30)
    story.ask("all-of-year-7", 90)
    story.wait_until_before_start(hours=1)
    assert names(story.settle()) == ["BookingUnserved"]


def test_an_occasion_brought_forward_closes_its_line() -> None:
    """Moved to within two hours, it tells whoever waits that there will be no place."""
    story = full_with_a_line()
    soon = (story.now + timedelta(hours=1)).astimezone(ZoneInfo("Europe/Stockholm"))
    facts = story.change(starts_local=soon.replace(tzinfo=None))
    assert names(facts).count("BookingUnserved") == 3
    assert story.line() == []


def test_passed_on_is_said_only_when_somebody_was_offered_the_places() -> None:
    """An end of an offer says whether another party was offered places in the same breath."""
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=30, c=30)
    story.cancel("a")
    declined, offered = story.decline("b")
    assert isinstance(declined, OfferDeclined)
    assert declined.passed_on
    assert names([offered]) == ["PlaceOffered"]
    story.wait(days=2)
    (expired,) = story.settle()
    assert isinstance(expired, OfferExpired)
    assert not expired.passed_on


def test_what_was_offered_is_told_whole() -> None:
    """The fact carries the offer's id, when it was made and until when it stands."""
    story = full_with_a_line()
    (_, fact) = story.cancel("b")
    assert isinstance(fact, PlaceOffered)
    assert (fact.offer_id, fact.made_at) == (story.offer_of("d"), story.now)
    assert fact.deadline == story.deadline_of("d")
