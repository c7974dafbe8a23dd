"""What a step of a case's history is about: whoever may not read that does not see the step."""

from __future__ import annotations

from collections.abc import Mapping
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
            facts.ConcernRaised,
            facts.ConcernDecided,
            facts.ConcernOverdue,
        ),
        "plan": (facts.PlanChanged, facts.ReviewSet, facts.ReviewHeld, facts.ReviewOverdue),
        "notes": (facts.NoteWritten,),
        "contact": (
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
