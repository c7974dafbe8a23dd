"""The case under any order of events, and proof that the machine would notice a broken rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.mentoring.domain import (
    access,
    advancing,
    aftercare,
    break_glass,
    circle,
    closing,
    protecting,
    retention,
)
from services.mentoring.domain.case import BreakGlass, Case
from services.mentoring.domain.ids import Username
from tests.unit.mentoring.case_machine import CaseMachine

SMALL = settings(
    max_examples=80,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LARGE = settings(SMALL, max_examples=2000, stateful_step_count=80, derandomize=False)
HUNT = settings(SMALL, max_examples=1500, phases=[Phase.generate], print_blob=False)


def test_any_order_of_events_keeps_the_promises() -> None:
    """Whoever left sees nothing, two close, every window is an hour and judged, clocks hold."""
    run_state_machine_as_test(CaseMachine, settings=SMALL)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_any_long_order_of_events_keeps_the_promises() -> None:
    """The same for thousands of longer and ever new orders."""
    run_state_machine_as_test(CaseMachine, settings=LARGE)


def _leaving_is_only_said(patch: pytest.MonkeyPatch) -> None:
    right = circle.leave

    def staying(case: Case, *what: Any, **more: Any) -> Any:
        left, facts = right(case, *what, **more)
        return replace(case, sequence=left.sequence), facts

    for module in (circle, protecting, aftercare):
        patch.setattr(module, "leave", staying)


def _everybody_is_named(patch: pytest.MonkeyPatch) -> None:
    right = circle.leave

    def careless(case: Case, *what: Any, **more: Any) -> Any:
        return (case, ()) if what[1] == "not-named" else right(case, *what, **more)

    patch.setattr(access, "is_named", lambda case, username: True)
    patch.setattr(protecting, "leave", careless)


def _one_person_closes(patch: pytest.MonkeyPatch) -> None:
    right = closing._proposal_of
    somebody = Username("somebody")
    patch.setattr(closing, "_proposal_of", lambda case: replace(right(case), proposed_by=somebody))


def _unjudged_is_fine(patch: pytest.MonkeyPatch) -> None:
    for module in (closing, advancing, aftercare):
        patch.setattr(module, "ensure_reviewed", lambda case: None)


def _undecided_is_fine(patch: pytest.MonkeyPatch) -> None:
    for module in (closing, advancing, aftercare):
        patch.setattr(module, "ensure_decided", lambda case: None)


def _windows_of_two_hours(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(break_glass, "LONGEST_MINUTES", 120)


def _windows_that_never_close(patch: pytest.MonkeyPatch) -> None:
    def still(self: BreakGlass, now: datetime) -> bool:
        return self.opened_at is not None and self.ended_at is None

    patch.setattr(BreakGlass, "is_live", still)


def _no_retention_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retention, "is_due", lambda case, now: True)


@pytest.mark.parametrize(
    "break_a_rule",
    [
        _leaving_is_only_said,
        _everybody_is_named,
        _one_person_closes,
        _unjudged_is_fine,
        _undecided_is_fine,
        _windows_of_two_hours,
        _windows_that_never_close,
        _no_retention_clock,
    ],
)
def test_a_broken_rule_is_noticed(
    break_a_rule: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a guard taken out, the same machine fails: its silence otherwise means something."""
    break_a_rule(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(CaseMachine, settings=HUNT)
