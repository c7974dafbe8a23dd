"""The case: one versioned aggregate. It holds no text and no identity, only who, when and codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.mentoring.domain.days import age_on, day_of
from services.mentoring.domain.facts import Fact, PhaseChanged
from services.mentoring.domain.ids import CaseId, GlassId, PersonId, Username
from services.mentoring.domain.phases import Command, Phase, after
from services.mentoring.domain.rights import CircleKind, FieldGroup
from shared.kernel.ids import RecipientId

ContactDays = Literal[14, 30]
ConcernState = Literal["not-asked", "undecided", "reported", "not-reported"]


@dataclass(frozen=True, slots=True)
class Relation:
    """Somebody in the circle since an instant. `sees` matters for mentors and in aftercare."""

    username: Username
    kind: CircleKind
    since: datetime
    sees: frozenset[FieldGroup]


@dataclass(frozen=True, slots=True)
class GlassReview:
    """Somebody else's judgement of an emergency access; `outcome` is a code."""

    by: Username
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """One emergency access. It is only asked for until `opened_at` and `until` are set."""

    id: GlassId
    username: Username
    reason: str
    minutes: int
    asked_at: datetime
    opened_at: datetime | None = None
    until: datetime | None = None
    second: Username | None = None
    ended_at: datetime | None = None
    review: GlassReview | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether it lets its holder see the case now."""
        if self.opened_at is None or self.until is None or self.ended_at is not None:
            return False
        return self.opened_at <= now < self.until

    @property
    def awaits_review(self) -> bool:
        """Whether somebody had access by it and nobody has judged that yet."""
        return self.opened_at is not None and self.review is None


@dataclass(frozen=True, slots=True)
class ClosureProposal:
    """What one person proposed; another decides. `came_from` is where a no leads back to."""

    proposed_by: Username
    at: datetime
    outcome: str
    plan_version: int
    review_on: date
    until: date
    aftercare_lead: Username
    aftercare_circle: frozenset[Username]
    came_from: Phase


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What the closing decided: when it is looked back, and until when there is aftercare.

    `over_told`: whoever leads knows that it is over.
    """

    review_on: date
    until: date
    outcome: str
    closed_by: tuple[Username, Username]
    over_told: bool = False


@dataclass(frozen=True, slots=True)
class ContactAlarm:
    """No successful contact for too long, and who has been told."""

    raised_on: date
    told: frozenset[Username]


@dataclass(frozen=True, slots=True)
class Concern:
    """Where the question of a report of concern stands; `decide_by` while it is undecided.

    `overdue_told`: whoever leads knows that it has been undecided for too long.
    """

    state: ConcernState = "not-asked"
    decide_by: datetime | None = None
    overdue_told: bool = False


@dataclass(frozen=True, slots=True)
class ActionDay:
    """The day of an open action of a plan, and whose it is; what it is is sealed in the plan."""

    on: date
    owner: Username


@dataclass(frozen=True, slots=True)
class LegalHold:
    """The law needs the case kept; `reason` is a code, the words are elsewhere, sealed."""

    by: Username
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """A person's case under a pseudonym. `version` belongs to storage: no decision changes it.

    `minor_until` is the 18th birthday of somebody who was a minor when the case began;
    `age_unknown` says that nobody knows yet whether they were.
    `plan_goals` and `aftercare_goals` count the goals that are open; of what was late up to
    `actions_told_to` somebody has been told.
    `protected_circle` names the only staff who may come near a protected identity.
    `contact_from` is the day from which missed contact is counted when there was none yet.
    `identity_change` is the newest change of who it is, made in the database of identities.
    """

    id: CaseId
    pseudonym: str
    person_id: PersonId
    recipient_id: RecipientId
    phase: Phase
    opened_at: datetime
    phase_since: datetime
    circle: tuple[Relation, ...]
    minor_until: date | None = None
    age_unknown: bool = False
    protected: bool = False
    protected_circle: frozenset[Username] = frozenset()
    lead_away_until: date | None = None
    contact_every_days: ContactDays = 14
    contact_from: date | None = None
    last_contact_on: date | None = None
    contact_alarm: ContactAlarm | None = None
    next_review_on: date | None = None
    review_told_on: date | None = None
    assessment_version: int = 0
    plan_version: int = 0
    plan_goals: int = 0
    aftercare_plan_version: int = 0
    aftercare_goals: int = 0
    action_days: tuple[ActionDay, ...] = ()
    aftercare_action_days: tuple[ActionDay, ...] = ()
    actions_told_to: date | None = None
    glasses: tuple[BreakGlass, ...] = ()
    closure: ClosureProposal | None = None
    aftercare: Aftercare | None = None
    concern: Concern = Concern()
    legal_hold: LegalHold | None = None
    retention_until: date | None = None
    identity_change: str | None = None
    sequence: int = 0
    version: int = 0

    @property
    def lead(self) -> Username | None:
        """Whose case it is; None once nobody works with it."""
        return self._only("lead")

    @property
    def stand_in(self) -> Username | None:
        """Who acts when the lead is away; None when nobody is named."""
        return self._only("stand-in")

    def lead_is_away(self, now: datetime) -> bool:
        """Whether the stand-in acts: up to and including the last day away."""
        return self.lead_away_until is not None and day_of(now) <= self.lead_away_until

    def acting_lead(self, now: datetime) -> Username | None:
        """Who answers for the case now."""
        return self.stand_in if self.lead_is_away(now) else self.lead

    def relation(self, username: Username) -> Relation | None:
        """Somebody's standing in the circle, if any."""
        return next((one for one in self.circle if one.username == username), None)

    def mentors(self) -> tuple[Username, ...]:
        """The mentors in the circle now."""
        return tuple(one.username for one in self.circle if one.kind == "mentor")

    def age_on(self, day: date) -> int | None:
        """Whole years of a minor on a day; None for an adult."""
        return age_on(self.minor_until, day)

    def is_minor(self, now: datetime) -> bool:
        """Whether the person is under 18."""
        return self.age_on(day_of(now)) is not None

    def may_be_minor(self, now: datetime) -> bool:
        """The same, and as long as nobody knows: then they are taken for one."""
        return self.age_unknown or self.is_minor(now)

    def _only(self, kind: CircleKind) -> Username | None:
        return next((one.username for one in self.circle if one.kind == kind), None)


Told = tuple[Case, tuple[Fact, ...]]
"""What every command gives: the case as it is now, and what happened."""


def tell(
    case: Case, fact: Callable[..., Fact], *, by: Username, now: datetime, **what: object
) -> Told:
    """Note one fact under the case's next sequence."""
    sequence = case.sequence + 1
    told = fact(case_id=case.id, sequence=sequence, at=now, by=by, **what)
    return replace(case, sequence=sequence), (told,)


def enter(
    case: Case,
    command: Command,
    *,
    by: Username,
    now: datetime,
    to: Phase | None = None,
    reason: str | None = None,
) -> Told:
    """Go where the command leads; raises NotInThisPhase."""
    reached = after(case.phase, command, to)
    moved = replace(case, phase=reached, phase_since=now)
    return tell(
        moved,
        PhaseChanged,
        by=by,
        now=now,
        before=case.phase,
        after=reached,
        command=command,
        reason=reason,
    )


def stay(case: Case, command: Command) -> None:
    """Raises NotInThisPhase unless the command is possible in the case's phase."""
    after(case.phase, command, case.phase)
