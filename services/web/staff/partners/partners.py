"""Partners: what each may read, its keys, and whether it got everything. A key is shown once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Line, Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import faults, is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:partners.read")]
Writer = Annotated[Staff, opens("publishing:partners.write")]
SCOPES = ("feed:read", "cews:read", "cews:post", "webhooks:manage", "keys:manage")
_AT = "/console/partners"
_FIELDS = ("name", "title", "types", "places", "networks", "client", "per_minute")
_DONE = frozenset({"kept", "revoked", "ended"})


@dataclass(frozen=True, slots=True)
class Partners:
    """What the pages of partners ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def one(
        self,
        request: Request,
        staff: Staff,
        name: str,
        no: SaidNo | None = None,
        key: Mapping[str, Any] | None = None,
    ) -> Response:
        """The page of one; a new key on it, this once."""
        path = f"/v1/partners/{plain(name)}"
        partner, owed, hooks = await asyncio.gather(
            self.apis.get(staff, "publishing", path),
            self.apis.part(self.apis.get(staff, "publishing", f"{path}/owed")),
            self.apis.part(self.apis.get(staff, "publishing", f"{path}/webhooks")),
        )
        words, done = self.pages.words(request), request.query_params.get("done", "")
        good = done in _DONE and not no and not key
        return self.pages.show(
            request,
            staff,
            "partners/partner.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            done=words(f"staff_partners_done_{done}") if good else "",
            partner=partner.data,
            version=partner.version,
            owed=owed,
            hooks=hooks,
            key=key,
            once=new_id(),
        )

    async def form(
        self,
        request: Request,
        staff: Staff,
        name: str,
        no: SaidNo | None = None,
        form: Fields | None = None,
    ) -> Response:
        """What a partner is to be; `name` is empty for a new one."""
        known = None
        if name:
            known = await self.apis.get(staff, "publishing", f"/v1/partners/{plain(name)}")
        now = _as_written(known.data) if known else _as_written({})
        return self.pages.show(
            request,
            staff,
            "partners/form.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            errors=faults(no, _FIELDS) if no else (),
            wrote={each: form.get(each, "") for each in _FIELDS} if form else {},
            name=name,
            now=now,
            chosen=form.all("scopes") if form else (known.data["scopes"] if known else []),
            version=form.get("version", "") if form else (known.version if known else ""),
            scopes=SCOPES,
            once=new_id(),
        )


