"""The phones of those who get SMS here: what they show, and answering as their owners would."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.sinks.callbacks import pauses
from deploy.local.sinks.forms import fields_of
from deploy.local.sinks.settings import Settings
from deploy.local.sinks.sms_store import Sms, SmsStore


class PhoneApi:
    """`/phone/messages` and `/phone/reply`."""

    def __init__(self, settings: Settings, store: SmsStore, client: httpx.AsyncClient) -> None:
        self._settings, self._store, self._client = settings, store, client
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> list[Route]:
        """The two routes."""
        return [
            Route("/phone/messages", self.messages, methods=["GET"]),
            Route("/phone/reply", self.reply, methods=["POST"]),
        ]

    async def messages(self, request: Request) -> Response:
        """All that reached a phone, newest first, with its text; `?to=` narrows to one number."""
        to = request.query_params.get("to")
        shown = [
            {"to": sms.to, "from": sms.sender, "message": sms.text, "created": f"{sms.created}Z"}
            for sms in self._store.newest_first()
            if sms.direction != "incoming" and to in (None, sms.to)
        ]
        return JSONResponse(shown)

    async def reply(self, request: Request) -> Response:
        """Send `message` from the number `from`, as its owner would; `to` is whom they answer."""
        fields = await fields_of(request)
        sender, text = fields.get("from", "").strip(), fields.get("message", "")
        if not sender or not text:
            raise HTTPException(400, "from och message behövs. from and message are needed.")
        to = fields.get("to") or self._whom_they_answer(sender)
        sms = self._store.add(
            direction="incoming", sender=sender, to=to, text=text, status="received"
        )
        taken = await self._deliver(sms)
        if not taken:
            self._keep_trying(sms)
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"/phone?{urlencode({'number': sender})}", 303)
        return JSONResponse({"id": sms.id, "from": sender, "to": to, "taken": taken})

    async def stop(self) -> None:
        """End what is still being tried."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _whom_they_answer(self, number: str) -> str:
        heard = (s.sender for s in self._store.newest_first() if s.to == number)
        return next(heard, self._settings.sms_from)

    async def _deliver(self, sms: Sms) -> bool:
        """One try (46elks.se/docs/receive-sms). A text in the answer goes to the person."""
        form: dict[str, Any] = {
            "id": sms.id,
            "from": sms.sender,
            "to": sms.to,
            "message": sms.text,
            "created": sms.created,
            "direction": "incoming",
        }
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
            answer = await self._client.post(self._settings.inbound_url, data=form)
            if 200 <= answer.status_code <= 204:
                self._answer(sms, answer.text)
                return True
        return False

    def _answer(self, sms: Sms, text: str) -> None:
        if text.strip():
            self._store.add(
                direction="outgoing-reply",
                sender=sms.to,
                to=sms.sender,
                text=text,
                status="delivered",
            )

    def _keep_trying(self, sms: Sms) -> None:
        async def again() -> None:
            for pause in pauses():
                await asyncio.sleep(pause)
                if await self._deliver(sms):
                    return

        task = asyncio.create_task(again())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
