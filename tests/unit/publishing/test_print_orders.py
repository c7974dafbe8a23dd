"""Printed copies: never promised twice, shared fairly, and none is ever lost from the books."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.publishing.domain import print_rules as rules
from services.publishing.domain.order_number import number_of, read_number
from services.publishing.domain.print_order import (
    ARRIVES_WITHIN,
    CONTACT_KEPT,
    STATES,
    PrintOrder,
    State,
    advance,
    arrives,
    cancel,
    local_day,
    order,
)
from services.publishing.domain.shelf import (
    Shelf,
    counted,
    deliver,
    left_for,
    new_shelf,
    school_key,
    school_year,
)
from services.publishing.domain.versions import FIRST, Version
from shared.kernel.ids import deterministic_id, new_id
from shared.kernel.refusal import Refusal

NOW = datetime(2027, 2, 1, 10, tzinfo=UTC)
SCHOOLS = ("Malmö Latin", "Bergaskolan", "Österport")


def shelf(copies: int = 100, limit: int = 60) -> Shelf:
    return new_shelf("att-vaga-fraga", "sv", FIRST, copies, limit, local_day(NOW))


def ordered(on: Shelf, copies: int, school: str = SCHOOLS[0]) -> tuple[Shelf, PrintOrder]:
    after, one, told = order(on, new_id(), school, "Malmö", copies, NOW)
    assert (told.copies, told.edition) == (copies, str(on.edition))
    return after, one


def test_a_school_is_the_same_however_it_is_spelled() -> None:
    """Case and spaces make no second school; two towns do."""
    assert school_key("Malmö  Latin ", "malmö") == school_key("malmö latin", "MALMÖ")
    assert school_key("Bergaskolan", "Malmö") != school_key("Bergaskolan", "Lund")
    for name, town in (("", "Malmö"), ("  ", "Malmö"), ("Latin", "")):
        with pytest.raises(rules.SchoolMissing):
            school_key(name, town)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2027, 7, 31), 2026), (date(2027, 8, 1), 2027), (date(2027, 1, 1), 2026)],
)
def test_a_school_year_begins_in_august(day: date, year: int) -> None:
    """Limits are per school year."""
    assert school_year(day) == year


def test_a_school_has_its_share() -> None:
    """Up to the limit, in several orders, by the calendar in Malmö; then next school year again."""
    after, _ = ordered(shelf(), 40)
    assert left_for(after, school_key(SCHOOLS[0], "malmö"), local_day(NOW)) == 20
    with pytest.raises(rules.OverTheLimit) as refused:
        ordered(after, 21)
    assert refused.value.facts == {"left": 20}
    after, _ = ordered(after, 20)
    last_second = datetime(2027, 7, 31, 21, 59, tzinfo=UTC)
    with pytest.raises(rules.OverTheLimit):
        order(after, new_id(), SCHOOLS[0], "Malmö", 1, last_second)
    midnight = last_second + timedelta(minutes=1)
    again, _, _ = order(after, new_id(), SCHOOLS[0], "Malmö", 30, midnight)
    assert again.taken == {school_key(SCHOOLS[0], "Malmö"): 30}


def test_nobody_is_promised_what_is_not_there() -> None:
    """The last copy goes once."""
    after, _ = ordered(shelf(50), 50)
    with pytest.raises(rules.OutOfStock) as refused:
        ordered(after, 1, SCHOOLS[1])
    assert refused.value.facts == {"left": 0}
    for copies in (0, -1, 5001):
        with pytest.raises(rules.CopiesOutOfRange):
            ordered(shelf(), copies)


def test_a_new_edition_takes_the_shelf() -> None:
    """What is left of the old one is recycled; it never comes back by a cancelled order."""
    after, one = ordered(shelf(50), 10)
    after = deliver(after, Version(1, 1, 0), 200)
    assert (after.free, after.edition) == (200, Version(1, 1, 0))
    _, back = cancel(one, after, "by-school", NOW)
    assert back.free == 200
    assert back.taken == {}
    with pytest.raises(rules.OlderEdition):
        deliver(after, FIRST, 1)


def test_who_may_cancel_when() -> None:
    """A school until somebody packs, staff until it is sent; twice is once."""
    after, one = ordered(shelf(), 10)
    packed = advance(one, "packed", NOW)
    with pytest.raises(rules.NotInThisOrderState):
        cancel(packed, after, "by-school", NOW)
    ended, back = cancel(packed, after, "by-staff", NOW)
    assert back.free == 100
    assert cancel(ended, back, "by-staff", NOW) == (ended, back)
    with pytest.raises(rules.NotInThisOrderState):
        cancel(advance(packed, "sent", NOW), after, "by-staff", NOW)


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_steps_are_taken_one_by_one(state: State, to: State) -> None:
    """received, packed, sent, delivered; no step back and none left out."""
    steps = ("received", "packed", "sent", "delivered")
    _, one = ordered(shelf(), 1)
    if state == "cancelled":
        one, _ = cancel(one, shelf(), "by-staff", NOW)
    else:
        for step in steps[1 : steps.index(state) + 1]:
            one = advance(one, step, NOW)
    may = state == to or (
        state != "cancelled" and to != "cancelled" and steps.index(to) == steps.index(state) + 1
    )
    if may:
        assert advance(one, to, NOW).state == to
    else:
        with pytest.raises(rules.NotInThisOrderState):
            advance(one, to, NOW)


def test_the_contact_is_forgotten_in_time() -> None:
    """A month after delivery, which is at the latest two weeks after it was sent; or cancelling."""
    after, one = ordered(shelf(), 1)
    assert one.forget_at is None
    sent = advance(advance(one, "packed", NOW), "sent", NOW)
    assert arrives(sent, NOW + ARRIVES_WITHIN - timedelta(seconds=1)) == sent
    late = NOW + ARRIVES_WITHIN
    assert arrives(sent, late).forget_at == late + CONTACT_KEPT
    ended, _ = cancel(one, after, "by-school", NOW)
    assert ended.forget_at == NOW + CONTACT_KEPT


@given(st.uuids().map(str))
def test_a_number_is_read_as_it_is_said(id_: str) -> None:
    """One order, one number; small letters, spaces and O for 0 do no harm."""
    number = number_of(id_)
    assert number_of(id_) == number
    said = number.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_number(said) == number


@settings(max_examples=60)
@given(st.uuids().map(str), st.integers(0, 7), st.integers(1, 31))
def test_one_wrong_character_shows(id_: str, at: int, other: int) -> None:
    """No other order is met by a slip of the finger."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    plain = number_of(id_).replace("-", "")
    wrong = letters[(letters.index(plain[at]) + other) % 32]
    with pytest.raises(rules.NotANumber):
        read_number(plain[:at] + wrong + plain[at + 1 :])


