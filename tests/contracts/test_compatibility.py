"""A contract that somebody relies on is not broken: the one who would be is named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.catalogue import EVENTS, for_partners
from shared.contracts.event import Contract
from tests.contracts.compatibility import breaks, complaint, consumers, released, schema_of

KEY = "booking.occasion-published.v1"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.routing_key())
def test_nobody_who_reads_it_is_broken(event: type[Contract]) -> None:
    """As it was released, it can still be read; else it says whom it breaks, and where."""
    before = released().get(event.routing_key())
    if before is not None:
        problems = list(breaks(before, schema_of(event)))
        assert not problems, complaint(event.routing_key(), problems)


def test_what_was_released_is_still_there() -> None:
    """A type that partners or services read does not vanish."""
    gone = sorted(released().keys() - {event.routing_key() for event in EVENTS})
    assert not gone, [complaint(key, ["is gone"]) for key in gone]


def test_everything_for_partners_is_frozen() -> None:
    """What leaves the house is promised: run `python -m tests.contracts.compatibility`."""
    assert [
        one.routing_key() for one in for_partners() if one.routing_key() not in released()
    ] == []


def _remove(schema: dict[str, Any]) -> None:
    del schema["properties"]["capacity"]
    schema["required"].remove("capacity")


def _retype(schema: dict[str, Any]) -> None:
    schema["properties"]["capacity"]["type"] = "string"


def _loosen(schema: dict[str, Any]) -> None:
    schema["required"].remove("capacity")


def _demand(schema: dict[str, Any]) -> None:
    schema["properties"]["fee"] = {"type": "integer"}
    schema["required"].append("fee")


def _inner(schema: dict[str, Any]) -> None:
    del schema["$defs"]["OccasionFacts"]["properties"]["room"]


@pytest.mark.parametrize("change", [_remove, _retype, _loosen, _demand, _inner])
def test_a_break_is_noticed_and_names_who_it_breaks(
    change: Callable[[dict[str, Any]], None],
) -> None:
    """A field gone, of another type, optional, newly demanded, or gone further in."""
    before = released()[KEY]
    after: dict[str, Any] = copy.deepcopy(dict(before))
    change(after)
    problems = list(breaks(before, after))
    assert len(problems) == 1
    said = complaint(KEY, problems)
    assert "publishing (from booking)" in said
    assert "partners (the feed)" in said


def test_an_enumeration_does_not_grow() -> None:
    """Whoever checks it would refuse the new value."""
    before = released()["publishing.bulletin-published.v1"]
    after: dict[str, Any] = copy.deepcopy(dict(before))
    after["properties"]["trend"]["enum"].append("unknown")
    assert list(breaks(before, after)) == ["data.trend: may also be unknown"]


def test_a_new_field_with_a_default_breaks_nobody() -> None:
    """Additive is allowed."""
    after: dict[str, Any] = copy.deepcopy(dict(released()[KEY]))
    after["properties"]["fee"] = {"type": "integer"}
    assert list(breaks(released()[KEY], after)) == []


def test_the_feed_is_a_consumer_of_what_is_for_partners_alone() -> None:
    """An internal event names its listeners only."""
    assert consumers("booking.booking-confirmed.v1") == ["notifications (from booking)"]
