"""Several print orders at once: one step on. What is on its way cannot be called back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from services.web.staff import bulk
from services.web.staff.asking import StaffApis
from services.web.staff.bulk import Deed, Do, ManyRows, Row
from services.web.staff.door import Staff, opens
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords

AT = "/console/print-orders"


def many(apis: StaffApis) -> ManyRows:
    """What can be done with the chosen ones."""
    desk = _Desk(apis)
    steps = (Deed(each, desk.step(each)) for each in ("packed", "sent", "delivered"))
    return ManyRows("orders", AT, desk.look, tuple(steps))


def routes(pages: StaffPages, rows: ManyRows) -> APIRouter:
    """`/console/print-orders/chosen`."""
    return bulk.routes(pages, rows, opens("publishing:print-orders.write"))


class _Desk:
    """Asks publishing."""

    def __init__(self, apis: StaffApis) -> None:
        self._apis = apis

    async def look(self, staff: Staff, ids: Sequence[str]) -> Sequence[Row]:
        """Those that are there."""
        parts = await asyncio.gather(*(self._apis.part(self._one(staff, each)) for each in ids))
        return [part.value for part in parts if part.value]

    def step(self, to: str) -> Do:
        """Says that an order has come so far; the service refuses one that cannot have."""

        async def done(staff: Staff, row: Row, _: Mapping[str, str], __: str) -> str:
            path = f"/v1/print-orders/{row.id}/state"
            answer = await self._apis.send(
                staff, "PUT", "publishing", path, body={"state": to}, version=row.version
            )
            return answer.version

        return done

    async def _one(self, staff: Staff, id_: str) -> Row:
        found = await self._apis.get(staff, "publishing", f"/v1/print-orders/{id_}")
        words, one = StaffWords(staff.language), found.data
        state = words(f"staff_print_state_{one['state']}")
        detail = f"{one['publication']} {one['language']}, {one['copies']} · {state}"
        return Row(id_, f"{one['number']}, {one['school']}", detail, found.version)
