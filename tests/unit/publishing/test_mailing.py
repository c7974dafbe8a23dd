"""A mailing's states and its recipients' ends, under any order of events."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import mailing as mailings
from services.publishing.domain import outcome as outcomes
from services.publishing.domain.mailing import Mailing, NotInThisState, Tally
from services.publishing.domain.outcome import ENDS, OPEN, NothingToSendAgain, Standing
from services.publishing.domain.recipients import Row, mailing_key, recipient_id
from services.publishing.domain.smtp_replies import LOST, NOT_SENT, TAKEN, Code, Verdict, verdict
from shared.kernel.refusal import Refusal

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
GONE = verdict("rcpt", Code(550, (5, 1, 1)))
LATER = verdict("rcpt", Code(451))
VERDICTS = (TAKEN, LOST, GONE, LATER)
commands = st.sampled_from(
    ["schedule", "unschedule", "start", "pause", "resume", "stall", "cancel", "again"]
)
moves = st.tuples(st.integers(0, 3), st.sampled_from(["take", "conclude", "suppress", "lease"]))


@dataclass
class Run:
    """A mailing with its four recipients, as the ledger will keep them."""

    mailing: Mailing
    people: list[Standing]

    @property
    def tally(self) -> Tally:
        counts = Counter(each.state.replace("-", "_") for each in self.people)
        return Tally(**counts)

    def command(self, what: str) -> None:
        known = self.mailing
        if what == "schedule":
            self.mailing = mailings.schedule(known, NOW + timedelta(hours=1), NOW)
        elif what == "unschedule":
            self.mailing = mailings.unschedule(known)
        elif what == "start":
            self.mailing = mailings.start(known, len(self.people))
        elif what in ("pause", "resume"):
            self.mailing = getattr(mailings, what)(known)
        elif what == "stall":
            self.mailing = mailings.stalled(known, "no-server")
        elif what == "cancel":
            self.mailing = mailings.cancel(known)
            self.people = [outcomes.suppress(each, "mailing-cancelled") for each in self.people]
        else:
            failed = [n for n, each in enumerate(self.people) if each.state == "bounced"]
            self.mailing = mailings.send_again(known, len(failed))
            for n in failed:
                self.people[n] = outcomes.again(self.people[n])

    def move(self, who: int, what: str, said: Verdict, at: datetime) -> None:
        one = self.people[who]
        if what == "take" and self.mailing.state == "running":
            self.people[who] = outcomes.take_in_hand(one, at) or one
        elif what == "conclude":
            self.people[who] = outcomes.conclude(one, said, at)
        elif what == "suppress":
            self.people[who] = outcomes.suppress(one, "unsubscribed")
        elif what == "lease":
            self.people[who] = outcomes.lease_ran_out(one)
        self.mailing = mailings.settle(self.mailing, self.tally)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(commands, st.tuples(moves, st.sampled_from(VERDICTS), st.integers(0, 72))),
        max_size=60,
    )
)
def test_never_finished_while_an_outcome_is_open(what: list[object]) -> None:
    """In any order of commands and answers the sum stands, and finished means: nobody is open."""
    run = Run(Mailing("m"), [Standing() for _ in range(4)])
    for step in what:
        before = replace(run.mailing)
        if isinstance(step, str):
            try:
                run.command(step)
            except Refusal:
                assert run.mailing == before
        else:
            (who, move), said, hours = step  # type: ignore[misc]
            run.move(who, move, said, NOW + timedelta(hours=hours))
        assert run.tally.total == 4
        state = run.mailing.state
        if state.startswith("finished"):
            assert run.tally.open == 0
            assert (state == "finished") == (not run.tally.bounced and not run.tally.uncertain)
        elif state in mailings.UNDER_WAY and not isinstance(step, str):
            assert run.tally.open, "all are accounted for, and it still runs"
        assert (state == "stalled") == (run.mailing.stall is not None)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.integers(0, 60)), max_size=20))
def test_everybody_comes_to_one_end(answers: list[tuple[Verdict, int]]) -> None:
    """An end is not left again by any late answer, and not-now gives up after two days."""
    one, now = Standing(), NOW
    for said, hours in answers:
        now += timedelta(hours=hours)
        if one.state not in OPEN:
            assert one.state in ENDS
            assert outcomes.conclude(one, said, now) == one
            assert outcomes.take_in_hand(one, now) is None
            assert outcomes.suppress(one, "unsubscribed") == one
            continue
        held = outcomes.take_in_hand(one, now)
        assert held is not None
        one = outcomes.conclude(held, said, now)
        if one.state == "waiting":
            assert now - (one.first_at or now) < timedelta(days=2)


def test_our_own_trouble_is_nobodys_bounce() -> None:
    """A refused sender and broken lines wait for days without anybody being called unreachable."""
    long_after = NOW + timedelta(days=9)
    for said in (verdict("mail", Code(550)), verdict("rcpt", Code(421)), NOT_SENT):
        held = Standing("in-hand", 7, NOW)
        assert outcomes.conclude(held, said, long_after).state == "waiting"
    assert outcomes.conclude(Standing("in-hand", 7, NOW), LATER, long_after).state == "bounced"


def test_a_report_outranks_the_first_servers_word() -> None:
    """What was accepted and comes back is bounced; what was suppressed or waits is not touched."""
    code = Code(550, (5, 1, 1))
    assert outcomes.reported(Standing("accepted"), code).state == "bounced"
    assert outcomes.reported(Standing("uncertain"), code).state == "bounced"
    told = outcomes.reported(Standing("in-hand", 1, NOW), code)
    assert told.state == "in-hand", "the hand-over has not ended"
    assert outcomes.reported(told, Code(552)) == told, "one letter fails once"
    for end in (
        *(outcomes.conclude(told, each, NOW) for each in (TAKEN, LOST)),
        outcomes.lease_ran_out(told),
    ):
        assert (end.state, end.code) == ("bounced", code)
    assert outcomes.conclude(told, NOT_SENT, NOW).state == "waiting"
    for untouched in (Standing(), Standing("suppressed", cause="unsubscribed")):
        assert outcomes.reported(untouched, code) == untouched
    assert outcomes.found_delivered(Standing("uncertain")).state == "accepted"


def test_only_the_failed_are_sent_to_again() -> None:
    """Nobody who got it, or said no, gets another copy; the Message-ID stays the same."""
    for state in ("accepted", "waiting", "in-hand"):
        with pytest.raises(NothingToSendAgain):
            outcomes.again(Standing(state))
    assert outcomes.again(Standing("uncertain", attempt=1)).state == "waiting"
    one = recipient_id(Row(mailing_key(str(uuid.UUID(int=7))), 1, 2))
    assert outcomes.message_id(str(one), "example.org") == f"<{one}@example.org>"


@pytest.mark.parametrize("state", ["finished", "cancelled", "running"])
def test_what_cannot_be_done_is_refused_in_two_languages(state: mailings.State) -> None:
    """A refusal names the state in the reader's language."""
    with pytest.raises(NotInThisState) as refused:
        mailings.start(Mailing("m", state), 1)
    assert state in refused.value.says("en")
    assert state not in refused.value.says("sv")


@pytest.mark.parametrize(
    ("stage", "code", "fate", "kind", "slow", "ours"),
    [
        ("rcpt", Code(250), "taken", None, False, False),
        ("rcpt", Code(550), "refused", "hard", False, False),
        ("rcpt", Code(550, (5, 7, 1)), "refused", "policy", False, False),
        ("rcpt", Code(552, (5, 2, 2)), "refused", "soft", False, False),
        ("rcpt", Code(452), "not-now", "soft", True, False),
        ("rcpt", Code(450, (4, 2, 0)), "not-now", "soft", False, False),
        ("end", Code(550), "refused", "policy", False, False),
        ("end", Code(421), "not-now", "soft", True, True),
        ("mail", Code(550), "not-now", "policy", False, True),
        ("mail", Code(451), "not-now", "soft", False, True),
        ("end", Code(354), "not-now", "soft", False, False),
    ],
)
def test_what_an_answer_means(
    stage: str, code: Code, fate: str, kind: str, slow: bool, ours: bool
) -> None:
    """A refused sender is our trouble and no bounce; a refused text says nothing of an address."""
    found = verdict(stage, code)  # type: ignore[arg-type]
    assert (found.fate, found.kind, found.slow_down, found.ours) == (fate, kind, slow, ours)
