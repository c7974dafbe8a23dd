"""Ending a case: one proposes, another decides, and a circle of aftercare goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish

_TO = "/closure"
OUTCOMES = ("goals-reached", "partly-reached", "own-wish", "moved", "other-help", "lost-contact")
REFUSALS = ("too-early", "plan-not-enough", "risk-has-changed")


async def _facts(at: At) -> Mapping[str, Any]:
    """The proposal that waits, what was written, and the forms that are this person's."""
    found = await at.found(_TO, limit=100)
    proposal = found["proposal"]
    own = bool(proposal) and proposal["proposed_by"] == at.staff.person.username
    return {
        "found": found,
        "proposes": at.may("propose-closure") and not proposal,
        "withdraws": own and at.may("propose-closure"),
        "decides": bool(proposal) and not own and at.may("approve-closure"),
        "outcomes": OUTCOMES,
        "refusals": REFUSALS,
    }


def _wish(form: Fields) -> Wish:
    match form.get("do", ""):
        case "propose":
            body = {
                **{name: form.get(name, "") for name in ("outcome", "text", "review_on", "until")},
                "aftercare_lead": form.get("aftercare_lead", "").strip(),
                "aftercare_circle": form.get("aftercare_circle", "").split(),
            }
            return Wish("POST", _TO, body, _TO, "proposed")
        case "withdraw":
            return Wish("POST", f"{_TO}/withdrawal", None, _TO, "withdrawn")
        case "approve":
            return Wish("POST", f"{_TO}/verdict", {"approve": True}, "", "closed")
        case _:
            no = {"approve": False, "reason": form.get("reason") or None}
            return Wish("POST", f"{_TO}/verdict", no, _TO, "refused")


PAGE = CasePage(_TO, "closure", _facts, _wish)
"""`/console/cases/{id}/closure`."""
