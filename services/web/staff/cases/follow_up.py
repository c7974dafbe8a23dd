"""Contact with the young person, how often it is expected, and reviews with their deadline."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, CaseDesk, Seen, Wish, typed
from services.web.staff.door import Staff, StaffForm, opens

Reader = Annotated[Staff, opens("mentoring:cases.list")]
WAYS = ("meeting", "call", "message", "visit")
_TO = "/follow-up"


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/follow-up`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}{_TO}", include_in_schema=False)

    @router.get("")
    async def follow_up(request: Request, staff: Reader, case_id: str) -> Response:
        """Contacts and reviews, newest first."""
        return await _show(desk, request, staff, case_id)

    @router.post("")
    async def write(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """A contact, a review, the day of the next one, or how often."""

        async def again(no: SaidNo) -> Response:
            return await _show(desk, request, staff, case_id, no, form)

        return await desk.change(request, staff, form, case_id, _wish(form), again)

    return router


def _wish(form: Fields) -> Wish:
    match form.get("do", ""):
        case "contact":
            body = {
                "on": form.get("on", ""),
                "way": form.get("way", ""),
                "successful": form.get("successful", "") == "yes",
                "text": form.get("text", ""),
            }
            return Wish("POST", "/contacts", body, _TO, "contact")
        case "review":
            held = {"text": form.get("review", ""), "next_on": form.get("next_on", "")}
            return Wish("POST", "/reviews", held, _TO, "review")
        case "rhythm":
            days = form.get("days", "")
            often = {"days": int(days) if days in ("14", "30") else 0}
            compared = {"days": ("staff_case_rhythm", "contact_every_days")}
            return Wish("PUT", "/contact-rhythm", often, _TO, "rhythm", MappingProxyType(compared))
        case _:
            day = {"on": form.get("day", "")}
            compared = {"day": ("staff_case_next_review", "next_review_on")}
            return Wish("PUT", "/next-review", day, _TO, "next_review", MappingProxyType(compared))


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
        "follow_up",
        no=no,
        wrote=typed(form) if form else None,
        ways=WAYS,
        contacts=await _newest(desk, staff, seen, "/contacts", "contact"),
        reviews=await _newest(desk, staff, seen, "/reviews", "plan"),
    )


async def _newest(
    desk: CaseDesk, staff: Staff, seen: Seen, what: str, group: str
) -> list[object] | None:
    """None where they may not read it."""
    if not seen.standing.may("read", group):
        return None
    found = await desk.of_case(staff, seen.case["id"], what, limit=100)
    return sorted(found.data["items"], key=lambda each: each["at"], reverse=True)
