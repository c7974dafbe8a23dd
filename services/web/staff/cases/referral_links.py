"""Links for referrers: made for one of them, shown once, taken back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import MENTORING, CaseDesk, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown

HERE = "/console/referral-links"
_LINKS = "/v1/referral-links"
Reader = Annotated[Staff, opens("mentoring:referral-links.read")]
Writer = Annotated[Staff, opens("mentoring:referral-links.write")]
KINDS = ("school", "social-services", "police", "parent", "other")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/referral-links`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)

    @router.get("")
    async def links(request: Request, staff: Reader) -> Response:
        """Newest first: to whom each was given, and whether it still opens anything."""
        return await _show(desk, request, staff)

    @router.post("")
    async def made(request: Request, staff: Writer, form: StaffForm) -> Response:
        """A link; its secret stands on this answer alone."""
        body = {"kind": form.get("kind", ""), "label": form.get("label", "").strip()}
        once = form.get("once", "")
        try:
            answer = await desk.apis.send(staff, "POST", MENTORING, _LINKS, body=body, once=once)
        except SaidNo as no:
            return await _show(desk, request, staff, no, form)
        return await _show(desk, request, staff, secret=answer.data["secret"], label=body["label"])

    @router.post("/{link_id}")
    async def revoked(request: Request, staff: Writer, form: StaffForm, link_id: str) -> Response:
        """It opens nothing from now on."""
        del request
        once = form.get("once", "")
        path = f"{_LINKS}/{known_id(link_id)}"
        await desk.apis.send(staff, "DELETE", MENTORING, path, once=once)
        return RedirectResponse(f"{HERE}?done=link_revoked", 303)

    return router


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    form: Fields | None = None,
    **more: Any,
) -> Response:
    asked = shown(request, filters=())
    page = {"limit": asked.limit, "offset": asked.offset}
    found = await desk.apis.get(staff, MENTORING, _LINKS, **page)
    facts = {"shown": asked, "found": found.data, "kinds": KINDS, "secret": "", **more}
    wrote = typed(form) if form else None
    return desk.page(request, staff, "referral_links", no=no, wrote=wrote, **facts)
