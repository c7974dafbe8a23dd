"""What the world may know: every fact is told as an event, or left out on purpose."""

from __future__ import annotations

from services.booking.domain import facts
from services.booking.messaging import outgoing

KEPT_INSIDE = {facts.LineMoved}
"""Staff's move in the line is kept with its reason, and told to nobody."""


def kinds(of: type[facts.Fact]) -> set[type[facts.Fact]]:
    return {of}.union(*(kinds(each) for each in of.__subclasses__()))


def test_every_fact_is_told_or_kept_on_purpose() -> None:
    """A new fact fails here until somebody decides what the world may know of it."""
    # A dataclass with slots is made twice; the first making is nobody's fact.
    known = {getattr(facts, kind.__name__, kind) for kind in kinds(facts.Fact)}
    decided = set(outgoing._TELLERS) | KEPT_INSIDE | {facts.Fact, facts.BookingFact}
    assert known - decided == set()
