"""The circle: who comes, who leaves, what the next one sees, and who acts for an absent lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from services.mentoring.domain.access import Granted, Refused, relations_of
from services.mentoring.domain.break_glass import open_glass, second_glass
from services.mentoring.domain.circle import (
    assign,
    hand_over,
    set_lead_away,
    set_lead_back,
    unassign,
)
from services.mentoring.domain.facts import RelationBegan, RelationEnded
from services.mentoring.domain.ids import GlassId, Username
from services.mentoring.domain.protecting import lift_protection, protect
from services.mentoring.domain.rights import GROUPS, PLAN_ONLY, FieldGroup
from services.mentoring.domain.rules import (
    AlreadyInCircle,
    CannotBeShown,
    DateHasPassed,
    LeadIsHandedOver,
    LeadMustBeNamed,
    NotInCircle,
    NotNamed,
    ReasonMissing,
    RelationNotInPhase,
    StandInIsActing,
    StandInMissing,
    StandInTaken,
)
from services.mentoring.policy import sees
from shared.kernel.refusal import Forbidden, NotFound
from tests.unit.mentoring.casework import (
    DAY,
    DORA,
    IDRIS,
    KARIN,
    NOW,
    OMAR,
    SARA,
    STRANGER,
    TODAY,
    actor,
    case_in,
    opened,
)

AS_KARIN = {"by": KARIN, "now": NOW}
MENTOR = actor(IDRIS, "mentor")
NEXT = actor(STRANGER, "mentor")


def test_a_case_begins_with_its_lead() -> None:
    """A case opens in intake, and its lead is all the circle there is."""
    case = opened()
    assert (case.phase, case.lead, len(case.circle)) == ("intake", KARIN, 1)


def test_a_protected_case_needs_a_named_lead() -> None:
    """Nobody leads a protected case without being named for it."""
    with pytest.raises(LeadMustBeNamed):
        opened(protected=True, named=frozenset({SARA}))
    assert opened(protected=True, named=frozenset({KARIN})).protected


def test_an_eighteenth_birthday_that_has_been_is_not_kept() -> None:
    """An adult's case keeps no date of birth in any form."""
    assert opened(minor_until=TODAY).minor_until is None
    assert opened(minor_until=TODAY + DAY).minor_until == TODAY + DAY


def test_a_mentor_sees_the_plan_alone_unless_more_is_chosen() -> None:
    """The default of what a mentor is shown is overview and plan."""
    case, facts = assign(case_in("planning", circle=opened().circle), IDRIS, "mentor", **AS_KARIN)
    assert [fact.sees for fact in facts if isinstance(fact, RelationBegan)] == [PLAN_ONLY]
    shown = {
        group for group in GROUPS if sees(case, MENTOR, NOW, "read", group) == Granted({"mentor"})
    }
    assert shown == {"overview", "plan"}


def test_a_choice_shows_that_and_the_overview() -> None:
    """An explicit choice is kept as it is, with the overview."""
    bare = case_in("planning", circle=opened().circle)
    case, _ = assign(bare, IDRIS, "mentor", sees=frozenset({"notes"}), **AS_KARIN)
    assert case.circle[-1].sees == {"overview", "notes"}
    assert sees(case, MENTOR, NOW, "read", "plan") == Refused(Forbidden)


@pytest.mark.parametrize("group", ["closure", "consents", "access-log"])
def test_some_things_are_shown_to_no_mentor(group: FieldGroup) -> None:
    """Closure, consents and the log of readers cannot be chosen for a mentor."""
    bare = case_in("planning", circle=opened().circle)
    with pytest.raises(CannotBeShown):
        assign(bare, IDRIS, "mentor", sees=frozenset({group}), **AS_KARIN)


def test_what_a_mentor_was_not_shown_they_see_of_their_own() -> None:
    """Meetings, notes and contacts not shown are seen and written where they are one's own."""
    case = case_in("active")
    for action, group in product(("read", "write"), ("meetings", "notes", "contact")):
        assert sees(case, MENTOR, NOW, action, group) == Granted({"mentor"}, own_only=True)
    assert sees(case, MENTOR, NOW, "read", "identity") == Refused(Forbidden)


