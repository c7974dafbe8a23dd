"""Lists of newsletters: what each says of itself, how many get it, and who is not written to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import Answer
from services.web.staff.beside import Line, Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.letters.newsletters import Letters
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:lists.read")]
Writer = Annotated[Staff, opens("publishing:lists.write")]
Stopper = Annotated[Staff, opens("publishing:suppressions.write")]
_AT = "/console/lists"
_STANDING = ("confirmed", "pending", "left")
_SAID = ("names", "about", "consent")
_LANGUAGES = ("sv", "en")
_DONE = frozenset({"kept", "stopped"})
_CAUSES = ("asked-never-again", "complaint")


def routes(letters: Letters) -> APIRouter:
    """`/console/lists` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, letters)
    _stopping(desk, letters)
    _writing(desk, letters)
    return desk


def _seeing(desk: APIRouter, letters: Letters) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """All lists, and how many stand how on each."""
        return await _overview(letters, request, staff)

    @desk.get("/new")
    async def begin(request: Request, staff: Writer) -> Response:
        """A list that there is not yet."""
        return await _form(letters, request, staff, "")

    @desk.get("/{list_id}")
    async def one(request: Request, staff: Writer, list_id: str) -> Response:
        """What it says of itself."""
        return await _form(letters, request, staff, list_id)


def _stopping(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/suppressions")
    async def stop(request: Request, staff: Stopper, form: StaffForm) -> Response:
        """An address that is not written to any more. It is never shown again."""
        body = {"email": form.get("email", "").strip(), "cause": form.get("cause", "")}
        once = form.get("once", "")
        try:
            await letters.apis.send(
                staff, "POST", "publishing", "/v1/suppressions", body=body, once=once
            )
        except SaidNo as no:
            return await _overview(letters, request, staff, no, dict(form))
        return RedirectResponse(f"{_AT}?done=stopped", 303)


async def _overview(
    letters: Letters,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    lists = await letters.lists(staff)
    counts: dict[str, dict[str, int]] = {}
    stopped = None
    if staff.may("publishing:subscribers.read"):
        asked = [(each, state) for each in lists for state in _STANDING]
        found = await asyncio.gather(*(_count(letters, staff, *each) for each in asked))
        for (list_id, state), total in zip(asked, found, strict=True):
            counts.setdefault(list_id, {})[state] = total
    if staff.may("publishing:suppressions.read"):
        stopped = await letters.apis.part(letters.apis.get(staff, "publishing", "/v1/suppressions"))
    done = request.query_params.get("done", "")
    return letters.pages.show(
        request,
        staff,
        "letters/lists.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote=dict(wrote or {}),
        done=letters.pages.words(request)(f"staff_lists_done_{done}")
        if done in _DONE and not no
        else "",
        lists=lists,
        counts=counts,
        standing=_STANDING,
        stopped=stopped,
        causes=_CAUSES,
        once=new_id(),
    )


async def _count(letters: Letters, staff: Staff, list_id: str, state: str) -> int:
    query = {"list": list_id, "state": state, "limit": 1}
    found = await letters.apis.get(staff, "publishing", "/v1/subscribers", **query)
    return int(found.data["total"])


def _writing(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/new")
    async def add(request: Request, staff: Writer, form: StaffForm) -> Response:
        """A new one. Its id stands in addresses and never changes."""
        body = {"id": form.get("id", "").strip(), **_said(form, {})}
        once = form.get("once", "")
        try:
            await letters.apis.send(staff, "POST", "publishing", "/v1/lists", body=body, once=once)
        except SaidNo as no:
            return await _form(letters, request, staff, "", no, dict(form))
        return RedirectResponse(f"{_AT}?done=kept", 303)

    @desk.post("/{list_id}")
    async def keep(request: Request, staff: Writer, form: StaffForm, list_id: str) -> Response:
        """What it says from now on. Other words to agree to are a new consent."""
        path = f"/v1/lists/{list_id}"
        known = await letters.apis.get(staff, "publishing", path)
        body, seen = _said(form, known.data), form.get("version", "")

        async def beside() -> Stands:
            now = await letters.apis.get(staff, "publishing", path)
            return _beside(letters.pages.words(request), now, form)

        try:
            await letters.apis.send(
                staff, "PUT", "publishing", path, body=body, version=seen, beside=beside
            )
        except SaidNo as no:
            return await _form(letters, request, staff, list_id, no, dict(form))
        return RedirectResponse(f"{_AT}?done=kept", 303)


async def _form(
    letters: Letters,
    request: Request,
    staff: Staff,
    list_id: str,
    no: SaidNo | None = None,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    asked = letters.apis.get(staff, "publishing", f"/v1/lists/{list_id}") if list_id else None
    known = await asked if asked else None
    one = known.data if known else {}
    now = {f"{what}_{tag}": one.get(what, {}).get(tag, "") for what, tag in _fields()}
    return letters.pages.show(
        request,
        staff,
        "letters/list.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote=dict(wrote or {}),
        list_id=list_id,
        version=(wrote or {}).get("version", "") or (known.version if known else ""),
        now=now,
        is_open=(wrote.get("is_open") == "yes") if wrote else one.get("is_open", True),
        said=_SAID,
        languages=_LANGUAGES,
        once=new_id(),
    )


def _beside(words: StaffWords, now: Answer, wrote: Mapping[str, str]) -> Stands:
    """Somebody else changed it meanwhile."""
    lines: list[Line] = []
    for what, tag in _fields():
        name = f"{words(f'staff_lists_{what}')} ({words.own_name(tag)})"
        lines.append((name, now.data[what].get(tag, ""), wrote.get(f"{what}_{tag}", "")))
    theirs, mine = (
        words("staff_yes" if each else "staff_no")
        for each in (now.data["is_open"], wrote.get("is_open") == "yes")
    )
    return Stands(
        over=words.among(now.data["names"]).text,
        version=now.version,
        lines=[*lines, (words("staff_lists_is_open_text"), theirs, mine)],
        back=f"{_AT}/{now.data['id']}",
    )


def _said(form: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says; a language that it has no field for stays as it is."""
    said: dict[str, Any] = {what: dict(known.get(what, {})) for what in _SAID}
    for what, tag in _fields():
        text = form.get(f"{what}_{tag}", "").strip()
        said[what].pop(tag, None)
        if text:
            said[what][tag] = text
    return {**said, "is_open": form.get("is_open") == "yes"}


def _fields() -> list[tuple[str, str]]:
    return [(what, tag) for what in _SAID for tag in _LANGUAGES]
