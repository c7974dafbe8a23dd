"""A referral that somebody on the staff takes down: by telephone, by letter, of a question."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import Stands
from services.web.staff.cases.consultations import stands
from services.web.staff.cases.desk import MENTORING, CaseDesk, known_id, typed
from services.web.staff.cases.person_form import person_in
from services.web.staff.door import Staff, StaffForm, opens

Writer = Annotated[Staff, opens("mentoring:referrals.write")]
Answerer = Annotated[Staff, opens("mentoring:consultations.answer")]
KINDS = ("school", "social-services", "police", "parent", "self", "other")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/referrals/new`, and `/console/consultations/{id}/referral`."""
    router = APIRouter(prefix="/console", include_in_schema=False)
    _by_hand(router, desk)
    _of_a_question(router, desk)
    return router


def _by_hand(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("/referrals/new")
    async def blank(request: Request, staff: Writer) -> Response:
        """The form."""
        return _form(desk, request, staff)

    @router.post("/referrals/new")
    async def taken_down(request: Request, staff: Writer, form: StaffForm) -> Response:
        """It lies with the others; its receipt is what the referrer is told."""
        body = {
            "kind": form.get("kind", ""),
            "about": person_in(form),
            **{n: form.get(n, "").strip() for n in ("worry", "referrer", "referrer_contact")},
        }
        once = form.get("once", "")
        try:
            made = await desk.apis.send(
                staff, "POST", MENTORING, "/v1/referrals", body=body, once=once
            )
        except SaidNo as no:
            return _form(desk, request, staff, no, form)
        return _receipt(desk, request, staff, made.data["receipt"])


def _of_a_question(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("/consultations/{question_id}/referral")
    async def blank(request: Request, staff: Answerer, question_id: str) -> Response:
        """Whom it is about; what was asked is the worry."""
        return await _of(desk, request, staff, question_id)

    @router.post("/consultations/{question_id}/referral")
    async def referred(
        request: Request, staff: Answerer, form: StaffForm, question_id: str
    ) -> Response:
        """The question ends, and is a referral from now on."""
        path = f"/v1/consultations/{known_id(question_id)}/referral"
        who = person_in(form)

        async def beside() -> Stands:
            say = desk.pages.words(request)
            more = [(say(f"staff_case_person_{name}"), "–", who[name]) for name in who if who[name]]
            wish = say("staff_question_refer")
            return await stands(desk, say, staff, question_id, wish, None, more)

        try:
            made = await desk.apis.send(
                staff,
                "POST",
                MENTORING,
                path,
                body=who,
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _of(desk, request, staff, question_id, no, form)
        return _receipt(desk, request, staff, made.data["receipt"])


async def _of(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    question_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    found = await desk.apis.get(staff, MENTORING, f"/v1/consultations/{known_id(question_id)}")
    more = {"question": found.data, "version": found.version}
    return _form(desk, request, staff, no, form, **more)


def _form(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    form: Fields | None = None,
    **more: Any,
) -> Response:
    wrote = typed(form) if form else None
    facts = {"kinds": KINDS, "today": desk.today(), "question": None, **more}
    return desk.page(request, staff, "taking_down", no=no, wrote=wrote, **facts)


def _receipt(desk: CaseDesk, request: Request, staff: Staff, receipt: str) -> Response:
    return desk.page(request, staff, "taken_down", receipt=receipt)
