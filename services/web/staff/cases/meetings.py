"""A case's meetings: arranged with or without a room, moved, settled, cancelled, held or missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish
from services.web.staff.cases.desk import MENTORING
from services.web.staff.listing import shown

_TO = "/meetings"
_AHEAD = ("proposed", "awaiting-room", "scheduled")


async def _facts(at: At) -> Mapping[str, Any]:
    """What is ahead, and what has been."""
    asked = shown(at.request, filters=(), limit=100)
    found = await at.found(_TO, limit=asked.limit, offset=asked.offset)
    ordered = sorted(found["items"], key=lambda each: each["starts_at"])
    return {
        "shown": asked,
        "total": found["total"],
        "ahead": [each for each in ordered if each["state"] in _AHEAD],
        "been": [each for each in reversed(ordered) if each["state"] not in _AHEAD],
        "now": at.desk.clock.now().isoformat(),
    }


def _arranged(form: Fields) -> Wish:
    """A meeting: with a room it waits for booking's answer, without one it stands."""
    body = {
        **_times(form),
        "staff": form.all("staff"),
        "people": _figure(form.get("people", "")),
        "text": form.get("text", ""),
        "room": _room(form),
    }
    return Wish("POST", _TO, body, _TO, "meeting")


def _gone_on(form: Fields, meeting_id: str) -> Wish:
    """One of the buttons of a meeting."""
    what, body = _wanted(form)
    return Wish("POST", f"{_TO}/{meeting_id}{what}", body, _TO, "meeting_changed")


def _wanted(form: Fields) -> tuple[str, Mapping[str, Any] | None]:
    match form.get("do", ""):
        case "move":
            return "/move", _times(form)
        case "settle":
            return "/settling", {"room": _room(form)}
        case "held" | "missed" as outcome:
            return "/outcome", {"held": outcome == "held", "text": form.get("text", "")}
        case _:
            return "/cancellation", None


def _times(form: Fields) -> dict[str, Any]:
    return {"starts_local": form.get("starts_local", ""), "minutes": _figure(form.get("minutes"))}


def _figure(text: str | None) -> int:
    """Zero for what is not in figures: the service says what is wrong with it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 5 else 0


def _room(form: Fields) -> dict[str, str | None] | None:
    wish = form.get("room", "")
    return None if wish == "without" else {"name": form.get("room_name", "").strip() or None}


PAGE = CasePage(_TO, "meetings", _facts, _arranged, _gone_on, live=MENTORING)
"""`/console/cases/{id}/meetings`."""
