"""`/v1/statistics`: who came in a quarter, in figures for funders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from services.booking.api.statistics_models import FiguresOut, QuartersOut
from services.booking.domain.quarter import quarter_named
from services.booking.use_cases.publish_figures import PublishFigures, SeeFigures
from shared.kernel.actor import Actor
from shared.web.examples import documented
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.permissions import needs
from shared.web.unchanged import answer_if_changed

_Quarter = Annotated[str, Path(pattern=r"^20[0-9]{2}-Q[1-4]$", description="Till exempel 2027-Q1.")]
_Reader = Annotated[Actor, needs("statistics.read")]
_Publisher = Annotated[Actor, needs("statistics.publish")]


def routes(see: SeeFigures, publish: PublishFigures) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/statistics", tags=["statistics"])

    @router.get(
        "",
        summary="Kvartal att redovisa",
        description="De åtta senaste kvartalen: vad som är räknat, och vad som är utgivet. "
        "The last eight quarters: what is counted, and what is published.",
        responses=documented(QuartersOut, 200, "Kvartalen, det senaste först."),
    )
    async def quarters(actor: _Reader) -> QuartersOut:
        return QuartersOut.of(await see.quarters(by=actor))

    @router.get(
        "/{quarter}",
        summary="Vilka som kom under ett kvartal",
        description=SeeFigures.__doc__ or "",
        response_model=FiguresOut,
        responses=documented(FiguresOut, 200, "Siffrorna, med ETag: de ändras aldrig."),
    )
    async def shown(actor: _Reader, request: Request, quarter: _Quarter) -> Response:
        found = FiguresOut.of(await see(quarter_named(quarter), by=actor))
        kept = {"Cache-Control": "private, no-cache"}
        return answer_if_changed(
            request, found.model_dump_json().encode(), "application/json", kept
        )

    @router.post(
        "/{quarter}",
        status_code=201,
        summary="Ge ut ett kvartals siffror",
        description=PublishFigures.__doc__ or "",
        responses=documented(FiguresOut, 201, "Siffrorna är utgivna."),
    )
    async def published(actor: _Publisher, quarter: _Quarter, once: AskedOnce) -> Response:
        answer = await publish(
            quarter_named(quarter),
            by=actor,
            once=once,
            present=lambda made: Answer.of(201, FiguresOut.of(made)),
        )
        return respond(answer)

    return router
