"""Orders of printed copies: pack, send, deliver; the shelf; whom a parcel goes to, on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.proxy.handing_on import HandingOn
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Stands
from services.web.staff.bulk import ManyRows, nothing_chosen
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

Reader = Annotated[Staff, opens("publishing:print-orders.read")]
Writer = Annotated[Staff, opens("publishing:print-orders.write")]
Counter = Annotated[Staff, opens("publishing:print-items.write")]
STATES = ("received", "packed", "sent", "delivered", "cancelled")
NEXT: Mapping[str, str] = {"received": "packed", "packed": "sent", "sent": "delivered"}
_AT = "/console/print-orders"


@dataclass(frozen=True, slots=True)
class PrintOrders:
    """What the pages of print orders ask and show."""

    pages: StaffPages
    apis: StaffApis
    many: ManyRows

    async def overview(self, request: Request, staff: Staff, no: SaidNo | None = None) -> Response:
        """The shelf, and orders in a state or by their number."""
        asked = shown(request, filters=("state", "number"))
        state, number = (asked.filters.get(name, "") for name in ("state", "number"))
        query = {
            "state": state if state in STATES else "",
            "number": number[:20],
            "limit": asked.limit,
            "offset": asked.offset,
        }
        path = "/v1/print-orders"
        orders, items = await asyncio.gather(
            self.apis.part(self.apis.get(staff, "publishing", path, **query)),
            self.apis.get(staff, "publishing", "/v1/print-items"),
        )
        return self.pages.show(
            request,
            staff,
            "publications/print_orders.html",
            status=no.status if no else 200,
            wrong=self._wrong(request, no),
            shown=asked,
            found=orders.value.data if orders.value else {"items": [], "total": 0},
            refusal=None if isinstance(orders.refusal, NotFound) else orders.refusal,
            items=items.data["items"],
            many=self.many if staff.may("publishing:print-orders.write") else None,
            states=STATES,
        )

    async def counted_twice(
        self, words: StaffWords, staff: Staff, which: tuple[str, str], mine: Sequence[str]
    ) -> Stands:
        """Somebody else counted the same shelf: their figures beside one's own."""
        items = (await self.apis.get(staff, "publishing", "/v1/print-items")).data["items"]
        now = next((e for e in items if (e["publication"], e["language"]) == which), None)
        if now is None:
            raise NotFound
        return Stands(
            over=f"{words('staff_print_shelf')} · {' '.join(which)}",
            version=str(now["version"]),
            lines=[
                (words(f"staff_print_{name}"), str(now[name]), wrote)
                for name, wrote in zip(("free", "limit"), mine, strict=True)
            ],
            back=_AT,
        )

    def _wrong(self, request: Request, no: SaidNo | None) -> str:
        if no:
            return no.sentence
        return self.pages.words(request)("staff_bulk_none") if nothing_chosen(request) else ""

    async def one(
        self,
        request: Request,
        staff: Staff,
        order_id: str,
        no: SaidNo | None = None,
        contact: Any = None,
    ) -> Response:
        """One of them; whom it goes to only when that was asked for."""
        found = await self.apis.get(staff, "publishing", f"/v1/print-orders/{plain(order_id)}")
        return self.pages.show(
            request,
            staff,
            "publications/print_order.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            order=found.data,
            version=found.version,
            contact=contact,
            following=NEXT.get(found.data["state"], ""),
            once=new_id(),
        )


