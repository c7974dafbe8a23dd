"""Every route of a case, and what somebody who asks it is about to do: action and field group.

Written by hand, beside the code and not from it. `tests/contracts/test_weighed_routes.py` says
when a route is missing here, `test_who_may_do_what.py` asks each as everybody, in every phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CASES = "/v1/cases"
ONE = "/v1/cases/{case_id}"
WORDS = {"text": "Prov."}
GOALS = {"goals": []}


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One request that is well-formed whoever asks; `path` as OpenAPI writes it."""

    method: str
    path: str
    action: str
    group: str
    body: Any = None
    query: str = ""

    @property
    def route(self) -> tuple[str, str]:
        """How OpenAPI names it."""
        return self.method, self.path


def read(path: str, group: str, action: str = "read") -> Asked:
    return Asked("GET", ONE + path, action, group)


def write(
    method: str, path: str, action: str, group: str, body: Any = None, query: str = ""
) -> Asked:
    return Asked(method, ONE + path, action, group, body, query)


READS = (
    Asked("GET", CASES, "list", "overview"),
    read("", "overview"),
    read("/steps", "overview"),
    read("/referrals", "referral"),
    read("/assessments", "assessment"),
    read("/plan", "plan"),
    read("/aftercare-plan", "plan"),
    read("/reviews", "plan"),
    read("/notes", "notes"),
    read("/contacts", "contact"),
    read("/identity", "identity"),
)

WRITES = (
    write("POST", "/steps", "write", "overview", {"step": "begin-planning"}),
    write("POST", "/steps", "write", "overview", {"step": "decline", "reason": "own-wish"}),
    write(
        *("POST", "/steps", "reopen", "closure"),
        {"step": "reopen", "reason": "relapse", "review_on": "2027-04-01"},
    ),
    write("POST", "/steps", "archive", "closure", {"step": "archive"}),
    write("PUT", "/contact-rhythm", "write", "overview", {"days": 30}),
    write("PUT", "/next-review", "write", "overview", {"on": "2027-04-01"}),
    write(
        *("POST", "/assessments", "write", "assessment"),
        {"questionnaire": "first-assessment", "answers": {}},
    ),
    write("PUT", "/plan", "write", "plan", GOALS),
    write("PUT", "/aftercare-plan", "write", "plan", GOALS),
    write("POST", "/reviews", "write", "plan", {**WORDS, "next_on": "2027-05-01"}),
    write("POST", "/notes", "write", "notes", WORDS),
    write("POST", "/notes/{note_id}/addenda", "write", "notes", WORDS),
    write(
        *("POST", "/contacts", "write", "contact"),
        {"on": "2027-03-09", "way": "call", "successful": True},
    ),
    write("PUT", "/identity", "write", "identity", {"name": "Kim Prov"}),
    write("PUT", "/circle/{username}", "assign", "overview", {"kind": "second"}),
    write("DELETE", "/circle/{username}", "assign", "overview"),
    write(
        *("POST", "/hand-over", "hand-over", "overview"),
        {"leaving": "sara.second", "to": "ny.kollega"},
    ),
    write("PUT", "/lead-absence", "set-away", "overview", {"until": "2027-03-20"}),
    write("DELETE", "/lead-absence", "set-away", "overview"),
    write("PUT", "/protection", "protect", "overview", {"named": ["karin.holm"]}),
    write("DELETE", "/protection", "protect", "overview", query="?reason=wrongly-set"),
    write("PUT", "/legal-hold", "hold", "overview", {"reason": "legal-claim"}),
    write("DELETE", "/legal-hold", "hold", "overview"),
    write("POST", "/concern", "raise-concern", "overview", WORDS),
    write(
        *("POST", "/concern/decision", "report-concern", "overview"),
        {"reported": False, "reason": "no-concern"},
    ),
    write(
        *("POST", "/closure", "propose-closure", "closure"),
        {
            "outcome": "goals-reached",
            "text": "Prov.",
            "review_on": "2027-09-01",
            "until": "2027-12-01",
            "aftercare_lead": "karin.holm",
        },
    ),
    write("POST", "/closure/withdrawal", "propose-closure", "closure"),
    write("POST", "/closure/verdict", "approve-closure", "closure", {"approve": True}),
    write(
        *("POST", "/closure/verdict", "approve-closure", "closure"),
        {"approve": False, "reason": "too-early"},
    ),
    write(
        *("POST", "/break-glass", "open-glass", "access-log"),
        {"reason": "covering", "text": "Prov.", "minutes": 5},
    ),
    write("POST", "/break-glass/{glass_id}/confirmation", "second-glass", "access-log"),
    write(
        *("POST", "/break-glass/{glass_id}/review", "review-glass", "access-log"),
        {"outcome": "justified", "text": "Prov."},
    ),
)

ROUTES: tuple[Asked, ...] = READS + WRITES
