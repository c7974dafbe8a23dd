"""Releasing the draft of a publication as its next edition, as it was seen."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer
from services.web.staff.beside import Line, Stands
from services.web.staff.door import StaffForm
from services.web.staff.publications.publications import Publications, Writer, how_it_stands
from services.web.staff.words import StaffWords

_NOTE, _STOOD = "changes_", "stood_"


def routes(publications: Publications) -> APIRouter:
    """`/console/publications/{name}/editions`."""
    desk = APIRouter(prefix="/console/publications/{name}/editions", include_in_schema=False)

    @desk.post("")
    async def release(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """The draft, as it was seen, becomes an edition."""

        async def beside() -> Stands:
            now = await publications.read(staff, name)
            return _beside(publications, publications.pages.words(request), name, now, form)

        said = {tag: text.strip() for tag, text in _of(form, _NOTE).items() if text.strip()}
        try:
            await publications.apis.send(
                staff,
                "POST",
                "publishing",
                f"/v1/publications/{plain(name)}/editions",
                body={"edition": form.get("edition", ""), "changes": said},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await publications.one(request, staff, name, no, form)
        return RedirectResponse(f"/console/publications/{name}?done=released", 303)

    return desk


def _beside(
    publications: Publications, words: StaffWords, name: str, now: Answer, form: Fields
) -> Stands:
    """The draft, or the newest edition, is another by now: how both stood, and how they stand."""
    stands, stood = how_it_stands(words, now.data), _of(form, _STOOD)
    latest, notes = now.data["latest"] or "–", _of(form, _NOTE)
    lines: list[Line] = [
        (words("staff_publications_latest"), latest, form.get("latest", "–")),
        *(
            (words.own_name(tag), stands.get(tag, "–"), stood.get(tag, "–"))
            for tag in sorted(stands.keys() | stood.keys())
        ),
        (words("staff_publications_number"), "–", form.get("edition", "")),
        *((f"{words('staff_publications_changes')} ({tag})", "–", notes[tag]) for tag in notes),
    ]
    fields = {
        "edition": form.get("edition", ""),
        **{f"{_NOTE}{tag}": text for tag, text in notes.items()},
        **{f"{_STOOD}{tag}": text for tag, text in stands.items()},
        "latest": latest,
    }
    return Stands(
        over=publications.called(words, now.data),
        version=now.version,
        lines=lines,
        back=f"/console/publications/{name}",
        fields=list(fields.items()),
    )


def _of(form: Fields, kind: str) -> dict[str, str]:
    """The fields of a kind, by language."""
    return {key.removeprefix(kind): text for key, text in form.items() if key.startswith(kind)}
