"""The worry about somebody under 18: said by anybody in the circle, decided by whoever leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish

_TO = "/concern"


async def _facts(at: At) -> Mapping[str, Any]:
    """What was said, and the forms that are this person's."""
    at.ensure("raise-concern")
    case = at.seen.case
    undecided = case["concern"] == "undecided"
    reads = at.may("read", "contact")
    return {
        "said": list(reversed((await at.found(_TO, limit=100))["items"])) if reads else [],
        "lists": await at.desk.lists(at.staff),
        "raises": case["minor"] is not False,
        "decides": undecided and at.may("report-concern"),
        "late": undecided and case["concern_decide_by"] < at.desk.clock.now().isoformat(),
    }


def _wish(form: Fields) -> Wish:
    if form.get("do") == "raise":
        return Wish("POST", _TO, {"text": form.get("worry", "")}, _TO, "concern_raised")
    reported, _, reason = form.get("concern", "").partition(":")
    body = {"reported": reported == "yes", "reason": reason, "text": form.get("text", "")}
    return Wish("POST", f"{_TO}/decision", body, _TO, "concern_decided")


PAGE = CasePage(_TO, "concern", _facts, _wish)
"""`/console/cases/{id}/concern`."""
