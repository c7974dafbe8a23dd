"""A case's notes: written once and signed, with addenda beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, CaseDesk, Wish, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown

Reader = Annotated[Staff, opens("mentoring:cases.list")]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/notes`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}/notes", include_in_schema=False)

    @router.get("")
    async def notes(request: Request, staff: Reader, case_id: str) -> Response:
        """Newest first, each with its addenda."""
        return await _show(desk, request, staff, case_id)

    @router.post("")
    async def write(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """A note, or an addendum to one. It cannot be changed afterwards."""
        note = form.get("addendum_to", "")
        what = f"/notes/{known_id(note)}/addenda" if note else "/notes"
        wish = Wish("POST", what, {"text": form.get("text", "")}, "/notes", "note")

        async def again(no: SaidNo) -> Response:
            return await _show(desk, request, staff, case_id, no, form)

        return await desk.change(request, staff, form, case_id, wish, again)

    return router


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    seen = await desk.seen(staff, case_id)
    asked = shown(request, filters=(), limit=100)
    page = {"limit": asked.limit, "offset": asked.offset}
    found = (await desk.of_case(staff, case_id, "/notes", **page)).data
    return desk.show(
        request,
        staff,
        seen,
        "notes",
        no=no,
        wrote=typed(form) if form else None,
        shown=asked,
        total=found["total"],
        notes=_with_addenda(found["items"]),
    )


def _with_addenda(items: list[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Any]]]:
    """An addendum whose note stands on another page stands by itself."""
    ids = {each["id"] for each in items}
    own = [each for each in items if each["addendum_to"] not in ids]
    added = [each for each in items if each["addendum_to"] in ids]
    threads = [
        (note, sorted((a for a in added if a["addendum_to"] == note["id"]), key=lambda a: a["at"]))
        for note in own
    ]
    return sorted(threads, key=lambda thread: thread[0]["at"], reverse=True)
