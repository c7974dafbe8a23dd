"""Questions of professionals to the consultation: read, answered, or closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import Line, Stands
from services.web.staff.cases.desk import MENTORING, CaseDesk, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords

HERE = "/console/consultations"
Reader = Annotated[Staff, opens("mentoring:consultations.read")]
Answerer = Annotated[Staff, opens("mentoring:consultations.answer")]
STATES = ("open", "answered", "closed")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/consultations`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)

    @router.get("")
    async def questions(request: Request, staff: Reader) -> Response:
        """What they are about, in codes."""
        asked = shown(request, filters=("state",))
        page = {"limit": asked.limit, "offset": asked.offset}
        state = asked.filters.get("state", "open")
        wanted = "" if state == "all" else state
        found = await desk.apis.get(staff, MENTORING, "/v1/consultations", state=wanted, **page)
        facts = {"shown": asked, "found": found.data, "states": STATES, "state": state}
        return desk.page(request, staff, "consultations", **facts)

    @router.get("/{question_id}")
    async def question(request: Request, staff: Reader, question_id: str) -> Response:
        """The question, and how to reach whoever asked."""
        return await _show(desk, request, staff, question_id)

    _answering(router, desk)
    return router


def _answering(router: APIRouter, desk: CaseDesk) -> None:
    @router.post("/{question_id}")
    async def answer(
        request: Request, staff: Answerer, form: StaffForm, question_id: str
    ) -> Response:
        """The answer as it was given, or closed without one."""
        path = f"/v1/consultations/{known_id(question_id)}/answer"
        closed = form.get("do") == "close"
        if not closed and not form.get("text", "").strip():
            # The service would close it without an answer, which nobody has asked for.
            empty = SaidNo(desk.pages.words(request)("staff_question_empty"), status=422)
            return await _show(desk, request, staff, question_id, empty, form)
        text = None if closed else form.get("text", "")

        async def beside() -> Stands:
            say = desk.pages.words(request)
            wish = say(f"staff_question_{'closed' if closed else 'answered'}")
            return await stands(desk, say, staff, question_id, wish, text)

        try:
            await desk.apis.send(
                staff,
                "POST",
                MENTORING,
                path,
                body={"text": text},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _show(desk, request, staff, question_id, no, form)
        return RedirectResponse(f"{HERE}?done={'question_closed' if closed else 'answered'}", 303)


async def stands(
    desk: CaseDesk,
    say: StaffWords,
    staff: Staff,
    question_id: str,
    wish: str,
    answer: str | None,
    more: Sequence[Line] = (),
) -> Stands:
    """A question as it is now, beside what was to become of it and what was written."""
    now = await desk.apis.get(staff, MENTORING, f"/v1/consultations/{known_id(question_id)}")
    state = say.coded("staff_question_", now.data["state"])
    theirs = now.data["words"].get("answer") or "–"
    return Stands(
        over=say.coded("staff_topic_", now.data["topic"]),
        version=now.version,
        lines=[
            (say("staff_desks_state"), state, wish),
            (say("staff_question_answer"), theirs, answer),
            *more,
        ],
        back=f"{HERE}/{question_id}",
    )


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    question_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    found = await desk.apis.get(staff, MENTORING, f"/v1/consultations/{known_id(question_id)}")
    return desk.page(
        request,
        staff,
        "consultation",
        no=no,
        wrote=typed(form) if form else None,
        question=found.data,
        version=found.version,
    )