def routes(orders: PrintOrders, hand_on: HandingOn) -> APIRouter:
    """`/console/print-orders`, its pick list, and one order."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, orders, hand_on)
    _counting(desk, orders)
    _moving(desk, orders)
    _reaching(desk, orders)
    return desk


def _seeing(desk: APIRouter, orders: PrintOrders, hand_on: HandingOn) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """The oldest first."""
        return await orders.overview(request, staff)

    @desk.get("/pick-list")
    async def picked(request: Request, staff: Reader) -> Response:
        """What is to be packed, as PDF, with whom it goes to: nothing of it is kept."""
        bearer = await orders.apis.bearer(staff, "publishing")
        url = orders.apis.url("publishing", "/v1/print-orders/pick-list")
        answer = await hand_on(request, url, extra={"Authorization": f"Bearer {bearer}"})
        answer.headers["Content-Disposition"] = 'inline; filename="plocklista.pdf"'
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @desk.get("/{order_id}")
    async def one(request: Request, staff: Reader, order_id: str) -> Response:
        """What was ordered, and where it is."""
        return await orders.one(request, staff, order_id)


def _counting(desk: APIRouter, orders: PrintOrders) -> None:
    @desk.post("/shelf/{publication}/{language}")
    async def counted(
        request: Request, staff: Counter, form: StaffForm, publication: str, language: str
    ) -> Response:
        """As many as there are on the shelf, and as many as a school may have."""
        wrote = [form.get(name, "").strip() for name in ("free", "limit")]
        words = orders.pages.words(request)
        if not all(is_whole(text) for text in wrote):
            no = SaidNo(words("staff_print_figures"), status=422)
            return await orders.overview(request, staff, no)

        async def beside() -> Stands:
            return await orders.counted_twice(words, staff, (publication, language), wrote)

        try:
            await orders.apis.send(
                staff,
                "PATCH",
                "publishing",
                f"/v1/print-items/{plain(publication)}/{plain(language)}",
                body={"free": int(wrote[0]), "limit": int(wrote[1])},
                version=f'"{form.get("version", "")}"',
                beside=beside,
            )
        except SaidNo as no:
            return await orders.overview(request, staff, no)
        return RedirectResponse(_AT, 303)


def _moving(desk: APIRouter, orders: PrintOrders) -> None:
    @desk.post("/{order_id}/state")
    async def moved(request: Request, staff: Writer, form: StaffForm, order_id: str) -> Response:
        """The next step, or an end to it: then the copies go back on the shelf."""
        wish, seen = form.get("state", ""), form.get("version", "")
        path = f"/v1/print-orders/{plain(order_id)}"

        async def beside() -> Stands:
            now = await orders.apis.get(staff, "publishing", path)
            return _beside(orders.pages.words(request), now, wish)

        try:
            if wish == "cancelled":
                await orders.apis.send(
                    staff,
                    "POST",
                    "publishing",
                    f"{path}/cancellation",
                    version=seen,
                    beside=beside,
                    once=form.get("once", ""),
                )
            else:
                body = {"state": wish}
                await orders.apis.send(
                    staff,
                    "PUT",
                    "publishing",
                    f"{path}/state",
                    body=body,
                    version=seen,
                    beside=beside,
                )
        except SaidNo as no:
            return await orders.one(request, staff, order_id, no)
        return RedirectResponse(f"{_AT}/{order_id}", 303)


def _beside(words: StaffWords, now: Answer, wish: str) -> Stands:
    """How far an order has come beside the step that was wished."""
    state = words(f"staff_print_state_{now.data['state']}")
    wished = words(f"staff_print_state_{wish}") if wish in STATES else "–"
    return Stands(
        over=f"{now.data['school']} · {now.data['number']}",
        version=now.version,
        lines=[(words("staff_desks_state"), state, wished)],
        back=f"{_AT}/{now.data['id']}",
    )


def _reaching(desk: APIRouter, orders: PrintOrders) -> None:
    @desk.post("/{order_id}/contact")
    async def reach(request: Request, staff: Reader, form: StaffForm, order_id: str) -> Response:
        """Whom it goes to, once it is said what for; the service records the reading first."""
        if form.get("purpose") != "contact":
            no = SaidNo(orders.pages.words(request)("staff_recipient_say_why"), status=422)
            return await orders.one(request, staff, order_id, no)
        path = f"/v1/print-orders/{plain(order_id)}/contact"
        found = await orders.apis.get(staff, "publishing", path)
        return await orders.one(request, staff, order_id, contact=found.data)
