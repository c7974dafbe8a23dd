"""Messages and how they went; an address is shown on purpose only; what is uncertain is decided."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

Reader = Annotated[Staff, opens("notifications:messages.read")]
Decider = Annotated[Staff, opens("notifications:deliveries.decide")]
Toucher = Annotated[Staff, opens("notifications:contacts.read")]
VERDICTS = ("arrived", "lost", "send-again")
_AT = "/console/messages"
_RECIPIENT = re.compile(r"[A-Za-z0-9._@-]{1,100}")


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/messages`, what is uncertain, and a recipient's addresses."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _deciding(desk, pages, apis)
    _reaching(desk, pages, apis)
    _seeing(desk, pages, apis)
    return desk


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """The newest first; about a booking, or to somebody."""
        asked = shown(request, filters=("subject", "recipient"))
        query = {**asked.filters, "limit": asked.limit, "offset": asked.offset}
        found = await apis.get(staff, "notifications", "/v1/messages", **query)
        unsure = await apis.part(apis.get(staff, "notifications", "/v1/deliveries", limit=1))
        return pages.show(
            request,
            staff,
            "operations/messages.html",
            live="notifications",
            shown=asked,
            found=found.data,
            unsure=unsure.value.data["total"] if unsure.value else 0,
        )

    @desk.get("/{message_id}")
    async def one(request: Request, staff: Reader, message_id: str) -> Response:
        """With each channel that it was tried on."""
        found = await apis.get(staff, "notifications", f"/v1/messages/{message_id}")
        return pages.show(
            request,
            staff,
            "operations/message.html",
            live="notifications",
            message=found.data,
            verdicts=VERDICTS,
            once=new_id(),
        )


def _deciding(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    async def show(request: Request, staff: Staff, no: SaidNo | None = None) -> Response:
        asked = shown(request, filters=())
        query = {"limit": asked.limit, "offset": asked.offset}
        found = await apis.get(staff, "notifications", "/v1/deliveries", **query)
        done = request.query_params.get("done") == "decided" and not no
        return pages.show(
            request,
            staff,
            "operations/uncertain.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            done=pages.words(request)("staff_messages_decided") if done else "",
            live="notifications",
            shown=asked,
            found=found.data,
            verdicts=VERDICTS,
            once=new_id(),
        )

    @desk.get("/uncertain")
    async def uncertain(request: Request, staff: Reader) -> Response:
        """Those that nobody knows of whether they arrived."""
        return await show(request, staff)

    @desk.post("/uncertain/{delivery_id}")
    async def decided(
        request: Request, staff: Decider, form: StaffForm, delivery_id: str
    ) -> Response:
        """What somebody found out."""
        try:
            await apis.send(
                staff,
                "POST",
                "notifications",
                f"/v1/deliveries/{delivery_id}/verdict",
                body={"verdict": form.get("verdict", "")},
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await show(request, staff, no)
        return RedirectResponse(f"{_AT}/uncertain?done=decided", 303)


def _reaching(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("/recipients/{recipient_id}")
    async def ask(request: Request, staff: Toucher, recipient_id: str) -> Response:
        """Before an address is shown: that it is kept who read it, and what for."""
        return pages.show(
            request,
            staff,
            "operations/recipient.html",
            recipient_id=_plain(recipient_id),
            contact=None,
        )

    @desk.post("/recipients/{recipient_id}")
    async def shown_on_purpose(
        request: Request, staff: Toucher, form: StaffForm, recipient_id: str
    ) -> Response:
        """The address, once the purpose is confirmed; the service records the reading first."""
        if form.get("purpose") != "contact":
            sentence = pages.words(request)("staff_recipient_say_why")
            return pages.show(
                request,
                staff,
                "operations/recipient.html",
                status=422,
                wrong=sentence,
                recipient_id=_plain(recipient_id),
                contact=None,
            )
        path = f"/v1/recipients/{_plain(recipient_id)}/contact"
        found = await apis.get(staff, "notifications", path)
        return pages.show(
            request,
            staff,
            "operations/recipient.html",
            recipient_id=recipient_id,
            contact=found.data,
        )


def _plain(recipient_id: str) -> str:
    if not _RECIPIENT.fullmatch(recipient_id):
        raise NotFound
    return recipient_id
