"""A case taken out as a file: asked about first, and the taking out is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from services.web.asking import SaidNo
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, known_id
from services.web.staff.door import Staff, StaffForm, opens_lately
from services.web.staff.freshness import STILL_FRESH
from shared.kernel.refusal import Forbidden, NotFound

Asker = Annotated[Staff, opens_lately("mentoring:cases.export")]
Taker = Annotated[Staff, opens_lately("mentoring:cases.export", within=STILL_FRESH)]
_KIND = "application/x-ndjson"


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/export`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}/export", include_in_schema=False)

    @router.get("")
    async def ask(request: Request, staff: Asker, case_id: str) -> Response:
        """What goes out, and what it means; nothing of the case."""
        return await _ask(desk, request, staff, case_id)

    @router.post("")
    async def take(request: Request, staff: Taker, form: StaffForm, case_id: str) -> Response:
        """The file. Its name says nothing, and its last line says whether it is whole."""
        if form.get("sure") != "yes":
            no = SaidNo(desk.pages.words(request)("staff_export_sure_first"), status=422)
            return await _ask(desk, request, staff, case_id, no)
        pieces = desk.apis.download(staff, MENTORING, f"/v1/cases/{known_id(case_id)}/export")
        try:
            first = await anext(pieces, b"")
        except SaidNo as no:
            return await _ask(desk, request, staff, case_id, no)
        name = f"safe-space-{case_id[-8:]}.ndjson"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_from(first, pieces), media_type=_KIND, headers=headers)

    return router


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _ask(
    desk: CaseDesk, request: Request, staff: Staff, case_id: str, no: SaidNo | None = None
) -> Response:
    at = f"{CASES}/{known_id(case_id)}"
    try:
        seen = await desk.seen(staff, case_id)
    except (NotFound, Forbidden):
        # Data protection takes out what has been put away, and sees nothing of it here.
        if not staff.may("mentoring:cases.hold"):
            raise
        return desk.page(request, staff, "export", no=no, known=False, at=at)
    if not seen.may("export"):
        raise NotFound
    return desk.show(request, staff, seen, "export", no=no, known=True)
