"""Several bookings at once: reminded, moved to another occasion, or cancelled.

A move and a cancellation can be taken back as far as there is room (docs/decisions/0045).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter

from services.web.staff import bulk
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.booking.bookings import occasions_of
from services.web.staff.booking.occasions import today
from services.web.staff.bulk import Deed, ManyRows, Preview, Row
from services.web.staff.door import Staff, opens
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords
from shared.kernel.clock import Clock

AT = "/console/bookings"
_REACHED = ("sms", "email")
_LEAVING = ("waiting", "offered", "confirmed")


def many(apis: StaffApis, clock: Clock) -> ManyRows:
    """What can be done with the chosen ones."""
    desk = _Desk(apis, clock)
    deeds = (
        Deed("remind", desk.remind, foresee=desk.reach),
        Deed("move", desk.move, choices=desk.where, undo=desk.back),
        Deed(
            "cancel",
            desk.cancel,
            reason=True,
            foresee=desk.lines,
            turn=_who_waits_first,
            undo=desk.reinstate,
        ),
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

    async def reach(self, staff: Staff, rows: Sequence[Row]) -> Preview:
        """How many get an SMS, how many an e-mail, and who nothing, and why."""
        ids, words = [row.id for row in rows], StaffWords(staff.language)
        asked = self._apis.get(staff, "notifications", "/v1/reach", about=ids)
        part = await self._apis.part(asked) if ids else None
        if part is None or part.value is None:
            return Preview([part.refusal.says(staff.language)] if part and part.refusal else [])
        ways = {each["about"]: each for each in part.value.data["items"]}
        how = {row.id: _how(row, ways[row.id]) for row in rows if row.id in ways}
        counted = Counter(each if each in _REACHED else "none" for each in how.values())
        lines = [words(f"staff_bulk_reach_{n}", count=counted[n]) for n in (*_REACHED, "none")]
        notes = {id_: words(f"staff_bulk_reach_note_{each}") for id_, each in how.items()}
        return Preview(lines, notes, frozenset(i for i, n in how.items() if n not in _REACHED))

    async def remind(self, staff: Staff, row: Row, _: Mapping[str, str], once: str) -> str:
        """Once a day."""
        path = f"/v1/bookings/{row.id}/reminder"
        done = await self._apis.send(staff, "POST", "booking", path, version=row.version, once=once)
        return done.version

    async def lines(self, staff: Staff, rows: Sequence[Row]) -> Preview:
        """Whose places go on at once to somebody who waits: those cannot be had back."""
        words = StaffWords(staff.language)
        holding = [row for row in rows if row.state == "confirmed"]
        on = await occasions_of(self._apis, staff, [{"occasion_id": r.before} for r in holding])
        leaving = Counter(row.before for row in rows if row.state == "waiting")
        waits = {id_: each["parties"]["waiting"] - leaving[id_] for id_, each in on.items()}
        gone = [row for row in holding if waits.get(row.before, 0) > 0]
        if not gone:
            return Preview()
        notes = {r.id: words("staff_bulk_lines_note", count=waits[r.before]) for r in gone}
        return Preview([words("staff_bulk_lines", count=len(gone))], notes)

    async def reinstate(self, staff: Staff, row: Row, _: Mapping[str, str], once: str) -> str:
        """Back, if its places are free still."""
        path = f"/v1/bookings/{row.id}/reinstatement"
        done = await self._apis.send(staff, "POST", "booking", path, version=row.version, once=once)
        return done.version

    async def cancel(self, staff: Staff, row: Row, form: Mapping[str, str], once: str) -> str:
        """It can be taken back for as long as nobody else has the places."""
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
    return Row(one["id"], words.party(one), detail, found.version, one["occasion_id"], one["state"])


def _who_waits_first(row: Row) -> int:
    """Nobody who is cancelled in the same breath is offered the places of another."""
    return _LEAVING.index(row.state) if row.state in _LEAVING else len(_LEAVING)


def _how(row: Row, way: Mapping[str, Any]) -> str:
    """By which channel a reminder goes, or why it does not."""
    if row.state != "confirmed":
        return "waits"
    return "reminded" if way["reminded"] else way["channel"] or "unreachable"


def _when(words: StaffWords, occasion: Mapping[str, str]) -> str:
    return f"{words.day_month(occasion['starts_local'])} {occasion['starts_local'][11:16]}"


def _left(occasion: Mapping[str, int]) -> int:
    return max(0, occasion["capacity"] - occasion["confirmed"] - occasion["offered"])
