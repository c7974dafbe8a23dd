"""`/v1/segments`: saved questions; `/v1/segment-counts`: how many answer to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.list_models import CountIn, CountOut, SegmentIn, SegmentOut
from services.publishing.domain.segments import from_data
from services.publishing.use_cases.keep_segments import CountSegment, KeepSegments
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("segments.read")]
_Writer = Annotated[Actor, needs("segments.write")]
_Id = Annotated[str, Path(max_length=100, description="Urvalets id.")]
_Wanted = Annotated[SegmentIn, sent(SegmentIn)]


@dataclass(frozen=True, slots=True)
class SegmentDesk:
    """What the routes ask."""

    segments: KeepSegments
    count: CountSegment
    once: Idempotency


def routes(desk: SegmentDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["segments"])
    _changing(router, desk)

    @router.get(
        "/segments",
        summary="Urval",
        description="Sparade urval. Saved segments.",
        responses={200: listed_example(SegmentOut)},
    )
    async def listed(actor: _Reader, page: Page) -> Listing[SegmentOut]:
        found, total = await desk.segments.segments.page(
            limit=page.limit, offset=page.offset, by=actor
        )
        return listing([SegmentOut.of(each) for each in found], total, page)

    @router.get(
        "/segments/{segment_id}",
        summary="Ett urval",
        description="Urvalet med sin ETag. The segment with its ETag.",
        responses=documented(SegmentOut, 200, "Urvalet."),
    )
    async def one(actor: _Reader, segment_id: _Id) -> Response:
        return shown(SegmentOut.of(await desk.segments.one(segment_id, by=actor)))

    @router.post(
        "/segment-counts",
        summary="Räkna ett urval",
        description=CountSegment.__doc__ or "",
        responses=documented(CountOut, 200, "Antalet."),
    )
    async def counted(actor: _Reader, asked: Annotated[CountIn, sent(CountIn)]) -> CountOut:
        segment = from_data(asked.segment)
        return CountOut(count=await desk.count(asked.list_id, segment, by=actor))

    return router


def _changing(router: APIRouter, desk: SegmentDesk) -> None:
    @router.post(
        "/segments",
        status_code=201,
        summary="Spara ett urval",
        description=KeepSegments.__doc__ or "",
        responses=documented(SegmentOut, 201, "Urvalet finns."),
    )
    async def added(actor: _Writer, wanted: _Wanted, once: AskedOnce) -> Response:
        segment = from_data(wanted.segment)
        return await answered(
            desk.once,
            once,
            lambda also: desk.segments.add(wanted.name, segment, also, by=actor),
            SegmentOut.of,
            201,
        )

    @router.put(
        "/segments/{segment_id}",
        summary="Ändra ett urval",
        description="Ett utskick som har börjat går till dem det började med. "
        "A mailing that has begun keeps whom it was begun with.",
        responses=documented(SegmentOut, 200, "Urvalet som det är nu."),
    )
    async def changed(actor: _Writer, segment_id: _Id, wanted: _Wanted, seen: IfMatch) -> Response:
        segment = from_data(wanted.segment)
        return await answered(
            desk.once,
            None,
            lambda also: desk.segments.change(
                segment_id, wanted.name, segment, seen, also, by=actor
            ),
            SegmentOut.of,
        )

    @router.delete(
        "/segments/{segment_id}",
        status_code=204,
        summary="Ta bort ett urval",
        description="Frågan tas bort, inga prenumeranter. Only the question goes.",
    )
    async def dropped(actor: _Writer, segment_id: _Id, seen: IfMatch) -> None:
        await desk.segments.drop(segment_id, seen, by=actor)
