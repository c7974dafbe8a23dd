"""`/v1/feed`: the log by HTTP – pages with long polling, one entry, and Atom for people.

After http-feeds.org: CloudEvents in batches, `lastEventId`, an empty array at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from services.publishing.feeds.domain.atom import atom
from services.publishing.feeds.domain.entry import Entry
from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.reading import (
    Places,
    Reading,
    Types,
    asked_filter,
    ensure_reads,
    sight_of,
)
from services.publishing.feeds.storage.log import Sight
from services.publishing.feeds.use_cases.come_in import Came
from shared.kernel.refusal import NotFound
from shared.web.unchanged import answer_if_changed

BATCH = "application/cloudevents-batch+json"
EVENT = "application/cloudevents+json"
LONGEST_WAIT = 50_000
"""Milliseconds: the front door waits a minute for an answer to begin."""
FULL_PAGE_KEPT = 60
IN_ATOM = 50

_ID = Query(
    alias="lastEventId",
    max_length=100,
    description="Fortsätt efter den här posten; utelämnad: från början. "
    "Go on after this entry; without it, from the beginning.",
)
_Seen = Annotated[str | None, Header(description="ETag från förra gången.")]
"""Described here, read from the request."""
_EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0190b6c6-0000-7000-9000-000000000001",
    "source": "/booking",
    "type": "se.safespace.booking.occasion-published.v1",
    "subject": "0190b6c6-0000-7000-9000-000000000002",
    "time": "2027-01-11T08:30:00Z",
    "sequence": 1,
    "data": {},
    "position": 1,
}


def routes(reading: Reading, access: Access, front_door: str) -> APIRouter:
    """All of them. `front_door`: the address that partners know us by."""
    router = APIRouter(prefix="/v1", tags=["feeds"])
    _pages(router, reading, access)
    _one(router, reading, access)
    _atom(router, reading, access, f"{front_door}/api/publishing/v1/feed")
    return router


def _pages(router: APIRouter, reading: Reading, access: Access) -> None:
    @router.get(
        "/feed",
        summary="Flödet, sida för sida",
        description="Poster i ordning, som CloudEvents. Tom lista: inget mer just nu. Med "
        "`timeout` väntar svaret så länge på nästa post. Entries in order; an empty array at the "
        "end; `timeout` in milliseconds waits for more. At least once: an entry that comes again "
        "has the same id.",
        responses={200: {"description": "En sida.", "content": {BATCH: {"example": [_EXAMPLE]}}}},
        response_class=Response,
    )
    async def page(
        *,
        request: Request,
        came: Came = access.partner,
        last: Annotated[str | None, _ID] = None,
        timeout: Annotated[
            int, Query(ge=0, le=LONGEST_WAIT, description="Vänta högst så många ms.")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=1000, description="Högst så många poster.")] = 100,
        types: Types = None,
        places: Places = None,
        if_none_match: _Seen = None,
    ) -> Response:
        del if_none_match
        ensure_reads(came.partner)
        asked = asked_filter(types, places)
        if timeout:
            over, seconds = request.app.state.stopping.is_set, timeout / 1000
            found = await reading.poll(came, last, asked, limit=limit, seconds=seconds, over=over)
        else:
            found = await reading.page(came, last, asked, limit=limit)
        return _page_of(request, found, full=len(found) == limit)


def _one(router: APIRouter, reading: Reading, access: Access) -> None:
    @router.get(
        "/feed/entries/{event_id}",
        summary="En post",
        description="En post som ni får se; det som togs bort är tomt. One entry that you may see.",
        responses={200: {"description": "Posten.", "content": {EVENT: {"example": _EXAMPLE}}}},
        response_class=Response,
    )
    async def one(*, came: Came = access.partner, event_id: str) -> Response:
        entry = await reading.tail.log.one(event_id)
        if entry is None or not sight_of(came.partner, EVERYTHING).of(entry):
            raise NotFound
        return Response(entry.body, media_type=EVENT, headers={"Cache-Control": "no-store"})


def _atom(router: APIRouter, reading: Reading, access: Access, feed: str) -> None:
    @router.get(
        "/feed.atom",
        summary="Flödet som Atom",
        description="De nyaste posterna för en vanlig flödesläsare; nyckeln skickas som lösenord "
        "(Basic). The newest entries for a feed reader; the key is the password.",
        responses={
            200: {"description": "Atom (RFC 4287).", "content": {"application/atom+xml": {}}}
        },
        response_class=Response,
    )
    async def newest(
        *,
        request: Request,
        came: Came = access.person,
        if_none_match: _Seen = None,
    ) -> Response:
        del if_none_match
        ensure_reads(came.partner)
        sight: Sight = sight_of(came.partner, EVERYTHING)
        found = await reading.tail.log.newest(sight, limit=IN_ATOM)
        body = atom(found, title=f"Safe Space för {came.partner.title}", feed=feed)
        return _cached(request, body, "application/atom+xml")


def _page_of(request: Request, found: Sequence[Entry], *, full: bool) -> Response:
    body = b"[" + b",".join(one.body for one in found) + b"]"
    if not full:
        # There may be more in a moment.
        return Response(body, media_type=BATCH, headers={"Cache-Control": "no-store"})
    return _cached(request, body, BATCH)


def _cached(request: Request, body: bytes, kind: str) -> Response:
    kept = {"Cache-Control": f"private, max-age={FULL_PAGE_KEPT}", "Vary": "Authorization"}
    return answer_if_changed(request, body, kind, kept)
