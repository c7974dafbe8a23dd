"""A case: its phase, what waits, its circle and what was done; and who it is, on being asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import Request, Response

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish
from services.web.staff.cases.desk import CASES, CaseDesk, known_id
from services.web.staff.cases.waiting import WHERE, marked
from services.web.staff.door import Staff
from shared.kernel.refusal import Forbidden, NotFound, Refusal

_TIMELINE = 100
STEPS: Mapping[str, Sequence[tuple[str, str, str]]] = MappingProxyType(
    {
        "intake": (("begin-assessment", "write", "overview"), ("decline", "write", "overview")),
        "assessment": (("begin-planning", "write", "overview"),),
        "planning": (("begin-support", "write", "overview"),),
        "aftercare": (("reopen", "reopen", ""), ("archive", "archive", "")),
    }
)
"""Phase → the steps that lead on from it, and the right that each takes."""
DECLINE_REASONS = ("own-wish", "not-target-group", "other-help", "not-reached", "duplicate")
REOPEN_REASONS = ("own-wish", "new-risk", "relapse", "review")


async def _facts(at: At) -> Mapping[str, Any]:
    """What waits, the steps that are this person's to take, and what was done, newest first."""
    case = at.seen.case
    return {
        "waits": marked(case["waits"]),
        "where": WHERE,
        "steps": [
            name for name, action, group in STEPS.get(case["phase"], ()) if at.may(action, group)
        ],
        "decline_reasons": DECLINE_REASONS,
        "reopen_reasons": REOPEN_REASONS,
        "timeline": (await at.found("/steps", limit=_TIMELINE, sort="newest"))["items"],
        "names_who": at.staff.may("mentoring:identity.read") and at.may("read", "identity"),
    }


def _step(form: Fields) -> Wish:
    """Take the case further; or give back the emergency access that lets one see it."""
    if form.get("step") == "give-back":
        ending = f"/break-glass/{known_id(form.get('glass', ''))}/ending"
        return Wish("POST", ending, None, "/emergency", "glass_back")
    body = {
        "step": form.get("step", ""),
        "reason": form.get("reason") or None,
        "review_on": form.get("review_on") or None,
    }
    return Wish("POST", "/steps", body, "", "step")


def _not_yours(
    desk: CaseDesk, request: Request, staff: Staff, case_id: str, refusal: Refusal
) -> Response:
    """Whoever is not near the case is told of the way in an emergency.

    It is the same page for a case that is not theirs and for one that is not there.
    """
    if not isinstance(refusal, NotFound | Forbidden):
        raise refusal
    if not staff.may("mentoring:cases.open-glass"):
        raise NotFound
    known_id(case_id)
    answer = desk.page(request, staff, "not_yours", at=f"{CASES}/{case_id}")
    answer.status_code = 404
    return answer


PAGE = CasePage("", "overview", _facts, _step, form_at="/steps", stranger=_not_yours)
"""`/console/cases/{id}`, and its steps."""
