"""The controls of a case are what its API says that somebody may do, in the words of its domain."""

from __future__ import annotations

from typing import get_args

from services.mentoring.domain.phases import LIVING
from services.mentoring.domain.rights import GRANTABLE as GRANTABLE_THERE
from services.mentoring.domain.rights import CircleKind
from services.mentoring.domain.waiting import WAITS as WAITS_THERE
from services.web.staff.cases import listed
from services.web.staff.cases.circle import GRANTABLE
from services.web.staff.cases.desk import Seen
from services.web.staff.cases.waiting import WAITS, WHERE, marked
from services.web.wording import WORDS

NOTHING: dict[str, list[str]] = {"read": [], "read_own": [], "write": [], "write_own": [], "do": []}


def _seen(**may: list[str]) -> Seen:
    return Seen({"id": "x", "you_may": {**NOTHING, **may}}, '"1"')


def test_nothing_is_shown_that_the_api_does_not_say() -> None:
    """Deny is the default: an empty answer opens no page and no control."""
    for action, group in (("read", "plan"), ("write", "notes"), ("share", ""), ("export", "")):
        assert not _seen().may(action, group)


def test_a_group_is_open_for_records_of_ones_own() -> None:
    """Whoever may read or write only their own gets the page; another group stays shut."""
    seen = _seen(read=["plan"], read_own=["notes"], write_own=["notes"], do=["share"])
    assert seen.may("read", "plan")
    assert seen.may("read", "notes")
    assert seen.may("write", "notes")
    assert not seen.may("write", "plan")
    assert seen.may("share")
    assert not seen.may("export")
    assert not seen.may("read"), "reading names what is read"


def test_the_lists_are_the_services_own() -> None:
    """What can be chosen is what the service knows, each with words for whoever reads it."""
    assert set(GRANTABLE) == GRANTABLE_THERE
    assert WAITS == WAITS_THERE
    assert set(listed.PHASES) == LIVING
    assert set(listed.RELATIONS) == set(get_args(CircleKind))
    for code in WAITS:
        for prefix in ("staff_case_waits_", "staff_case_do_"):
            assert prefix + code.replace("-", "_") in WORDS["sv"]
    assert WHERE.keys() <= set(WAITS)
    assert {kind for _, kind in marked(WAITS)} <= {"bad", "wait", "info"}
