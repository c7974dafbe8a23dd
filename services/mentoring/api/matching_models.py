"""Matchings as they are asked for, read and decided on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.mentoring.api.case_models import AT, ID, Code, Text, Username
from services.mentoring.api.mentor_models import ObstacleOut
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.matching import Objective
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.use_cases.decide_match import DecisionWanted
from services.mentoring.use_cases.make_matching import MatchingWanted
from services.mentoring.use_cases.matchings import MatchingHead, OutcomeKind
from services.mentoring.use_cases.see_matching import Decided, SeenMatching, SeenOutcome

_WHY: dict[str, Any] = {
    "code": "first-language",
    "points": 25,
    "most": 25,
    "sv": "Mentorn talar adeptens förstaspråk.",
    "en": "The mentor speaks the mentee's first language.",
}
_PROPOSAL: dict[str, Any] = {"mentor": "idris.vik", "fit": 62, "kept": False, "why": [_WHY]}
_OUTCOME: dict[str, Any] = {
    "case_id": ID,
    "pseudonym": "Björk-Lykta",
    "kind": "proposed",
    "proposal": _PROPOSAL,
    "why_not": None,
    "broken": None,
    "stale": False,
    "decided": None,
}
_HEAD: dict[str, Any] = {
    "id": ID,
    "made_by": "karin.holm",
    "made_at": AT,
    "objective": "most-matched",
    "keep_existing": True,
}
_NEEDS_MISSING = (
    "Det är inte nedskrivet vad matchningen ska se av ärendet.",
    "What matching is to see of the case has not been recorded.",
)


class MatchingIn(BaseModel):
    """What to match. Without `case_ids`: all your cases without a mentor; without `mentors`: all.

    At most 500 cases at a time. A case that has a mentor can be named; it keeps the mentor unless
    something forbids it, or `keep_existing` is false and another would suit better.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "objective": "most-matched",
                "case_ids": None,
                "mentors": None,
                "keep_existing": True,
            }
        },
    )

    objective: Objective = Objective.MOST_MATCHED
    case_ids: list[Annotated[str, Field(max_length=36)]] | None = Field(
        default=None, max_length=2000
    )
    mentors: list[Username] | None = Field(default=None, max_length=2000)
    keep_existing: StrictBool = True

    def wanted(self) -> MatchingWanted:
        """For the use case."""
        ids = None if self.case_ids is None else [CaseId(each) for each in self.case_ids]
        return MatchingWanted(self.objective, ids, self.mentors, self.keep_existing)


class MatchingMade(BaseModel):
    """Where the matching is."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID}})

    id: str


class WhyOut(BaseModel):
    """One reason why two people suit each other."""

    model_config = ConfigDict(json_schema_extra={"example": _WHY})

    code: str
    points: int
    most: int
    sv: str
    en: str


class ProposalOut(BaseModel):
    """Who is proposed, and why. `kept` says that they meet already."""

    model_config = ConfigDict(json_schema_extra={"example": _PROPOSAL})

    mentor: str
    fit: int
    kept: bool
    why: list[WhyOut]


class RelaxationOut(BaseModel):
    """What would give them a mentor: these constraints, if they were not there."""

    codes: list[str]
    mentors: int
    one_more: bool
    sv: str
    en: str


class WhyNotOut(BaseModel):
    """Why nobody is proposed, naming what stands in the way."""

    binding: list[RelaxationOut] = Field(default_factory=list)
    nobody: list[str] = Field(default_factory=list)
    fewest: int | None = None
    sv: str
    en: str


class BrokenOut(BaseModel):
    """A mentor of today who is not proposed again, and what now forbids it."""

    mentor: str
    codes: list[str]


class DecidedOut(BaseModel):
    """What a human decided, and why."""

    id: str
    mentor: str
    reason: str
    text: str
    as_proposed: bool
    author: str
    at: datetime

    @classmethod
    def of(cls, decided: Decided) -> DecidedOut:
        """From the domain."""
        return cls(**{name: getattr(decided, name) for name in cls.model_fields})


class OutcomeOut(BaseModel):
    """What was found for one case. A stale one can no longer be decided on."""

    model_config = ConfigDict(json_schema_extra={"example": _OUTCOME})

    case_id: str
    pseudonym: str
    kind: OutcomeKind
    proposal: ProposalOut | None
    why_not: WhyNotOut | None
    broken: BrokenOut | None
    stale: bool
    decided: DecidedOut | None

    @classmethod
    def of(cls, seen: SeenOutcome) -> OutcomeOut:
        """From the domain."""
        outcome, found = seen.outcome, seen.outcome.found
        proposed, broken = outcome.kind == "proposed", found.get("broken")
        return cls(
            case_id=outcome.case_id,
            pseudonym=seen.pseudonym,
            kind=outcome.kind,
            proposal=ProposalOut.model_validate(found) if proposed else None,
            why_not=None if proposed else _why_not(seen),
            broken=BrokenOut.model_validate(broken) if broken else None,
            stale=seen.stale,
            decided=DecidedOut.of(seen.decided) if seen.decided else None,
        )


class LeftOutOut(BaseModel):
    """A mentor who takes nobody new, and what stands in the way."""

    mentor: str
    obstacles: list[ObstacleOut]


class MatchingListed(BaseModel):
    """What was asked, by whom and when."""

    model_config = ConfigDict(json_schema_extra={"example": _HEAD})

    id: str
    made_by: str
    made_at: datetime
    objective: str
    keep_existing: bool

    @classmethod
    def of_head(cls, head: MatchingHead) -> MatchingListed:
        """From the domain."""
        return cls(**_head(head))


class MatchingOut(MatchingListed):
    """A matching, of the cases that you may match."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_HEAD, "outcomes": [_OUTCOME], "left_out": []}}
    )

    outcomes: list[OutcomeOut]
    left_out: list[LeftOutOut]

    @classmethod
    def of(cls, seen: SeenMatching) -> MatchingOut:
        """From the domain."""
        return cls(
            **_head(seen.head),
            outcomes=[OutcomeOut.of(each) for each in seen.outcomes],
            left_out=[
                LeftOutOut(mentor=each.mentor, obstacles=ObstacleOut.all_of(each.obstacles))
                for each in seen.head.left_out
            ],
        )


def _head(head: MatchingHead) -> dict[str, Any]:
    return {name: getattr(head, name) for name in _HEAD}


class DecisionIn(BaseModel):
    """Who becomes the mentor, why, and what they may see (the plan only, unless said)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "case_id": ID,
                "mentor": "idris.vik",
                "reason": "as-proposed",
                "text": "",
                "sees": None,
            }
        },
    )

    case_id: Annotated[str, Field(max_length=36)]
    mentor: Username
    reason: Code
    text: Text = ""
    sees: list[FieldGroup] | None = Field(default=None, max_length=11)

    def wanted(self) -> DecisionWanted:
        """For the use case."""
        groups = None if self.sees is None else frozenset(self.sees)
        return DecisionWanted(
            CaseId(self.case_id), Name(self.mentor), self.reason, self.text, groups
        )


def _why_not(seen: SeenOutcome) -> WhyNotOut:
    if seen.outcome.kind == "needs-missing":
        return WhyNotOut(sv=_NEEDS_MISSING[0], en=_NEEDS_MISSING[1])
    return WhyNotOut.model_validate(seen.outcome.found)
