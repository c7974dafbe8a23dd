"""Writing a newsletter in one language, with the letter as it would be beside it.

The letter is somebody's words as HTML: it stands in a frame without any right, under a policy of
its own that runs nothing, loads nothing and knows one style, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from services.web.asking import SaidNo
from services.web.response_headers import WITH_FRAMES
from services.web.staff.api_paths import language_tag
from services.web.staff.beside import Stands
from services.web.staff.door import Staff, StaffForm
from services.web.staff.figures import faults
from services.web.staff.letters.newsletters import Letters, Reader, Writer
from services.web.staff.words import StaffWords
from shared.kernel.refusal import NotFound

_AT = "/console/newsletters/{newsletter_id}/texts/{language}"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FIELDS = ("subject", "markdown")
_LETTER = (
    "default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def routes(letters: Letters) -> APIRouter:
    """`/console/newsletters/{id}/texts/{language}`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _writing(desk, letters)
    _looking(desk, letters)
    _removing(desk, letters)
    return desk


def _writing(desk: APIRouter, letters: Letters) -> None:
    @desk.get("")
    async def write(request: Request, staff: Reader, newsletter_id: str, language: str) -> Response:
        """The words as they are kept."""
        return await _page(letters, request, staff, newsletter_id, language)

    @desk.post("")
    async def keep(
        request: Request, staff: Writer, form: StaffForm, newsletter_id: str, language: str
    ) -> Response:
        """Keep them, on the version that they were written on."""
        wrote = _wrote(form)

        async def beside() -> Stands:
            words = letters.pages.words(request)
            return await _beside(letters, words, staff, newsletter_id, language, wrote)

        try:
            await letters.apis.send(
                staff,
                "PUT",
                "publishing",
                f"/v1/newsletters/{newsletter_id}/texts/{language_tag(language)}",
                body=wrote,
                version=form.get("version", ""),
                beside=beside,
            )
        except SaidNo as no:
            return await _page(letters, request, staff, newsletter_id, language, no, form)
        return RedirectResponse(f"{request.url.path}?done=kept", 303)


def _looking(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/letter")
    async def letter(
        request: Request, staff: Reader, form: StaffForm, newsletter_id: str, language: str
    ) -> Response:
        """The letter of words that need not be kept, for the frame."""
        shown = await _preview(letters, staff, newsletter_id, language, _wrote(form))
        return in_its_frame(letters.pages.words(request)("staff_letters_mend"), shown)

    @desk.post("/findings")
    async def findings(
        request: Request, staff: Reader, form: StaffForm, newsletter_id: str, language: str
    ) -> Response:
        """What readers would stumble over in them."""
        found = await _preview(letters, staff, newsletter_id, language, _wrote(form))
        html = letters.pages.piece(request, staff, "letters/findings.html", preview=found)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @desk.get("/letter")
    async def kept(request: Request, staff: Reader, newsletter_id: str, language: str) -> Response:
        """The letter of the words that are kept."""
        known = (await letters.read(staff, newsletter_id)).data["texts"].get(language)
        if known is None:
            raise NotFound
        shown = await _preview(letters, staff, newsletter_id, language, known)
        return in_its_frame(letters.pages.words(request)("staff_letters_mend"), shown)


def _removing(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/remove")
    async def remove(
        request: Request, staff: Writer, form: StaffForm, newsletter_id: str, language: str
    ) -> Response:
        """One language less; the page that says so can write it again."""
        path = f"/v1/newsletters/{newsletter_id}/texts/{language_tag(language)}"
        seen = form.get("version", "")

        async def beside() -> Stands:
            words, nothing = letters.pages.words(request), dict.fromkeys(_FIELDS, "–")
            return await _beside(letters, words, staff, newsletter_id, language, nothing)

        text = (await letters.read(staff, newsletter_id)).data["texts"].get(language, {})
        try:
            await letters.apis.send(
                staff, "DELETE", "publishing", path, version=seen, beside=beside
            )
        except SaidNo as no:
            return await _page(letters, request, staff, newsletter_id, language, no)
        removed = (request.url.path.removesuffix("/remove"), text)
        return await letters.one(request, staff, newsletter_id, removed=removed)


async def _page(
    letters: Letters,
    request: Request,
    staff: Staff,
    newsletter_id: str,
    language: str,
    no: SaidNo | None = None,
    form: Mapping[str, str] | None = None,
) -> Response:
    known = await letters.read(staff, newsletter_id)
    text = known.data["texts"].get(language_tag(language), {"subject": "", "markdown": ""})
    wrote = _wrote(form) if form else {}
    preview = None
    if any((wrote or text).values()):
        asked = _preview(letters, staff, newsletter_id, language, wrote or text)
        preview = await letters.apis.part(asked)
    kept = request.query_params.get("done") == "kept" and not no
    return letters.pages.show(
        request,
        staff,
        "letters/writing.html",
        status=no.status if no else 200,
        headers=WITH_FRAMES,
        wrong=no.sentence if no else "",
        errors=faults(no, _FIELDS) if no else (),
        wrote=wrote,
        done=letters.pages.words(request)("staff_letters_done_kept") if kept else "",
        letter=known.data,
        version=form.get("version", "") if form else known.version,
        text=text,
        tag=language,
        is_kept=language in known.data["texts"],
        preview=preview.value if preview else None,
    )


async def _preview(
    letters: Letters, staff: Staff, newsletter_id: str, language: str, text: Mapping[str, str]
) -> Any:
    known = (await letters.read(staff, newsletter_id)).data
    body = {"list_id": known["list_id"], "language": language_tag(language), **text}
    return (await letters.apis.send(staff, "POST", "publishing", "/v1/previews", body=body)).data


async def _beside(
    letters: Letters,
    words: StaffWords,
    staff: Staff,
    newsletter_id: str,
    language: str,
    wrote: Mapping[str, str],
) -> Stands:
    """Somebody else wrote meanwhile: theirs beside mine."""
    now = await letters.read(staff, newsletter_id)
    theirs = now.data["texts"].get(language, {"subject": "", "markdown": ""})
    return Stands(
        over=f"{words('staff_letters_one')} · {words.own_name(language)}",
        version=now.version,
        lines=[(words(f"staff_letters_{name}"), theirs[name], wrote[name]) for name in _FIELDS],
        back=f"/console/newsletters/{newsletter_id}/texts/{language}",
    )


def in_its_frame(nothing: str, preview: Mapping[str, Any]) -> Response:
    """The letter as a document without rights; `nothing` is said while it cannot be made."""
    html = preview["html"] or f"<!DOCTYPE html><title>–</title><p>{nothing}</p>"
    hashes = [hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html)]
    styles = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes)
    policy = _LETTER.format(styles=styles or "'none'")
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return HTMLResponse(html, headers=headers)


def _wrote(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "").replace("\r\n", "\n") for name in _FIELDS}
