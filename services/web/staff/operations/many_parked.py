"""Several given-up messages at once: sent again, or discarded. Neither can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from services.web.staff import bulk
from services.web.staff.asking import StaffApis
from services.web.staff.bulk import Deed, ManyRows, Row
from services.web.staff.door import Staff, opens
from services.web.staff.frame import StaffPages

AT = "/console/parked"
SERVICES = ("booking", "mentoring", "notifications", "publishing")


def many(apis: StaffApis) -> ManyRows:
    """What can be done with the chosen ones; the id of each begins with its service."""
    desk = _Desk(apis)
    deeds = (Deed("replay", desk.replay), Deed("discard", desk.discard, reason=True))
    return ManyRows("parked", AT, desk.look, deeds)


def routes(pages: StaffPages, rows: ManyRows) -> APIRouter:
    """`/console/parked/chosen`."""
    rights = (f"{service}:dead-letters.handle" for service in SERVICES)
    return bulk.routes(pages, rows, opens(*rights))


class _Desk:
    """Asks the service that gave it up."""

    def __init__(self, apis: StaffApis) -> None:
        self._apis = apis

    async def look(self, staff: Staff, ids: Sequence[str]) -> Sequence[Row]:
        """Those that are there."""
        parts = await asyncio.gather(*(self._apis.part(self._one(staff, each)) for each in ids))
        return [part.value for part in parts if part.value]

    async def replay(self, staff: Staff, row: Row, _: Mapping[str, str], once: str) -> str:
        """To its queue once more."""
        service, path = _place(row.id)
        await self._apis.send(staff, "POST", service, f"{path}/replay", once=once)
        return ""

    async def discard(self, staff: Staff, row: Row, form: Mapping[str, str], once: str) -> str:
        """It need not be handled, and why."""
        service, path = _place(row.id)
        body = {"reason": form.get("reason", "").strip()}
        await self._apis.send(staff, "POST", service, f"{path}/discard", body=body, once=once)
        return ""

    async def _one(self, staff: Staff, id_: str) -> Row:
        service, path = _place(id_)
        letter = (await self._apis.get(staff, service, path)).data
        name = ".".join((letter["type"] or letter["queue"]).split(".")[-2:])
        return Row(id_, name, letter["reason"])


def _place(id_: str) -> tuple[str, str]:
    """`booking-<id>` → the service, which `apis` knows or refuses, and the path there."""
    service, _, letter = id_.partition("-")
    return service, f"/v1/dead-letters/{letter}"
