"""`/v1/suppressions`: addresses that are not written to. They are counted, never listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, get_args

from fastapi import APIRouter
from starlette.responses import Response

from services.publishing.api.answering import answered
from services.publishing.api.suppression_models import (
    SuppressedOut,
    SuppressionIn,
    SuppressionsOut,
)
from services.publishing.domain.figures import shown
from services.publishing.domain.suppression import Cause
from services.publishing.use_cases.suppress_address import SuppressAddress
from shared.kernel.actor import Actor
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.permissions import needs


@dataclass(frozen=True, slots=True)
class SuppressionDesk:
    """What the routes ask."""

    suppress: SuppressAddress
    once: Idempotency


def routes(desk: SuppressionDesk) -> APIRouter:
    """Counting, and adding to them."""
    router = APIRouter(prefix="/v1/suppressions", tags=["suppressions"])

    @router.get(
        "",
        summary="Hur många adresser som är spärrade",
        description="Per orsak; färre än fem visas inte. By cause; fewer than five are hidden.",
        responses=documented(SuppressionsOut, 200, "Antalen."),
    )
    async def counted(actor: Annotated[Actor, needs("suppressions.read")]) -> SuppressionsOut:
        store = desk.suppress.suppressions
        counts = {cause: shown(await store.count(cause, by=actor)) for cause in get_args(Cause)}
        return SuppressionsOut.model_validate(counts)

    @router.post(
        "",
        status_code=201,
        summary="Spärra en adress",
        description=SuppressAddress.__doc__ or "",
        responses=documented(SuppressedOut, 201, "Adressen är spärrad."),
    )
    async def added(
        actor: Annotated[Actor, needs("suppressions.write")],
        wanted: Annotated[SuppressionIn, sent(SuppressionIn)],
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.suppress(wanted.email, wanted.cause, also, by=actor),
            lambda _: SuppressedOut(cause=wanted.cause),
            201,
        )

    return router
