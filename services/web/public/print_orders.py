"""Beställ tryckt: the form for schools, and the order's own page, which its link opens.

The form has a number of its own from the moment when it is shown: however often it is sent, it is
one order. What is written in it is shown again when something is wrong, and kept nowhere here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder, SaidNo
from services.web.library_api import LibraryApi
from services.web.own_forms import Fields, fields_of, from_our_own_page
from services.web.pages import Pages
from services.web.public.visits import Visits
from services.web.settings import Settings
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.privacy.link_secret import has_its_shape
from shared.web.permissions import open_to_all

_ANYBODY = open_to_all("schools order without an account; publishing decides by an order's link")
_FORM = re.compile(r"[0-9a-f-]{36}")
_WRITTEN = ("item", "copies", "school", "municipality", "name", "email", "phone", "address")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: LibraryApi
    visits: Visits

    def holder(self, request: Request, secret: str) -> Holder:
        """Whoever has an order's link. Raises NotFound for what cannot be one."""
        if not has_its_shape(secret):
            raise NotFound
        return self.visits.holder(request, secret)


def routes(settings: Settings, pages: Pages, api: LibraryApi, visits: Visits) -> APIRouter:
    """`/bestall` and `/bestallning/<secret>`."""
    router = APIRouter(include_in_schema=False, dependencies=[_ANYBODY])
    desk = Desk(settings, pages, api, visits)
    _ordering(router, desk)
    _following(router, desk)
    return router


def _ordering(router: APIRouter, desk: Desk) -> None:
    @router.get("/bestall")
    async def form(request: Request) -> Response:
        """What is printed, and the form."""
        chosen = {"item": request.query_params.get("vad", "")}
        return await _form(desk, request, wrote=chosen, form=new_id())

    @router.post("/bestall")
    async def ordered(request: Request) -> Response:
        """Order, and go to the order's own page; or the form again, with why not."""
        from_our_own_page(request, desk.settings)
        fields, holder = await fields_of(request), desk.visits.holder(request, "")
        sent = fields.get("form", "")
        form = sent if _FORM.fullmatch(sent) else new_id()
        words = desk.pages.words(request)
        wrote = {name: fields.get(name, "") for name in _WRITTEN}
        copies = wrote["copies"].strip()
        if not (copies.isascii() and copies.isdigit()):
            wrong = words("error_numbers_only")
            return await _form(desk, request, wrote=wrote, form=form, wrong=wrong, status=422)
        try:
            placed = await desk.api.order(holder, _wish(fields, int(copies)), form)
        except NotFound:
            wrong = words("error_print_choose")
            return await _form(desk, request, wrote=wrote, form=form, wrong=wrong, status=422)
        except SaidNo as no:
            wrong = no.sentence if no.why != "validation-failed" else words("error_print_check")
            status = no.status
            # That form is an order already: what is written now may become another one.
            form = new_id() if no.why in ("ordered-otherwise", "idempotency-key-reused") else form
            return await _form(desk, request, wrote=wrote, form=form, wrong=wrong, status=status)
        return RedirectResponse(f"/bestallning/{placed.link_secret}?klart=mottagen", 303)


def _following(router: APIRouter, desk: Desk) -> None:
    @router.get("/bestallning/{secret}")
    async def look(secret: str, request: Request) -> Response:
        """The receipt at first, then where the parcel is."""
        done = request.query_params.get("klart", "")
        return await _order(desk, request, desk.holder(request, secret), secret, done=done)

    @router.post("/bestallning/{secret}")
    async def cancelled(secret: str, request: Request) -> Response:
        """Take it back."""
        from_our_own_page(request, desk.settings)
        holder = desk.holder(request, secret)
        try:
            await desk.api.cancel(holder)
        except SaidNo as no:
            return await _order(desk, request, holder, secret, wrong=no.sentence, status=no.status)
        return RedirectResponse(f"/bestallning/{secret}?klart=avbokad", 303)


async def _form(
    desk: Desk,
    request: Request,
    *,
    wrote: dict[str, str],
    form: str,
    wrong: str = "",
    status: int = 200,
) -> Response:
    holder = desk.visits.holder(request, "")
    items = await desk.api.items(holder)
    return desk.pages.show(
        request, "print_form.html", status=status, here="/bestall", wrote=wrote, form=form,
        wrong=wrong, items=[each for each in items if each.free],
        titles=await _titles(desk, holder, items),
    )  # fmt: skip


async def _order(
    desk: Desk,
    request: Request,
    holder: Holder,
    secret: str,
    *,
    done: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    order = await desk.api.my_order(holder)
    titles = await _titles(desk, holder, [order])
    return desk.pages.show(
        request, "print_order.html", status=status, here=f"/bestallning/{secret}", order=order,
        title=titles.get(f"{order.publication}/{order.language}", order.publication), done=done,
        wrong=wrong,
    )  # fmt: skip


async def _titles(desk: Desk, holder: Holder, wanted: Sequence[Any]) -> dict[str, str]:
    """`publication/language` → the title in that language."""
    released = {each.id: each.titles for each in await desk.api.released(holder)}
    return {
        f"{each.publication}/{each.language}": released.get(each.publication, {}).get(
            each.language, each.publication
        )
        for each in wanted
    }


def _wish(fields: Fields, copies: int) -> dict[str, Any]:
    publication, _, language = fields.get("item", "").partition("/")
    contact = {name: fields.get(name, "").strip() for name in ("name", "email", "phone")}
    # Browsers send the lines of a text with carriage returns.
    lines = fields.get("address", "").replace("\r\n", "\n").strip()
    return {
        "publication": publication or "-",
        "language": language or "sv",
        "copies": copies,
        "school": fields.get("school", "").strip(),
        "municipality": fields.get("municipality", "").strip(),
        "contact": {**contact, "address": lines},
    }
