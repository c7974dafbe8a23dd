"""The occasion under any order of events, and proof that the machine would notice a broken rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.booking.domain import granting, head_count, occasion, offers, requesting
from services.booking.domain.deciding import Deciding
from tests.unit.booking.occasion_machine import OccasionMachine

SMALL = settings(
    max_examples=200,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LARGE = settings(SMALL, max_examples=2000, stateful_step_count=80, derandomize=False)
HUNT = settings(SMALL, max_examples=400, phases=[Phase.generate], print_blob=False)


def test_any_order_of_events_keeps_the_promises() -> None:
    """Whatever people and clock do, places are promised once, turns are kept, nobody is lost."""
    run_state_machine_as_test(OccasionMachine, settings=SMALL)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_any_long_order_of_events_keeps_the_promises() -> None:
    """The same for thousands of longer and ever new orders."""
    run_state_machine_as_test(OccasionMachine, settings=LARGE)


def _without_ageing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(granting, "AGED_AFTER", 1_000_000)


def _blind_to_live_offers(patch: pytest.MonkeyPatch) -> None:
    def careless(deciding: Deciding) -> int:
        confirmed = [p.size for p in deciding.places if p.state == "confirmed"]
        return deciding.capacity - sum(confirmed)

    for module in (granting, offers, requesting, head_count):
        patch.setattr(module, "free_places", careless)


def _one_place_too_many(patch: pytest.MonkeyPatch) -> None:
    right = granting.free_places
    for module in (granting, requesting, head_count):
        patch.setattr(module, "free_places", lambda deciding: right(deciding) + 1)


def _immortal_offers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(offers, "settle", offers.offer_what_is_free)


def _nothing_passed_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(offers, "offer_what_is_free", lambda deciding: None)


def _overtaking_unseen(patch: pytest.MonkeyPatch) -> None:
    for module in (requesting, head_count):
        patch.setattr(module, "overtake_all", lambda deciding, free: None)


def _another_room_untold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(occasion, "tell_time_or_place", lambda deciding, before: None)


def _silent_facts(patch: pytest.MonkeyPatch) -> None:
    def unnumbered(self: Deciding, place: Any, fact: Any, **what: Any) -> Any:
        right(self, place, fact, **what)
        return place

    right = Deciding.tell
    patch.setattr(Deciding, "tell", unnumbered)


@pytest.mark.parametrize(
    "break_a_rule",
    [
        _without_ageing,
        _blind_to_live_offers,
        _one_place_too_many,
        _immortal_offers,
        _nothing_passed_on,
        _overtaking_unseen,
        _another_room_untold,
        _silent_facts,
    ],
)
def test_a_broken_rule_is_noticed(
    break_a_rule: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a guard taken out, the same machine fails: its silence otherwise means something."""
    break_a_rule(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(OccasionMachine, settings=HUNT)
