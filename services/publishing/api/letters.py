"""`/v1/letters`: single letters of our own. Kinds, states and ids; no address and no word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.publishing.api.answering import answered
from services.publishing.domain.letter import Kind, Letter, State
from services.publishing.use_cases.decide_letter import DecideLetter, Decision
from shared.kernel.actor import Actor
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_LETTER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-000000000003",
    "kind": "opt-in",
    "about": "0199c0de-0000-7000-8000-000000000001",
    "state": "uncertain",
    "attempts": 1,
    "due_at": "2027-01-14T09:30:00Z",
    "why": "SMTPServerDisconnected",
    "version": 3,
}


class LetterOut(BaseModel):
    """One letter: what it is for, how far it came."""

    model_config = ConfigDict(json_schema_extra={"example": _LETTER})

    id: str
    kind: Kind
    about: str = Field(description="vems eller vad det gäller: ett id")
    state: State
    attempts: int
    due_at: datetime
    why: str | None = Field(description="varför det inte gick: en kod")
    version: int

    @classmethod
    def of(cls, one: Letter) -> LetterOut:
        """As it is answered."""
        return cls(
            id=one.id,
            kind=one.kind,
            about=one.about,
            state=one.state,
            attempts=one.attempt,
            due_at=one.due_at,
            why=one.why,
            version=one.version,
        )


class LetterVerdictIn(BaseModel):
    """What a person found out, or wants."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"verdict": "send-again"}}
    )

    verdict: Decision = Field(
        description="arrived: kom fram; lost: kom inte fram; send-again: skicka en gång till"
    )


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """What the routes ask."""

    decide: DecideLetter
    once: Idempotency


def routes(desk: LetterDesk) -> APIRouter:
    """Looking, and deciding."""
    router = APIRouter(prefix="/v1/letters", tags=["letters"])

    @router.get(
        "",
        summary="Enstaka brev",
        description="Brev i ett läge, de äldsta först. Letters in a state, the oldest first.",
        responses={200: listed_example(LetterOut)},
    )
    async def listed(
        actor: Annotated[Actor, needs("letters.read")],
        page: Page,
        state: Annotated[State, Query(description="Läget.")] = "uncertain",
    ) -> Listing[LetterOut]:
        found, total = await desk.decide.letters.standing(
            state, limit=page.limit, offset=page.offset, by=actor
        )
        return listing([LetterOut.of(each) for each in found], total, page)

    @router.post(
        "/{letter_id}/verdict",
        summary="Avgör vad som hände med ett brev",
        description=DecideLetter.__doc__ or "",
        responses=documented(LetterOut, 200, "Brevet som det står nu."),
    )
    async def decided(
        actor: Annotated[Actor, needs("letters.decide")],
        letter_id: Annotated[str, Path(max_length=100, description="Brevets id.")],
        said: Annotated[LetterVerdictIn, sent(LetterVerdictIn)],
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.decide(letter_id, said.verdict, also, by=actor),
            LetterOut.of,
        )

    return router