@pytest.mark.parametrize("text", ["", "K7QP", "K7QP-3XMAA", "UUUU-UUUU", "K7QP-3XM!", "ÅÄÖÅ-ÄÖÅÄ"])
def test_what_is_no_number(text: str) -> None:
    """Refused before anything is looked up."""
    with pytest.raises(rules.NotANumber):
        read_number(text)


class Books(RuleBasedStateMachine):
    """Copies are delivered, ordered, cancelled, packed and counted; the books agree throughout."""

    @initialize(copies=st.integers(0, 60), limit=st.integers(1, 40))
    def begin(self, copies: int, limit: int) -> None:
        self.shelf = shelf(copies, limit)
        self.owned = copies
        self.recycled = 0
        self.orders: list[PrintOrder] = []
        self.number = 0

    @rule(copies=st.integers(1, 30), newer=st.booleans())
    def deliver(self, copies: int, newer: bool) -> None:
        edition = self.shelf.edition.after("addition") if newer else self.shelf.edition
        if newer:
            self.recycled += self.shelf.free
        self.shelf = deliver(self.shelf, edition, copies)
        self.owned += copies

    @rule(school=st.sampled_from(SCHOOLS), copies=st.integers(1, 40))
    def order(self, school: str, copies: int) -> None:
        key = school_key(school, "Malmö")
        may = min(self.shelf.free, left_for(self.shelf, key, local_day(NOW)))
        self.number += 1
        try:
            self.shelf, one, _ = order(
                self.shelf, deterministic_id("o", str(self.number)), school, "Malmö", copies, NOW
            )
        except Refusal:
            assert copies > may
            return
        assert copies <= may
        self.orders.append(one)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), to=st.sampled_from(STATES))
    def move(self, data: st.DataObject, to: State) -> None:
        at = data.draw(st.integers(0, len(self.orders) - 1))
        one = self.orders[at]
        try:
            if to == "cancelled":
                same = one.edition == self.shelf.edition
                after, self.shelf = cancel(one, self.shelf, "by-staff", NOW)
                if one.state != "cancelled" and not same:
                    self.recycled += one.copies
                self.orders[at] = after
            else:
                self.orders[at] = advance(one, to, NOW)
        except Refusal:
            pass

    @rule(free=st.integers(0, 60))
    def count(self, free: int) -> None:
        self.owned += free - self.shelf.free
        self.shelf = counted(self.shelf, free, self.shelf.limit)

    @invariant()
    def the_books_agree(self) -> None:
        """Whatever we ever had is on the shelf, with a school, or recycled."""
        out = sum(one.copies for one in self.orders if one.state != "cancelled")
        assert self.shelf.free >= 0
        assert self.shelf.free + out + self.recycled == self.owned

    @invariant()
    def nobody_has_more_than_their_share(self) -> None:
        for school in SCHOOLS:
            key = school_key(school, "Malmö")
            mine = sum(
                one.copies
                for one in self.orders
                if one.state != "cancelled" and one.school_key == key
            )
            assert mine == self.shelf.taken.get(key, 0) <= self.shelf.limit


Books.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestBooks = Books.TestCase
