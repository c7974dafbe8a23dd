"""What happened to something, service by service, merged by time: ids, types, times and states."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.web.staff.asking import Part, StaffApis
from services.web.staff.door import Staff, opens
from services.web.staff.frame import StaffPages
from services.web.staff.operations.many_parked import SERVICES

Reader = Annotated[Staff, opens(*(f"{service}:journal.read" for service in SERVICES))]
GOOD = frozenset({"sent", "handled", "delivered", "confirmed", "accepted", "done"})
BAD = frozenset({"parked", "failed", "uncertain", "undeliverable"})
_ID = re.compile(r"[A-Za-z0-9._:@/-]{1,100}")


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/trace`."""
    desk = APIRouter(prefix="/console/trace", include_in_schema=False)

    @desk.get("")
    async def trace(request: Request, staff: Reader) -> Response:
        """Of a subject and of the messages about it."""
        subject = request.query_params.get("subject", "").strip()
        known = _ID.fullmatch(subject) is not None
        parts = await _asked(apis, staff, subject) if known else []
        entries = [
            {**each, "service": service}
            for service, part in parts
            for each in (part.value.data["entries"] if part.value else ())
        ]
        return pages.show(
            request,
            staff,
            "operations/trace.html",
            subject=subject,
            known=known,
            entries=sorted(entries, key=lambda entry: datetime.fromisoformat(entry["at"])),
            refusals=[part.refusal for _, part in parts if part.refusal],
            good=GOOD,
            bad=BAD,
        )

    return desk


async def _asked(apis: StaffApis, staff: Staff, subject: str) -> Sequence[tuple[str, Part[Any]]]:
    """Every service's journal of it; of notifications' also those of its messages."""
    messages = await apis.part(
        apis.get(staff, "notifications", "/v1/messages", subject=subject, limit=20)
    )
    found = messages.value.data["items"] if messages.value else ()
    wanted = [(service, subject) for service in SERVICES]
    wanted += [("notifications", each["id"]) for each in found]
    parts = await asyncio.gather(
        *(apis.part(apis.get(staff, s, "/v1/journal", subject=each)) for s, each in wanted)
    )
    return [(service, part) for (service, _), part in zip(wanted, parts, strict=True)]
