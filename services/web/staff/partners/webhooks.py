"""A partner's webhook: its deliveries and attempts; a test, one entry again, a replay."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.wording import STOCKHOLM
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:partners.read")]
Writer = Annotated[Staff, opens("publishing:partners.write")]
_AT = "/console/partners/{name}/webhooks/{webhook_id}"
_DOES = {"test": "pings", "resend": "resends", "on": "activation", "off": "deactivation"}
_DONE = frozenset({*_DOES, "replay"})


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the pages of webhooks ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def one(
        self, request: Request, staff: Staff, name: str, webhook_id: str, no: SaidNo | None = None
    ) -> Response:
        """How it goes, what waits, what was given up, and what was tried."""
        asked, path = shown(request, filters=("event",)), _path(name, webhook_id)
        query = {"event_id": asked.filters.get("event"), "limit": asked.limit}
        partner, webhook, tries = await asyncio.gather(
            self.apis.get(staff, "publishing", f"/v1/partners/{plain(name)}"),
            self.apis.get(staff, "publishing", path),
            self.apis.get(
                staff, "publishing", f"{path}/attempts", offset=asked.offset, **_said(query)
            ),
        )
        words, done = self.pages.words(request), request.query_params.get("done", "")
        return self.pages.show(
            request,
            staff,
            "partners/webhook.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            done=words(f"staff_hook_done_{done}") if done in _DONE and not no else "",
            partner=partner.data,
            webhook=webhook.data,
            tries=tries.data,
            shown=asked,
            once=new_id(),
        )


def routes(hooks: Hooks) -> APIRouter:
    """`/console/partners/{name}/webhooks/{webhook_id}`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, hooks)
    _replaying(desk, hooks)
    return desk


def _seeing(desk: APIRouter, hooks: Hooks) -> None:
    @desk.get("")
    async def one(request: Request, staff: Reader, name: str, webhook_id: str) -> Response:
        """Its page."""
        return await hooks.one(request, staff, name, webhook_id)

    @desk.post("")
    async def do(
        request: Request, staff: Writer, form: StaffForm, name: str, webhook_id: str
    ) -> Response:
        """A test call, one entry again, on, or off."""
        wish = form.get("do", "")
        wish, event_id = ("resend", form["event"]) if form.get("event") else (wish, "")
        wish = wish if wish in _DOES else "test"
        path = f"{_path(name, webhook_id)}/{_DOES[wish]}"
        body = {"event_id": event_id} if wish == "resend" else None
        once = f"{form.get('once', '')}{event_id}"
        try:
            await hooks.apis.send(staff, "POST", "publishing", path, body=body, once=once)
        except SaidNo as no:
            return await hooks.one(request, staff, name, webhook_id, no)
        return _back(name, webhook_id, wish)


def _replaying(desk: APIRouter, hooks: Hooks) -> None:
    @desk.get("/replay")
    async def count(request: Request, staff: Writer, name: str, webhook_id: str) -> Response:
        """How much a replay from there would send, before anybody is sent anything."""
        wanted = _from(request.query_params)
        path = f"{_path(name, webhook_id)}/replay-preview"
        try:
            found = await hooks.apis.get(staff, "publishing", path, **wanted)
        except SaidNo as no:
            return await hooks.one(request, staff, name, webhook_id, no)
        words, says = hooks.pages.words(request), found.data
        return hooks.pages.show(
            request,
            staff,
            "confirm.html",
            head=words("staff_hook_replay_sure", count=says["entries"]),
            text=words("staff_hook_replay_text", after=says["after"]),
            action=f"{_address(name, webhook_id)}/replay",
            fields={"once": new_id(), "after": says["after"]},
            reason="",
            kind="main",
            yes=words("staff_hook_replay"),
            no=words("staff_desks_leave"),
            back=_address(name, webhook_id),
        )

    @desk.post("/replay")
    async def replay(
        request: Request, staff: Writer, form: StaffForm, name: str, webhook_id: str
    ) -> Response:
        """From the position that was counted from."""
        path, once = f"{_path(name, webhook_id)}/replays", form.get("once", "")
        body = _from({"after": form.get("after", "")})
        try:
            await hooks.apis.send(staff, "POST", "publishing", path, body=body, once=once)
        except SaidNo as no:
            return await hooks.one(request, staff, name, webhook_id, no)
        return _back(name, webhook_id, "replay")


def _from(said: Mapping[str, str]) -> dict[str, Any]:
    """A position, or the beginning of a day here; nothing is refused by the service."""
    after, day = said.get("after", "").strip(), said.get("since", "").strip()
    wanted: dict[str, Any] = {"after": int(after)} if is_whole(after) else {}
    try:
        begins = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(STOCKHOLM))
    except ValueError:
        return wanted
    return {**wanted, "since": begins.isoformat()}


def _said(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value}


def _path(name: str, webhook_id: str) -> str:
    return f"/v1/partners/{plain(name)}/webhooks/{plain(webhook_id)}"


def _address(name: str, webhook_id: str) -> str:
    return _AT.format(name=plain(name), webhook_id=plain(webhook_id))


def _back(name: str, webhook_id: str, done: str) -> Response:
    return RedirectResponse(f"{_address(name, webhook_id)}?done={done}", 303)
