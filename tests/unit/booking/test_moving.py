"""Moving: in the line, and to another occasion. And counting heads at the door."""

from __future__ import annotations

import pytest

from services.booking.domain import rules
from services.booking.domain.facts import BookingMoved, LineMoved
from services.booking.domain.moving import move
from services.booking.domain.requesting import WhenFull
from shared.kernel.ids import BookingId
from tests.unit.booking.story import Story, names


def with_a_line() -> Story:
    story = Story(capacity=30)
    story.ask_in_turn(a=30, b=20, c=15, d=10)
    return story


def moved(source: Story, target: Story, who: str, when_full: WhenFull = "refuse") -> list[str]:
    source.occasion, target.occasion, facts = move(
        source.occasion, target.occasion, BookingId(who), when_full=when_full, **source.given
    )
    return names(facts)


def test_staff_move_a_party_with_a_reason() -> None:
    """The move is told with both positions, the reason and who did it; others keep their order."""
    story = with_a_line()
    (fact,) = story.put("d", 1)
    assert isinstance(fact, LineMoved)
    assert (fact.from_position, fact.to_position) == (3, 1)
    assert (fact.reason, fact.by) == ("rullstol", "leyla")
    assert story.line() == ["d", "b", "c"]


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_no_move_without_a_reason(reason: str) -> None:
    """A blank reason is refused."""
    with pytest.raises(rules.ReasonMissing):
        with_a_line().put("d", 1, reason)


def test_a_move_changes_who_is_asked_first() -> None:
    """The one moved ahead gets the offer that the other would have had."""
    story = with_a_line()
    story.put("c", 1)
    story.cancel("a")
    assert story.states("c", "b") == ["offered", "waiting"]


def test_who_is_moved_past_an_aged_party_is_asked_at_once() -> None:
    """Staff may let somebody past a party that holds the line; the offer follows at once."""
    story = Story(capacity=30)
    story.ask_in_turn(a=20, b=20, c=2, d=2, e=2, f=4)
    assert names(story.put("f", 1)) == ["LineMoved", "PlaceOffered"]
    assert story.place("b").overtaken == 3


@pytest.mark.parametrize("position", [0, -1, 4])
def test_a_position_exists(position: int) -> None:
    """Positions are one to the length of the line."""
    with pytest.raises(rules.NoSuchPosition) as refused:
        with_a_line().put("d", position)
    assert refused.value.facts == {"last": 3}


def test_only_who_waits_can_be_moved() -> None:
    """A confirmed party, or one that is not here, has no turn to move."""
    story = with_a_line()
    with pytest.raises(rules.BookingIsNotInLine):
        story.put("a", 1)
    with pytest.raises(rules.BookingIsNotHere):
        story.put("nobody", 1)
    assert story.put("d", 3) == ()


def test_a_move_between_occasions_is_one_step() -> None:
    """The party has its places there, none here, and the freed ones are offered."""
    source, target = with_a_line(), Story(capacity=40, name="other")
    assert moved(source, target, "a") == ["BookingMoved", "PlaceOffered", "PlaceOffered"]
    assert target.states("a") == ["confirmed"]
    assert "a" not in [place.booking_id for place in source.occasion.places]


def test_a_move_that_does_not_fit_changes_nothing() -> None:
    """Refused there, the party keeps what it has here."""
    source, target = with_a_line(), Story(capacity=40, name="other")
    target.ask("z", 15)
    before = source.occasion, target.occasion
    with pytest.raises(rules.OccasionFull):
        moved(source, target, "a")
    assert (source.occasion, target.occasion) == before
    assert source.states("a") == ["confirmed"]


def test_a_move_may_wait() -> None:
    """With the wish to wait the party stands last in the other line, its count begun anew."""
    source, target = with_a_line(), Story(capacity=40, name="other")
    target.ask_in_turn(z=35, y=20)
    assert moved(source, target, "b", "wait") == ["BookingMoved"]
    assert target.line() == ["y", "b"]
    assert target.place("b").overtaken == 0
    assert source.line() == ["c", "d"]


def test_the_number_goes_on_where_the_party_goes() -> None:
    """A booking's sequence does not begin anew on another occasion."""
    source, target = with_a_line(), Story(capacity=40, name="other")
    before = source.place("a").sequence
    source.occasion, target.occasion, facts = move(
        source.occasion, target.occasion, BookingId("a"), when_full="wait", **source.given
    )
    assert isinstance(facts[0], BookingMoved)
    assert facts[0].sequence == before + 1 == target.place("a").sequence
    assert (facts[0].from_occasion_id, facts[0].occasion_id) == ("occasion", "other")


def test_a_moved_offer_is_withdrawn() -> None:
    """The offer that a party leaves behind cannot be taken, and passes on."""
    source, target = with_a_line(), Story(capacity=40, name="other")
    source.cancel("a")
    offer = source.offer_of("b")
    moved(source, target, "b")
    assert source.states("c") == ["offered"]
    with pytest.raises(rules.OfferIsWithdrawn):
        source.answer(offer, yes=True)
    with pytest.raises(rules.OfferNotFound):
        target.answer(offer, yes=True)


def test_a_move_goes_somewhere_else() -> None:
    """Moving to the occasion where one stands is refused, as is moving a stranger."""
    source, target = with_a_line(), Story(capacity=40, name="other")
    with pytest.raises(rules.BookingIsAlreadyHere):
        moved(source, source, "a")
    with pytest.raises(rules.BookingIsNotHere):
        moved(source, target, "nobody")


def test_attendance_is_counted_and_corrected() -> None:
    """More or fewer than booked may come; a new count replaces, the same again is quiet."""
    story = with_a_line()
    story.wait_until_before_start(minutes=60)
    story.settle()
    assert names(story.count("a", 24, 2)) == ["AttendanceRecorded"]
    assert story.count("a", 24, 2) == ()
    assert names(story.count("a", 31, 2)) == ["AttendanceRecorded"]
    assert story.place("a").sequence == 3


def test_attendance_has_its_time_and_limits() -> None:
    """Not before the doors open, not for those who wait, and only heads that can be counted."""
    story = with_a_line()
    with pytest.raises(rules.OccasionHasNotStarted):
        story.count("a", 1, 1)
    story.wait_until_before_start()
    with pytest.raises(rules.BookingIsNotHere):
        story.count("b", 1, 1)
    with pytest.raises(rules.AttendanceOutOfRange):
        story.count("a", -1, 1)


def test_who_has_been_counted_stays() -> None:
    """A booking with attendance is neither cancelled nor moved."""
    story, target = with_a_line(), Story(capacity=40, name="other")
    story.wait_until_before_start(minutes=30)
    story.count("a", 20, 2)
    with pytest.raises(rules.AttendanceIsRecorded):
        story.cancel("a")
    with pytest.raises(rules.AttendanceIsRecorded):
        moved(story, target, "a")
