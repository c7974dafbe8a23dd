"""The same thing done with many rows at once: chosen, looked at once more, done row by row.

It works without a script: boxes in the list, a page that says how many and which, a page that says
of each how it went. Every row has an idempotency key of its own, made from the page's, so that a
page sent twice does nothing twice, and no row's refusal stops the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import is_plain
from services.web.staff.asking import PartAway
from services.web.staff.door import Staff, StaffForm
from services.web.staff.frame import StaffPages
from services.web.staff.sign_in import inside
from shared.kernel.ids import new_id
from shared.kernel.refusal import Forbidden, NotFound, Refusal, VersionConflict

MOST = 50
"""Rows at once: two pages of a list, and what one answer can be waited for."""
_SIDE_BY_SIDE = 5
_ROW, _BEFORE = "row-", "before-"


@dataclass(frozen=True, slots=True)
class Row:
    """One that was chosen: `version` is its ETag now, `before` what would take a deed back."""

    id: str
    name: str
    detail: str = ""
    version: str = ""
    before: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What will come of a deed: how many of each kind, and of a row what is special about it.

    `out` are rows that the deed would do nothing for: they are shown, and not done.
    """

    lines: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one; `no` is why not."""

    row: Row
    no: Refusal | None = None


Do = Callable[[Staff, Row, Mapping[str, str], str], Awaitable[str]]
"""Asks a service for one row with the form's fields and the row's key; gives the new ETag."""
Choices = Callable[[Staff, Sequence[Row]], Awaitable[Sequence[tuple[str, str]]]]
Foresee = Callable[[Staff, Sequence[Row]], Awaitable[Preview]]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done. Its words are `staff_bulk_<list>_<name>` and `…_sure`, `…_text`.

    `reason` is asked for in words, `choices` are what `target` can be, `foresee` says what will
    come of it; `undo` does the opposite where the service can, and is without a page of its own.
    Where what is done with one row changes what others get, `turn` says in which order they are
    done, one by one; an undo goes the other way.
    """

    name: str
    do: Do
    reason: bool = False
    choices: Choices | None = None
    foresee: Foresee | None = None
    turn: Callable[[Row], int] | None = None
    undo: Do | None = None


@dataclass(frozen=True, slots=True)
class ManyRows:
    """A list whose rows can be chosen: where it stands, what can be done, and how rows look now."""

    name: str
    at: str
    look: Callable[[Staff, Sequence[str]], Awaitable[Sequence[Row]]]
    deeds: Sequence[Deed]

    def deed(self, name: str) -> Deed:
        """Raises NotFound."""
        found = next((each for each in self.deeds if each.name == name), None)
        if found is None:
            raise NotFound
        return found


NONE = "none"
"""What `chosen` is in the address of the list when nothing was."""


def nothing_chosen(request: Request) -> bool:
    """Whether somebody pressed a button and had chosen no row: the list says so."""
    return request.query_params.get("chosen") == NONE


def routes(pages: StaffPages, rows: ManyRows, who: Any) -> APIRouter:
    """`<list>/chosen`, `…/done` and `…/undone`; `who` is what `opens` gives."""
    desk, bulk = APIRouter(prefix=rows.at, include_in_schema=False), _Bulk(pages, rows)

    @desk.post("/chosen")
    async def chosen(request: Request, form: StaffForm, staff: Staff = who) -> Response:
        """Once more: how many, which, and what will be done."""
        return await bulk.ask(request, staff, form)

    @desk.post("/chosen/done")
    async def done(request: Request, form: StaffForm, staff: Staff = who) -> Response:
        """Row by row, and how each went."""
        return await bulk.do(request, staff, form)

    @desk.post("/chosen/undone")
    async def undone(request: Request, form: StaffForm, staff: Staff = who) -> Response:
        """Taken back, as far as each can be."""
        return await bulk.undo(request, staff, form)

    return desk


@dataclass(frozen=True, slots=True)
class _Bulk:
    pages: StaffPages
    rows: ManyRows

    async def ask(
        self, request: Request, staff: Staff, form: Mapping[str, str], no: str = ""
    ) -> Response:
        deed, ids = self.rows.deed(form.get("do", "")), _ids(form)
        if not ids:
            return RedirectResponse(f"{self._back(form)}?chosen={NONE}", 303)
        now = await self.rows.look(staff, ids[:MOST])
        preview = await deed.foresee(staff, now) if deed.foresee else Preview()
        return self.pages.show(
            request,
            staff,
            "bulk_sure.html",
            status=422 if no else 200,
            wrong=no,
            wrote=form,
            rows=now,
            preview=preview,
            count=len(now) - len(preview.out),
            left=len(ids) - len(now),
            deed=deed,
            word=f"staff_bulk_{self.rows.name}_{deed.name}",
            choices=await deed.choices(staff, now) if deed.choices else (),
            at=self.rows.at,
            back=self._back(form),
            once=new_id(),
        )

    async def do(self, request: Request, staff: Staff, form: Mapping[str, str]) -> Response:
        deed = self.rows.deed(form.get("do", ""))
        if deed.reason and not form.get("reason", "").strip():
            sentence = self.pages.words(request)("staff_bulk_say_why")
            return await self.ask(request, staff, form, sentence)
        return await self._each(request, staff, form, deed, deed.do)

    async def undo(self, request: Request, staff: Staff, form: Mapping[str, str]) -> Response:
        deed = self.rows.deed(form.get("do", ""))
        if deed.undo is None:
            raise NotFound
        return await self._each(request, staff, form, deed, deed.undo)

    async def _each(
        self, request: Request, staff: Staff, form: Mapping[str, str], deed: Deed, do: Do
    ) -> Response:
        names = {row.id: row for row in await self.rows.look(staff, _ids(form)[:MOST])}
        one, few = form.get("once", ""), asyncio.Semaphore(1 if deed.turn else _SIDE_BY_SIDE)
        known = {id_: names.get(id_) or Row(id_, id_) for id_ in _ids(form)[:MOST]}

        async def done(id_: str, seen: str) -> Outcome:
            named = known[id_]
            row = Row(id_, named.name, named.detail, seen, form.get(_BEFORE + id_, ""))
            try:
                async with few:
                    after = await do(staff, row, form, f"{one}-{id_}")
            except (SaidNo, PartAway, VersionConflict, NotFound, Forbidden) as no:
                return Outcome(row, no)
            return Outcome(Row(id_, row.name, row.detail, after, row.before))

        ids = list(known)
        if deed.turn and do is deed.do:
            turn = deed.turn
            ids.sort(key=lambda id_: turn(known[id_]))
        elif deed.turn:
            ids.reverse()  # the page before named them in the order in which they were done
        found = await asyncio.gather(*(done(id_, form[_ROW + id_]) for id_ in ids))
        return self.pages.show(
            request,
            staff,
            "bulk_done.html",
            outcomes=found,
            went=[each for each in found if each.no is None],
            deed=deed,
            word=f"staff_bulk_{self.rows.name}_{deed.name}",
            undone=do is not deed.do,
            at=self.rows.at,
            back=self._back(form),
            once=new_id(),
        )

    def _back(self, form: Mapping[str, str]) -> str:
        """Where the rows were chosen: the list, or another page of the console's that has boxes."""
        return inside(form.get("back", "")) if form.get("back") else self.rows.at


def _ids(form: Mapping[str, str]) -> list[str]:
    """Of the chosen rows; an id that could be a path of another kind is none."""
    ids = [name.removeprefix(_ROW) for name in form if name.startswith(_ROW)]
    return [each for each in ids if is_plain(each)]
