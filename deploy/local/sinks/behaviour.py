"""How a provider misbehaves, on request: for tests and for trying things out."""

from __future__ import annotations

import asyncio
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Errors(BaseModel):
    """Answer this status the next `times` times."""

    model_config = ConfigDict(extra="forbid")

    status: int = Field(500, ge=400, le=599)
    times: int = Field(1, ge=0)


class Behaviour(BaseModel):
    """What `POST /sink/behaviour` sets; whatever is not named is normal again.

    - `errors`: `POST /a1/sms` answers an error and accepts nothing.
    - `list_errors`: the same for `GET /a1/sms`.
    - `slowness`: seconds before each answer of the SMS API.
    - `lose_requests`: the next n connections are dropped before anything is accepted.
    - `lose_replies`: the next n are accepted, then the connection is dropped without an answer.
    - `callbacks`: off means that nobody is ever told.
    - `duplicate_callbacks`: how many times more each callback is sent.
    - `shuffled_callbacks`: the last state is told before the first.
    - `unreachable`: numbers whose messages end as failed instead of delivered.
    - `mail_errors`: the next n mails are put off with 451.
    """

    model_config = ConfigDict(extra="forbid")

    errors: Errors = Errors(times=0)
    list_errors: Errors = Errors(times=0)
    slowness: float = Field(0.0, ge=0, le=120)
    lose_requests: int = Field(0, ge=0)
    lose_replies: int = Field(0, ge=0)
    callbacks: Literal["on", "off"] = "on"
    duplicate_callbacks: int = Field(0, ge=0, le=20)
    shuffled_callbacks: bool = False
    unreachable: frozenset[str] = frozenset()
    mail_errors: int = Field(0, ge=0)


class Mood:
    """The behaviour of now. Counted misbehaviour is used up."""

    def __init__(self) -> None:
        self.now = Behaviour()

    async def hesitate(self) -> None:
        """Wait as long as the sink is slow."""
        if self.now.slowness:
            await asyncio.sleep(self.now.slowness)

    def error(self, name: Literal["errors", "list_errors"]) -> int | None:
        """The status to answer instead, if any is left."""
        errors: Errors = getattr(self.now, name)
        if not errors.times:
            return None
        errors.times -= 1
        return errors.status

    def use_up(self, name: Literal["lose_requests", "lose_replies", "mail_errors"]) -> bool:
        """Whether one of these is left; takes it."""
        left: int = getattr(self.now, name)
        if left:
            setattr(self.now, name, left - 1)
        return left > 0
