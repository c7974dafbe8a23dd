"""What a form about a mentor asks for: the profile, times, a pause, a training, the check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from services.web.own_forms import Fields
from services.web.staff.beside import Stands
from services.web.staff.cases.desk import MENTORING, CaseDesk
from services.web.staff.cases.matching_form import beside, codes, places, times
from services.web.staff.door import Staff

_LISTS = ("languages", "strengths", "gender_wish", "cleared_for")


@dataclass(frozen=True, slots=True)
class MentorWish:
    """What is asked of the API below a profile, and what of the profile it would replace."""

    what: str
    body: dict[str, Any]
    compared: dict[str, Any]
    done: str


def own_wish(form: Fields) -> MentorWish:
    """What a mentor may change themselves."""
    if form.get("do") == "pause":
        until = form.get("until", "") or None
        return MentorWish("/pause", {"until": until}, {"paused_until": until}, "mentor_pause")
    week = {"availability": times(form)}
    return MentorWish("/availability", week, week, "mentor_times")


def leads_wish(form: Fields) -> MentorWish:
    """What a case lead may change."""
    match form.get("do", ""):
        case "profile":
            profile = _profile(form)
            return MentorWish("", profile, profile, "mentor_profile")
        case "check":
            on = form.get("on", "")
            compared = {"background_checked_on": on}
            return MentorWish("/background-check", {"on": on}, compared, "mentor_checked")
        case "training":
            code = next(iter(codes(form, "code")), "-")
            until = form.get("training_until", "") or None
            what = f"/trainings/{quote(code, safe='')}"
            return MentorWish(what, {"until": until}, {}, "mentor_trained")
        case _:
            return own_wish(form)


def _profile(form: Fields) -> dict[str, Any]:
    limit = form.get("limit", "")
    return {
        **{name: codes(form, name) for name in _LISTS},
        "limit": int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 3 else -1,
        "gender": form.get("gender", "") or "unknown",
        "known_in": places(form, "known_in"),
        "avoids": places(form, "avoids"),
        "notes": form.get("notes", ""),
    }


async def change_mentor(
    desk: CaseDesk, request: Request, staff: Staff, form: Fields, at: str, wish: MentorWish
) -> Response:
    """Done on the version that was seen; else both beside each other. Raises SaidNo."""
    here = request.url.path

    async def standing() -> Stands:
        say = desk.pages.words(request)
        now = await desk.apis.get(staff, MENTORING, at)
        return Stands(
            over=now.data["username"],
            version=now.version,
            lines=beside(lambda name: say(f"staff_mentor_{name}"), now.data, wish.compared),
            back=here,
        )

    await desk.apis.send(
        staff,
        "PUT",
        MENTORING,
        at + wish.what,
        body=wish.body,
        version=form.get("version", ""),
        beside=standing,
    )
    return RedirectResponse(f"{here}?done={wish.done}", 303)
