"""One case, people who do to it whatever comes to mind, and a clock that jumps."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.mentoring.domain import (
    advancing,
    aftercare,
    break_glass,
    circle,
    closing,
    concern,
    notes,
    planning,
    protecting,
    retention,
    reviews,
)
from services.mentoring.domain.access import Granted, relations_of
from services.mentoring.domain.case import Case, Told
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import CaseId, GlassId, NoteId, PersonId
from services.mentoring.domain.opening import open_case
from services.mentoring.domain.phases import LIVING, OPEN
from services.mentoring.domain.rights import Action, FieldGroup
from services.mentoring.policy import sees
from shared.kernel.ids import RecipientId
from shared.kernel.refusal import Refusal
from tests.unit.mentoring import commands
from tests.unit.mentoring.casework import (
    DAY,
    IDRIS,
    KARIN,
    NOW,
    OMAR,
    PEOPLE,
    SARA,
    TODAY,
    actor,
)
from tests.unit.mentoring.logbook import Logbook

WORKERS = {name: actor(name, "case-lead", "mentor") for name in PEOPLE}
LOOKS: tuple[tuple[Action, FieldGroup], ...] = (
    ("list", "overview"),
    ("read", "notes"),
    ("export", "plan"),
)
people = st.sampled_from(PEOPLE)
kinds = st.sampled_from(["stand-in", "mentor", "second", "aftercare"])
groups = st.none() | st.frozensets(st.sampled_from(["plan", "notes", "meetings", "identity"]))
jumps = st.sampled_from([1, 20, 59, 61, 60 * 24, 60 * 24 * 40, 60 * 24 * 400])
picks = st.integers(0, 1000)


class CaseMachine(RuleBasedStateMachine):
    """Each rule gives one command as anybody; what it gives must agree with the second book."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.book = Logbook()
        self.written: list[tuple[notes.Note, bytes]] = []
        self._numbers = itertools.count(1)

    @initialize(
        named=st.none() | st.just(frozenset({KARIN, SARA, OMAR})),
        minor=st.booleans(),
        steps=st.integers(-1, 5),
    )
    def a_case(self, named: Any, minor: bool, steps: int) -> None:
        self.case, facts = open_case(
            CaseId("case"),
            pseudonym="Björk-Lykta",
            person_id=PersonId("person"),
            recipient_id=RecipientId("recipient"),
            lead=KARIN,
            minor_until=TODAY + 500 * DAY if minor else None,
            protected=named is not None,
            named=named or frozenset(),
            by=KARIN,
            now=self.now,
        )
        self.book.named, self.book.undecided = named, minor
        self.book.write(facts)
        self.do(circle.assign, OMAR, "stand-in", by=KARIN)
        for _ in range(steps):
            self.go_on()
        self.do(circle.assign, IDRIS, "mentor", by=KARIN)
        if steps < 0:
            self.do(concern.decide_concern, reported=True, reason="harm", by=KARIN)
            self.do(advancing.decline, "own-wish", by=KARIN)
        if steps > 3:
            self.propose(KARIN, KARIN, frozenset())
        if steps > 4:
            self.do(closing.approve_closure, by=OMAR)

    @rule()
    def go_on(self) -> None:
        if self.case.phase in {"assessment", "planning"}:
            self.case = commands.GIVE["record-assessment"](self.case)
            self.book.last = self.case.sequence
            self.do(reviews.set_review, day_of(self.now) + 30 * DAY, by=KARIN)
            self.plan("support")
        for step in (
            advancing.begin_assessment,
            advancing.begin_planning,
            advancing.begin_support,
        ):
            if self.do(step, by=KARIN):
                return

    @rule(who=people, kind=kinds, sees_=groups)
    def assign(self, who: Any, kind: Any, sees_: Any) -> None:
        self.do(circle.assign, who, kind, sees=sees_, by=KARIN)

    @rule(who=people)
    def unassign(self, who: Any) -> None:
        self.do(circle.unassign, who, by=KARIN)

    @rule(leaving=people, to=people, sees_=groups)
    def hand_over(self, leaving: Any, to: Any, sees_: Any) -> None:
        self.do(circle.hand_over, leaving, to, sees=sees_, by=leaving)

    @rule(days=st.integers(0, 20), who=people)
    def lead_away(self, days: int, who: Any) -> None:
        self.do(circle.set_lead_away, day_of(self.now) + days * DAY, by=who)

    @rule(named=st.frozensets(people, max_size=4), who=people)
    def protect(self, named: Any, who: Any) -> None:
        lead = {self.case.lead} if self.case.lead else set()
        self.do(protecting.protect, named | lead, by=who)

    @rule(who=people)
    def lift(self, who: Any) -> None:
        self.do(protecting.lift_protection, "wrongly-set", by=who)

    @rule(who=people, minutes=st.sampled_from([1, 30, 60, 61, 90]), then=st.sampled_from([0, 61]))
    def open_glass(self, who: Any, minutes: int, then: int) -> None:
        name = GlassId(f"g{next(self._numbers)}")
        self.do(break_glass.open_glass, name, "covering", minutes, by=who)
        self.now += timedelta(minutes=then)

    @precondition(lambda self: self.case.glasses)
    @rule(pick=picks, who=people, what=st.sampled_from(["second", "review", "review", "end"]))
    def handle_glass(self, pick: int, who: Any, what: str) -> None:
        glass = self.case.glasses[-1 - pick % len(self.case.glasses)]
        if what == "second":
            self.do(break_glass.second_glass, glass.id, by=who)
        elif what == "end":
            self.do(break_glass.end_glass, glass.id, by=who)
        else:
            self.do(break_glass.review_glass, glass.id, "justified", by=who)

    @rule(who=people, lead=people, others=st.frozensets(people, max_size=2))
    def propose(self, who: Any, lead: Any, others: Any) -> None:
        self.plan("aftercare")
        today = day_of(self.now)
        self.do(
            closing.propose_closure,
            outcome="own-wish",
            review_on=today + 20 * DAY,
            until=today + 60 * DAY,
            aftercare_lead=lead,
            aftercare_circle=others,
            by=who,
        )

    @precondition(lambda self: self.case.phase == "closing")
    @rule(who=people, own=st.booleans(), what=st.sampled_from(["approve", "refuse", "withdraw"]))
    def answer(self, who: Any, own: bool, what: str) -> None:
        who = self.book.proposer if own else who
        if what == "approve":
            self.do(closing.approve_closure, by=who)
        elif what == "refuse":
            self.do(closing.refuse_closure, "too-early", by=who)
        else:
            self.do(closing.withdraw_closure, by=who)

    @rule(who=people)
    def decline(self, who: Any) -> None:
        self.do(advancing.decline, "own-wish", by=who)

    @rule(who=people, reported=st.booleans())
    def decide_concern(self, who: Any, reported: bool) -> None:
        reason = "harm" if reported else "no-concern"
        self.do(concern.decide_concern, reported=reported, reason=reason, by=who)

    @rule(who=people)
    def raise_concern(self, who: Any) -> None:
        self.do(concern.raise_concern, by=who)

    @precondition(lambda self: self.case.phase in {"aftercare", "declined"})
    @rule(who=people, what=st.sampled_from(["archive", "archive", "reopen"]))
    def after(self, who: Any, what: str) -> None:
        if what == "archive":
            self.do(aftercare.archive, by=who)
        else:
            self.do(aftercare.reopen, "relapse", day_of(self.now) + DAY, by=who)

    @rule(who=people, held=st.booleans())
    def hold(self, who: Any, held: bool) -> None:
        if held:
            self.do(retention.hold, "legal-claim", by=who)
        else:
            self.do(retention.lift_hold, by=who)

    @precondition(lambda self: self.case.phase in {"archived", "declined"})
    @rule(who=people)
    def erase(self, who: Any) -> None:
        self.do(retention.erase, by=who)

    @rule(who=people, really=st.integers(0, 9))
    def forget(self, who: Any, really: int) -> None:
        if really == 0:
            self.do(retention.erase_at_own_request, by=who)

    @rule(who=people, text=st.sampled_from(["Vi sågs.", "Vi gick en runda."]))
    def write(self, who: Any, text: str) -> None:
        name = NoteId(f"n{next(self._numbers)}")
        try:
            note = notes.new_note(self.case, name, text, by=who, now=self.now)
        except Refusal:
            return
        self.written.append((note, notes.signed_bytes(note)))
        self.do(notes.write_note, note, by=who)

    @rule(minutes=jumps)
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def whoever_is_not_let_in_sees_nothing(self) -> None:
        for name in PEOPLE:
            if not self.book.is_let_in(name, self.now):
                who = WORKERS[name]
                assert relations_of(self.case, who, self.now) == frozenset(), name
                for action, group in LOOKS:
                    answer = sees(self.case, who, self.now, action, group)
                    assert not isinstance(answer, Granted), (name, action, group)

    @invariant()
    def the_lead_sees_the_case(self) -> None:
        if self.case.phase in OPEN:
            (lead,) = (name for name, kind in self.book.inside.items() if kind == "lead")
            assert self.case.lead == lead
            answer = sees(self.case, actor(lead, "case-lead"), self.now, "read", "notes")
            assert isinstance(answer, Granted)

    @invariant()
    def case_and_book_agree(self) -> None:
        assert {one.username: one.kind for one in self.case.circle} == self.book.inside
        assert (self.case.phase in LIVING) == (self.case.lead is not None)
        assert (self.case.phase, self.case.sequence) == (self.book.phase, self.book.last)

    @invariant()
    def notes_are_as_they_were_signed(self) -> None:
        for note, signed in self.written:
            assert notes.signed_bytes(note) == signed

    def plan(self, kind: planning.PlanKind) -> None:
        try:
            made = planning.new_plan(
                self.case, kind, [planning.Goal("g", "Ro")], by=KARIN, now=self.now
            )
        except Refusal:
            return
        self.do(planning.change_plan, made, by=KARIN)

    def do(self, command: Callable[..., Told], *what: Any, **more: Any) -> bool:
        """Give a command; a refusal changes nothing. Whether it was done."""
        before: Case = self.case
        try:
            self.case, facts = command(before, *what, now=self.now, **more)
        except Refusal:
            return False
        self.book.write(facts)
        return True
