"""Prata med någon: words to those who give support. Nobody has to say who they are.

It reads no visit, so that what is written can be joined to no booking, and answers to the sending
with a page under the same address, so that no other one comes into the browser's history.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import fields_of, from_our_own_page
from services.web.pages import Pages
from services.web.public.form_limits import FormLimits, take
from services.web.public.visits import Visits
from services.web.settings import Settings
from services.web.support_api import SupportApi, SupportAway
from shared.web.permissions import open_to_all
from shared.web.refusals import TooManyRequests

_ANYBODY = open_to_all("whoever needs somebody to talk to; there is no account")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_WHOM = {
    "me": "Den som skriver gör det för egen del.",
    "other": "Den som skriver är orolig för någon annan.",
    "work": "Den som skriver möter unga i sitt arbete.",
}
"""What staff read above the words; it lies sealed with them."""
_BLANK = {"whom": "", "words": "", "reach": ""}
_LONGEST, _LONGEST_REACH = 4000, 200


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: SupportApi
    visits: Visits
    limits: FormLimits


def routes(desk: Desk) -> APIRouter:
    """`/prata`."""
    router = APIRouter(prefix="/prata", include_in_schema=False, dependencies=[_ANYBODY])

    @router.get("")
    async def ask(request: Request) -> Response:
        """The form."""
        return _form(desk, request, _BLANK, secrets.token_urlsafe(32))

    @router.post("")
    async def sent(request: Request) -> Response:
        """Hand it on; or the form again, with what was written."""
        from_our_own_page(request, desk.settings)
        fields = await fields_of(request)
        said = {name: fields.get(name, "").strip() for name in _BLANK}
        key = fields.get("form", "")
        key = key if _KEY.fullmatch(key) else secrets.token_urlsafe(32)
        wrong = _mistake(said)
        if wrong:
            return _form(desk, request, said, key, wrong, status=422)
        above = _WHOM.get(said["whom"], "")
        words = f"{above}\n\n{said['words']}" if above else said["words"]
        try:
            take(desk.limits.support, request)
            await desk.api.send(desk.visits.holder(request, ""), words, said["reach"], key)
        except TooManyRequests:
            return _form(desk, request, said, key, ("", "error_many_text"), status=429)
        except SupportAway:
            return _form(desk, request, said, key, ("", "talk_away"), status=503)
        except SaidNo as no:
            if no.why == "idempotency-key-reused":
                # Other words than that form brought: nobody is told that these came too.
                fresh = secrets.token_urlsafe(32)
                return _form(desk, request, said, fresh, ("", "talk_again"), status=409)
            return _form(desk, request, said, key, ("", "talk_away"), status=no.status)
        return desk.pages.show(request, "talk_sent.html", here="/prata", reach=bool(said["reach"]))

    return router


def _mistake(said: Mapping[str, str]) -> tuple[str, str] | None:
    """The field and the name of the words that say what to do there."""
    if not any(c.isprintable() and not c.isspace() for c in said["words"]):
        return "words", "talk_empty"
    if len(said["words"]) > _LONGEST:
        return "words", "talk_long"
    if len(said["reach"]) > _LONGEST_REACH:
        return "reach", "form_too_long"
    return None


def _form(
    desk: Desk,
    request: Request,
    said: Mapping[str, str],
    key: str,
    wrong: tuple[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    words = desk.pages.words(request)
    errors = [(wrong[0], words(wrong[1]))] if wrong else []
    return desk.pages.show(
        request, "talk.html", status=status, here="/prata", wrote=said, key=key, errors=errors,
        at=dict(errors),
    )  # fmt: skip
