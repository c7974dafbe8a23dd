"""Several bookings at once: moved to another occasion, which can be taken back, or cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from services.web.staff import bulk
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.booking.bookings import occasions_of
from services.web.staff.booking.occasions import today
from services.web.staff.bulk import Deed, ManyRows, Row
from services.web.staff.door import Staff, opens
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords
from shared.kernel.clock import Clock

AT = "/console/bookings"


def many(apis: StaffApis, clock: Clock) -> ManyRows:
    """What can be done with the chosen ones."""
    desk = _Desk(apis, clock)
    deeds = (
        Deed("move", desk.move, choices=desk.where, undo=desk.back),
        Deed("cancel", desk.cancel, reason=True),
    )
    return ManyRows("bookings", AT, desk.look, deeds)


def routes(pages: StaffPages, rows: ManyRows) -> APIRouter:
    """`/console/bookings/chosen`."""
    return bulk.routes(pages, rows, opens("booking:bookings.write"))


class _Desk:
    """Asks booking."""

    def __init__(self, apis: StaffApis, clock: Clock) -> None:
        self._apis, self._clock = apis, clock

    async def look(self, staff: Staff, ids: Sequence[str]) -> Sequence[Row]:
        """Those that are there, on the occasions that they are on now."""
        asked = (self._apis.get(staff, "booking", f"/v1/bookings/{each}") for each in ids)
        parts = await asyncio.gather(*(self._apis.part(each) for each in asked))
        found = [part.value for part in parts if part.value]
        on = await occasions_of(self._apis, staff, [each.data for each in found])
        return [_row(each, on, StaffWords(staff.language)) for each in found]

    async def where(self, staff: Staff, rows: Sequence[Row]) -> Sequence[tuple[str, str]]:
        """Other occasions of the first one's activity that still take place."""
        if not rows:
            return ()
        at, words = f"/v1/occasions/{rows[0].before}", StaffWords(staff.language)
        now = (await self._apis.get(staff, "booking", at)).data
        query = {"from": today(self._clock), "activity_id": now["activity_id"], "limit": 50}
        found = (await self._apis.get(staff, "booking", "/v1/occasions", **query)).data["items"]
        return [
            (
                each["id"],
                words("staff_bulk_bookings_choice", when=_when(words, each), count=_left(each)),
            )
            for each in found
            if each["id"] != now["id"] and not each["cancelled"]
        ]

    async def move(self, staff: Staff, row: Row, form: Mapping[str, str], once: str) -> str:
        """There, if there is room; nobody is put in a line whom nobody asked."""
        return await self._moved(staff, row, form.get("target", ""), once)

    async def back(self, staff: Staff, row: Row, _: Mapping[str, str], once: str) -> str:
        """To where it was, if there is room still."""
        return await self._moved(staff, row, row.before, once)

    async def cancel(self, staff: Staff, row: Row, form: Mapping[str, str], once: str) -> str:
        """For good."""
        body = {"reason": form.get("reason", "").strip()}
        path = f"/v1/bookings/{row.id}/cancellation"
        done = await self._apis.send(
            staff, "POST", "booking", path, body=body, version=row.version, once=once
        )
        return done.version

    async def _moved(self, staff: Staff, row: Row, to: str, once: str) -> str:
        body = {"occasion_id": to, "when_full": "refuse"}
        path = f"/v1/bookings/{row.id}/move"
        done = await self._apis.send(
            staff, "POST", "booking", path, body=body, version=row.version, once=once
        )
        return done.version


def _row(found: Answer, on: Mapping[str, Mapping[str, str]], words: StaffWords) -> Row:
    one = found.data
    occasion = on.get(one["occasion_id"])
    detail = f"{occasion['title']}, {_when(words, occasion)}" if occasion else ""
    return Row(one["id"], words.party(one), detail, found.version, one["occasion_id"])


def _when(words: StaffWords, occasion: Mapping[str, str]) -> str:
    return f"{words.day_month(occasion['starts_local'])} {occasion['starts_local'][11:16]}"


def _left(occasion: Mapping[str, int]) -> int:
    return max(0, occasion["capacity"] - occasion["confirmed"] - occasion["offered"])
