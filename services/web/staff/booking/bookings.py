"""Bookings: the list, and one with what can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Line, Stands
from services.web.staff.bulk import ManyRows, nothing_chosen
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import Wrong, is_whole, whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("booking:bookings.read")]
Writer = Annotated[Staff, opens("booking:bookings.write")]
STATES = ("confirmed", "offered", "waiting", "cancelled", "declined", "expired", "unserved")
FLAGS = (
    "larger-than-room",
    "unreachable",
    "broken-phone",
    "broken-email",
    "unknown-municipality",
)
"""What somebody should look at, as booking names it, what cannot wait first."""
_HEADS = ("pupils", "adults")
Compared = Callable[[Mapping[str, Any]], Sequence[Line]]
"""Lines of a booking as it is now, beside what was wished."""
_DONE = frozenset({"changed", "cancelled", "moved", "undone", "reinstated"})


def routes(pages: StaffPages, apis: StaffApis, many: ManyRows) -> APIRouter:
    """`/console/bookings` and one of them."""
    desk = APIRouter(prefix="/console/bookings", include_in_schema=False)
    _seeing(desk, pages, apis, many)
    _changing(desk, pages, apis)
    _cancelling(desk, pages, apis)
    return desk


async def of(apis: StaffApis, staff: Staff, booking_id: str) -> tuple[Answer, Any]:
    """A booking, and the occasion that it is on."""
    booking = await apis.get(staff, "booking", f"/v1/bookings/{booking_id}")
    at = f"/v1/occasions/{booking.data['occasion_id']}"
    return booking, (await apis.get(staff, "booking", at)).data


async def show_one(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    booking_id: str,
    wrong: str = "",
    status: int = 200,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    """The page of a booking, again with what is wrong when something is."""
    (booking, occasion), history = await asyncio.gather(
        of(apis, staff, booking_id), _history(apis, staff, booking_id)
    )
    words, done = pages.words(request), request.query_params.get("done", "")
    return pages.show(
        request,
        staff,
        "booking/booking.html",
        status=status,
        live="booking",
        booking=booking.data,
        version=booking.version,
        once=new_id(),
        occasion=occasion,
        history=history,
        wrong=wrong,
        wrote=wrote or {},
        done=words(f"staff_booking_done_{done}") if done in _DONE and not wrong else "",
        before=_before(request) if done == "changed" else None,
    )


async def _history(apis: StaffApis, staff: Staff, booking_id: str) -> Any:
    """What happened to it, for whoever may read the journal."""
    if not staff.may("booking:journal.read"):
        return None
    asked = apis.get(staff, "booking", "/v1/journal", subject=booking_id)
    return await apis.part(asked)


def _before(request: Request) -> dict[str, str] | None:
    """The head count before a change that can be taken back."""
    before = {name: request.query_params.get(name, "") for name in _HEADS}
    return before if all(is_whole(text) for text in before.values()) else None


async def occasions_of(
    apis: StaffApis, staff: Staff, bookings: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The occasions that these are on, by id, in one question; none when booking will not say."""
    ids = sorted({each["occasion_id"] for each in bookings})
    if not ids:
        return {}
    asked = apis.get(staff, "booking", "/v1/occasions", id=ids, limit=100)
    found = await apis.part(asked)
    return {each["id"]: each for each in found.value.data["items"]} if found.value else {}


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis, many: ManyRows) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """Filtered by state, and by what there is to look at."""
        asked = shown(request, filters=("state", "flag"))
        state, flag = (asked.filters.get(name, "") for name in ("state", "flag"))
        found = await apis.get(
            staff,
            "booking",
            "/v1/bookings",
            state=state if state in STATES else "",
            flag=flag if flag in FLAGS else "",
            limit=asked.limit,
            offset=asked.offset,
        )
        occasions = await occasions_of(apis, staff, found.data["items"])
        return pages.show(
            request,
            staff,
            "booking/bookings.html",
            live="booking",
            shown=asked,
            found=found.data,
            states=STATES,
            flags=FLAGS,
            occasions=occasions,
            many=many if staff.may("booking:bookings.write") else None,
            wrong=pages.words(request)("staff_bulk_none") if nothing_chosen(request) else "",
        )

    @desk.get("/{booking_id}")
    async def one(request: Request, staff: Reader, booking_id: str) -> Response:
        """Where it stands, and what can be done."""
        return await show_one(pages, apis, request, staff, booking_id)


