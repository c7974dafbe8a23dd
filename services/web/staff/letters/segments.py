"""Segments: parts of a list's readers by a saved question, and how many they are as of now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer
from services.web.staff.beside import Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.letters.newsletters import Letters
from services.web.staff.letters.segment_form import ASKED, FIELDS, NotADay, as_form, asked_in
from services.web.staff.listing import shown
from services.web.staff.putting_back import Removed
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:segments.read")]
Writer = Annotated[Staff, opens("publishing:segments.write")]
_AT = "/console/segments"
_NEW = "new"
_DONE = frozenset({"kept", "removed"})
_NO_DAY = "staff_segments_no_day"


def routes(letters: Letters) -> APIRouter:
    """`/console/segments` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, letters)
    _counting(desk, letters)
    _writing(desk, letters)
    _removing(desk, letters)
    return desk


def _seeing(desk: APIRouter, letters: Letters) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """All of them, by name."""
        return await _list(letters, request, staff)

    @desk.get("/{segment_id}")
    async def one(request: Request, staff: Reader, segment_id: str) -> Response:
        """Its question, or an empty one to begin with."""
        return await _page(letters, request, staff, segment_id)


async def _list(
    letters: Letters, request: Request, staff: Staff, removed: Removed | None = None
) -> Response:
    asked = replace(shown(request, filters=()), path=_AT)
    query = {"limit": asked.limit, "offset": asked.offset}
    found = await letters.apis.get(staff, "publishing", "/v1/segments", **query)
    words, done = letters.pages.words(request), request.query_params.get("done", "")
    return letters.pages.show(
        request,
        staff,
        "letters/segments.html",
        done=words(f"staff_segments_done_{done}") if done in _DONE else "",
        removed=removed,
        shown=asked,
        found=found.data,
        asked={each["id"]: as_form(each["segment"]) for each in found.data["items"]},
    )


def _counting(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/{segment_id}/count")
    async def counted(
        request: Request, staff: Reader, form: StaffForm, segment_id: str
    ) -> Response:
        """How many it would be, of a question that need not be kept: a part of the page, or all."""
        if "hx-request" not in request.headers:
            return await _page(letters, request, staff, segment_id, form=form)
        known = await _known(letters, staff, segment_id)
        try:
            segment = _question(form, known)
        except NotADay:
            counts, wrong = None, letters.pages.words(request)(_NO_DAY)
        else:
            counts, wrong = await _counts(letters, staff, segment), ""
        html = letters.pages.piece(
            request, staff, "letters/counts.html", counts=counts, wrong=wrong
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})


def _writing(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/{segment_id}")
    async def keep(request: Request, staff: Writer, form: StaffForm, segment_id: str) -> Response:
        """A new one, or another question under the same name, on the version that was seen."""
        known = await _known(letters, staff, segment_id)
        path = f"/v1/segments/{plain(segment_id)}" if known else "/v1/segments"

        async def beside() -> Stands:
            return await _beside(letters, letters.pages.words(request), staff, segment_id, form)

        try:
            body = {"name": form.get("name", ""), "segment": _question(form, known)}
            await letters.apis.send(
                staff,
                "PUT" if known else "POST",
                "publishing",
                path,
                body=body,
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except NotADay:
            no = SaidNo(letters.pages.words(request)(_NO_DAY), status=422)
            return await _page(letters, request, staff, segment_id, no, form)
        except SaidNo as no:
            return await _page(letters, request, staff, segment_id, no, form)
        return RedirectResponse(f"{_AT}?done=kept", 303)


def _removing(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/{segment_id}/remove")
    async def remove(request: Request, staff: Writer, form: StaffForm, segment_id: str) -> Response:
        """The question goes, and no subscriber with it; one that a form can put comes back."""
        path, seen = f"/v1/segments/{plain(segment_id)}", form.get("version", "")

        async def beside() -> Stands:
            return await _beside(letters, letters.pages.words(request), staff, segment_id, {})

        known = (await letters.apis.get(staff, "publishing", path)).data
        try:
            await letters.apis.send(
                staff, "DELETE", "publishing", path, version=seen, beside=beside
            )
        except SaidNo as no:
            return await _page(letters, request, staff, segment_id, no)
        fields = as_form(known["segment"])
        if fields is None:  # more than any form can put: that press has asked first
            return RedirectResponse(f"{_AT}?done=removed", 303)
        again = {**fields, "name": known["name"], "once": new_id()}
        return await _list(letters, request, staff, (f"{_AT}/{_NEW}", again))


async def _known(letters: Letters, staff: Staff, segment_id: str) -> Answer | None:
    if segment_id == _NEW:
        return None
    return await letters.apis.get(staff, "publishing", f"/v1/segments/{plain(segment_id)}")


def _question(form: Mapping[str, str], known: Answer | None) -> dict[str, Any]:
    """What the form asks; one that no form can ask stays as it is. Raises NotADay."""
    if known and as_form(known.data["segment"]) is None:
        kept: dict[str, Any] = known.data["segment"]
        return kept
    return asked_in(form)


async def _counts(
    letters: Letters, staff: Staff, segment: Mapping[str, Any]
) -> list[tuple[Mapping[str, str], int | None]]:
    """Of each list: its names, and how many; None is one to four, who are not told."""
    lists = await letters.lists(staff)
    bodies = [{"list_id": each, "segment": segment} for each in lists]
    asked = (
        letters.apis.send(staff, "POST", "publishing", "/v1/segment-counts", body=body)
        for body in bodies
    )
    found = await asyncio.gather(*asked)
    return [
        (each["names"], answer.data["count"])
        for each, answer in zip(lists.values(), found, strict=True)
    ]


async def _page(
    letters: Letters,
    request: Request,
    staff: Staff,
    segment_id: str,
    no: SaidNo | None = None,
    form: Mapping[str, str] | None = None,
) -> Response:
    known = await _known(letters, staff, segment_id)
    saved: dict[str, Any] = known.data if known else {"name": "", "segment": {"all": []}}
    fields, wrote = as_form(saved["segment"]), dict(form or {})
    try:
        asking = _question(wrote, known) if form else saved["segment"]
        counts = await letters.apis.part(_counts(letters, staff, asking))
    except NotADay:
        no, counts = SaidNo(letters.pages.words(request)(_NO_DAY), status=422), None
    return letters.pages.show(
        request,
        staff,
        "letters/segment.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote=wrote,
        segment_id=segment_id,
        saved=saved,
        version=wrote.get("version", "") or (known.version if known else ""),
        fields=fields,
        among=ASKED,
        counts=counts.value if counts else None,
        is_new=known is None,
        once=new_id(),
    )


async def _beside(
    letters: Letters, words: StaffWords, staff: Staff, segment_id: str, wrote: Mapping[str, str]
) -> Stands:
    """Somebody else changed it meanwhile: theirs beside mine; to take it away is to ask nothing."""
    known = await _known(letters, staff, segment_id)
    now = known or Answer({"name": "", "segment": {"all": []}})
    theirs = {"name": now.data["name"], **(as_form(now.data["segment"]) or {})}
    return Stands(
        over=now.data["name"],
        version=now.version,
        lines=[
            (words(f"staff_segments_{name}"), theirs.get(name, ""), wrote.get(name, ""))
            for name in ("name", *FIELDS)
            if theirs.get(name) or wrote.get(name)
        ],
        back=f"{_AT}/{segment_id}",
    )
