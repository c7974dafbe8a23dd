"""What was written when something was decided, as it is read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.mentoring.api.case_models import AT, ID
from services.mentoring.domain.case import Case
from services.mentoring.use_cases.read_decisions import GlassSeen
from services.mentoring.use_cases.records import Opened, Some

_WRITTEN: dict[str, Any] = {
    "id": ID,
    "author": "karin.holm",
    "at": AT,
    "what": "worry",
    "about": None,
    "text": "Kim har slutat svara.",
}
_PROPOSAL: dict[str, Any] = {
    "proposed_by": "karin.holm",
    "at": AT,
    "outcome": "goals-reached",
    "review_on": "2027-09-01",
    "until": "2027-12-01",
    "aftercare_lead": "karin.holm",
    "aftercare_circle": [],
}
_VERDICT: dict[str, Any] = {
    "by": "greta.moren",
    "at": AT,
    "outcome": "justified",
    "text": "Rätt att öppna.",
}


class WrittenOut(BaseModel):
    """A text, what it is, and the id of what it is about."""

    model_config = ConfigDict(json_schema_extra={"example": _WRITTEN})

    id: str
    author: str
    at: datetime
    what: str
    about: str | None
    text: str

    @classmethod
    def of(cls, opened: Opened, what: str) -> WrittenOut:
        """From what a recorded reading opened."""
        facts = opened.facts
        return cls(
            id=opened.id,
            author=facts["author"],
            at=facts["at"],
            what=facts.get("part", what),
            about=facts.get("share_id"),
            text=opened.words["text"],
        )


class VerdictOut(BaseModel):
    """How somebody else judged it."""

    model_config = ConfigDict(json_schema_extra={"example": _VERDICT})

    by: str
    at: datetime
    outcome: str
    text: str


class GlassSeenOut(BaseModel):
    """An emergency access. It was only asked for while `opened_at` is null."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "username": "tove.alm",
                "reason": "covering",
                "text": "Karin är sjuk i dag.",
                "minutes": 15,
                "asked_at": AT,
                "opened_at": AT,
                "until": AT,
                "second": None,
                "ended_at": None,
                "verdict": _VERDICT,
            }
        }
    )

    id: str
    username: str
    reason: str
    text: str
    minutes: int
    asked_at: datetime
    opened_at: datetime | None
    until: datetime | None
    second: str | None
    ended_at: datetime | None
    verdict: VerdictOut | None

    @classmethod
    def of(cls, seen: GlassSeen) -> GlassSeenOut:
        """From the use case."""
        glass, review = seen.glass, seen.glass.review
        return cls(
            id=glass.id,
            username=glass.username,
            reason=glass.reason,
            text=seen.text,
            minutes=glass.minutes,
            asked_at=glass.asked_at,
            opened_at=glass.opened_at,
            until=glass.until,
            second=glass.second,
            ended_at=glass.ended_at,
            verdict=None
            if review is None
            else VerdictOut(by=review.by, at=review.at, outcome=review.outcome, text=seen.verdict),
        )


class GlassesOut(BaseModel):
    """All of a case."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": []}})

    items: list[GlassSeenOut]


class ProposalOut(BaseModel):
    """What waits for a second person's yes or no."""

    model_config = ConfigDict(json_schema_extra={"example": _PROPOSAL})

    proposed_by: str
    at: datetime
    outcome: str
    review_on: date
    until: date
    aftercare_lead: str
    aftercare_circle: list[str]


class ClosureOut(BaseModel):
    """The proposal that waits, if one does, and what was written with each one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "proposal": _PROPOSAL,
                "closed_by": [],
                "texts": [{**_WRITTEN, "what": "goals-reached", "text": "Målen är nådda."}],
                "total": 1,
            }
        }
    )

    proposal: ProposalOut | None
    closed_by: list[str] = Field(description="de två som avslutade, när ärendet är i eftervård")
    texts: list[WrittenOut]
    total: int

    @classmethod
    def of(cls, case: Case, some: Some) -> ClosureOut:
        """From the use case."""
        return cls(
            proposal=_proposal(case),
            closed_by=list(case.aftercare.closed_by) if case.aftercare else [],
            texts=[WrittenOut.of(each, each.facts["outcome"]) for each in some.items],
            total=some.total,
        )


def _proposal(case: Case) -> ProposalOut | None:
    proposal = case.closure
    if proposal is None:
        return None
    return ProposalOut(
        proposed_by=proposal.proposed_by,
        at=proposal.at,
        outcome=proposal.outcome,
        review_on=proposal.review_on,
        until=proposal.until,
        aftercare_lead=proposal.aftercare_lead,
        aftercare_circle=sorted(proposal.aftercare_circle),
    )