def routes(partners: Partners) -> APIRouter:
    """`/console/partners` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _adding(desk, partners)
    _seeing(desk, partners)
    _changing(desk, partners)
    _keys(desk, partners)
    _ending(desk, partners)
    return desk


def _adding(desk: APIRouter, partners: Partners) -> None:
    @desk.get("/new")
    async def begin(request: Request, staff: Writer) -> Response:
        """A partner that there is not yet."""
        return await partners.form(request, staff, "")

    @desk.post("/new")
    async def add(request: Request, staff: Writer, form: StaffForm) -> Response:
        """Add it; it needs a key then."""
        name = form.get("name", "").strip()
        body, once = {"name": name, **_wanted(form)}, form.get("once", "")
        try:
            await partners.apis.send(
                staff, "POST", "publishing", "/v1/partners", body=body, once=once
            )
        except SaidNo as no:
            return await partners.form(request, staff, "", no, form)
        return RedirectResponse(f"{_AT}/{plain(name)}?done=kept", 303)


def _seeing(desk: APIRouter, partners: Partners) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """By short name."""
        asked = shown(request, filters=())
        query = {"limit": asked.limit, "offset": asked.offset}
        found = await partners.apis.get(staff, "publishing", "/v1/partners", **query)
        return partners.pages.show(
            request, staff, "partners/partners.html", shown=asked, found=found.data
        )

    @desk.get("/{name}")
    async def one(request: Request, staff: Reader, name: str) -> Response:
        """Its rights, its keys, and whether it got everything."""
        return await partners.one(request, staff, name)

    @desk.get("/{name}/change")
    async def change(request: Request, staff: Writer, name: str) -> Response:
        """What it is to be from now on."""
        return await partners.form(request, staff, name)


def _changing(desk: APIRouter, partners: Partners) -> None:
    @desk.post("/{name}/change")
    async def keep(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """On the version that was seen."""
        path, seen = f"/v1/partners/{plain(name)}", form.get("version", "")

        async def beside() -> Stands:
            now = await partners.apis.get(staff, "publishing", path)
            return _beside(partners.pages.words(request), now, form)

        try:
            body = _wanted(form)
            await partners.apis.send(
                staff, "PUT", "publishing", path, body=body, version=seen, beside=beside
            )
        except SaidNo as no:
            return await partners.form(request, staff, name, no, form)
        return RedirectResponse(f"{_AT}/{name}?done=kept", 303)


def _keys(desk: APIRouter, partners: Partners) -> None:
    @desk.post("/{name}/keys")
    async def make(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """Another key, on this answer and nowhere else. The one before goes on until revoked."""
        once = form.get("once", "")
        try:
            path = f"/v1/partners/{plain(name)}/keys"
            made = await partners.apis.send(
                staff, "POST", "publishing", path, body={"expires_at": None}, once=once
            )
        except SaidNo as no:
            return await partners.one(request, staff, name, no)
        return await partners.one(request, staff, name, key=made.data)

    @desk.post("/{name}/keys/revoke")
    async def revoke(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """It opens nothing from now on."""
        path = f"/v1/partners/{plain(name)}/keys/{plain(form.get('key', ''))}"
        try:
            await partners.apis.send(staff, "DELETE", "publishing", path)
        except SaidNo as no:
            return await partners.one(request, staff, name, no)
        return RedirectResponse(f"{_AT}/{name}?done=revoked", 303)


def _ending(desk: APIRouter, partners: Partners) -> None:
    @desk.get("/{name}/end")
    async def sure(request: Request, staff: Writer, name: str) -> Response:
        """Whether it is really meant."""
        words = partners.pages.words(request)
        known = await partners.apis.get(staff, "publishing", f"/v1/partners/{plain(name)}")
        return partners.pages.show(
            request,
            staff,
            "confirm.html",
            head=words("staff_partners_end_sure", who=known.data["title"]),
            text=words("staff_partners_end_text"),
            action=f"{_AT}/{name}/end",
            fields={"once": new_id()},
            reason="",
            yes=words("staff_partners_end"),
            no=words("staff_desks_leave"),
            back=f"{_AT}/{name}",
        )

    @desk.post("/{name}/end")
    async def end(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """All its keys stop at once."""
        path, once = f"/v1/partners/{plain(name)}/ending", form.get("once", "")
        try:
            await partners.apis.send(staff, "POST", "publishing", path, once=once)
        except SaidNo as no:
            return await partners.one(request, staff, name, no)
        return RedirectResponse(f"{_AT}/{name}?done=ended", 303)


def _beside(words: StaffWords, now: Answer, form: Fields) -> Stands:
    """Somebody else changed it meanwhile."""
    there, written = _as_written(now.data), [each for each in _FIELDS if each != "name"]
    lines: list[Line] = [
        (words(f"staff_partners_{each}"), there[each], form.get(each, "")) for each in written
    ]
    mine = sorted(set(form.all("scopes")) & set(SCOPES))
    lines.append((words("staff_partners_scopes"), ", ".join(there["scopes"]), ", ".join(mine)))
    return Stands(
        over=str(there["title"]),
        version=now.version,
        lines=lines,
        back=f"{_AT}/{now.data['name']}/change",
    )


def _as_written(partner: Mapping[str, Any]) -> dict[str, Any]:
    only = partner.get("only", {})
    return {
        "title": partner.get("title", ""),
        "types": " ".join(only.get("types", ())),
        "places": ", ".join(only.get("places", ())),
        "networks": " ".join(partner.get("networks", ())),
        "client": partner.get("client") or "",
        "per_minute": str(partner.get("per_minute", 600)),
        "scopes": partner.get("scopes", []),
    }


def _wanted(form: Fields) -> dict[str, Any]:
    slow = form.get("per_minute", "").strip()
    places = [each.strip() for each in form.get("places", "").split(",")]
    return {
        "title": form.get("title", "").strip(),
        "scopes": [each for written in form.all("scopes") for each in written.split()],
        "only": {
            "types": form.get("types", "").split(),
            "places": [each for each in places if each],
        },
        "networks": form.get("networks", "").replace(",", " ").split(),
        "client": form.get("client", "").strip() or None,
        "per_minute": int(slow) if is_whole(slow) else 0,
    }
