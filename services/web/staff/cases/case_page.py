"""A page of a case: opened as somebody may see it, shown with its tabs, and changed by its forms.

Each kind of page says its address, its template, what stands on it, and what its forms wish for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import Line, Stands
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, Seen, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.words import StaffWords
from shared.kernel.refusal import NotFound, Refusal

Reader = Annotated[Staff, opens("mentoring:cases.list")]
Compared = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class At:
    """Somebody at a page of a case."""

    desk: CaseDesk
    request: Request
    staff: Staff
    seen: Seen

    @property
    def say(self) -> StaffWords:
        """The words that they read."""
        return self.desk.pages.words(self.request)

    def may(self, action: str, group: str = "") -> bool:
        """Whether they may do it to this case."""
        return self.seen.may(action, group)

    def ensure(self, action: str, group: str = "") -> None:
        """Raises NotFound for whoever may not: they are not told that there is such a page."""
        if not self.may(action, group):
            raise NotFound

    async def found(self, what: str, **query: Any) -> Any:
        """What hangs on the case."""
        return (await self.desk.of_case(self.staff, self.seen.case["id"], what, **query)).data


Facts = Callable[[At], Awaitable[Mapping[str, Any]]]
LinesOf = Callable[[At, Fields], Awaitable[Sequence[Line]]]


@dataclass(frozen=True, slots=True)
class Wish:
    """A change: what is asked of the API below the case, and where it leads.

    `compared` is field of the form → (its words, what of the case it would replace); `beside` says
    more of what stands there now. What `tells` is shown at once, for it is told only once.
    """

    method: str
    what: str
    body: Mapping[str, Any] | None
    to: str
    done: str
    compared: Compared = field(default_factory=lambda: MappingProxyType({}))
    beside: LinesOf | None = None
    tells: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    """One kind of page. `facts` may raise NotFound for whoever has no business there.

    A form goes to `form_at` below the page; a form of a part of it, below that to the part's id.
    """

    to: str
    template: str
    facts: Facts
    wish: Callable[[Fields], Wish] | None = None
    wish_of_part: Callable[[Fields, str], Wish] | None = None
    form_at: str = ""
    live: str = ""
    stranger: Callable[[CaseDesk, Request, Staff, str, Refusal], Response] | None = None

    def routes(self, desk: CaseDesk) -> APIRouter:
        """Below `/console/cases/{id}`."""
        router = APIRouter(prefix=f"{CASES}/{{case_id}}{self.to}", include_in_schema=False)
        self._reading(router, desk)
        self._changing(router, desk)
        return router

    def _reading(self, router: APIRouter, desk: CaseDesk) -> None:
        @router.get("")
        async def shown(request: Request, staff: Reader, case_id: str) -> Response:
            try:
                return await self.show(desk, request, staff, case_id)
            except Refusal as refusal:
                if self.stranger is None:
                    raise
                return self.stranger(desk, request, staff, case_id, refusal)

    def _changing(self, router: APIRouter, desk: CaseDesk) -> None:
        whole, of_part = self.wish, self.wish_of_part
        if whole is not None:

            @router.post(self.form_at)
            async def changed(
                request: Request, staff: Reader, form: StaffForm, case_id: str
            ) -> Response:
                return await self.change(desk, request, staff, form, case_id, whole(form))

        if of_part is not None:

            @router.post(self.form_at + "/{part_id}")
            async def part_changed(
                request: Request, staff: Reader, form: StaffForm, case_id: str, part_id: str
            ) -> Response:
                wish = of_part(form, known_id(part_id))
                return await self.change(desk, request, staff, form, case_id, wish)

    async def show(
        self,
        desk: CaseDesk,
        request: Request,
        staff: Staff,
        case_id: str,
        *,
        no: SaidNo | None = None,
        form: Fields | None = None,
        **more: Any,
    ) -> Response:
        """The page; with what was typed, when a form was not taken."""
        at = At(desk, request, staff, await desk.seen(staff, case_id))
        facts = {"live": self.live, **await self.facts(at), **more}
        wrote = typed(form) if form else None
        return desk.show(request, staff, at.seen, self.template, no=no, wrote=wrote, **facts)

    async def change(
        self,
        desk: CaseDesk,
        request: Request,
        staff: Staff,
        form: Fields,
        case_id: str,
        wish: Wish,
    ) -> Response:
        """Do it once, on the version that was seen; else both beside each other, or the form."""
        path = f"/v1/cases/{known_id(case_id)}{wish.what}"

        async def beside() -> Stands:
            at = At(desk, request, staff, await desk.seen(staff, case_id))
            return await _beside(at, form, wish)

        try:
            made = await desk.apis.send(
                staff,
                wish.method,
                MENTORING,
                path,
                body=wish.body,
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await self.show(desk, request, staff, case_id, no=no, form=form)
        if wish.tells:
            return await self.show(desk, request, staff, case_id, made=made.data)
        return RedirectResponse(f"{CASES}/{case_id}{wish.to}?done={wish.done}", 303)


async def _beside(at: At, form: Fields, wish: Wish) -> Stands:
    case, say = at.seen.case, at.say
    old, new = form.get("phase", ""), str(case["phase"])
    prefix = "staff_case_phase_"
    lines: list[Line] = [(say("staff_case_phase"), say.coded(prefix, new), say.coded(prefix, old))]
    for name, (word, of_case) in wish.compared.items():
        lines.append((say(word), str(case.get(of_case) or "–"), form.get(name, "")))
    if wish.beside is not None:
        lines += await wish.beside(at, form)
    return Stands(
        over=case["pseudonym"],
        version=at.seen.version,
        lines=lines,
        back=at.seen.at + wish.to,
        fields=[*typed(form).without("phase").pairs, ("phase", new)],
    )
