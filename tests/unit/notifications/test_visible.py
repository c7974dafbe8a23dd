"""Who may know of which recipients."""

from __future__ import annotations

import re

import pytest

from services.notifications.domain.recipient_card import Recipient
from services.notifications.policy import PERMISSIONS
from services.notifications.storage.visible import may_see, visible
from shared.kernel.actor import ANYBODY, Actor, housekeeping

KIM = Recipient("booking", "0190-kim")
IN_A_CASE = Recipient("mentoring", "0190-case")


def staff(*roles: str) -> Actor:
    return Actor("staff", "s", frozenset(roles))


def matches(by: Actor, recipient: Recipient) -> bool:
    """What the database would make of the condition."""
    condition = visible(by)
    if not condition:
        return True
    wanted = condition["recipient"]
    if isinstance(wanted, str):
        return wanted == recipient.key
    if "$in" in wanted:
        return recipient.key in wanted["$in"]
    return re.search(wanted["$regex"], recipient.key) is not None


@pytest.mark.parametrize("role", sorted(set().union(*PERMISSIONS.values())))
def test_no_role_here_learns_of_a_case(role: str) -> None:
    """Whoever may read something here still never learns that mentoring has a recipient."""
    assert not may_see(staff(role), IN_A_CASE)
    assert not matches(staff(role), IN_A_CASE)


def test_the_condition_and_the_check_agree() -> None:
    """A list and a look at one recipient show the same people."""
    me = Actor("participant", KIM.key)
    askers = [staff("coordinator"), staff("operator"), staff("mentor"), staff(), me, ANYBODY]
    for by in (*askers, housekeeping("test"), Actor("service", "web")):
        for recipient in (KIM, IN_A_CASE, Recipient("booking", "0190-kim-2")):
            assert matches(by, recipient) == may_see(by, recipient), (by, recipient)


def test_who_sees_somebody() -> None:
    """The desk and the clockwork do; a participant sees nobody but themselves."""
    assert may_see(staff("coordinator"), KIM)
    assert may_see(housekeeping("test"), IN_A_CASE)
    assert may_see(Actor("participant", KIM.key), KIM)
    assert not may_see(Actor("participant", KIM.key), Recipient("booking", "0190-kim-2"))
    assert not may_see(ANYBODY, KIM)
