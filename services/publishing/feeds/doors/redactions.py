"""`/v1/feed-redactions`: editors take words out of the feed, and see what was taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.publishing.domain.newsletter import Because
from services.publishing.feeds.doors.answering import answered
from services.publishing.feeds.use_cases.redact_entries import Redacted, RedactEntries
from shared.kernel.actor import Actor
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_ABOUT: dict[str, Any] = {
    "about": "0190b6c6-0000-7000-9000-000000000002",
    "because": "personal-data",
}


class Redaction(BaseModel):
    """The id of an event, or of what it is about: an occasion, a publication, a newsletter."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ABOUT})

    about: str = Field(min_length=1, max_length=100)
    because: Because


class RedactionOut(BaseModel):
    """How many entries are empty now."""

    model_config = ConfigDict(json_schema_extra={"example": {**_ABOUT, "entries": 2}})

    about: str
    because: Because
    entries: int

    @classmethod
    def of(cls, one: Redacted) -> RedactionOut:
        """As it is answered."""
        return cls(about=one.about, because=one.because, entries=one.entries)


class RedactionNoted(RedactionOut):
    """Who did it, and when."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {**_ABOUT, "entries": 2, "by": "ines", "at": "2027-01-11T08:30:00Z"}
        }
    )

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RedactionDesk:
    """What the routes ask."""

    redact: RedactEntries
    once: Idempotency


def routes(desk: RedactionDesk) -> APIRouter:
    """Both."""
    router = APIRouter(prefix="/v1/feed-redactions", tags=["partners"])

    @router.post(
        "",
        status_code=201,
        summary="Ta bort ord ur flödet",
        description=RedactEntries.__doc__ or "",
        responses=documented(RedactionOut, 201, "Posterna är tomma."),
    )
    async def redacted(
        actor: Annotated[Actor, needs("feed.redact")],
        wanted: Annotated[Redaction, sent(Redaction)],
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.redact(wanted.about, wanted.because, also, by=actor),
            RedactionOut.of,
            201,
        )

    @router.get(
        "",
        summary="Vad som tagits bort ur flödet",
        description="Av vem och varför, nyast först. What was taken out, by whom and why.",
        responses={200: listed_example(RedactionNoted)},
    )
    async def listed(
        actor: Annotated[Actor, needs("partners.read")], page: Page
    ) -> Listing[RedactionNoted]:
        found, total = await desk.redact.redactions.page(
            limit=page.limit, offset=page.offset, by=actor
        )
        return listing([RedactionNoted.model_validate(row) for row in found], total, page)

    return router
