"""The controls of a case follow mentoring's policy."""

from __future__ import annotations

import itertools

from services.mentoring.domain.phases import PHASES
from services.mentoring.domain.rights import ACTIONS, GROUP_OF_ACTION, GROUPS, RELATIONS
from services.mentoring.policy import allowed
from services.web.staff.cases.standing import ROLES_OF, ROWS, Standing

SHOWN = {action for _, action, _, _ in ROWS}


def test_a_control_is_shown_where_the_policy_lets_it_be_used() -> None:
    """Every relation, phase, action and field group, as the policy has them: no more, no less."""
    relations = [each for each in RELATIONS if each != "none"]
    assert set(ROLES_OF) == set(relations)
    for relation, phase, action in itertools.product(relations, PHASES, ACTIONS):
        if action not in SHOWN:
            continue
        for group in GROUPS if action in ("read", "write") else ("",):
            about = group or GROUP_OF_ACTION[action]
            wanted = any(
                allowed(role, relation, phase, action, about) for role in ROLES_OF[relation]
            )
            shown = Standing(frozenset({relation}), phase, frozenset(GROUPS)).may(action, group)
            assert shown == wanted, (relation, phase, action, group)


def test_what_was_chosen_for_a_mentor_narrows_it() -> None:
    """What they do not see they get no page for, but for records of their own."""
    mentor = Standing(frozenset({"mentor"}), "active", frozenset({"overview", "plan"}))
    assert mentor.may("read", "plan")
    assert not mentor.may("read", "identity")
    assert mentor.may("write", "notes"), "their own"
    both = Standing(frozenset({"mentor", "break-glass"}), "active", frozenset({"plan"}))
    assert both.may("read", "identity")
