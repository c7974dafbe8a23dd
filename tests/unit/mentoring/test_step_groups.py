"""Each step of a case's history belongs to what it is about."""

from __future__ import annotations

from services.mentoring.api.case_models import _OF_GROUP
from services.mentoring.domain import facts, meeting_facts
from services.mentoring.domain.step_groups import GROUP_OF_STEP, shown_of


def every(kind: type) -> set[str]:
    """The names of all facts under a kind that happen themselves."""
    below = {name for each in kind.__subclasses__() for name in every(each)}
    # A dataclass with slots leaves the class that it was made of behind, without its children.
    return below or ({kind.__name__} - {"_Told"})


def test_every_fact_has_a_group() -> None:
    """A new fact is shown to nobody by accident: it says what it is about."""
    assert every(facts.Fact) | every(meeting_facts.MeetingFact) <= GROUP_OF_STEP.keys()


def test_of_a_step_nothing_is_shown_that_leads_to_somebody() -> None:
    """Neither the person nor a room, nor whom a protected case names or who was told."""
    hidden = {"person_id", "recipient_id", "room", "request_id", "named", "tell", "case_id"}
    assert all(hidden.isdisjoint(shown_of(kind)) for kind in GROUP_OF_STEP)
    assert shown_of("PhaseChanged")["reason"] == "closure"


def test_steps_of_a_concern_are_where_the_concern_is() -> None:
    """Whoever may not read how the question stands does not read it off the timeline."""
    [group] = [group for group, names in _OF_GROUP.items() if "concern" in names]
    kinds = [kind for kind in GROUP_OF_STEP if kind.startswith("Concern")]
    assert {GROUP_OF_STEP[kind] for kind in kinds} == {group}
    assert len(kinds) == 3
