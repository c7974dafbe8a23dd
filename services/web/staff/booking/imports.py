"""A spreadsheet read in: tried first, then for real, with progress and every fault by its row.

The file is kept nowhere: not here, and not in booking. With scripts the page reads the stream of
progress as it comes; without, the answer comes when it is over, and the file is chosen once more.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.door import BigStaffForm, Staff, opens
from services.web.staff.frame import StaffPages
from shared.kernel.refusal import Refusal
from shared.spreadsheets.media_types import media_type_of
from shared.web.body_guard import MIB, big_body
from shared.web.progress_stream import MEDIA_TYPE
from shared.web.progress_stream import line as progress_line

Importer = Annotated[Staff, opens("booking:imports.write")]
_KINDS = {"season": "/v1/season-imports", "requests": "/v1/request-imports"}
_MOST_SHOWN = 200


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/import`."""
    desk = APIRouter(prefix="/console/import", include_in_schema=False)

    @desk.get("")
    async def form(request: Request, staff: Importer) -> Response:
        """Which file, and whether to try it only."""
        return pages.show(request, staff, "booking/import.html", kind="season", report=None)

    @desk.post("", dependencies=[big_body(6 * MIB)])
    async def read(request: Request, staff: Importer, form: BigStaffForm) -> Response:
        """Handed on to booking; progress as it comes, or the report when it is over."""
        kind = form.get("kind", "")
        kind = kind if kind in _KINDS else "season"
        file, commit = form.files.get("file", b""), form.get("commit") == "yes"
        if not file:
            sentence = pages.words(request)("staff_import_no_file")
            return _refused(pages, request, staff, kind, sentence, [("file", sentence)])
        path = f"{_KINDS[kind]}?commit={'true' if commit else 'false'}"
        lines = apis.upload(staff, "booking", path, file, media_type_of(file))
        facts: dict[str, Any] = {"committed": commit, "most": _MOST_SHOWN}
        if MEDIA_TYPE in request.headers.get("accept", ""):

            def shown(report: Any) -> str:
                at = "booking/import_report.html"
                return pages.piece(request, staff, at, report=report, **facts)

            return StreamingResponse(
                _streamed(lines, shown),
                media_type=MEDIA_TYPE,
                headers={"Cache-Control": "no-store"},
            )
        last = await _last(lines)
        if "report" not in last:
            words = pages.words(request)
            sentence = last.get("problem", {}).get(words.language) or words("staff_import_broken")
            return _refused(pages, request, staff, kind, sentence)
        at, report = "booking/import.html", last["report"]
        return pages.show(request, staff, at, kind=kind, report=report, **facts)

    return desk


def _refused(
    pages: StaffPages,
    request: Request,
    staff: Staff,
    kind: str,
    sentence: str,
    errors: Sequence[tuple[str, str]] = (),
) -> Response:
    return pages.show(
        request,
        staff,
        "booking/import.html",
        status=422,
        kind=kind,
        report=None,
        wrong=sentence,
        errors=errors,
    )


async def _streamed(
    lines: AsyncIterator[bytes], shown: Callable[[Any], str]
) -> AsyncIterator[bytes]:
    """Progress as it comes; the report at the end as it is shown."""
    try:
        async for line in lines:
            said = json.loads(line)
            yield progress_line({"html": shown(said["report"])} if "report" in said else said)
    except Refusal as no:
        yield progress_line({"problem": {"sv": no.says("sv"), "en": no.says("en")}})


async def _last(lines: AsyncIterator[bytes]) -> Mapping[str, Any]:
    """The last line: the report, or what went wrong on the way."""
    last: Mapping[str, Any] = {}
    try:
        async for line in lines:
            last = json.loads(line)
    except SaidNo as no:
        return {"problem": {"sv": no.sentence, "en": no.sentence}}
    except (httpx.HTTPError, ValueError):
        return {}
    return last
