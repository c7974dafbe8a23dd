"""Writing a publication in one language, with the text beside it as readers would see it.

A draft is one document with all its languages: one is written, the others go along as they stood on
the version that was seen, so nobody's work in another language is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from services.web.asking import SaidNo
from services.web.response_headers import WITH_FRAMES
from services.web.staff.api_paths import language_tag, plain
from services.web.staff.asking import Answer
from services.web.staff.beside import Beside, CameLate, Stands
from services.web.staff.door import Staff, StaffForm
from services.web.staff.publications.publications import Publications, Reader, Writer
from services.web.staff.words import StaffWords
from shared.kernel.refusal import Refusal
from shared.web.body_guard import MIB, big_body

_AT = "/console/publications/{name}/texts/{language}"
_FIELDS = ("title", "summary", "markdown")
_NOTHING = dict.fromkeys(_FIELDS, "")
_LONG = big_body(9 * MIB)
"""A handbook may have 700,000 characters, of up to twelve bytes each in a form."""
_LEAF = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}
"""What the text's own page may: show our style and its pictures, inside of ours."""


def routes(publications: Publications) -> APIRouter:
    """`/console/publications/{name}/texts/{language}`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _writing(desk, publications)
    _looking(desk, publications)
    _removing(desk, publications)
    return desk


def _writing(desk: APIRouter, publications: Publications) -> None:
    @desk.get("")
    async def write(request: Request, staff: Reader, name: str, language: str) -> Response:
        """The words as they are kept."""
        return await _page(publications, request, staff, name, language)

    @desk.post("", dependencies=[_LONG])
    async def keep(
        request: Request, staff: Writer, form: StaffForm, name: str, language: str
    ) -> Response:
        """Keep them, on the version that they were written on."""
        wrote = _wrote(form)

        async def beside() -> Stands:
            words = publications.pages.words(request)
            return await _beside(publications, words, staff, name, language, wrote)

        try:
            changed = {language_tag(language): wrote}
            await _redraft(publications, staff, name, form, changed, beside)
        except SaidNo as no:
            return await _page(publications, request, staff, name, language, no, form)
        return RedirectResponse(f"{request.url.path}?done=kept", 303)


def _looking(desk: APIRouter, publications: Publications) -> None:
    @desk.post("/leaf", dependencies=[_LONG])
    async def leaf(
        request: Request, staff: Reader, form: StaffForm, name: str, language: str
    ) -> Response:
        """How words would be that need not be kept, for the frame."""
        path = f"/v1/publications/{plain(name)}/previews"
        body = {"language": language_tag(language), **_wrote(form)}
        try:
            seen = await publications.apis.send(staff, "POST", "publishing", path, body=body)
        except SaidNo as no:
            return _leaf(publications, request, staff, body, no=no)
        return _leaf(publications, request, staff, body, seen.data)

    @desk.get("/leaf")
    async def kept(request: Request, staff: Reader, name: str, language: str) -> Response:
        """The same of the words that are kept."""
        known = await publications.read(staff, name)
        text = {"language": language_tag(language), **_text(known, language)}
        path = f"/v1/publications/{name}/draft/preview"
        seen = await publications.part(staff, path, language=language)
        if seen.value is None:
            return _leaf(publications, request, staff, text, no=seen.refusal)
        return _leaf(publications, request, staff, text, seen.value.data)

    @desk.get("/paper")
    async def on_paper(request: Request, staff: Reader, name: str, language: str) -> Response:
        """The kept words as PDF, as publishing sets them; or what it cannot set."""
        path = f"/v1/publications/{plain(name)}/draft/pdf?language={language_tag(language)}"
        pieces = publications.apis.download(staff, "publishing", path)
        try:
            made = b"".join([piece async for piece in pieces])
        except SaidNo as no:
            return await _page(publications, request, staff, name, language, no)
        return Response(made, media_type="application/pdf", headers={"Cache-Control": "no-store"})


def _removing(desk: APIRouter, publications: Publications) -> None:
    @desk.post("/remove")
    async def remove(
        request: Request, staff: Writer, form: StaffForm, name: str, language: str
    ) -> Response:
        """One language less in the draft, which can be taken back; editions keep theirs."""

        async def beside() -> Stands:
            words = publications.pages.words(request)
            return await _beside(publications, words, staff, name, language, _NOTHING)

        text = _text(await publications.read(staff, name), language)
        try:
            changed = {language_tag(language): None}
            await _redraft(publications, staff, name, form, changed, beside)
        except SaidNo as no:
            return await _page(publications, request, staff, name, language, no)
        removed = (request.url.path.removesuffix("/remove"), text)
        return await publications.one(request, staff, name, removed=removed)


async def _redraft(
    publications: Publications,
    staff: Staff,
    name: str,
    form: Mapping[str, str],
    changed: Mapping[str, Mapping[str, str] | None],
    beside: Beside,
) -> None:
    """The draft with these languages changed. Raises CameLate, SaidNo."""
    known, seen = await publications.read(staff, name), form.get("version", "")
    if known.version != seen:
        raise CameLate(await beside())
    texts = {**known.data["draft"]["texts"], **changed}
    body = {**known.data["draft"], "texts": {tag: text for tag, text in texts.items() if text}}
    path = f"/v1/publications/{name}/draft"
    await publications.apis.send(
        staff, "PUT", "publishing", path, body=body, version=seen, beside=beside
    )


async def _page(
    publications: Publications,
    request: Request,
    staff: Staff,
    name: str,
    language: str,
    no: SaidNo | None = None,
    form: Mapping[str, str] | None = None,
) -> Response:
    known = await publications.read(staff, name)
    done = request.query_params.get("done") == "kept" and not no
    return publications.pages.show(
        request,
        staff,
        "publications/writing.html",
        status=no.status if no else 200,
        headers=WITH_FRAMES,
        wrong=no.sentence if no else "",
        wrote=_wrote(form) if form else {},
        done=publications.pages.words(request)("staff_publications_done_kept") if done else "",
        publication=known.data,
        version=form.get("version", "") if form else known.version,
        text=_text(known, language),
        tag=language_tag(language),
        is_kept=language in known.data["draft"]["texts"],
    )


async def _beside(
    publications: Publications,
    words: StaffWords,
    staff: Staff,
    name: str,
    language: str,
    wrote: Mapping[str, str],
) -> Stands:
    """Somebody else changed the draft meanwhile: theirs beside mine, in this language."""
    now = await publications.read(staff, name)
    theirs = _text(now, language)
    return Stands(
        over=f"{publications.called(words, now.data)} · {words.own_name(language)}",
        version=now.version,
        lines=[
            (words(f"staff_publications_text_{each}"), theirs[each], wrote[each])
            for each in _FIELDS
        ],
        back=f"/console/publications/{name}/texts/{language}",
    )


def _leaf(
    publications: Publications,
    request: Request,
    staff: Staff,
    text: Mapping[str, str],
    seen: Mapping[str, Any] | None = None,
    no: Refusal | None = None,
) -> Response:
    facts = {"text": text, "seen": seen, "no": no}
    html = publications.pages.piece(request, staff, "publications/leaf.html", **facts)
    return HTMLResponse(html, headers=_LEAF)


def _text(known: Answer, language: str) -> dict[str, str]:
    return {**_NOTHING, **known.data["draft"]["texts"].get(language, {})}


def _wrote(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "").replace("\r\n", "\n") for name in _FIELDS}
