"""Who is written to: only who said yes at their own address, and never after a no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import preferences, suppression
from services.publishing.domain.address import NotAnAddress, address, same_mailbox
from services.publishing.domain.consent import Asked
from services.publishing.domain.subscription import (
    NothingToConfirm,
    Subscription,
    TooLateToConfirm,
    ask,
    confirm,
    lapse,
    leave,
)
from shared.kernel.refusal import Refusal

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
steps = st.lists(
    st.tuples(
        st.sampled_from(["ask", "confirm", "confirm-old", "leave", "lapse"]),
        st.sampled_from([0, 1, 11, 60 * 24 * 6, 60 * 24 * 8]),
    ),
    max_size=12,
)


def asked(at: datetime = NOW, version: str = "signup-3") -> Asked:
    return Asked(version, "web-form", at)


def confirmed() -> Subscription:
    pending, _ = ask(None, "s", "l", asked())
    return confirm(pending, 1, NOW)


def one(known: Subscription | None, what: str, now: datetime) -> Subscription | None:
    if what == "ask":
        return ask(known, "s", "l", asked(now))[0]
    if known is None:
        return None
    if what.startswith("confirm"):
        return confirm(known, known.asking - (what == "confirm-old"), now)
    return leave(known, "one-click", now) if what == "leave" else lapse(known, now)


@settings(max_examples=50, deadline=None)
@given(steps)
def test_only_the_newest_link_within_a_week_confirms(what: list[tuple[str, int]]) -> None:
    """In any order of wishes, presses and departures, confirmed means: asked, then confirmed."""
    known, now = None, NOW
    for step, minutes in what:
        now += timedelta(minutes=minutes)
        before = known
        try:
            known = one(known, step, now)
        except Refusal:
            assert step.startswith("confirm")
            continue
        if known is not None and known.state == "confirmed":
            came = before is None or before.state != "confirmed"
            assert known.consent is not None
            assert not came or (step == "confirm" and now - known.asked.at <= timedelta(days=7))
            assert known.consent.asked_at == known.asked.at
        if step == "leave" and before is not None:
            assert known is not None
            assert known.state == "left"


def test_the_receipt_says_what_was_agreed_to() -> None:
    """Text version, both times and source are kept, also after they have left."""
    gone = leave(confirmed(), "page", NOW + timedelta(days=90))
    assert gone.consent is not None
    assert (gone.consent.text_version, gone.consent.source) == ("signup-3", "web-form")
    assert gone.consent.confirmed_at == NOW


def test_a_form_cannot_be_used_to_pester() -> None:
    """A second wish within ten minutes sends nothing; nor does one of somebody who is on."""
    pending, due = ask(None, "s", "l", asked())
    assert due
    assert ask(pending, "s", "l", asked(NOW + timedelta(minutes=9))) == (pending, False)
    later, due = ask(pending, "s", "l", asked(NOW + timedelta(minutes=10)))
    assert due
    assert later.asking == 2
    assert ask(confirmed(), "s", "l", asked(NOW + timedelta(days=1)))[1] is False


def test_leaving_is_final_until_they_ask_again() -> None:
    """An old link does not bring back who has left, and a link of an earlier asking is dead."""
    gone = leave(confirmed(), "one-click", NOW)
    with pytest.raises(NothingToConfirm):
        confirm(gone, 1, NOW)
    back, due = ask(gone, "s", "l", asked(NOW + timedelta(days=1)))
    assert due
    with pytest.raises(NothingToConfirm):
        confirm(back, 1, NOW + timedelta(days=1))
    assert leave(gone, "staff", NOW + timedelta(days=2)) == gone


def test_a_week_is_the_limit() -> None:
    """The opt-in link works for a week, to the minute."""
    pending, _ = ask(None, "s", "l", asked())
    assert confirm(pending, 1, NOW + timedelta(days=7)).state == "confirmed"
    with pytest.raises(TooLateToConfirm):
        confirm(pending, 1, NOW + timedelta(days=7, minutes=1))
    assert lapse(pending, NOW + timedelta(days=8)).state == "lapsed"


def test_a_no_to_newsletters_is_no_no_to_what_was_asked_for() -> None:
    """A list opt-out never stops a transactional message; a dead address and a complaint do."""
    assert suppression.stops(["asked-never-again"], "newsletter") == "asked-never-again"
    assert suppression.stops(["asked-never-again"], "transactional") is None
    assert suppression.stops(["asked-never-again", "complaint"], "transactional") == "complaint"
    assert suppression.stops(["dead-address"], "transactional") == "dead-address"
    assert suppression.stops([], "newsletter") is None


def test_the_preference_page_decides_everything_at_once() -> None:
    """What is not chosen is left, what is new is asked for and not simply joined."""
    known = {"news": confirmed()}
    effect = preferences.chosen(
        preferences.Choice(frozenset({"courses"}), "EN"), known, ["news", "courses"], NOW
    )
    assert [each.state for each in effect.subscriptions] == ["left"]
    assert (effect.to_ask, effect.language, effect.suppress) == ({"courses"}, "en", False)
    never = preferences.Choice(frozenset({"news"}), "sv", never_again=True)
    effect = preferences.chosen(never, known, ["news"], NOW)
    assert effect.suppress
    assert effect.subscriptions[0].state == "left"
    assert effect.to_ask == frozenset()


@pytest.mark.parametrize(("lists", "language"), [({"secret"}, "sv"), (set(), "<b>")])
def test_a_choice_of_what_is_not_there_changes_nothing(lists: set[str], language: str) -> None:
    """A list that is not open and a language that is none are refused."""
    with pytest.raises(Refusal):
        preferences.chosen(preferences.Choice(frozenset(lists), language), {}, ["news"], NOW)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (" Asa.Oberg@Exempel.SE ", "Asa.Oberg@exempel.se"),
        ("a+b@räksmörgås.se", "a+b@xn--rksmrgs-5wao1o.se"),
        ("o'neill@example.com", "o'neill@example.com"),
    ],
)
def test_addresses_are_read(text: str, read: str) -> None:
    """An address keeps its local part; its domain becomes what a mail server knows."""
    assert str(address(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "@b.se", "a@", "a@b", "a b@c.se", "a@b..se", ".a@b.se", "a@b.1", "å@b.se"),
        *("a@b.se\r\nBcc: c@d.se", "x" * 65 + "@b.se", "a@" + "b" * 64 + ".se", "a@-b.se"),
        '"a"@b.se',
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    """Neither a missing part nor a smuggled header is an address."""
    with pytest.raises(NotAnAddress) as refused:
        address(text)
    assert not refused.value.facts


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Whatever is sent in, the answer is an address of plain characters or the refusal."""
    try:
        found = address(text)
    except NotAnAddress:
        return
    assert str(found).isascii()
    assert not set(str(found)) & set(' \r\n<>,;:"()[]\\')
    assert same_mailbox(address(str(found).upper())) == same_mailbox(found)
