"""Mailings as editors send and read them."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.publishing.domain.job import Job, Progress
from services.publishing.domain.mailing import Stall
from services.publishing.domain.mailing import State as MailingState
from services.publishing.domain.outcome import Cause, State
from services.publishing.use_cases.see_mailing import Outcome
from shared.web.whole_number import WholeNumber

AT = "2027-01-14T10:00:00Z"
ID = "0190f5c2-6f0e-7000-8000-000000000011"
NEWSLETTER = "0190f5c2-6f0e-7000-8000-000000000001"
_MAILING: dict[str, Any] = {
    "id": ID,
    "newsletter_id": NEWSLETTER,
    "list_id": "skolor",
    "state": "running",
    "stall": None,
    "send_at": None,
    "per_minute": None,
    "recipients": 20000,
    "started_at": AT,
    "ended_at": None,
    "version": 3,
}
_PROGRESS: dict[str, Any] = {
    "id": ID,
    "state": "running",
    "stall": None,
    "recipients": 20000,
    "waiting": 12000,
    "in_hand": 50,
    "accepted": 7900,
    "bounced": 30,
    "suppressed": 19,
    "uncertain": 1,
    "codes": [{"code": "550 5.1.1", "count": 30}],
    "per_second": 812.5,
    "seconds_left": 15,
}


class NewMailing(BaseModel):
    """Which newsletter, and how fast at most beside the house's own limits."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"newsletter_id": NEWSLETTER, "per_minute": 6000}},
    )

    newsletter_id: str = Field(max_length=64)
    per_minute: WholeNumber | None = Field(default=None, ge=1, le=1_000_000)


class When(BaseModel):
    """A time that has not passed yet."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"at": AT}})

    at: AwareDatetime


class AnotherTry(BaseModel):
    """Whom to send to once more: `uncertain`, or the code that they bounced with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"cause": "uncertain"}})

    cause: str = Field(pattern=r"^(uncertain|[45][0-9]{2}( [45]\.[0-9]{1,3}\.[0-9]{1,3})?)$")


class MailingOut(BaseModel):
    """One run of sending a newsletter."""

    model_config = ConfigDict(json_schema_extra={"example": _MAILING})

    id: str
    newsletter_id: str
    list_id: str
    state: MailingState
    stall: Stall | None
    send_at: AwareDatetime | None
    per_minute: int | None
    recipients: int
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    version: int

    @classmethod
    def of(cls, job: Job) -> MailingOut:
        """As it is answered."""
        mailing = job.mailing
        return cls(
            id=job.id,
            newsletter_id=job.newsletter_id,
            list_id=job.list_id,
            state=mailing.state,
            stall=mailing.stall,
            send_at=mailing.send_at,
            per_minute=None if job.limit is None else job.limit.messages,
            recipients=mailing.recipients,
            started_at=job.started_at,
            ended_at=job.ended_at,
            version=job.version,
        )


class ByCode(BaseModel):
    """How many bounced with this code."""

    code: str
    count: int


class ProgressOut(BaseModel):
    """How many stand where; `seconds_left` is null while nobody can say."""

    model_config = ConfigDict(json_schema_extra={"example": _PROGRESS})

    id: str
    state: MailingState
    stall: Stall | None
    recipients: int
    waiting: int
    in_hand: int
    accepted: int
    bounced: int
    suppressed: int
    uncertain: int
    codes: list[ByCode]
    per_second: float
    seconds_left: int | None

    @classmethod
    def of(cls, found: Progress) -> ProgressOut:
        """As it is answered."""
        mailing, tally, left = found.job.mailing, found.tally, found.left
        return cls(
            id=mailing.id,
            state=mailing.state,
            stall=mailing.stall,
            recipients=mailing.recipients,
            waiting=tally.waiting,
            in_hand=tally.in_hand,
            accepted=tally.accepted,
            bounced=tally.bounced,
            suppressed=tally.suppressed,
            uncertain=tally.uncertain,
            codes=[ByCode(code=code, count=count) for code, count in found.codes.items()],
            per_second=found.per_second,
            seconds_left=None if left is None else round(left.total_seconds()),
        )


class OutcomeOut(BaseModel):
    """One recipient's row: an id of this mailing alone, no address."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "recipient_id": "8000dead-beef-0000-0000-000000010002",
                "state": "bounced",
                "code": "550 5.1.1",
                "cause": None,
                "attempts": 1,
            }
        }
    )

    recipient_id: str
    state: State
    code: str | None
    cause: Cause | None
    attempts: int

    @classmethod
    def of(cls, found: Outcome) -> OutcomeOut:
        """As it is answered."""
        standing = found.standing
        return cls(
            recipient_id=str(found.recipient),
            state=standing.state,
            code=None if standing.code is None else str(standing.code),
            cause=standing.cause,
            attempts=standing.attempt,
        )


class ReachOut(BaseModel):
    """How many it would reach; null: one to four, which are not told."""

    model_config = ConfigDict(json_schema_extra={"example": {"recipients": 20000}})

    recipients: int | None
