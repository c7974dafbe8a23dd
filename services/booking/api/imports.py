"""`/v1/season-imports` and `/v1/request-imports`: a spreadsheet in, a stream of progress out.

The file is never stored. Closing the connection cancels between two chunks: what is saved stays,
and importing again goes on, because every row is recognised.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from services.booking.spreadsheets.report import Report
from services.booking.spreadsheets.request_file import read_requests
from services.booking.spreadsheets.season_file import read_season
from services.booking.use_cases.import_requests import ImportRequests
from services.booking.use_cases.import_season import ImportSeason
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal
from shared.observability.metrics import IMPORT_ROWS
from shared.web.body_guard import MIB, big_body
from shared.web.permissions import needs

LARGEST_FILE = 5 * MIB
MEDIA_TYPE = "application/x-ndjson"

_Importer = Annotated[Actor, needs("imports.write")]
_Commit = Annotated[bool, Query(description="Spara. Annars visas bara vad som skulle hända.")]
Progress = AsyncIterator[tuple[int, Report]]


def routes(season: ImportSeason, requests: ImportRequests) -> APIRouter:
    """Both."""
    router = APIRouter(tags=["imports"], dependencies=[big_body(LARGEST_FILE)])

    @router.post(
        "/v1/season-imports",
        summary="Läs in ett schema",
        description=ImportSeason.__doc__ or "",
        responses={200: _STREAMED},
        openapi_extra=_file(_SEASON_EXAMPLE),
        response_class=StreamingResponse,
    )
    async def import_season(
        request: Request, actor: _Importer, commit: _Commit = False
    ) -> StreamingResponse:
        file = await asyncio.to_thread(read_season, await request.body())
        of = len(file.rows) + file.rejected
        return _streamed(season(file, commit=commit, by=actor), of, "season")

    @router.post(
        "/v1/request-imports",
        summary="Läs in skolornas önskemål",
        description=ImportRequests.__doc__ or "",
        responses={200: _STREAMED},
        openapi_extra=_file(_REQUESTS_EXAMPLE),
        response_class=StreamingResponse,
    )
    async def import_requests(
        request: Request, actor: _Importer, commit: _Commit = False
    ) -> StreamingResponse:
        file = await asyncio.to_thread(read_requests, await request.body())
        of = len(file.rows) + file.rejected
        return _streamed(requests(file, commit=commit, by=actor), of, "requests")

    return router


def _streamed(progress: Progress, of: int, kind: str) -> StreamingResponse:
    return StreamingResponse(
        _lines(progress, of, kind), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
    )


async def _lines(progress: Progress, of: int, kind: str) -> AsyncIterator[bytes]:
    began = time.monotonic()
    report = Report()
    try:
        async for done, so_far in progress:
            report = so_far
            yield _line({"progress": _pace(done, of, time.monotonic() - began)})
    except Refusal as refusal:
        said = {"kind": refusal.kind, "sv": refusal.says("sv"), "en": refusal.says("en")}
        yield _line({"problem": said})
        return
    for outcome, count in report.counts.items():
        IMPORT_ROWS.labels(kind, outcome).inc(count)
    yield _line({"report": report.as_json()})


def _pace(done: int, of: int, seconds: float) -> dict[str, Any]:
    rate = done / seconds if seconds > 0 and done else None
    return {
        "done": done,
        "of": of,
        "rate": round(rate, 1) if rate else None,
        "seconds_left": round((of - done) / rate, 1) if rate else None,
    }


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _file(example: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    return {
        "requestBody": {
            "required": True,
            "description": "Filen som den är: CSV med semikolon, komma eller tabb. Högst 5 MiB.",
            "content": {"text/csv": {"schema": schema, "example": example}},
        }
    }


_SEASON_EXAMPLE = (
    "Datum;Starttid;Längd (min);Aktivitet;Typ;Lokal;Antal platser;Ledare;Målgrupp\r\n"
    "2027-01-28;13:30;90;Källkritik och konspirationer;workshop;Sal 2;32;Leyla Sjö;skolklass\r\n"
)
_REQUESTS_EXAMPLE = (
    "Inkom;Skola;Klass;Antal elever;Antal vuxna;Kontaktperson;Mobil;E-post;"
    "Önskad aktivitet;Önskat datum;Önskad tid;Behov\r\n"
    "2026-11-22 07:27;Gunnesboskolan;8B;27;2;Åsa Exempel;070-1740605;asa@skola.example;"
    "Källkritik och konspirationer;2027-01-28;13:30;hörslinga\r\n"
)
_STREAMED: dict[str, Any] = {
    "description": "En rad JSON i taget: förlopp, och sist rapporten.",
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
}
