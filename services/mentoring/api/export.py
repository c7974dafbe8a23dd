"""`/v1/cases/{id}/export`: a case taken out, line by line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from services.mentoring.api.cases import Insider
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.case_file import Line
from services.mentoring.use_cases.export_case import ExportCase
from shared.web.lasting import TAKEN, ensure_still_signed_in

MEDIA_TYPE = "application/x-ndjson"
_EXAMPLE = (
    '{"group": "notes", "record": "notes", "id": "0199c0de-0000-7000-8000-000000000001", '
    '"facts": {"author": "karin.holm"}, "words": {"text": "Vi har talats vid."}}\n'
    '{"whole": true, "lines": 1}\n'
)


def routes(export: ExportCase) -> APIRouter:
    """The one."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])

    @router.get(
        "/{case_id}/export",
        summary="Ta ut ett ärende",
        description=ExportCase.__doc__ or "",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "En rad JSON för varje uppgift.",
                "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _EXAMPLE}},
            }
        },
    )
    async def exported(request: Request, actor: Insider, case_id: str) -> StreamingResponse:
        lines = await export(
            CaseId(case_id), by=actor, still=lambda: ensure_still_signed_in(request)
        )
        headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment"}
        return StreamingResponse(_written(lines), media_type=MEDIA_TYPE, headers=headers)

    return router


async def _written(lines: AsyncIterator[Line]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield json.dumps(line, ensure_ascii=False, default=_plain).encode() + b"\n"
        yield TAKEN


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    return value.isoformat()
