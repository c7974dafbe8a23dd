"""Nyhetsbrev: sign up, and what the links in our letters lead to.

A link's stamp is the right to what it is about, so its forms need no other proof. To look never
changes anything, whoever looks: a mail scanner follows every link, a mail program looks ahead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder, SaidNo
from services.web.newsletter_api import LEAVE, NewsletterApi
from services.web.own_forms import Fields, fields_of, from_our_own_page
from services.web.pages import Pages
from services.web.public.visits import Visits
from services.web.settings import Settings
from shared.kernel.refusal import NotFound
from shared.web.permissions import open_to_all

ANYBODY = open_to_all("newsletters are for everybody; publishing decides by a link's stamp")
_STAMP = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: NewsletterApi
    visits: Visits

    def anybody(self, request: Request) -> Holder:
        """A visitor without a link."""
        return self.visits.holder(request, "")

    def holder(self, request: Request, stamp: str) -> Holder:
        """Whoever has a letter's link. Raises NotFound for what cannot be one."""
        if not _STAMP.fullmatch(stamp):
            raise NotFound
        return self.visits.holder(request, stamp)

    def show(self, request: Request, template: str, **facts: Any) -> Response:
        """A page of this part of the site."""
        return self.pages.show(request, f"letters_{template}.html", **facts)

    def sorry(self, request: Request, no: SaidNo) -> Response:
        """What the service said, and the way to sign up anew."""
        return self.show(request, "sorry", status=no.status, text=no.sentence)


def routes(settings: Settings, pages: Pages, api: NewsletterApi, visits: Visits) -> APIRouter:
    """`/nyhetsbrev`, `/o`, `/u` and `/p`."""
    router = APIRouter(include_in_schema=False, dependencies=[ANYBODY])
    desk = Desk(settings, pages, api, visits)
    _signing_up(router, desk)
    _confirming(router, desk)
    _leaving(router, desk)
    _choosing(router, desk)
    return router


def _signing_up(router: APIRouter, desk: Desk) -> None:
    @router.get("/nyhetsbrev")
    async def form(request: Request) -> Response:
        """What there is, and the form. Nothing is ticked for anybody: that would be no consent."""
        if request.query_params.get("klart") == "anmald":
            return desk.show(request, "asked")
        lists = await desk.api.open_lists(desk.anybody(request))
        return desk.show(request, "sign_up", lists=lists, wrote={}, chosen=[])

    @router.post("/nyhetsbrev")
    async def signed_up(request: Request) -> Response:
        """Ask; the same page whatever came of it, as nobody is told whose address is known."""
        from_our_own_page(request, desk.settings)
        fields, holder = await fields_of(request), desk.anybody(request)
        chosen = fields.all("lists")
        try:
            await desk.api.sign_up(
                holder,
                email=fields.get("email", "").strip(),
                lists=chosen,
                language=fields.get("language", holder.language),
                name=fields.get("name", "").strip(),
            )
        except SaidNo as no:
            lists = await desk.api.open_lists(holder)
            wrong = _said(desk, request, no, chosen)
            wrote = {name: fields.get(name, "") for name in ("email", "name", "language")}
            return desk.show(
                request, "sign_up", status=no.status, here="/nyhetsbrev", lists=lists,
                wrong=wrong, wrote=wrote, chosen=chosen,
            )  # fmt: skip
        return RedirectResponse("/nyhetsbrev?klart=anmald", 303)


def _confirming(router: APIRouter, desk: Desk) -> None:
    @router.get("/o/{stamp}")
    async def look(stamp: str, request: Request) -> Response:
        """What one press confirms, or has confirmed."""
        holder = desk.holder(request, stamp)
        try:
            seen = await desk.api.opt_in(holder, press=False)
        except SaidNo as no:
            return desk.sorry(request, no)
        known = {each.id: each.names for each in await desk.api.open_lists(holder)}
        names = [known[each] for each in seen.lists if each in known]
        return desk.show(request, "opt_in", seen=seen, names=names)

    @router.post("/o/{stamp}")
    async def press(stamp: str, request: Request) -> Response:
        """Confirm."""
        from_our_own_page(request, desk.settings)
        try:
            await desk.api.opt_in(desk.holder(request, stamp), press=True)
        except SaidNo as no:
            return desk.sorry(request, no)
        return RedirectResponse(f"/o/{stamp}", 303)


def _leaving(router: APIRouter, desk: Desk) -> None:
    @router.get("/u/{stamp}")
    async def look(stamp: str, request: Request) -> Response:
        """Which list it is about, and one button."""
        try:
            place = await desk.api.place(desk.holder(request, stamp))
        except SaidNo as no:
            return desk.sorry(request, no)
        return desk.show(request, "leave", place=place, press=LEAVE)

    @router.post("/u/{stamp}")
    async def press(stamp: str, request: Request) -> Response:
        """Our button, or a mail program's own (RFC 8058), which comes from elsewhere."""
        fields = await fields_of(request)
        try:
            place = await desk.api.leave(desk.holder(request, stamp), fields)
        except SaidNo as no:
            return desk.sorry(request, no)
        return desk.show(request, "leave", place=place, press=LEAVE)


def _choosing(router: APIRouter, desk: Desk) -> None:
    @router.get("/p/{stamp}")
    async def look(stamp: str, request: Request) -> Response:
        """Lists and language, as they are."""
        try:
            seen = await desk.api.preferences(desk.holder(request, stamp))
        except SaidNo as no:
            return desk.sorry(request, no)
        done = request.query_params.get("klart") == "sparat"
        return desk.show(request, "choose", seen=seen, done=done)

    @router.post("/p/{stamp}")
    async def press(stamp: str, request: Request) -> Response:
        """Everything at once; changed meanwhile, it is shown as it is now."""
        from_our_own_page(request, desk.settings)
        fields, holder = await fields_of(request), desk.holder(request, stamp)
        try:
            await desk.api.choose(holder, **_choice(fields))
        except SaidNo as no:
            return await _chosen_in_vain(request, desk, holder, no)
        return RedirectResponse(f"/p/{stamp}?klart=sparat", 303)


async def _chosen_in_vain(request: Request, desk: Desk, holder: Holder, no: SaidNo) -> Response:
    try:
        seen = await desk.api.preferences(holder)
    except SaidNo as gone:
        return desk.sorry(request, gone)
    return desk.show(request, "choose", status=no.status, seen=seen, done=False, wrong=no.sentence)


def _choice(fields: Fields) -> dict[str, Any]:
    return {
        "lists": fields.all("lists"),
        "language": fields.get("language", "sv"),
        "never_again": fields.get("never") == "yes",
        "version": fields.get("version", "0"),
    }


def _said(desk: Desk, request: Request, no: SaidNo, chosen: list[str]) -> str:
    """The service's sentence, or for what only a form can lack one of the page's own."""
    words = desk.pages.words(request)
    if not chosen:
        return words("error_letters_choose_one")
    return no.sentence if no.why != "validation-failed" else words("error_letters_check")
