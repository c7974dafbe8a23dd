"""The table of rights against sentences, cell by cell, and what routes ask."""

from __future__ import annotations

from itertools import product

import pytest

from services.mentoring.domain.access import Granted, Refused, relations_of
from services.mentoring.domain.case import BreakGlass
from services.mentoring.domain.ids import GlassId
from services.mentoring.domain.phases import PHASES, Phase
from services.mentoring.domain.rights import (
    ACTIONS,
    GROUP_OF_ACTION,
    GROUPS,
    RELATIONS,
    ROLES,
    FieldGroup,
)
from services.mentoring.domain.rules import ProtectedStaysHere
from services.mentoring.policy import PERMISSIONS, RIGHTS, allowed, sees
from shared.kernel.actor import ANYBODY, Actor, housekeeping
from shared.kernel.refusal import Forbidden, NotFound
from tests.unit.mentoring import rules_in_words
from tests.unit.mentoring.casework import (
    DAY,
    DORA,
    HOUR,
    IDRIS,
    KARIN,
    NOW,
    OMAR,
    PEOPLE,
    SARA,
    STRANGER,
    VERA,
    actor,
    case_in,
)
from tests.unit.mentoring.rules_in_words import SENTENCES, given_by

EVERY_ROLE = tuple(ROLES)


def test_the_table_says_what_the_sentences_say() -> None:
    """Every cell of role × relation × phase × action × group is allowed, or not, as described."""
    questions = product(ROLES, RELATIONS, PHASES, ACTIONS, GROUPS)
    said = {tuple(cell) for cell in given_by()}
    assert {cell for cell in questions if allowed(*cell)} == said


def test_the_sentences_speak_of_everything_there_is() -> None:
    """No role, relation, phase, action or group is left out of the second statement."""
    assert set(rules_in_words.ROLES) == set(ROLES)
    assert set(rules_in_words.RELATIONS) == set(RELATIONS)
    assert set(rules_in_words.PHASES) == set(PHASES)
    assert set(rules_in_words.ACTIONS) == set(ACTIONS)
    assert set(rules_in_words.GROUPS) == set(GROUPS)


def test_every_sentence_matters() -> None:
    """Each sentence gives a right that no other one gives, or else it is not needed."""
    alone = {sentences[0] for sentences in given_by().values() if len(sentences) == 1}
    assert alone == set(SENTENCES)


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "editor", "auditor", "operator"])
def test_other_roles_have_no_right_on_any_case(role: str) -> None:
    """Whoever works with something else gets nothing of a case, in whatever relation."""
    everything = product(RELATIONS, PHASES, ACTIONS, GROUPS)
    assert not any(allowed(role, *cell) for cell in everything)


def test_nothing_is_left_of_an_erased_case() -> None:
    """No right reaches an erased case."""
    assert [right for right in RIGHTS if "erased" in right.phases] == []


def test_a_role_of_nowhere_has_no_right() -> None:
    """Default is no: for a role that nobody defined, too."""
    assert not any(
        allowed("director", *cell) for cell in product(RELATIONS, PHASES, ACTIONS, GROUPS)
    )


def test_routes_open_to_exactly_the_roles_that_have_a_row() -> None:
    """`cases.<action>` is derived from the table; no action is without somebody."""
    for action in ACTIONS:
        roles = {right.role for right in RIGHTS if right.action == action}
        assert PERMISSIONS[f"cases.{action}"] == roles
    assert PERMISSIONS["identity.read"] == {"case-lead", "mentor"}
    assert PERMISSIONS["identity.write"] == {"case-lead"}
    assert PERMISSIONS["access-log.read"] == {"case-lead", "data-protection"}


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "editor"])
def test_other_roles_open_no_door_of_this_service(role: str) -> None:
    """Staff of other roles cannot even ask."""
    assert [name for name, roles in PERMISSIONS.items() if role in roles] == []


def test_the_auditor_sees_the_audit_and_the_operator_the_machinery() -> None:
    """Neither opens a case."""
    auditors = {name for name, roles in PERMISSIONS.items() if "auditor" in roles}
    operators = {name for name, roles in PERMISSIONS.items() if "operator" in roles}
    assert auditors == {"audit.read", "audit.verify", "audit.follow-up"}
    assert operators == {"audit.verify", "keys.rotate", "journal.read", "dead-letters.handle"}


@pytest.mark.parametrize("phase", PHASES)
def test_a_stranger_is_answered_as_if_there_were_no_case(phase: Phase) -> None:
    """No relation, not found, for every role but what a role alone may do."""
    case = case_in(phase)
    for role, group in product(("case-lead", "mentor", "auditor", "operator"), GROUPS):
        for action in ("list", "read", "write", "export"):
            assert sees(case, actor(STRANGER, role), NOW, action, group) == Refused(NotFound)


def test_somebody_who_knows_the_case_is_told_that_they_may_not() -> None:
    """Inside the circle a no is a no, not a pretence."""
    assert sees(case_in("active"), actor(OMAR, "case-lead"), NOW, "read", "notes") == Refused(
        Forbidden
    )


