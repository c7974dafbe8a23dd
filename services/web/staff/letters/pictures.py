"""A picture in a newsletter: put up with words for who does not see it, and shown in one text."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff import pictures
from services.web.staff.api_paths import language_tag
from services.web.staff.beside import CameLate, Stands
from services.web.staff.door import BigStaffForm, Staff
from services.web.staff.letters.newsletters import Letters, Writer
from services.web.staff.pictures import Described, Faults
from shared.kernel.refusal import NotFound
from shared.web.body_guard import MIB, big_body

_TEXT = "/console/newsletters/{newsletter_id}/texts/{language}"
_TRIES = 4


def routes(letters: Letters) -> APIRouter:
    """`/console/newsletters/{id}/texts/{language}/pictures`."""
    desk = APIRouter(prefix=f"{_TEXT}/pictures", include_in_schema=False)

    @desk.get("")
    async def asked(request: Request, staff: Writer, newsletter_id: str, language: str) -> Response:
        """Which picture, and what it shows."""
        return await _page(letters, request, staff, newsletter_id, language)

    @desk.post("", dependencies=[big_body(6 * MIB)])
    async def added(
        request: Request, staff: Writer, form: BigStaffForm, newsletter_id: str, language: str
    ) -> Response:
        """Shown at the end of the text, from where its lines are moved."""
        told = pictures.described(form)
        faults = told.faults(letters.pages.words(request), named=False)
        if faults:
            return await _page(
                letters, request, staff, newsletter_id, language, form=form, faults=faults
            )
        try:
            await _shown(letters, request, staff, newsletter_id, language_tag(language), told)
        except SaidNo as no:
            return await _page(letters, request, staff, newsletter_id, language, no=no, form=form)
        return RedirectResponse(f"{request.url.path.removesuffix('/pictures')}?done=kept", 303)

    return desk


async def _shown(
    letters: Letters,
    request: Request,
    staff: Staff,
    newsletter_id: str,
    tag: str,
    told: Described,
) -> None:
    """Added to the text as it is now. Raises NotFound, CameLate, SaidNo."""
    kept = await pictures.kept(letters.apis, staff, told.content)
    for turn in range(1, _TRIES + 1):
        known, text = await _known(letters, staff, newsletter_id, tag)
        block = pictures.in_a_letter(told, kept.id)
        body = {**text, "markdown": pictures.at_the_end(text["markdown"], block)}
        path = f"/v1/newsletters/{newsletter_id}/texts/{tag}"

        async def beside(known: str = known, subject: str = text["subject"]) -> Stands:
            line = (letters.pages.words(request)("staff_pictures_words"), None, told.words)
            back = f"/console/newsletters/{newsletter_id}/texts/{tag}"
            return Stands(subject, known, [line], back, again=False)

        try:
            await letters.apis.send(
                staff, "PUT", "publishing", path, body=body, version=known, beside=beside
            )
            return
        except CameLate:
            if turn == _TRIES:
                raise


async def _known(
    letters: Letters, staff: Staff, newsletter_id: str, tag: str
) -> tuple[str, dict[str, str]]:
    """The version, and the text. Raises NotFound."""
    known = await letters.read(staff, newsletter_id)
    text = known.data["texts"].get(tag)
    if text is None or known.data["state"] != "draft":
        raise NotFound
    return known.version, {name: text[name] for name in ("subject", "markdown")}


async def _page(
    letters: Letters,
    request: Request,
    staff: Staff,
    newsletter_id: str,
    language: str,
    *,
    no: SaidNo | None = None,
    form: Mapping[str, str] | None = None,
    faults: Faults | None = None,
) -> Response:
    words, tag = letters.pages.words(request), language_tag(language)
    _, text = await _known(letters, staff, newsletter_id, tag)
    return letters.pages.show(
        request,
        staff,
        "letters/picture.html",
        status=no.status if no else 422 if faults else 200,
        wrong=no.sentence if no else words("staff_pictures_wrong") if faults else "",
        errors=faults or (),
        wrote=dict(form or {}),
        at=f"/console/newsletters/{newsletter_id}/texts/{tag}",
        subject=text["subject"],
        tag=tag,
    )
