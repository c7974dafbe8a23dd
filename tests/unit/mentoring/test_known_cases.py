"""What a process remembers of cases is never older than what the database says of them."""

from __future__ import annotations

from dataclasses import replace

from services.mentoring.domain.ids import CaseId
from services.mentoring.storage.known_cases import KnownCases
from tests.unit.mentoring.casework import case_in

CASE = replace(case_in("active"), version=3)


def test_a_case_is_known_at_the_version_that_was_read() -> None:
    """A later one, and an earlier one (a restore), are read anew."""
    known = KnownCases()
    known.keep([CASE])
    assert known.at(CASE.id, 3) is CASE
    assert known.at(CASE.id, 4) is None
    assert known.at(CASE.id, 2) is None
    known.keep([replace(CASE, version=4)])
    assert known.at(CASE.id, 3) is None


def test_so_many_are_remembered_and_no_more() -> None:
    """The one that nobody asked for goes first."""
    some = [replace(CASE, id=CaseId(name)) for name in "abc"]
    known = KnownCases(most=2)
    known.keep(some[:2])
    assert known.at("a", 3) is not None
    known.keep(some[2:])
    assert [known.at(name, 3) is not None for name in "abc"] == [True, False, True]
