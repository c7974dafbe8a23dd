"""A ledger of bytes says the same as a list of standings, and every row has an id of its own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import outcome
from services.publishing.domain.ledger import LARGEST, Ledger, Note, Page
from services.publishing.domain.outcome import Standing
from services.publishing.domain.recipients import Row, mailing_key, recipient_id, row_of
from services.publishing.domain.smtp_replies import LOST, NOT_SENT, TAKEN, Code, Verdict, verdict

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PEOPLE = 5
VERDICTS = (
    *(TAKEN, LOST, NOT_SENT, verdict("rcpt", Code(550, (5, 1, 1)))),
    *(verdict("rcpt", Code(450, (4, 2, 0))), verdict("end", Code(554)), verdict("mail", Code(550))),
)
FULL = Code(552, (5, 2, 2))
steps = st.tuples(
    st.sampled_from(("hand-over", "put-back", "kill", "suppress", "report", "again", "keep")),
    st.integers(0, PEOPLE - 1),
    st.sampled_from(VERDICTS),
    st.integers(0, 40),
)


class Both:
    """The ledger, and a plain list that the rules of `outcome` are applied to one by one."""

    def __init__(self) -> None:
        self.ledger, self.plain = Ledger.of(PEOPLE), [Standing() for _ in range(PEOPLE)]

    def step(self, what: str, who: int, said: Verdict, now: datetime) -> None:
        known = self.plain[who]
        if what in ("hand-over", "put-back", "kill"):
            held = outcome.take_in_hand(known, now)
            assert self.ledger.take_in_hand(who, now) == (held is not None)
            self._end(what, who, held or known, said, now)
        elif what == "suppress":
            assert self.ledger.suppress(who, "unsubscribed") == (known.state == "waiting")
            self.plain[who] = outcome.suppress(known, "unsubscribed")
        elif what == "report":
            self.plain[who] = outcome.reported(known, FULL)
            assert self.ledger.reported(who, FULL, "soft") == (self.plain[who] != known)
        elif what == "again":
            self._again("uncertain" if said is LOST else str(said.code))
        else:
            self.ledger = Ledger(self.ledger.page())

    def _end(self, what: str, who: int, held: Standing, said: Verdict, now: datetime) -> None:
        if what == "hand-over":
            self.plain[who] = outcome.conclude(held, said, now)
            self.ledger.conclude(who, said, now)
        elif what == "kill":
            self.plain[who] = outcome.lease_ran_out(held)
            assert self.ledger.lease_ran_out() == (held.state == "in-hand")
        else:
            self.ledger.put_back(who)

    def _again(self, cause: str) -> None:
        failed = [
            who
            for who, one in enumerate(self.plain)
            if (one.state == "uncertain" and cause == "uncertain")
            or (one.state == "bounced" and str(one.code) == cause)
        ]
        assert self.ledger.send_again(cause) == len(failed)
        for who in failed:
            self.plain[who] = outcome.again(self.plain[who])


def same(one: Standing, other: Standing) -> bool:
    known = (one.state, one.attempt, one.code, one.cause)
    return known == (other.state, other.attempt, other.code, other.cause)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=40))
def test_bytes_and_standings_say_the_same(taken: list[tuple[str, int, Verdict, int]]) -> None:
    """Whatever happens in whatever order, kept and read back in between: the rules of `outcome`."""
    both, now = Both(), NOW
    for what, who, said, hours in taken:
        now += timedelta(hours=hours)
        both.step(what, who, said, now)
        for index, known in enumerate(both.plain):
            assert same(both.ledger.standing(index), known)
        tally = both.ledger.tally()
        assert tally.total == PEOPLE
        for state in ("waiting", "accepted", "bounced", "suppressed", "uncertain"):
            assert getattr(tally, state) == sum(one.state == state for one in both.plain)
        assert sum(both.ledger.codes().values()) == tally.bounced
        assert both.ledger.waiting() == [
            n for n, one in enumerate(both.plain) if one.state == "waiting"
        ]


def test_a_page_that_was_kept_is_not_changed_any_more() -> None:
    """What is being written to the database is what stood there when the write began."""
    ledger = Ledger.of(3)
    ledger.take_in_hand(1, NOW)
    kept = ledger.page()
    ledger.conclude(1, VERDICTS[3], NOW)
    assert kept == Page(bytes([0, 1, 0]), {})
    note = Note(1, NOW, Code(550, (5, 1, 1)))
    assert ledger.page() == Page(bytes([0, 3, 0]), {1: note}, {1: "hard"})


def test_a_report_that_came_in_beside_us_is_taken_over() -> None:
    """Somebody accepted an hour ago bounces while the rest of the batch is still on its way."""
    ours = Ledger.of(3)
    for index in (0, 1):
        ours.take_in_hand(index, NOW)
        ours.conclude(index, TAKEN, NOW)
    beside = Ledger(ours.page())
    beside.reported(0, FULL, "soft")
    ours.take_in_hand(2, NOW)
    ours.taken_over(beside.page())
    assert [ours.standing(n).state for n in range(3)] == ["bounced", "accepted", "in-hand"]


@given(st.uuids(), st.integers(0, 2**32 - 1), st.integers(0, LARGEST - 1))
def test_a_recipients_id_leads_back_to_the_row(mailing: uuid.UUID, number: int, at: int) -> None:
    """Ten bytes of the mailing, the batch and the place: nothing is looked up, nothing is equal."""
    row = Row(mailing_key(str(mailing)), number, at)
    assert row_of(recipient_id(row)) == row


@pytest.mark.parametrize("size", [0, LARGEST + 1])
def test_a_batch_is_neither_empty_nor_larger_than_its_rows_can_be_told(size: int) -> None:
    """One to five hundred."""
    with pytest.raises(ValueError, match="five hundred"):
        Ledger.of(size)
