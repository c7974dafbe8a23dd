"""What happened to a case, in the words of the domain: ids, codes, dates and staff. Never a text.

`outgoing.py` decides what the world may know of it. `sequence` counts a case's facts from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.mentoring.domain.ids import (
    CaseId,
    GlassId,
    NoteId,
    PersonId,
    ShareId,
    Username,
)
from services.mentoring.domain.phases import Command, Phase
from services.mentoring.domain.rights import CircleKind, FieldGroup

WhyLeft = Literal["unassigned", "handed-over", "closed", "declined", "not-named", "archived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that `by` did to a case at an instant."""

    case_id: CaseId
    sequence: int
    at: datetime
    by: Username


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Fact):
    """A case began, with its lead."""

    lead: Username


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChanged(Fact):
    """The case went from one phase to another. `reason` is a code, where one is asked for."""

    before: Phase
    after: Phase
    command: Command
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationBegan(Fact):
    """Somebody came into the circle, and may see this."""

    username: Username
    kind: CircleKind
    sees: frozenset[FieldGroup]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationEnded(Fact):
    """Somebody left the circle: their access, streams and exports end now."""

    username: Username
    kind: CircleKind
    why: WhyLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadIsAway(Fact):
    """The stand-in acts as lead to the end of the day."""

    stand_in: Username
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadIsBack(Fact):
    """The lead acts again."""

    lead: Username


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionChanged(Fact):
    """The person's identity is protected for these named staff, or no longer protected."""

    protected: bool
    named: frozenset[Username]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRecorded(Fact):
    """Version `version` of the assessment is there."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingNeedsRecorded(Fact):
    """What matching sees of the case is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Fact):
    """Version `version` of the plan is there; `aftercare` says which of the two plans."""

    version: int
    aftercare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsLate(Fact):
    """The day of some planned action has passed; whoever does it and whoever leads is told."""

    due_on: date
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Fact):
    """A note, or an addendum to one."""

    note_id: NoteId
    addendum_to: NoteId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded(Fact):
    """There was contact on a day, or somebody tried."""

    on: date
    successful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMissed(Fact):
    """No successful contact for too long. `tell` are the people who need to know."""

    days: int
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAlarmEscalated(Fact):
    """The lead is away: the stand-in needs to know of the missed contact."""

    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRhythmChanged(Fact):
    """Contact is expected at least every so many days."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSet(Fact):
    """The case is reviewed on this day at the latest."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHeld(Fact):
    """The case was reviewed; the next time is on `next_on`."""

    next_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOverdue(Fact):
    """The day of the review has passed without one."""

    due_on: date
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureProposed(Fact):
    """A first person wants to close the case; `outcome` is a code."""

    outcome: str
    aftercare_lead: Username
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassAsked(Fact):
    """Somebody asks a named second person for emergency access to a protected case."""

    glass_id: GlassId
    reason: str
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassOpened(Fact):
    """`username` has emergency access until then. Lead and data protection are told now."""

    glass_id: GlassId
    username: Username
    reason: str
    until: datetime
    second: Username | None
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassEnded(Fact):
    """The emergency access ended before its time."""

    glass_id: GlassId
    username: Username


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassReviewed(Fact):
    """Somebody else looked at it; `outcome` is a code."""

    glass_id: GlassId
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged(Fact):
    """A consent was given or withdrawn."""

    consent_id: str
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBegan(Fact):
    """Field groups are shared with a recipient; `override` says that it was without consent."""

    share_id: ShareId
    override: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEnded(Fact):
    """The recipient sees nothing from now on."""

    share_id: ShareId
    why: Literal["withdrawn", "expired", "ended", "closed", "protected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRaised(Fact):
    """Somebody is worried about a minor: it must be decided whether to report, by then."""

    decide_by: datetime
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernOverdue(Fact):
    """The time in which it should have been decided has passed."""

    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AftercareOver(Fact):
    """The last day of aftercare has passed: the case waits to be put away."""

    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernDecided(Fact):
    """A report of concern is made, or not, with a reason code."""

    reported: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged(Fact):
    """The law needs the case kept, or no longer."""

    held: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseErased(Fact):
    """Nothing about the person is left here. Final."""

    person_id: PersonId
    at_own_request: bool
