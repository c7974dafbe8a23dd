"""Contact with the young person and reviews of the plan: what was done, and by when again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish

WAYS = ("meeting", "call", "message", "visit")
_TO = "/follow-up"


async def _facts(at: At) -> Mapping[str, Any]:
    """Contacts and reviews, newest first."""
    return {
        "ways": WAYS,
        "contacts": await _newest(at, "/contacts", "contact"),
        "reviews": await _newest(at, "/reviews", "plan"),
    }


async def _newest(at: At, what: str, group: str) -> list[Any] | None:
    """None where they may not read it."""
    if not at.may("read", group):
        return None
    found = await at.found(what, limit=100)
    return sorted(found["items"], key=lambda each: each["at"], reverse=True)


def _wish(form: Fields) -> Wish:
    match form.get("do", ""):
        case "contact":
            body = {
                "on": form.get("on", ""),
                "way": form.get("way", ""),
                "successful": form.get("successful", "") == "yes",
                "text": form.get("text", ""),
            }
            return Wish("POST", "/contacts", body, _TO, "contact")
        case "review":
            held = {"text": form.get("review", ""), "next_on": form.get("next_on", "")}
            return Wish("POST", "/reviews", held, _TO, "review")
        case "rhythm":
            days = form.get("days", "")
            often = {"days": int(days) if days in ("14", "30") else 0}
            compared = {"days": ("staff_case_rhythm", "contact_every_days")}
            return Wish("PUT", "/contact-rhythm", often, _TO, "rhythm", MappingProxyType(compared))
        case _:
            day = {"on": form.get("day", "")}
            compared = {"day": ("staff_case_next_review", "next_review_on")}
            return Wish("PUT", "/next-review", day, _TO, "next_review", MappingProxyType(compared))


PAGE = CasePage(_TO, "follow_up", _facts, _wish)
"""`/console/cases/{id}/follow-up`."""
