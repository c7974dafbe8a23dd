"""`/v1/statistics`: the figures of a quarter, for funders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.mentoring.domain.statistics import BASE, LEAST, Tables
from services.mentoring.use_cases.publish_statistics import PublishStatistics, SeeStatistics
from shared.kernel.actor import Actor
from shared.web.examples import documented
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.permissions import needs

Quarter = Annotated[str, Path(pattern=r"^20[0-9]{2}-Q[1-4]$", description="Till exempel 2027-Q1.")]
_EXAMPLE: dict[str, Any] = {
    "period": "2027-Q1",
    "tables": {"case-opened/age-band": {"13-15": None, "16-18": 10}},
    "rounded_to": BASE,
    "least_shown": LEAST,
}


class StatisticsOut(BaseModel):
    """Counts by table and row; null where a group is too small to be shown."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    period: str
    tables: dict[str, dict[str, int | None]]
    rounded_to: int
    least_shown: int

    @classmethod
    def of(cls, quarter: str, tables: Tables) -> StatisticsOut:
        """From the domain."""
        shown = {name: dict(rows) for name, rows in tables.items()}
        return cls(period=quarter, tables=shown, rounded_to=BASE, least_shown=LEAST)


@dataclass(frozen=True, slots=True)
class StatisticsDesk:
    """What the routes ask."""

    see: SeeStatistics
    publish: PublishStatistics


def routes(desk: StatisticsDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/statistics", tags=["statistics"])

    @router.get(
        "/{quarter}",
        summary="Ett kvartals siffror",
        description=SeeStatistics.__doc__ or "",
        responses=documented(StatisticsOut, 200, "Siffrorna."),
    )
    async def shown(
        actor: Annotated[Actor, needs("statistics.read")], quarter: Quarter
    ) -> StatisticsOut:
        return StatisticsOut.of(quarter, await desk.see(quarter, by=actor))

    @router.post(
        "/{quarter}",
        status_code=201,
        summary="Ge ut ett kvartals siffror",
        description=PublishStatistics.__doc__ or "",
        responses=documented(StatisticsOut, 201, "Siffrorna är utgivna."),
    )
    async def published(
        actor: Annotated[Actor, needs("statistics.publish")], quarter: Quarter, once: AskedOnce
    ) -> Response:
        answer = await desk.publish(
            quarter,
            by=actor,
            once=once,
            present=lambda tables: Answer.of(201, StatisticsOut.of(quarter, tables)),
        )
        return respond(answer)

    return router
