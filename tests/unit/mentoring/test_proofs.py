"""How new a proof must be is a table, and what nobody knows is not new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.mentoring.domain.proofs import PROVED_WITHIN, too_old
from services.mentoring.domain.rights import ACTIONS, GROUP_OF_ACTION, GROUPS, Action, FieldGroup

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)
NAMED: frozenset[Action] = frozenset({"export", "open-glass", "hold", "forget"})
"""Decision 0038: a case taken out, an emergency, a person forgotten; and who somebody is."""


def about(action: Action) -> tuple[FieldGroup, ...]:
    return (GROUP_OF_ACTION[action],) if action in GROUP_OF_ACTION else GROUPS


def test_what_the_decision_names_takes_a_new_proof_and_nothing_else_does() -> None:
    """Of every action on every field group; an old or unknown proof will not do."""
    for action in ACTIONS:
        for group in about(action):
            wanted = action in NAMED or group == "identity"
            assert ((action, group) in PROVED_WITHIN) is wanted, (action, group)
            assert (too_old(action, group, None, NOW) is not None) is wanted
            assert too_old(action, group, NOW, NOW) is None


def test_a_proof_is_new_up_to_its_limit() -> None:
    """To the second, and the limit is what is told."""
    for (action, group), within in PROVED_WITHIN.items():
        assert too_old(action, group, NOW - within, NOW) is None
        assert too_old(action, group, NOW - within - A_MOMENT, NOW) == within