def test_a_relation_without_its_role_is_worth_nothing() -> None:
    """A lead who no longer has the role reads nothing."""
    assert sees(case_in("active"), actor(KARIN, "mentor"), NOW, "read", "plan") == Refused(
        Forbidden
    )
    assert sees(case_in("active"), actor(KARIN), NOW, "list") == Refused(Forbidden)


def test_no_right_takes_a_right_away() -> None:
    """Another role, or another relation, never leaves somebody with less."""
    case = case_in("active")
    for group in GROUPS:
        alone = sees(case, actor(KARIN, "case-lead"), NOW, "read", group)
        more = sees(case, actor(KARIN, *EVERY_ROLE), NOW, "read", group)
        assert isinstance(alone, Granted)
        assert isinstance(more, Granted)
        assert alone.relations <= more.relations
        assert not more.own_only


def test_only_staff_with_a_username_are_anybody() -> None:
    """A visitor, the clockwork and a token without a username see nothing."""
    case = case_in("active")
    lead = frozenset({"case-lead"})
    nameless = Actor(kind="staff", id="x", roles=lead)
    # A name and roles alone are not somebody of the staff.
    feigned = Actor(kind="anybody", id="x", roles=lead, username=KARIN)
    for who in (ANYBODY, housekeeping("tick"), nameless, feigned):
        assert relations_of(case, who, NOW) == frozenset()
        assert sees(case, who, NOW, "open-glass") == Refused(NotFound)
        assert sees(case, who, NOW, "read", "overview") == Refused(NotFound)


@pytest.mark.parametrize("phase", PHASES)
def test_a_protected_case_is_for_the_named_alone(phase: Phase) -> None:
    """Whatever role and relation: nobody outside the named reads, lists, writes or changes."""
    case = case_in(phase, protected=True, protected_circle=frozenset({KARIN}))
    harmless = {"open-glass", "hold", "forget"}
    for username in PEOPLE:
        for action, group in product(ACTIONS, GROUPS):
            answer = sees(case, actor(username, *EVERY_ROLE), NOW, action, group)
            if username != KARIN and action not in harmless:
                assert answer == Refused(NotFound), (username, action, group)
    for action in ("hold", "forget"):
        kept = phase != "erased"
        found = sees(case, actor(DORA, "data-protection"), NOW, action)
        assert isinstance(found, Granted) == kept, "without being shown anything of it"


def test_a_protected_case_is_never_exported() -> None:
    """Not even by its lead."""
    case = case_in("active", protected=True, protected_circle=frozenset({KARIN}))
    lead = actor(KARIN, "case-lead")
    assert isinstance(sees(case, lead, NOW, "read", "plan"), Granted)
    assert isinstance(sees(case_in("active"), lead, NOW, "export", "plan"), Granted)
    assert sees(case, lead, NOW, "export", "plan") == Refused(ProtectedStaysHere)


@pytest.mark.parametrize("group", GROUPS)
def test_one_person_alone_never_opens_a_protected_case(group: FieldGroup) -> None:
    """An access that nobody confirmed shows nothing of a protected identity; confirmed, no log."""
    alone = BreakGlass(GlassId("g"), STRANGER, "covering", 60, NOW, NOW, NOW + HOUR)
    by_two = BreakGlass(GlassId("g"), STRANGER, "covering", 60, NOW, NOW, NOW + HOUR, second=KARIN)
    holder = actor(STRANGER, "case-lead")
    protected = {"protected": True, "protected_circle": frozenset({KARIN})}
    case = case_in("active", glasses=(alone,), **protected)
    assert sees(case, holder, NOW, "read", group) == Refused(NotFound)
    case = case_in("active", glasses=(by_two,), **protected)
    assert isinstance(sees(case, holder, NOW, "read", group), Granted) == (group != "access-log")
    assert sees(case, holder, NOW + HOUR, "read", group) == Refused(NotFound)


def test_data_protection_sees_who_looked_and_not_what() -> None:
    """The log of readers is theirs; what was read is not."""
    who = actor(DORA, "data-protection")
    for group in GROUPS:
        answer = sees(case_in("active"), who, NOW, "read", group)
        assert isinstance(answer, Granted) == (group == "access-log")


def test_aftercare_is_another_circle() -> None:
    """Who had to do with the support sees nothing in aftercare unless named there."""
    case = case_in("aftercare")
    assert sees(case, actor(IDRIS, "mentor"), NOW, "read", "plan") == Refused(NotFound)
    assert isinstance(sees(case, actor(VERA, "mentor"), NOW + DAY, "read", "plan"), Granted)
    assert sees(case, actor(VERA, "mentor"), NOW, "read", "identity") == Refused(Forbidden)
    assert isinstance(sees(case, actor(SARA, "case-lead"), NOW, "read", "closure"), Granted)


def test_an_action_knows_its_group() -> None:
    """Only reading, writing and exporting need to say what."""
    assert set(ACTIONS) - set(GROUP_OF_ACTION) == {"read", "write", "export"}
