"""A booking's story: the set of events decides, not the order in which they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.occasion import Occasion
from services.notifications.domain.recipient_card import Card, Recipient, fate_of
from services.notifications.domain.reminders import Reminder, reminders_for
from services.notifications.domain.story import POINTLESS_AFTER, Story, Told, template_for
from services.notifications.use_cases.message_facts import facts_of

NOW = datetime(2027, 1, 14, 10, 0, tzinfo=UTC)
STATE = {
    "booking-confirmed": "confirmed",
    "booking-waitlisted": "waiting",
    "booking-cancelled": "cancelled",
    "booking-moved": "confirmed",
    "head-count-changed": "confirmed",
    "place-offered": "offered",
    "offer-expired": "waiting",
    "offer-declined": "waiting",
    "booking-unserved": "unserved",
    "answer-refused": None,
    "meeting-scheduled": "confirmed",
    "meeting-moved": "confirmed",
    "meeting-cancelled": "cancelled",
}
SOMEBODY = Recipient("booking", "r1")


def occasion(days: int = 7) -> Occasion:
    start = NOW + timedelta(days=days)
    return Occasion("o", "Titel", "workshop", start, start + timedelta(hours=1), "UTC", "Sal 2")


def told(name: str, sequence: int, days: int = 7) -> Told:
    offer = f"offer-{sequence}" if "offer" in name else None
    return Told(
        event_id=f"e{sequence}",
        sequence=sequence,
        name=name,
        occasion=occasion(days),
        size=20 + sequence,
        state=STATE[name],  # type: ignore[arg-type]
        offer_id=offer,
        deadline=NOW + timedelta(days=1) if name == "place-offered" else None,
    )


STORIES = st.lists(st.sampled_from(sorted(POINTLESS_AFTER)), min_size=1, max_size=7).map(
    lambda names: [told(name, n, days=n) for n, name in enumerate(names, 1)]
)


def story_of(events: list[Told]) -> Story:
    story = Story("b1", SOMEBODY)
    for event in events:
        story = story.with_(event)
    return story


@given(STORIES, st.randoms())
def test_any_order_and_repetition_gives_the_same_story(events: list[Told], chance: object) -> None:
    """Shuffled and doubled, the same state, offer, reminders and needless messages follow."""
    twice = events + events
    chance.shuffle(twice)  # type: ignore[attr-defined]
    straight, shuffled = story_of(events), story_of(twice)
    assert shuffled == straight
    assert [shuffled.pointless(e) for e in events] == [straight.pointless(e) for e in events]


@given(STORIES)
def test_the_last_word_on_places_is_always_told(events: list[Told]) -> None:
    """However much is superseded, the newest event of a story is never needless."""
    story = story_of(events)
    assert not story.pointless(story.newest)


def test_a_cancellation_ends_what_was_not_told_yet() -> None:
    """Confirmed and then cancelled: only the cancellation needs to be said."""
    confirmed, cancelled = told("booking-confirmed", 1), told("booking-cancelled", 2)
    story = story_of([confirmed, cancelled])
    assert story.pointless(confirmed)
    assert not story.pointless(cancelled)
    assert story.expected_at is None


def test_an_offer_lives_until_it_is_answered_or_over() -> None:
    """Expiry, refusal, acceptance and leaving end it; a changed head count does not."""
    offered = told("place-offered", 2)
    base = [told("booking-waitlisted", 1), offered]
    assert story_of([*base, told("head-count-changed", 3)]).live_offer is not None
    assert story_of([*base, told("answer-refused", 3)]).live_offer is not None
    for end in ("offer-expired", "offer-declined", "booking-confirmed", "booking-cancelled"):
        assert story_of([*base, told(end, 3)]).live_offer is None


def test_templates_by_what_happened() -> None:
    """A party larger than the room and a cancelled occasion have their own words."""
    waiting = told("booking-waitlisted", 1)
    larger = Told(**{**_fields(waiting), "larger_than_room": True})
    assert (template_for(waiting), template_for(larger)) == (
        "waitlisted",
        "waitlisted-larger-than-room",
    )
    off = Told(**{**_fields(told("booking-cancelled", 1)), "reason": "occasion-cancelled"})
    assert template_for(off) == "occasion-cancelled"


def _fields(event: Told) -> dict[str, object]:
    return {name: getattr(event, name) for name in Told.__slots__}


def test_reminders_lie_ahead_or_are_none() -> None:
    """A day and two hours before; none in the past, none without places."""
    at = occasion(1)
    kinds = {r.kind for r in reminders_for("b1", at, at.starts_at - timedelta(hours=3))}
    assert kinds == {"reminder-2h"}
    assert len(reminders_for("b1", at, at.starts_at - timedelta(hours=30))) == 2
    assert reminders_for("b1", at, at.starts_at) == []
    assert reminders_for("b1", None, NOW) == []


def test_a_reminder_that_comes_too_late_is_stale() -> None:
    """After the start none helps; the day's reminder gives way to the two hours' one."""
    start = NOW + timedelta(hours=24)
    day = Reminder("b1", "reminder-24h", NOW, start)
    assert not day.stale(NOW)
    assert day.stale(start - timedelta(hours=2))
    assert not Reminder("b1", "reminder-2h", NOW, start).stale(start - timedelta(hours=2))
    assert Reminder("b1", "reminder-2h", NOW, start).stale(start)


def test_a_reminder_is_the_same_for_a_booking_and_kind() -> None:
    """Another start, the same id: a move replaces."""
    one = Reminder("b1", "reminder-2h", NOW, NOW)
    assert one.id == Reminder("b1", "reminder-2h", NOW, NOW + timedelta(days=1)).id
    assert one.id != Reminder("b2", "reminder-2h", NOW, NOW).id


def test_the_highest_card_revision_wins() -> None:
    """An older or equal card is superseded, and a forgotten person stays forgotten."""
    standing = Card(SOMEBODY, revision=2)
    assert fate_of(None, 1) == "keep"
    assert [fate_of(standing, r) for r in (1, 2, 3)] == ["superseded", "superseded", "keep"]
    assert fate_of(Card(SOMEBODY, 0, forgotten=True), 9) == "forgotten"


def test_an_offer_outlives_its_occasions_new_time() -> None:
    """Another time makes the offer's message old, never the offer; another occasion ends it."""
    offered, moved = told("place-offered", 1), told("booking-moved", 2)
    changed = story_of([offered, replace(moved, state="offered")])
    assert changed.live_offer is not None
    assert changed.pointless(offered)
    assert story_of([offered, moved]).live_offer is None


def test_an_answer_is_about_the_offer_that_was_made() -> None:
    """After a move the old offer keeps its own occasion; another time while it stood is its new."""
    offered = told("place-offered", 1, days=7)
    brought_forward = replace(told("booking-moved", 2, days=6), state="offered")
    moved = told("booking-moved", 3, days=14)
    refused = replace(told("answer-refused", 4, days=14), offer_id="offer-1")
    story = story_of([offered, brought_forward, moved, refused])
    assert story.offered_at("offer-1") == occasion(6)
    assert story.offered_at("another") is None
    facts = facts_of(refused, story)
    assert (facts["starts_at"], facts["known"]) == (occasion(6).starts_at, True)
    unknown = facts_of(replace(refused, offer_id="another"), story)
    assert not unknown["known"]


def test_who_waited_in_vain_has_nothing_to_come() -> None:
    """The end of the line makes what was said of it needless; no reminder is left."""
    waits, ends = told("booking-waitlisted", 1), told("booking-unserved", 2)
    story = story_of([waits, ends])
    assert (story.state, story.expected_at, template_for(ends)) == ("unserved", None, "unserved")
    assert story.pointless(waits)
    assert not story.pointless(ends)
