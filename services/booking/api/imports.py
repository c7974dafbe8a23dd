"""`/v1/season-imports` and `/v1/request-imports`: a spreadsheet in, a stream of progress out.

The file is never stored. Closing the connection cancels between two chunks: what is saved stays,
and importing again goes on, because every row is recognised.
"""

from __future__ import annotations

import asyncio
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
from shared.observability.metrics import IMPORT_ROWS
from shared.spreadsheets.media_types import CSV, XLSX
from shared.web.body_guard import MIB, big_body
from shared.web.permissions import needs
from shared.web.progress_stream import STREAMED, streamed

LARGEST_FILE = 5 * MIB

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
        responses={200: STREAMED},
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
        responses={200: STREAMED},
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
    def told(report: Report) -> dict[str, object]:
        for outcome, count in report.counts.items():
            IMPORT_ROWS.labels(kind, outcome).inc(count)
        return report.as_json()

    return streamed(_steps(progress, of), told)


async def _steps(progress: Progress, of: int) -> AsyncIterator[tuple[int, int, Report]]:
    async for done, report in progress:
        yield done, of, report


def _file(example: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    return {
        "requestBody": {
            "required": True,
            "description": "Filen som den är: CSV med semikolon, komma eller tabb, eller XLSX. "
            "Högst 5 MiB.",
            "content": {CSV: {"schema": schema, "example": example}, XLSX: {"schema": schema}},
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