def test_whoever_leaves_sees_nothing() -> None:
    """After unassign the next read is answered as if there were no case, own notes too."""
    case, facts = unassign(case_in("active"), IDRIS, **AS_KARIN)
    assert [type(fact) for fact in facts] == [RelationEnded]
    answers = {sees(case, MENTOR, NOW, "read", group) for group in GROUPS}
    assert answers == {Refused(NotFound)}


def test_leaving_ends_an_open_emergency_access() -> None:
    """Nobody keeps a window open after leaving the circle."""
    case, _ = open_glass(case_in("active"), GlassId("g"), "covering", 60, by=OMAR, now=NOW)
    holder = actor(OMAR, "case-lead")
    assert "break-glass" in relations_of(case, holder, NOW)
    case, _ = unassign(case, OMAR, **AS_KARIN)
    assert relations_of(case, holder, NOW) == frozenset()


def test_a_hand_over_shows_the_plan_and_ends_the_last_one() -> None:
    """The next mentor does not inherit what the last one saw."""
    case = case_in("active")
    circle = tuple(
        replace(one, sees=frozenset(GROUPS)) if one.username == IDRIS else one
        for one in case.circle
    )
    case, facts = hand_over(replace(case, circle=circle), IDRIS, STRANGER, **AS_KARIN)
    relation = case.relation(STRANGER)
    assert relation is not None
    assert relation.sees == PLAN_ONLY
    assert case.relation(IDRIS) is None
    assert [type(fact) for fact in facts] == [RelationEnded, RelationBegan]
    assert sees(case, MENTOR, NOW, "read", "notes") == Refused(NotFound)
    assert sees(case, NEXT, NOW, "read", "plan") == Granted({"mentor"})


def test_a_lead_hands_over_and_cannot_leave() -> None:
    """A case is never without a lead."""
    case = case_in("active")
    with pytest.raises(LeadIsHandedOver):
        unassign(case, KARIN, **AS_KARIN)
    with pytest.raises(LeadIsHandedOver):
        assign(case, STRANGER, "lead", **AS_KARIN)
    case, _ = hand_over(case, KARIN, STRANGER, **AS_KARIN)
    assert case.lead == STRANGER
    assert case.relation(KARIN) is None


def test_a_stand_in_can_take_over_as_lead() -> None:
    """The stand-in of an absent lead becomes the lead, once, and nobody is away any more."""
    case, _ = set_lead_away(case_in("active"), TODAY + DAY, **AS_KARIN)
    case, _ = hand_over(case, KARIN, OMAR, by=OMAR, now=NOW)
    assert (case.lead, case.stand_in, case.lead_away_until) == (OMAR, None, None)


def test_nobody_stands_twice_in_the_circle() -> None:
    """A person has one place; a stranger has none to give."""
    case = case_in("active")
    with pytest.raises(AlreadyInCircle):
        assign(case, IDRIS, "second", **AS_KARIN)
    with pytest.raises(AlreadyInCircle):
        hand_over(case, IDRIS, SARA, **AS_KARIN)
    with pytest.raises(NotInCircle):
        unassign(case, STRANGER, **AS_KARIN)
    with pytest.raises(StandInTaken):
        assign(case, STRANGER, "stand-in", **AS_KARIN)


def test_each_relation_has_its_phases() -> None:
    """No mentor before planning, no aftercare circle before aftercare."""
    with pytest.raises(RelationNotInPhase):
        assign(case_in("assessment"), IDRIS, "mentor", **AS_KARIN)
    with pytest.raises(RelationNotInPhase):
        assign(case_in("active"), STRANGER, "aftercare", **AS_KARIN)


def test_the_stand_in_is_the_lead_only_while_the_lead_is_away() -> None:
    """Up to the last minute of the last day in Malmö the stand-in acts, and not a minute longer."""
    case, _ = set_lead_away(case_in("active"), date(2027, 3, 12), **AS_KARIN)
    standing_in = actor(OMAR, "case-lead")
    last_minute = datetime(2027, 3, 12, 22, 59, tzinfo=UTC)
    midnight = datetime(2027, 3, 12, 23, 0, tzinfo=UTC)
    assert isinstance(sees(case, standing_in, last_minute, "read", "notes"), Granted)
    assert sees(case, standing_in, midnight, "read", "notes") == Refused(Forbidden)
    assert (case.acting_lead(last_minute), case.acting_lead(midnight)) == (OMAR, KARIN)
    case, _ = set_lead_back(case, **AS_KARIN)
    assert sees(case, standing_in, NOW, "read", "notes") == Refused(Forbidden)


