"""Forgetting: by the clock, at one's own request, and never against a legal hold."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from services.mentoring.domain.case import Case
from services.mentoring.domain.facts import CaseErased, RelationEnded
from services.mentoring.domain.phases import PHASES, Phase
from services.mentoring.domain.retention import (
    KEPT_DAYS,
    erase,
    erase_at_own_request,
    hold,
    is_due,
    kept_until,
    lift_hold,
)
from services.mentoring.domain.rules import OnLegalHold, ReasonMissing, TooEarlyToErase
from tests.unit.mentoring.casework import DAY, KARIN, NOW, TODAY, case_in

STAYS = {"id", "pseudonym", "person_id", "recipient_id", "phase", "opened_at", "phase_since"}
COUNTERS = {"sequence", "version"}


@pytest.mark.parametrize("phase", PHASES)
def test_the_clock_runs_only_where_nobody_works_any_more(phase: Phase) -> None:
    """Ninety days after a decline, two years in the archive, nowhere else."""
    expected = {"declined": TODAY + 90 * DAY, "archived": TODAY + 730 * DAY}.get(phase)
    assert kept_until(phase, TODAY) == expected
    if phase not in KEPT_DAYS:
        assert not is_due(case_in(phase, retention_until=TODAY), NOW + 9999 * DAY)


def test_nothing_is_erased_before_its_day() -> None:
    """The day before is too early; the day itself is not."""
    case = case_in("archived", retention_until=TODAY + 10 * DAY)
    with pytest.raises(TooEarlyToErase) as refused:
        erase(case, by=KARIN, now=NOW + 9 * DAY)
    assert refused.value.facts == {"until": TODAY + 10 * DAY}
    assert erase(case, by=KARIN, now=NOW + 10 * DAY)[0].phase == "erased"


def test_a_hold_stops_both_ways_and_is_lifted() -> None:
    """While the law needs it, neither the clock nor the person's wish erases."""
    case, _ = hold(case_in("archived"), "legal-claim", by=KARIN, now=NOW)
    assert hold(case, "supervision", by=KARIN, now=NOW) == (case, ())
    assert not is_due(case, NOW)
    with pytest.raises(OnLegalHold):
        erase(case, by=KARIN, now=NOW)
    with pytest.raises(OnLegalHold):
        erase_at_own_request(case, by=KARIN, now=NOW)
    with pytest.raises(ReasonMissing):
        hold(case, "just-in-case", by=KARIN, now=NOW)
    free, _ = lift_hold(case, by=KARIN, now=NOW)
    assert lift_hold(free, by=KARIN, now=NOW) == (free, ())
    assert erase(free, by=KARIN, now=NOW)[0].phase == "erased"


@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "erased"])
def test_a_wish_to_be_forgotten_is_granted_in_every_phase(phase: Phase) -> None:
    """Everybody's access ends, and of the case nothing stays but that it was."""
    case, facts = erase_at_own_request(case_in(phase), by=KARIN, now=NOW + timedelta(hours=1))
    assert case.phase == "erased"
    assert isinstance(facts[-1], CaseErased)
    assert facts[-1].at_own_request
    ended = [fact for fact in facts if isinstance(fact, RelationEnded)]
    assert len(ended) == len(case_in(phase).circle)
    defaults = {field.name: field.default for field in fields(Case)}
    for name in defaults.keys() - STAYS - COUNTERS - {"circle"}:
        assert getattr(case, name) == defaults[name], name
    assert case.circle == ()


def test_forgetting_counts_on() -> None:
    """The facts of an erased case follow on the ones before; its version is storage's."""
    before = replace(case_in("archived"), sequence=7, version=12)
    case, facts = erase(before, by=KARIN, now=NOW)
    assert [fact.sequence for fact in facts] == [8, 9]
    assert (case.sequence, case.version) == (9, 12)
