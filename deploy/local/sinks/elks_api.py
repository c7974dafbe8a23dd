"""46elks' SMS API, as its documentation says (46elks.se/docs): send, list, show."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.sinks.behaviour import Mood
from deploy.local.sinks.callbacks import Callbacks
from deploy.local.sinks.forms import fields_of
from deploy.local.sinks.hanging_up import NoAnswer
from deploy.local.sinks.settings import Settings
from deploy.local.sinks.sms_store import SmsStore

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_TEXT_SENDER = re.compile(r"[A-Za-z][A-Za-z0-9]{2,10}")
_MOST = 100


class ElksApi:
    """`/a1/sms` behind Basic authentication."""

    def __init__(
        self, settings: Settings, store: SmsStore, mood: Mood, callbacks: Callbacks
    ) -> None:
        self._settings, self._store = settings, store
        self._mood, self._callbacks = mood, callbacks

    def routes(self) -> list[Route]:
        """The three routes."""
        return [
            Route("/a1/sms", self.send, methods=["POST"]),
            Route("/a1/sms", self.history, methods=["GET"]),
            Route("/a1/sms/{id}", self.show, methods=["GET"]),
        ]

    async def send(self, request: Request) -> Response:
        """Accept one SMS."""
        self._admit(request)
        if self._mood.use_up("lose_requests"):
            return NoAnswer(request)
        if (status := self._mood.error("errors")) is not None:
            await self._mood.hesitate()
            return PlainTextResponse("Something went wrong.", status)
        form = await fields_of(request)
        form |= {name: _number(form[name]) for name in ("from", "to") if name in form}
        _check(form)
        sms = self._store.add(
            direction="outgoing",
            sender=form["from"],
            to=form["to"],
            text=form["message"],
            dontlog=form.get("dontlog") == "message",
            whendelivered=form.get("whendelivered", ""),
        )
        answer = sms.as_46elks()
        self._callbacks.follow(sms)
        if self._mood.use_up("lose_replies"):
            return NoAnswer(request)
        await self._mood.hesitate()
        return JSONResponse(answer)

    async def history(self, request: Request) -> Response:
        """The newest first, at most 100; `start` is before, `end` after, `next` the next start."""
        self._admit(request)
        if (status := self._mood.error("list_errors")) is not None:
            return PlainTextResponse("Something went wrong.", status)
        await self._mood.hesitate()
        asked = request.query_params
        try:
            limit = max(1, min(_MOST, int(asked.get("limit", _MOST))))
            before, after = _moment(asked.get("start")), _moment(asked.get("end"))
        except ValueError:
            return PlainTextResponse("Invalid parameter", 400)
        page, following = self._store.page(
            to=_number(asked["to"]) if "to" in asked else None,
            before=before,
            after=after,
            limit=limit,
        )
        shown: dict[str, object] = {"data": [sms.as_46elks() for sms in page]}
        if following:
            shown["next"] = following
        return JSONResponse(shown)

    async def show(self, request: Request) -> Response:
        """One SMS."""
        self._admit(request)
        sms = self._store.find(request.path_params["id"])
        return JSONResponse(sms.as_46elks()) if sms else PlainTextResponse("Not found", 404)

    def _admit(self, request: Request) -> None:
        kind, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True) if kind.lower() == "basic" else b""
        except binascii.Error:
            given = b""
        password = self._settings.elks_password.get_secret_value()
        if not secrets.compare_digest(given, f"{self._settings.elks_user}:{password}".encode()):
            raise HTTPException(401, "Unauthorized", {"WWW-Authenticate": 'Basic realm="46elks"'})


def _number(text: str) -> str:
    """A plus sign that nobody encoded arrives as a space; 46elks' own examples send it so."""
    return f"+{text[1:]}" if text.startswith(" ") else text


def _check(form: dict[str, str]) -> None:
    for name in ("from", "to", "message"):
        if not form.get(name):
            raise HTTPException(400, f"Missing key {name}")
    if not _NUMBER.fullmatch(form["to"]):
        raise HTTPException(400, "Invalid to number")
    if not (_NUMBER.fullmatch(form["from"]) or _TEXT_SENDER.fullmatch(form["from"])):
        raise HTTPException(400, "Invalid from")
    if "whendelivered" in form and not form["whendelivered"].startswith(("http://", "https://")):
        raise HTTPException(400, "Invalid whendelivered")


def _moment(text: str | None) -> str | None:
    """Brought to 46elks' own form, so that moments compare as text."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds")
