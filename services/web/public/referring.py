"""Anmälan: a referrer with a link says whom they are worried about. Works without a script.

It answers to the sending with a page under the same address: a receipt number, and nothing of what
was written. Whether somebody is here already is told to nobody.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.mentoring_links import MentoringLinks
from services.web.own_forms import Fields, own_form
from services.web.pages import Pages
from services.web.public.form_limits import FormLimits, take
from services.web.public.link_doors import LinkDoor
from services.web.settings import Settings
from services.web.staff.cases.person_form import person_in
from services.web.storage.sessions import Visit
from services.web.support_api import SupportAway
from shared.web.permissions import open_to_all
from shared.web.refusals import TooManyRequests

_HOLDER = open_to_all("the holder of a referrer's link; mentoring decides")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_ABOUT = ("name", "birth_date", "personal_number", "phone", "whereabouts")
_SAID = ("worry", "referrer", "referrer_contact")
_LONGEST = {"worry": 8000}
_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: MentoringLinks
    door: LinkDoor
    limits: FormLimits


def routes(desk: Desk) -> APIRouter:
    """`/anmal/<secret>` and `/anmal`."""
    router = APIRouter(prefix="/anmal", include_in_schema=False, dependencies=[_HOLDER])

    @router.get("/{secret}")
    async def link(secret: str, request: Request) -> Response:
        """Exchange the secret for a cookie."""
        await desk.api.check_referrer(desk.door.holder(request, secret))
        return await desk.door.open(request, secret)

    @router.get("")
    async def ask(request: Request) -> Response:
        """The form."""
        visit = await desk.door.visit(request)
        await desk.api.check_referrer(desk.door.holder(request, visit.link_secret))
        return _form(desk, request, visit, Fields([]))

    @router.post("")
    async def sent(request: Request) -> Response:
        """Hand it on; or the form again, with what was written."""
        visit = await desk.door.visit(request)
        fields = await own_form(request, desk.settings, visit)
        if wrong := _mistake(fields):
            return _form(desk, request, visit, fields, wrong, status=422)
        try:
            take(desk.limits.support, request)
            holder = desk.door.holder(request, visit.link_secret)
            receipt = await desk.api.refer(holder, _wish(fields), _key_of(fields))
        except TooManyRequests:
            return _form(desk, request, visit, fields, ("", "error_many_text"), status=429)
        except SupportAway:
            return _form(desk, request, visit, fields, ("", "refer_away"), status=503)
        except SaidNo as no:
            return _refused(desk, request, visit, fields, no)
        return desk.pages.show(request, "referred.html", here="/anmal", receipt=receipt)

    return router


def _wish(fields: Fields) -> Mapping[str, Any]:
    about = {name: value for name, value in person_in(fields).items() if value}
    return {"about": about, **{name: fields.get(name, "").strip() for name in _SAID}}


def _key_of(fields: Fields) -> str:
    key = fields.get("form", "")
    return key if _KEY.fullmatch(key) else secrets.token_urlsafe(32)


def _mistake(fields: Fields) -> tuple[str, str] | None:
    """The field and the name of the words that say what to do there."""
    if not any(c.isprintable() and not c.isspace() for c in fields.get("worry", "")):
        return "worry", "refer_empty"
    for name in (*_ABOUT, *_SAID):
        if len(fields.get(name, "")) > _LONGEST.get(name, _LONGEST_LINE):
            return name, "form_too_long"
    return None


def _refused(desk: Desk, request: Request, visit: Visit, fields: Fields, no: SaidNo) -> Response:
    if no.why == "idempotency-key-reused":
        # That form was sent before: what is written now may be another one.
        again = Fields([pair for pair in fields.pairs if pair[0] != "form"])
        return _form(desk, request, visit, again, ("", "refer_again"), status=409)
    pointers = [str(each.get("pointer", "")).rpartition("/")[2] for each in no.errors]
    name = next((each for each in pointers if each in (*_ABOUT, *_SAID)), "")
    if no.why == "personal-number-wrong":
        name = "personal_number"
    words = f"refer_wrong_{name}" if name in _CHECKED else "refer_check"
    return _form(desk, request, visit, fields, (name, words), status=no.status)


_CHECKED = ("birth_date", "personal_number", "phone")


def _form(
    desk: Desk,
    request: Request,
    visit: Visit,
    fields: Fields,
    wrong: tuple[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    words = desk.pages.words(request)
    errors = [(wrong[0], words(wrong[1]))] if wrong else []
    return desk.pages.show(
        request, "referring.html", status=status, here="/anmal", key=_key_of(fields),
        at=dict(errors), errors=errors, token=visit.form_token,
        wrote={name: fields.get(name, "") for name in (*_ABOUT, *_SAID)},
    )  # fmt: skip
