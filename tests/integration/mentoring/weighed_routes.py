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
TIMES = {"starts_local": "2027-03-22T15:00", "minutes": 60}
TO = {"purpose": "school-contact", "recipient": {"kind": "school", "reference": "skola-17"}}
CONSENT = {
    **TO,
    "text_id": "samtycke-skola",
    "text_version": 1,
    "voices": ["person"],
    "expires_on": "2027-07-01",
}
SHARE = {**TO, "groups": ["plan"], "until": "2027-05-01"}
OVERRIDE = {"override": "threat-to-life", "text": "Prov."}
UNKNOWN = "0199c0de-0000-7000-8000-00000000beef"


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
    read("/matching-needs", "assessment"),
    read("/plan", "plan"),
    read("/aftercare-plan", "plan"),
    read("/reviews", "plan"),
    read("/meetings", "meetings"),
    read("/notes", "notes"),
    read("/contacts", "contact"),
    read("/identity", "identity"),
    read("/consents", "consents"),
    read("/break-glass", "access-log"),
    read("/readers", "access-log"),
    read("/closure", "closure"),
    read("/concern", "contact"),
    read("/share-overrides", "consents"),
    read("/export", "overview", "export"),
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
    write("PUT", "/matching-needs", "write", "assessment", {"languages": ["sv"]}),
    write("PUT", "/plan", "write", "plan", GOALS),
    write("PUT", "/aftercare-plan", "write", "plan", GOALS),
    write("POST", "/reviews", "write", "plan", {**WORDS, "next_on": "2027-05-01"}),
    write("POST", "/meetings", "write", "meetings", {**TIMES, "staff": ["karin.holm"]}),
    write("POST", "/meetings/{meeting_id}/settling", "write", "meetings", {"room": {}}),
    write("POST", "/meetings/{meeting_id}/move", "write", "meetings", TIMES),
    write("POST", "/meetings/{meeting_id}/outcome", "write", "meetings", {"held": False}),
    write("POST", "/meetings/{meeting_id}/cancellation", "write", "meetings"),
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
    read("/legal-hold", "overview", "hold"),
    write("PUT", "/legal-hold", "hold", "overview", {"reason": "legal-claim"}),
    write("DELETE", "/legal-hold", "hold", "overview"),
    write("POST", "/consents", "write", "consents", CONSENT),
    write("POST", "/consents/{consent_id}/withdrawal", "write", "consents"),
    write("POST", "/shares", "share", "consents", {**SHARE, "consent_id": UNKNOWN}),
    write("POST", "/shares", "override-consent", "consents", {**SHARE, **OVERRIDE}),
    write("DELETE", "/shares/{share_id}", "share", "consents"),
    write("POST", "/forgetting", "forget", "overview"),
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
    write("POST", "/break-glass/{glass_id}/ending", "end-glass", "access-log"),
    write(
        *("POST", "/break-glass/{glass_id}/review", "review-glass", "access-log"),
        {"outcome": "justified", "text": "Prov."},
    ),
)

ROUTES: tuple[Asked, ...] = READS + WRITES
