"""The console shows what the services allow: their policies, no more and no less."""

from __future__ import annotations

from importlib import import_module

import pytest

from services.web.staff.navigation import AREAS
from services.web.staff.rights import EVERYBODY, RIGHTS, may
from services.web.staff.search import SEARCHED
from services.web.staff.start_parts import PARTS


@pytest.mark.parametrize("permission", RIGHTS)
def test_the_roles_are_the_services_own(permission: str) -> None:
    """Whoever sees a control is whoever the service behind it would let use it."""
    service, _, name = permission.partition(":")
    policy = import_module(f"services.{service}.policy").PERMISSIONS
    assert RIGHTS[permission] == policy[name]


def test_whatever_is_shown_names_a_known_right() -> None:
    """An area, a part of the start page or a search without a known right would show to nobody."""
    shown = (*AREAS, *PARTS, *SEARCHED)
    named = {name for each in shown for name in each.permissions}
    assert named - {EVERYBODY} <= RIGHTS.keys()
    assert named, "the measure itself works"


def test_a_right_is_its_roles_alone() -> None:
    """Somebody without any role may look after their own sign-ins, and nothing else."""
    assert may(frozenset(), EVERYBODY)
    assert not [name for name in RIGHTS if may(frozenset(), name)]
    assert may(frozenset({"coordinator"}), "booking:line.move")
    assert not may(frozenset({"facilitator"}), "booking:line.move")
