"""Early warnings of the network: an editor reads each before others get it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.api_paths import plain
from services.web.staff.asking import StaffApis
from services.web.staff.beside import Line, Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Editor = Annotated[Staff, opens("publishing:bulletins.decide")]
STATES = ("waiting", "approved", "declined", "withdrawn")
KINDS = ("propaganda", "recruitment", "gathering", "threat", "online", "other")
TRENDS = ("rising", "steady", "falling")
_AT = "/console/bulletins"
_DECIDED = {"approval": "approve", "refusal": "decline", "withdrawal": "withdraw"}
_SAYS = ("kind", "area", "begins", "ends", "trend", "text")


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/bulletins` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, pages, apis)
    _deciding(desk, pages, apis)
    return desk


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Editor) -> Response:
        """Those that wait, or in another state."""
        asked = shown(request, filters=("state",))
        state = asked.filters.get("state", "")
        state = state if state in STATES else "waiting"
        query = {"state": state, "limit": asked.limit, "offset": asked.offset}
        found = await apis.get(staff, "publishing", "/v1/bulletins", **query)
        return pages.show(
            request,
            staff,
            "partners/bulletins.html",
            shown=asked,
            found=found.data,
            state=state,
            states=STATES,
        )

    @desk.get("/{bulletin_id}")
    async def one(request: Request, staff: Editor, bulletin_id: str) -> Response:
        """As it stands."""
        return await _one(pages, apis, request, staff, bulletin_id)


async def _one(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    bulletin_id: str,
    no: SaidNo | None = None,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    found = await apis.get(staff, "publishing", f"/v1/bulletins/{plain(bulletin_id)}")
    return pages.show(
        request,
        staff,
        "partners/bulletin.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote=dict(wrote or {}),
        bulletin=found.data,
        version=found.version,
        kinds=KINDS,
        trends=TRENDS,
        once=new_id(),
    )


def _deciding(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.post("/{bulletin_id}")
    async def decide(
        request: Request, staff: Editor, form: StaffForm, bulletin_id: str
    ) -> Response:
        """Approve it, as it stands or edited; decline it with a reason; or take it back."""
        wish = form.get("do", "")
        wish = wish if wish in ("approval", "refusal", "withdrawal") else "refusal"
        body = await _body(apis, staff, bulletin_id, wish, form)

        async def beside() -> Stands:
            return await _beside(apis, pages.words(request), staff, bulletin_id, wish, form)

        try:
            await apis.send(
                staff,
                "POST",
                "publishing",
                f"/v1/bulletins/{plain(bulletin_id)}/{wish}",
                body=body,
                version="" if wish == "withdrawal" else form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _one(pages, apis, request, staff, bulletin_id, no, form)
        return RedirectResponse(f"{_AT}/{bulletin_id}", 303)


async def _beside(
    apis: StaffApis, words: StaffWords, staff: Staff, bulletin_id: str, wish: str, form: Fields
) -> Stands:
    """Somebody decided or edited it meanwhile: theirs beside what was decided and written here."""
    now = await apis.get(staff, "publishing", f"/v1/bulletins/{plain(bulletin_id)}")
    says, state = now.data["says"], words(f"staff_bulletin_state_{now.data['state']}")
    decided = words(f"staff_bulletin_{_DECIDED[wish]}")
    lines: list[Line] = [(words("staff_desks_state"), state, decided)]
    if wish == "approval":
        for name in _SAYS:
            prefix = f"staff_bulletin_{name}_" if name in ("kind", "trend") else ""
            theirs, mine = (
                words.coded(prefix, each) if prefix else each
                for each in (says[name], form.get(name, ""))
            )
            lines.append((words(f"staff_bulletin_{name}"), theirs, mine))
    elif wish == "refusal":
        theirs, mine = now.data["reason"] or "–", form.get("reason", "")
        lines.append((words("staff_bulletin_reason"), theirs, mine))
    at = f"{_AT}/{bulletin_id}"
    return Stands(over=says["area"], version=now.version, lines=lines, back=at)


async def _body(
    apis: StaffApis, staff: Staff, bulletin_id: str, wish: str, form: Mapping[str, str]
) -> dict[str, Any] | None:
    """What was written is only sent as an edit when it says something else."""
    if wish == "withdrawal":
        return None
    if wish == "refusal":
        return {"reason": form.get("reason", "").strip()}
    known = await apis.get(staff, "publishing", f"/v1/bulletins/{plain(bulletin_id)}")
    says = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in _SAYS}
    return {"says": None if says == known.data["says"] else says}