def _changing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.post("/{booking_id}/heads")
    async def heads(request: Request, staff: Writer, form: StaffForm, booking_id: str) -> Response:
        """More or fewer; it can be taken back as long as it fits."""
        path, words = f"/v1/bookings/{booking_id}", pages.words(request)
        wrote = {name: form.get(name, "").strip() for name in _HEADS}
        before = await apis.get(staff, "booking", path)

        async def beside() -> Stands:
            return await stands(apis, staff, booking_id, words, _counted(words, wrote))

        try:
            body, seen = whole(wrote), form.get("version", "")
            await apis.send(staff, "PATCH", "booking", path, body=body, version=seen, beside=beside)
        except Wrong:
            sentence = words("error_numbers_only")
            return await show_one(pages, apis, request, staff, booking_id, sentence, 422, wrote)
        except SaidNo as no:
            said = (no.sentence, no.status, wrote)
            return await show_one(pages, apis, request, staff, booking_id, *said)
        at = f"/console/bookings/{booking_id}"
        if form.get("undone") == "yes":
            return RedirectResponse(f"{at}?done=undone", 303)
        party = before.data["party"]
        undo = "&".join(f"{name}={party[name] or 0}" for name in _HEADS)
        return RedirectResponse(f"{at}?done=changed&{undo}", 303)


def _counted(words: StaffWords, wrote: Mapping[str, str]) -> Compared:
    """The head count of a booking beside what was written."""

    def lines(booking: Mapping[str, Any]) -> list[Line]:
        return [(words(n), str(booking["party"][n] or 0), wrote[n]) for n in _HEADS]

    return lines


async def stands(
    apis: StaffApis, staff: Staff, booking_id: str, words: StaffWords, compared: Compared
) -> Stands:
    """How a booking stands now, beside what was wished of it."""
    now, occasion = await of(apis, staff, booking_id)
    return Stands(
        over=f"{words.party(now.data)} · {occasion['title']}",
        version=now.version,
        lines=[
            *compared(now.data),
            (words("staff_state"), words(f"staff_state_{now.data['state']}"), None),
            (words("staff_occasion"), words.occasion(occasion), None),
        ],
        back=f"/console/bookings/{booking_id}",
    )


async def _sure(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    booking_id: str,
    no: SaidNo | None = None,
    reason: str = "",
) -> Response:
    now, occasion = await of(apis, staff, booking_id)
    words = pages.words(request)
    at = f"/console/bookings/{booking_id}"
    return pages.show(
        request,
        staff,
        "confirm.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote={"reason": reason},
        over=f"{words.party(now.data)} · {occasion['title']}",
        head=words("staff_booking_cancel_head"),
        text=words("staff_booking_cancel_text"),
        reason=words("staff_reason"),
        reason_required=False,
        action=f"{at}/cancel",
        fields={"version": now.version, "once": new_id()},
        yes=words("staff_booking_cancel_yes"),
        no=words("staff_booking_cancel_no"),
        back=at,
    )


def _cancelling(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("/{booking_id}/cancel")
    async def asked(request: Request, staff: Writer, booking_id: str) -> Response:
        """Once more, and why."""
        return await _sure(pages, apis, request, staff, booking_id)

    @desk.post("/{booking_id}/cancel")
    async def cancel(request: Request, staff: Writer, form: StaffForm, booking_id: str) -> Response:
        """For good: the places go to whoever is next."""
        words, reason = pages.words(request), form.get("reason", "").strip()

        async def beside() -> Stands:
            late = await stands(apis, staff, booking_id, words, _cancelled(words, reason))
            return replace(late, yes=words("staff_booking_cancel_yes"))

        try:
            await apis.send(
                staff,
                "POST",
                "booking",
                f"/v1/bookings/{booking_id}/cancellation",
                body={"reason": reason or None},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _sure(pages, apis, request, staff, booking_id, no, reason)
        return RedirectResponse(f"/console/bookings/{booking_id}?done=cancelled", 303)


def _cancelled(words: StaffWords, reason: str) -> Compared:
    def lines(booking: Mapping[str, Any]) -> list[Line]:
        now = words(f"staff_state_{booking['state']}")
        return [
            (words("staff_booking"), now, words("staff_state_cancelled")),
            (words("places"), str(booking["size"]), None),
            (words("staff_reason"), "–", reason or "–"),
        ]

    return lines
