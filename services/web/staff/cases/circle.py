"""The circle around a case: who comes, who leaves, who takes over, and who may come near at all."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, CaseDesk, Wish, typed
from services.web.staff.cases.standing import GRANTABLE
from services.web.staff.door import Staff, StaffForm, opens

Reader = Annotated[Staff, opens("mentoring:cases.list")]
_TO = "/circle"
KINDS = ("stand-in", "second", "mentor", "aftercare")
LIFT_REASONS = ("authority-decision", "wrongly-set")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/circle`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}{_TO}", include_in_schema=False)

    @router.get("")
    async def circle(request: Request, staff: Reader, case_id: str) -> Response:
        """Who stands there since when, and what they may see."""
        return await _show(desk, request, staff, case_id)

    @router.post("")
    async def change(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """One change of it."""

        async def again(no: SaidNo) -> Response:
            return await _show(desk, request, staff, case_id, no, form)

        return await desk.change(request, staff, form, case_id, _wish(form), again)

    return router


def _wish(form: Fields) -> Wish:
    who = quote(form.get("who", "").strip(), safe="") or "-"
    match form.get("do", ""):
        case "join":
            body = {"kind": form.get("kind", ""), "sees": _sees(form)}
            return Wish("PUT", f"/circle/{who}", body, _TO, "joined")
        case "leave":
            return Wish("DELETE", f"/circle/{who}", None, _TO, "left")
        case "hand-over":
            body = {"leaving": form.get("leaving", ""), "to": form.get("who", "").strip()}
            return Wish("POST", "/hand-over", {**body, "sees": _sees(form)}, "", "handed_over")
        case "away":
            compared = {"until": ("staff_case_lead_away", "lead_away_until")}
            day = {"until": form.get("until", "")}
            return Wish("PUT", "/lead-absence", day, _TO, "away", MappingProxyType(compared))
        case "back":
            return Wish("DELETE", "/lead-absence", None, _TO, "back")
        case "protect":
            named = {"named": form.get("named", "").split()}
            return Wish("PUT", "/protection", named, _TO, "protected")
        case _:
            reason = quote(form.get("reason", ""), safe="")
            return Wish("DELETE", f"/protection?reason={reason}", None, _TO, "lifted")


def _sees(form: Fields) -> list[str] | None:
    """None: the plan alone."""
    return form.all("sees") or None


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    seen = await desk.seen(staff, case_id)
    return desk.show(
        request,
        staff,
        seen,
        "circle",
        no=no,
        wrote=typed(form) if form else None,
        kinds=KINDS,
        groups=sorted(GRANTABLE),
        lift_reasons=LIFT_REASONS,
    )
