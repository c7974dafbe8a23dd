"""What was written when something was decided: read by whoever decides next, or judges it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from services.mentoring.api.cases import Insider
from services.mentoring.api.decision_models import (
    ClosureOut,
    GlassesOut,
    GlassSeenOut,
    WrittenOut,
)
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.read_decisions import ReadClosure, ReadGlasses, ReadWords
from services.mentoring.use_cases.see_readers import SeeReaders
from shared.audit.answers import ReaderOut
from shared.web.examples import documented, listed_example
from shared.web.paging import Listing, Page, listing


@dataclass(frozen=True, slots=True)
class DecisionDesk:
    """What the routes ask."""

    readers: SeeReaders
    glasses: ReadGlasses
    closure: ReadClosure
    concern: ReadWords
    overrides: ReadWords


def routes(desk: DecisionDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}")
    _who_looked(router, desk)
    _emergency_and_ending(router, desk)
    _words(router, desk)
    return router


def _who_looked(router: APIRouter, desk: DecisionDesk) -> None:
    @router.get(
        "/readers",
        tags=["break-glass"],
        summary="Vilka som har läst",
        description=SeeReaders.__doc__ or "",
        responses={200: listed_example(ReaderOut)},
    )
    async def readers(actor: Insider, case_id: str, page: Page) -> Listing[ReaderOut]:
        some = await desk.readers(CaseId(case_id), by=actor, limit=page.limit, offset=page.offset)
        found = ReaderOut.all_of(some.entries, some.names, about=some.ids)
        return listing(found, some.total, page)


def _emergency_and_ending(router: APIRouter, desk: DecisionDesk) -> None:
    @router.get(
        "/break-glass",
        tags=["break-glass"],
        summary="Nödöppningar",
        description=ReadGlasses.__doc__ or "",
        responses=documented(GlassesOut, 200, "Nödöppningarna, med varför och hur de bedömdes."),
    )
    async def glasses(actor: Insider, case_id: str) -> GlassesOut:
        found = await desk.glasses(CaseId(case_id), by=actor)
        return GlassesOut(items=[GlassSeenOut.of(each) for each in found])

    @router.get(
        "/closure",
        tags=["closure"],
        summary="Avslutet",
        description=ReadClosure.__doc__ or "",
        responses=documented(ClosureOut, 200, "Förslaget som väntar, och vad som skrevs."),
    )
    async def closure(actor: Insider, case_id: str, page: Page) -> ClosureOut:
        case, some = await desk.closure(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return ClosureOut.of(case, some)


def _words(router: APIRouter, desk: DecisionDesk) -> None:
    @router.get(
        "/concern",
        tags=["protection"],
        summary="Oron, i ord",
        description=ReadWords.__doc__ or "",
        responses={200: listed_example(WrittenOut)},
    )
    async def concern(actor: Insider, case_id: str, page: Page) -> Listing[WrittenOut]:
        found, total = await desk.concern(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([WrittenOut.of(each, "worry") for each in found], total, page)

    @router.get(
        "/share-overrides",
        tags=["consents"],
        summary="Delat utan samtycke: varför",
        description=ReadWords.__doc__ or "",
        responses={200: listed_example(WrittenOut)},
    )
    async def overrides(actor: Insider, case_id: str, page: Page) -> Listing[WrittenOut]:
        found, total = await desk.overrides(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([WrittenOut.of(each, "override") for each in found], total, page)
