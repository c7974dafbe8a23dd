"""Pictures of a publication: put up with words for who does not see them, and taken out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff import pictures
from services.web.staff.asking import Answer
from services.web.staff.beside import CameLate, Line, Stands
from services.web.staff.door import BigStaffForm, Staff, StaffForm
from services.web.staff.pictures import Described, Faults
from services.web.staff.publications.publications import Publications, Reader, Writer
from shared.web.body_guard import MIB, big_body

_AT = "/console/publications/{name}/pictures"
_TRIES = 4
Draft = Mapping[str, Any]


def routes(publications: Publications) -> APIRouter:
    """`/console/publications/{name}/pictures`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)

    @desk.get("")
    async def listed(request: Request, staff: Reader, name: str) -> Response:
        """Those of the draft, each with the line that shows it."""
        return await _page(publications, request, staff, name)

    @desk.post("", dependencies=[big_body(6 * MIB)])
    async def added(request: Request, staff: Writer, form: BigStaffForm, name: str) -> Response:
        """One more, shown at the end of a text, from where its line is moved."""
        told, words = pictures.described(form), publications.pages.words(request)
        faults = told.faults(words, named=True)
        if faults:
            return await _page(publications, request, staff, name, form=form, faults=faults)
        try:
            kept = await pictures.kept(publications.apis, staff, told.content)
            file, language = f"{told.name}.{kept.ending}", form.get("language", "")
            known = await publications.read(staff, name)
            if known.data["draft"]["pictures"].get(file, kept.id) != kept.id:
                faults = [("name", words("staff_pictures_fault_taken"))]
                return await _page(publications, request, staff, name, form=form, faults=faults)
            line = (words("staff_pictures_words"), None, told.words)
            await _redraft(
                publications,
                request,
                staff,
                name,
                lambda draft: _with(draft, told, file, kept.id, language),
                line,
            )
        except SaidNo as no:
            return await _page(publications, request, staff, name, no=no, form=form)
        return RedirectResponse(f"{request.url.path}?done=kept", 303)

    @desk.post("/remove")
    async def removed(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """One less in the draft, if no text shows it; editions that are out keep theirs."""
        file = form.get("file", "")
        line = (publications.pages.words(request)("staff_pictures_file"), file, None)
        try:
            await _redraft(
                publications, request, staff, name, lambda draft: _without(draft, file), line
            )
        except SaidNo as no:
            return await _page(publications, request, staff, name, no=no)
        return RedirectResponse(f"/console/publications/{name}/pictures?done=removed", 303)

    return desk


async def _redraft(
    publications: Publications,
    request: Request,
    staff: Staff,
    name: str,
    change: Callable[[Draft], Draft],
    line: Line,
) -> None:
    """The draft as it is now, and that: nobody's words are lost by it. Raises CameLate, SaidNo."""
    for turn in range(1, _TRIES + 1):
        known = await publications.read(staff, name)

        async def beside(known: Answer = known) -> Stands:
            called = publications.called(publications.pages.words(request), known.data)
            back = f"/console/publications/{name}/pictures"
            return Stands(called, known.version, [line], back, again=False)

        try:
            await publications.apis.send(
                staff,
                "PUT",
                "publishing",
                f"/v1/publications/{name}/draft",
                body=change(known.data["draft"]),
                version=known.version,
                beside=beside,
            )
            return
        except CameLate:
            if turn == _TRIES:
                raise


def _with(draft: Draft, told: Described, file: str, image_id: str, language: str) -> Draft:
    texts = dict(draft["texts"])
    if language in texts:
        line, text = pictures.in_a_publication(told, file), texts[language]
        texts[language] = {**text, "markdown": pictures.at_the_end(text["markdown"], line)}
    return {**draft, "texts": texts, "pictures": {**draft["pictures"], file: image_id}}


def _without(draft: Draft, file: str) -> Draft:
    if pictures.shown_in(_markdown(draft), file):
        return draft
    return {**draft, "pictures": {n: i for n, i in draft["pictures"].items() if n != file}}


def _markdown(draft: Draft) -> list[tuple[str, str]]:
    return [(tag, text["markdown"]) for tag, text in sorted(draft["texts"].items())]


async def _page(
    publications: Publications,
    request: Request,
    staff: Staff,
    name: str,
    *,
    no: SaidNo | None = None,
    form: Mapping[str, str] | None = None,
    faults: Faults | None = None,
) -> Response:
    known, words = await publications.read(staff, name), publications.pages.words(request)
    draft, done = known.data["draft"], request.query_params.get("done", "")
    said = done in ("kept", "removed") and not (no or faults)
    return publications.pages.show(
        request,
        staff,
        "publications/pictures.html",
        status=no.status if no else 422 if faults else 200,
        wrong=no.sentence if no else words("staff_pictures_wrong") if faults else "",
        errors=faults or (),
        wrote=dict(form or {}),
        done=words(f"staff_pictures_done_{done}") if said else "",
        publication=known.data,
        name=publications.called(words, known.data),
        shown=[
            (file, image_id, pictures.shown_in(_markdown(draft), file))
            for file, image_id in sorted(draft["pictures"].items())
        ],
        tags=[tag for tag, _ in _markdown(draft)],
    )