@pytest.mark.parametrize("username", [SARA, IDRIS])
def test_nobody_else_becomes_the_lead_of_an_absent_one(username: Username) -> None:
    """The second and the mentor stay what they are, whatever roles they have."""
    case, _ = set_lead_away(case_in("active"), date(2027, 3, 12), **AS_KARIN)
    who = actor(username, "case-lead", "mentor")
    assert "lead" not in relations_of(case, who, NOW)
    assert sees(case, who, NOW, "assign") == Refused(Forbidden)


def test_nobody_is_away_without_a_stand_in() -> None:
    """An absence needs somebody who acts, who then stays."""
    with pytest.raises(StandInMissing):
        set_lead_away(opened(), TODAY, **AS_KARIN)
    with pytest.raises(DateHasPassed):
        set_lead_away(case_in("active"), TODAY - DAY, **AS_KARIN)
    case, _ = set_lead_away(case_in("active"), TODAY, **AS_KARIN)
    with pytest.raises(StandInIsActing):
        unassign(case, OMAR, **AS_KARIN)


def test_protection_puts_everybody_else_out() -> None:
    """Who is not named leaves the circle, and an access that one person opened alone ends."""
    case, _ = open_glass(case_in("active"), GlassId("g"), "covering", 60, by=STRANGER, now=NOW)
    case, _ = protect(case, frozenset({KARIN, SARA}), **AS_KARIN)
    assert {one.username for one in case.circle} == {KARIN, SARA}
    for outside in (IDRIS, OMAR, STRANGER, DORA):
        who = actor(outside, "case-lead", "mentor", "data-protection")
        assert relations_of(case, who, NOW) == frozenset()
        assert {sees(case, who, NOW, "read", group) for group in GROUPS} == {Refused(NotFound)}
    with pytest.raises(NotNamed):
        assign(case, IDRIS, "mentor", **AS_KARIN)
    with pytest.raises(LeadMustBeNamed):
        protect(case, frozenset({SARA}), **AS_KARIN)


def test_protection_is_lifted_with_a_reason() -> None:
    """After it is lifted others can join again; an access that it ended does not come back."""
    case, _ = open_glass(case_in("active"), GlassId("g"), "covering", 60, by=STRANGER, now=NOW)
    case, _ = protect(case, frozenset({KARIN}), **AS_KARIN)
    with pytest.raises(ReasonMissing):
        lift_protection(case, "no-reason", **AS_KARIN)
    case, _ = lift_protection(case, "wrongly-set", **AS_KARIN)
    case, _ = assign(case, IDRIS, "mentor", **AS_KARIN)
    assert case.mentors() == (IDRIS,)
    assert relations_of(case, actor(STRANGER, "case-lead"), NOW) == frozenset()
    assert lift_protection(case, "wrongly-set", **AS_KARIN) == (case, ())


def test_an_access_that_two_opened_outlives_a_new_list_of_the_named() -> None:
    """Who was let in by a named colleague stays for the minutes; who acts as lead stays named."""
    named = frozenset({KARIN, SARA})
    asked = case_in("active", protected=True, protected_circle=named)
    case, _ = open_glass(asked, GlassId("g"), "covering", 60, by=STRANGER, now=NOW)
    case, _ = second_glass(case, GlassId("g"), by=SARA, now=NOW)
    case, _ = protect(case, named | {OMAR}, **AS_KARIN)
    assert relations_of(case, actor(STRANGER, "case-lead"), NOW) == {"break-glass"}
    away, _ = set_lead_away(case_in("active"), TODAY, **AS_KARIN)
    with pytest.raises(StandInIsActing):
        protect(away, named, **AS_KARIN)
    protect(away, named | {OMAR}, **AS_KARIN)
