"""Boka: places for one person or a class on one page, without an account.

The form has a key of its own from the moment when it is shown: however often it is sent, it is one
booking, and whoever sent it gets into it. What is written is shown again when something is wrong,
and kept nowhere here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder, SaidNo, ServiceAway
from services.web.cookies import Cookies
from services.web.own_forms import fields_of, from_our_own_page
from services.web.pages import Pages
from services.web.programme_api import Booked, Entry, ProgrammeApi
from services.web.public.booking_form import Wrong, blank, field_of, mistakes, wish, wrote
from services.web.public.form_limits import FormLimits, take
from services.web.public.visits import Visits
from services.web.settings import Settings
from services.web.storage.sessions import Sessions
from shared.web.permissions import open_to_all
from shared.web.refusals import TooManyRequests

_ANYBODY = open_to_all("participants have no accounts")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SENT_BEFORE = ("idempotency-key-reused", "booked-already")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: ProgrammeApi
    visits: Visits
    sessions: Sessions
    cookies: Cookies
    limits: FormLimits


@dataclass(frozen=True, slots=True, repr=False)
class _Form:
    """A form on its way: about which occasion, with which key, and what is written in it."""

    entry: Entry
    key: str
    said: Mapping[str, str]

    @property
    def asks(self) -> bool:
        """Whether it carries a sealed question."""
        return self.entry.kind == "consultation"


def routes(desk: Desk) -> APIRouter:
    """`/program/<id>/boka`."""
    router = APIRouter(include_in_schema=False, dependencies=[_ANYBODY])

    @router.get("/program/{occasion_id}/boka")
    async def ask(occasion_id: str, request: Request) -> Response:
        """The form, blank."""
        holder = desk.visits.holder(request, "")
        entry = await desk.api.one(holder, occasion_id)
        language = desk.pages.words(request).language
        form = _Form(entry, secrets.token_urlsafe(32), blank(_kind(entry), language))
        return await _shown(desk, request, holder, form)

    @router.post("/program/{occasion_id}/boka")
    async def asked(occasion_id: str, request: Request) -> Response:
        """Book, and go to the booking; or the form again, with why not."""
        from_our_own_page(request, desk.settings)
        fields, holder = await fields_of(request), desk.visits.holder(request, "")
        entry = await desk.api.one(holder, occasion_id)
        key = fields.get("form", "")
        fresh = key if _KEY.fullmatch(key) else secrets.token_urlsafe(32)
        form = _Form(entry, fresh, wrote(fields))
        wrong = mistakes(form.said, asks_a_question=form.asks)
        if wrong:
            return await _shown(desk, request, holder, form, wrong, status=422)
        try:
            take(desk.limits.bookings, request)
            sent = wish(entry.id, form.said, asks_a_question=form.asks)
            booked = await desk.api.book(holder, sent, form.key)
        except TooManyRequests:
            wrong = [Wrong("", "error_many_text")]
            return await _shown(desk, request, holder, form, wrong, status=429)
        except SaidNo as no:
            return await _refused(desk, request, holder, form, no)
        return await _inside(desk, request, booked)

    return router


async def _inside(desk: Desk, request: Request, booked: Booked) -> Response:
    """Their booking's own page, opened for them."""
    done = "booked" if booked.state == "confirmed" else "queued"
    answer = RedirectResponse(f"/min-bokning?klart={done}", 303, {"Cache-Control": "no-store"})
    if booked.link_secret:
        await desk.sessions.close(desk.cookies.session_of(request))
        opened = await desk.sessions.open(booked.link_secret)
        desk.cookies.give_session(answer, opened)
    return answer


async def _refused(
    desk: Desk, request: Request, holder: Holder, form: _Form, no: SaidNo
) -> Response:
    words = desk.pages.words(request)
    if no.why in _SENT_BEFORE:
        # That form is a booking already: what is written now may become another one.
        again = _Form(form.entry, secrets.token_urlsafe(32), form.said)
        wrong = Wrong("", sentence=words("form_sent_before"))
        return await _shown(desk, request, holder, again, [wrong], status=409)
    known = no.why != "validation-failed"
    sentence = words.refusal(no.why, no.sentence) if known else words("form_check")
    wrong = Wrong(field_of(no.why), sentence=sentence)
    entry = await desk.api.one(holder, form.entry.id)
    now = _Form(entry, form.key, form.said)
    return await _shown(desk, request, holder, now, [wrong], status=no.status)


async def _shown(
    desk: Desk,
    request: Request,
    holder: Holder,
    form: _Form,
    errors: Sequence[Wrong] = (),
    *,
    status: int = 200,
) -> Response:
    if not form.entry.is_open:
        return RedirectResponse(f"/program/{form.entry.id}", 303)
    words = desk.pages.words(request)
    said = [(each.field, each.sentence or words(each.name)) for each in errors]
    return desk.pages.show(
        request, "programme_book.html", status=status, here=f"/program/{form.entry.id}/boka",
        visit=None, entry=form.entry, key=form.key, wrote=form.said, errors=said,
        at=dict(reversed(said)), asks=form.asks, schools=await _schools(desk, holder),
    )  # fmt: skip


async def _schools(desk: Desk, holder: Holder) -> list[str]:
    """Suggestions; the form works without them."""
    try:
        return await desk.api.schools(holder)
    except (ServiceAway, SaidNo, TooManyRequests):
        return []


def _kind(entry: Entry) -> str:
    """Whom the form is set to at first: a class where the occasion is for classes."""
    return "group" if "klass" in entry.target_group.casefold() else "individual"
