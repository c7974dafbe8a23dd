"""What waits in a case, and for whom it is to know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.domain.break_glass import open_glass
from services.mentoring.domain.case import ActionDay, Case, Concern
from services.mentoring.domain.concern import DECIDE_WITHIN
from services.mentoring.domain.ids import GlassId
from services.mentoring.domain.rights import GROUPS
from services.mentoring.domain.waiting import WAITS, waits
from tests.unit.mentoring.casework import DAY, KARIN, NOW, STRANGER, TODAY, case_in

ALL = frozenset(GROUPS)
MISSED: dict[str, Any] = {"contact_from": TODAY - 14 * DAY}
UNDECIDED: dict[str, Any] = {"concern": Concern("undecided", NOW + DECIDE_WITHIN)}


def test_what_waits_is_said_with_the_most_urgent_first() -> None:
    """Nothing waits in a case that is looked after; each thing that is left undone is named."""
    assert waits(case_in("active"), ALL, NOW) == ()
    assert waits(case_in("closing"), ALL, NOW) == ("closure-to-decide",)
    left = case_in("active", **MISSED, **UNDECIDED, circle=(), next_review_on=TODAY - DAY)
    assert waits(left, ALL, NOW) == (
        *("concern-undecided", "contact-missed", "review-late", "mentor-missing"),
    )


@pytest.mark.parametrize(
    ("case", "wait"),
    [
        (case_in("active", **UNDECIDED), "concern-late"),
        (case_in("aftercare"), "aftercare-over"),
        (case_in("active", lead_away_until=TODAY + 400 * DAY), "stand-in-acts"),
        (
            open_glass(case_in("active"), GlassId("g"), "covering", 5, by=STRANGER, now=NOW)[0],
            "glass-to-review",
        ),
    ],
)
def test_it_waits_when_its_time_has_come(case: Case, wait: str) -> None:
    """Also what only time brings."""
    assert wait in waits(case, ALL, NOW + timedelta(days=365))


@pytest.mark.parametrize("group", GROUPS)
def test_what_somebody_may_not_read_waits_for_somebody_else(group: Any) -> None:
    """Without its field group nothing of it is said."""
    everything = replace(
        open_glass(case_in("closing"), GlassId("g"), "covering", 5, by=STRANGER, now=NOW)[0],
        circle=(),
        **MISSED,
        **UNDECIDED,
        next_review_on=TODAY - DAY,
        lead_away_until=TODAY,
        action_days=(ActionDay(TODAY - DAY, KARIN),),
    )
    said = [waits(everything, frozenset({each}), NOW) for each in GROUPS]
    whole = waits(everything, ALL, NOW)
    assert sorted(each for part in said for each in part) == sorted(whole)
    assert set(WAITS) - set(whole) == {"concern-late", "aftercare-over"}
    without = waits(everything, ALL - {group}, NOW)
    assert set(whole) - set(without) == set(waits(everything, frozenset({group}), NOW))
