"""Each step of a case's history belongs to what it is about."""

from __future__ import annotations

from services.mentoring.domain import facts, meeting_facts
from services.mentoring.domain.step_groups import GROUP_OF_STEP


def every(kind: type) -> set[str]:
    """The names of all facts under a kind that happen themselves."""
    below = {name for each in kind.__subclasses__() for name in every(each)}
    # A dataclass with slots leaves the class that it was made of behind, without its children.
    return below or ({kind.__name__} - {"_Told"})


def test_every_fact_has_a_group() -> None:
    """A new fact is shown to nobody by accident: it says what it is about."""
    assert every(facts.Fact) | every(meeting_facts.MeetingFact) <= GROUP_OF_STEP.keys()
