"""Referrals that have come in: read one at a time, and decided with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import Line, Stands
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, known_id, typed
from services.web.staff.cases.person_form import case_in
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords

HERE = "/console/referrals"
Reader = Annotated[Staff, opens("mentoring:referrals.read")]
Decider = Annotated[Staff, opens("mentoring:referrals.decide")]
STATES = ("received", "accepted", "linked", "declined")
REASONS = ("not-target-group", "not-reached", "own-wish", "other-help", "mistake")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/referrals`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)
    _reading(router, desk)
    _deciding(router, desk)
    return router


def _reading(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("")
    async def inbox(request: Request, staff: Reader) -> Response:
        """By receipt number: not a word of what was said."""
        asked = shown(request, filters=("state",))
        page = {"limit": asked.limit, "offset": asked.offset}
        state = asked.filters.get("state", "received")
        wanted = "" if state == "all" else state
        found = await desk.apis.get(staff, MENTORING, "/v1/referrals", state=wanted, **page)
        return desk.page(
            request, staff, "referrals", shown=asked, found=found.data, states=STATES, state=state
        )

    @router.get("/{referral_id}")
    async def referral(request: Request, staff: Reader, referral_id: str) -> Response:
        """What was said, to whoever decides. The reading is written down."""
        return await _show(desk, request, staff, referral_id)


def _deciding(router: APIRouter, desk: CaseDesk) -> None:
    @router.post("/{referral_id}")
    async def decide(
        request: Request, staff: Decider, form: StaffForm, referral_id: str
    ) -> Response:
        """A case of it, to a case that there is, or no case with a reason."""
        what, body = _decision(form)
        path = f"/v1/referrals/{known_id(referral_id)}{what}"

        async def beside() -> Stands:
            return await _beside(desk, desk.pages.words(request), staff, referral_id, form)

        try:
            made = await desk.apis.send(
                staff,
                "POST",
                MENTORING,
                path,
                body=body,
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _show(desk, request, staff, referral_id, no, form)
        if what == "/decline":
            return RedirectResponse(f"{HERE}?done=declined", 303)
        return RedirectResponse(f"{CASES}/{made.data['id']}?done=accepted", 303)


def _decision(form: Fields) -> tuple[str, dict[str, Any]]:
    match form.get("do", ""):
        case "accept":
            return "/acceptance", case_in(form)
        case "link":
            return "/linking", {"case_id": form.get("case_id", "")}
        case _:
            return "/decline", {"reason": form.get("reason", ""), "concern": _concern(form)}


def _concern(form: Fields) -> dict[str, Any] | None:
    """What is done about the worry for somebody under 18; None where nobody said."""
    reported, _, reason = form.get("concern", "").partition(":")
    return {"reported": reported == "yes", "reason": reason} if reason else None


_DECIDES = {"accept": "accepted", "link": "linked", "decline": "declined"}


async def _beside(
    desk: CaseDesk, say: StaffWords, staff: Staff, referral_id: str, form: Fields
) -> Stands:
    """What somebody else decided beside what was decided and written here."""
    now = await desk.apis.get(staff, MENTORING, f"/v1/referrals/{known_id(referral_id)}")
    wish = _DECIDES.get(form.get("do", ""), "declined")
    state = say.coded("staff_referral_", now.data["state"])
    lines: list[Line] = [(say("staff_desks_state"), state, say.coded("staff_referral_", wish))]
    if wish == "accepted":
        mine = case_in(form)
        asked = (
            ("staff_case_lead_who", mine["lead"]),
            ("staff_case_rhythm", say("staff_case_every", days=mine["contact_every_days"])),
            ("staff_referral_municipality", mine["municipality"]),
            ("staff_case_named", " ".join(mine["named"])),
        )
        lines += [(say(word), "–", text) for word, text in asked if text]
    elif wish == "declined":
        lists = await desk.lists(staff)
        lines += [
            (
                say("staff_case_reason"),
                "–",
                say.coded("staff_case_decline_", form.get("reason", "")),
            ),
            (say("staff_concern"), "–", _concern_in_words(lists, say, form.get("concern", ""))),
        ]
    return Stands(
        over=now.data["receipt"],
        version=now.version,
        lines=lines,
        back=f"{HERE}/{referral_id}",
    )


def _concern_in_words(lists: Mapping[str, Any], say: StaffWords, chosen: str) -> str:
    reported, _, code = chosen.partition(":")
    among = lists["concern-reported" if reported == "yes" else "concern-not-reported"]
    found = next((each[say.language] for each in among if each["code"] == code), "–")
    return str(found)


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    referral_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    found = await desk.apis.get(staff, MENTORING, f"/v1/referrals/{known_id(referral_id)}")
    return desk.page(
        request,
        staff,
        "referral",
        no=no,
        wrote=typed(form) if form else None,
        referral=found.data,
        version=found.version,
        reasons=REASONS,
        lists=await desk.lists(staff) if found.data["state"] == "received" else {},
    )
