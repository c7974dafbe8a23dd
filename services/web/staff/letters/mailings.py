"""Mailings: which there are, how far each has come, and steering it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.asking import StaffApis
from services.web.staff.beside import Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.letters.newsletters import called
from services.web.staff.letters.pace import pace
from services.web.staff.letters.when import instant
from services.web.staff.listing import shown
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:mailings.read")]
Writer = Annotated[Staff, opens("publishing:mailings.write")]
STATES = (
    "running", "paused", "stalled", "scheduled", "draft", "finished", "finished-with-failures",
    "cancelled",
)  # fmt: skip
OUTCOMES = ("accepted", "bounced", "suppressed", "uncertain", "waiting", "in-hand")
STEPS = ("start", "pause", "resumption", "cancellation")
BEFORE = ("draft", "scheduled")
UNDER_WAY = ("running", "paused", "stalled")
MOVING = ("running", "stalled", "scheduled")
"""States that change by themselves: the page looks again every other second."""
_AT = "/console/mailings"


@dataclass(frozen=True, slots=True)
class Mailings:
    """What the pages of mailings ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def one(
        self, request: Request, staff: Staff, mailing_id: str, no: SaidNo | None = None
    ) -> Response:
        """The page of one, again with what is wrong when something is."""
        path, asked = f"/v1/mailings/{mailing_id}", shown(request, filters=("state",))
        state = asked.filters.get("state", "")
        outcome = state if state in OUTCOMES else "bounced"
        mailing, progress, outcomes, reach = await asyncio.gather(
            self.apis.get(staff, "publishing", path),
            self.apis.get(staff, "publishing", f"{path}/progress"),
            self._part(staff, f"{path}/outcomes", state=outcome, limit=25, offset=asked.offset),
            self._part(staff, f"{path}/recipient-count"),
        )
        words = self.pages.words(request)
        letter = await self._letter(staff, mailing.data["newsletter_id"])
        return self.pages.show(
            request,
            staff,
            "letters/mailing.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            mailing=mailing.data,
            version=mailing.version,
            progress=progress.data,
            pace=pace(words, progress.data),
            causes=_causes(progress.data),
            letter=letter,
            name=called(words, letter) if letter else words("staff_mailing"),
            outcomes=outcomes,
            outcome=outcome,
            states=OUTCOMES,
            reach=reach,
            shown=asked,
            moving=mailing.data["state"] in MOVING,
            before=mailing.data["state"] in BEFORE,
            under_way=mailing.data["state"] in UNDER_WAY,
            once=new_id(),
        )

    async def _letter(self, staff: Staff, newsletter_id: str) -> Any:
        """The newsletter, for whoever may read it."""
        if not staff.may("publishing:newsletters.read"):
            return None
        found = await self._part(staff, f"/v1/newsletters/{newsletter_id}")
        return found.value.data if found.value else None

    async def _part(self, staff: Staff, path: str, **query: Any) -> Any:
        return await self.apis.part(self.apis.get(staff, "publishing", path, **query))


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/mailings` and one of them."""
    desk, mailings = APIRouter(prefix=_AT, include_in_schema=False), Mailings(pages, apis)
    _seeing(desk, mailings)
    _beginning(desk, mailings)
    _timing(desk, mailings)
    _steering(desk, mailings)
    return desk


def _seeing(desk: APIRouter, mailings: Mailings) -> None:
    apis = mailings.apis

    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """The newest first."""
        asked = shown(request, filters=("state",))
        state = asked.filters.get("state", "")
        query = {"state": state if state in STATES else "", "limit": asked.limit}
        found, lists = await asyncio.gather(
            apis.get(staff, "publishing", "/v1/mailings", offset=asked.offset, **query),
            apis.get(staff, "publishing", "/v1/lists"),
        )
        return mailings.pages.show(
            request,
            staff,
            "letters/mailings.html",
            shown=asked,
            found=found.data,
            lists={each["id"]: each for each in lists.data["items"]},
            states=STATES,
        )

    @desk.get("/{mailing_id}")
    async def one(request: Request, staff: Reader, mailing_id: str) -> Response:
        """How far it has come."""
        return await mailings.one(request, staff, mailing_id)

    @desk.get("/{mailing_id}/cancel")
    async def cancel(request: Request, staff: Writer, mailing_id: str) -> Response:
        """Whether it is really meant."""
        seen = await apis.get(staff, "publishing", f"/v1/mailings/{mailing_id}")
        words = mailings.pages.words(request)
        return mailings.pages.show(
            request,
            staff,
            "confirm.html",
            head=words("staff_mailing_cancel_sure"),
            text=words("staff_mailing_cancel_text"),
            action=f"{_AT}/{mailing_id}/steps",
            fields={"version": seen.version, "once": new_id(), "do": "cancellation"},
            reason="",
            yes=words("staff_mailing_do_cancellation"),
            no=words("staff_desks_leave"),
            back=f"{_AT}/{mailing_id}",
        )


def _beginning(desk: APIRouter, mailings: Mailings) -> None:
    @desk.post("")
    async def begun(staff: Writer, form: StaffForm) -> Response:
        """A draft of it: nothing is sent before it is started."""
        slow = form.get("per_minute", "").strip()
        body = {
            "newsletter_id": form.get("newsletter_id", ""),
            "per_minute": int(slow) if is_whole(slow) else None,
        }
        once = form.get("once", "")
        made = await mailings.apis.send(
            staff, "POST", "publishing", "/v1/mailings", body=body, once=once
        )
        return RedirectResponse(f"{_AT}/{made.data['id']}", 303)


def _timing(desk: APIRouter, mailings: Mailings) -> None:
    @desk.post("/{mailing_id}/schedule")
    async def scheduled(
        request: Request, staff: Writer, form: StaffForm, mailing_id: str
    ) -> Response:
        """At a time, on the clock of Stockholm; an empty one takes the time away."""
        wish = form.get("at", "").strip()
        at, wrong = instant(wish)
        if wish and at is None:
            no = SaidNo(mailings.pages.words(request)(wrong), status=422)
            return await mailings.one(request, staff, mailing_id, no)
        return await _done(
            mailings,
            request,
            staff,
            mailing_id,
            "PUT" if at else "DELETE",
            "schedule",
            form,
            body={"at": at} if at else None,
        )


def _steering(desk: APIRouter, mailings: Mailings) -> None:
    @desk.post("/{mailing_id}/steps")
    async def step(request: Request, staff: Writer, form: StaffForm, mailing_id: str) -> Response:
        """Start, pause, go on, or end it for good."""
        wish = form.get("do", "")
        return await _done(
            mailings,
            request,
            staff,
            mailing_id,
            "POST",
            wish if wish in STEPS else "pause",
            form,
        )

    @desk.post("/{mailing_id}/another-try")
    async def again(request: Request, staff: Writer, form: StaffForm, mailing_id: str) -> Response:
        """To those who share a cause."""
        return await _done(
            mailings,
            request,
            staff,
            mailing_id,
            "POST",
            "another-try",
            form,
            body={"cause": form.get("cause", "")},
        )


async def _done(
    mailings: Mailings,
    request: Request,
    staff: Staff,
    mailing_id: str,
    method: str,
    what: str,
    form: Fields,
    body: Mapping[str, Any] | None = None,
) -> Response:
    path = f"/v1/mailings/{mailing_id}/{what}"

    async def beside() -> Stands:
        return await _beside(mailings, request, staff, mailing_id, what, form)

    try:
        await mailings.apis.send(
            staff,
            method,
            "publishing",
            path,
            body=body,
            version=form.get("version", ""),
            beside=beside,
            once=form.get("once", ""),
        )
    except SaidNo as no:
        return await mailings.one(request, staff, mailing_id, no)
    return RedirectResponse(f"{_AT}/{mailing_id}", 303)


async def _beside(
    mailings: Mailings, request: Request, staff: Staff, mailing_id: str, what: str, form: Fields
) -> Stands:
    """It has gone on since the page was opened: where it is beside what was wished."""
    now = await mailings.apis.get(staff, "publishing", f"/v1/mailings/{mailing_id}")
    words, state = mailings.pages.words(request), now.data["state"].replace("-", "_")
    if what == "schedule":
        wish = form.get("at", "").replace("T", " ") or words("staff_mailing_unschedule")
    else:
        wish = words(f"staff_mailing_do_{what}" if what in STEPS else "staff_mailing_again_do")
    going = now.data["send_at"]
    return Stands(
        over=words("staff_mailing"),
        version=now.version,
        lines=[
            (words("staff_desks_state"), words(f"staff_mailing_state_{state}"), wish),
            (words("staff_mailing_when"), words.short(going) if going else "–", None),
        ],
        back=f"{_AT}/{mailing_id}",
        yes="" if what == "schedule" else wish,
    )


def _causes(progress: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Whom one can send to again: those whom nobody knows of, and each code of a bounce."""
    unsure = progress["uncertain"]
    first = [{"code": "uncertain", "count": unsure}] if unsure else []
    return [*first, *progress["codes"]]
