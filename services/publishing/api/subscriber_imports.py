"""`/v1/subscriber-imports`: a spreadsheet in, a stream of progress out.

The file is never stored. Closing the connection cancels between two chunks: what is saved stays,
and importing again goes on, because every address is known again.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from services.publishing.spreadsheets.subscriber_file import open_subscribers
from services.publishing.use_cases.import_subscribers import (
    ImportReport,
    ImportSubscribers,
    Wanted,
)
from shared.kernel.actor import Actor
from shared.observability.metrics import IMPORT_ROWS
from shared.spreadsheets.media_types import CSV, XLSX
from shared.web.body_guard import MIB, big_body
from shared.web.permissions import needs
from shared.web.progress_stream import STREAMED, streamed

LARGEST_FILE = 64 * MIB
_EXAMPLE = (
    "E-post;Namn;Språk;Taggar;Kommun;Roll;Samtyckte;Samtyckestext\r\n"
    "asa@skola.example;Åsa Öberg;sv;lärare;Malmö;rektor;2026-10-02;mässan-2026\r\n"
)
_FILE: dict[str, Any] = {"type": "string", "format": "binary"}


def routes(read_in: ImportSubscribers) -> APIRouter:
    """The one."""
    router = APIRouter(tags=["imports"], dependencies=[big_body(LARGEST_FILE)])

    @router.post(
        "/v1/subscriber-imports",
        summary="Läs in prenumeranter",
        description=ImportSubscribers.__doc__ or "",
        responses={200: STREAMED},
        openapi_extra={
            "requestBody": {
                "required": True,
                "description": "Filen som den är: CSV med semikolon, komma eller tabb, eller XLSX. "
                "Högst 64 MiB.",
                "content": {
                    CSV: {"schema": _FILE, "example": _EXAMPLE},
                    XLSX: {"schema": _FILE},
                },
            }
        },
        response_class=StreamingResponse,
    )
    async def import_subscribers(
        request: Request,
        actor: Annotated[Actor, needs("imports.write")],
        list_id: Annotated[
            str, Query(alias="list", pattern=r"^[a-z0-9-]{1,40}$", description="Vilken lista.")
        ],
        ask: Annotated[
            bool, Query(description="Skicka ett brev att bekräfta till dem som saknar bevis.")
        ] = False,
        commit: Annotated[
            bool, Query(description="Spara. Annars visas bara vad som skulle hända.")
        ] = False,
    ) -> StreamingResponse:
        sheet = await asyncio.to_thread(open_subscribers, await request.body())
        return streamed(read_in(sheet, Wanted(list_id, ask, commit), by=actor), _told)

    return router


def _told(report: ImportReport) -> dict[str, Any]:
    for outcome, count in report.counts.items():
        IMPORT_ROWS.labels("subscribers", outcome).inc(count)
    return {
        "rows": sum(report.counts.values()),
        **{str(outcome): count for outcome, count in report.counts.items()},
        "repeated": report.repeated,
        "errors": [
            {
                "row": each.row,
                "column": each.column,
                "sentence_sv": each.sv,
                "sentence_en": each.en,
                "kind": each.kind,
            }
            for each in report.troubles
        ],
    }
