"""What a step of a case's history is about: whoever may not read that does not see the step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from services.mentoring.domain import facts, meeting_facts
from services.mentoring.domain.rights import FieldGroup

_BY_GROUP: Mapping[FieldGroup, tuple[type, ...]] = MappingProxyType(
    {
        "overview": (
            facts.CaseOpened,
            facts.PhaseChanged,
            facts.RelationBegan,
            facts.RelationEnded,
            facts.LeadIsAway,
            facts.LeadIsBack,
            facts.ProtectionChanged,
            facts.CaseErased,
        ),
        "assessment": (
            facts.AssessmentRecorded,
            facts.MatchingNeedsRecorded,
        ),
        "plan": (
            facts.PlanChanged,
            facts.ActionsLate,
            facts.ReviewSet,
            facts.ReviewHeld,
            facts.ReviewOverdue,
        ),
        "notes": (facts.NoteWritten,),
        # As where the question stands does (`api.case_models`), and the words of it.
        "contact": (
            facts.ConcernRaised,
            facts.ConcernDecided,
            facts.ConcernOverdue,
            facts.ContactRecorded,
            facts.ContactMissed,
            facts.ContactAlarmEscalated,
            facts.ContactRhythmChanged,
        ),
        "consents": (facts.ConsentChanged, facts.ShareBegan, facts.ShareEnded),
        "closure": (facts.ClosureProposed, facts.HoldChanged, facts.AftercareOver),
        "access-log": (
            facts.GlassAsked,
            facts.GlassOpened,
            facts.GlassEnded,
            facts.GlassReviewed,
        ),
        "meetings": (
            meeting_facts.MeetingProposed,
            meeting_facts.RoomRequested,
            meeting_facts.RoomTaken,
            meeting_facts.RoomGivenBack,
            meeting_facts.RoomNotGot,
            meeting_facts.MeetingScheduled,
            meeting_facts.MeetingMoved,
            meeting_facts.MeetingCancelled,
            meeting_facts.MeetingDropped,
            meeting_facts.MeetingHappened,
        ),
    }
)

GROUP_OF_STEP: Mapping[str, FieldGroup] = MappingProxyType(
    {kind.__name__: group for group, kinds in _BY_GROUP.items() for kind in kinds}
)
"""Kind of a step → the field group that it belongs to."""

_HIDDEN = frozenset(
    {
        "case_id",
        "sequence",
        "at",
        "by",
        "tell",
        "person_id",
        "recipient_id",
        "named",
        "request_id",
        "room",
    }
)
"""Of no step: what stands beside it, whom it was told to, whom a protected case names, where."""
_OF_ANOTHER: Mapping[tuple[str, str], FieldGroup] = MappingProxyType(
    {("PhaseChanged", "reason"): "closure"}
)
"""Why a case ended belongs to its ending, though all around it see that it did."""
_SHOWN: Mapping[str, Mapping[str, FieldGroup]] = MappingProxyType(
    {
        kind.__name__: {
            each.name: _OF_ANOTHER.get((kind.__name__, each.name), group)
            for each in fields(kind)
            if each.name not in _HIDDEN
        }
        for group, kinds in _BY_GROUP.items()
        for kind in kinds
    }
)


def shown_of(kind: str) -> Mapping[str, FieldGroup]:
    """What of a step can be shown (codes, ids and days), and to whoever may read which group."""
    return _SHOWN[kind]
