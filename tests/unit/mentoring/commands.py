"""Every command of a case with all that it asks for, so that only the phase decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.mentoring.domain import (
    advancing,
    aftercare,
    assessing,
    break_glass,
    circle,
    closing,
    concern,
    consent,
    contacts,
    meetings,
    notes,
    planning,
    protecting,
    retention,
    reviews,
    sharing,
)
from services.mentoring.domain.case import BreakGlass, Case, Concern
from services.mentoring.domain.ids import ConsentId, GlassId, MeetingId, NoteId, ShareId, Username
from services.mentoring.domain.meeting import Times
from services.mentoring.domain.phases import Command
from tests.unit.mentoring.casework import (
    DAY,
    HOUR,
    IDRIS,
    KARIN,
    NOW,
    OMAR,
    SARA,
    STRANGER,
    TODAY,
)

LATER = NOW + 40 * DAY
SCHOOL = consent.ShareRecipient("school", "school-1")
TEXT = consent.ConsentText("consent-coordination", 1)
TIMES = Times((NOW + DAY).replace(tzinfo=None), "Europe/Stockholm", 60)
GOALS = (
    planning.Goal("g1", "Tryggare vardag", (planning.PlannedAction("a1", "Ring", KARIN, TODAY),)),
)
A_FORM = assessing.questionnaire(
    {
        "id": "form",
        "version": 3,
        "title": {"sv": "Nu", "en": "Now"},
        "intro": {"sv": "Hej", "en": "Hello"},
        "scales": {
            "ok": [{"value": 1, "sv": "nej", "en": "no"}, {"value": 2, "sv": "ja", "en": "yes"}]
        },
        "domains": [
            {
                "id": "d",
                "title": {"sv": "Liv", "en": "Life"},
                "questions": [
                    {
                        "id": "q",
                        "kind": "scale",
                        "scale": "ok",
                        "text": {"sv": "Hur?", "en": "How?"},
                    }
                ],
            }
        ],
    }
)


def as_lead(**more: Any) -> dict[str, Any]:
    return {"by": KARIN, "now": NOW, **more}


def a_consent(case: Case) -> consent.Consent:
    return consent.Consent(
        ConsentId("c"), case.id, "coordination", SCHOOL, TEXT, frozenset({"person"}), NOW,
        TODAY + 90 * DAY, KARIN,
    )  # fmt: skip


def a_share(case: Case) -> sharing.Share:
    return sharing.Share(
        ShareId("s"), case.id, "coordination", SCHOOL, frozenset({"plan"}), NOW, TODAY + DAY, KARIN,
        ConsentId("c"),
    )  # fmt: skip


def _glassed(case: Case) -> Case:
    over = BreakGlass(GlassId("g"), STRANGER, "covering", 5, NOW - HOUR, NOW - HOUR, NOW - HOUR / 2)
    return replace(case, glasses=(over,))


def _assess(case: Case) -> Case:
    made = assessing.new_assessment(case, "as", A_FORM, {"q": 1}, **as_lead())
    return assessing.record_assessment(case, made, **as_lead())[0]


def _plan(case: Case, kind: planning.PlanKind) -> Case:
    plan = planning.new_plan(case, kind, GOALS, **as_lead())
    return planning.change_plan(case, plan, **as_lead())[0]


def _note(case: Case) -> Case:
    note = notes.new_note(case, NoteId("n"), "Vi sågs.", **as_lead())
    return notes.write_note(case, note, **as_lead())[0]


def _contact(case: Case) -> Case:
    made = contacts.new_contact(case, "k", on=TODAY, way="call", successful=True, **as_lead())
    return contacts.record_contact(case, made, **as_lead())[0]


def _meeting(case: Case) -> Case:
    meetings.propose_meeting(case, MeetingId("m"), TIMES, staff=frozenset({KARIN}), **as_lead())
    return case


def _consent(case: Case) -> Case:
    given = consent.new_consent(
        case,
        ConsentId("c"),
        purpose="coordination",
        recipient=SCHOOL,
        text=TEXT,
        voices=frozenset({"person"}),
        expires_on=TODAY + DAY,
        **as_lead(),
    )
    return consent.record_consent(case, given, **as_lead())[0]


def _share(case: Case) -> Case:
    made = sharing.new_share(
        case,
        ShareId("s"),
        a_consent(case),
        purpose="coordination",
        recipient=SCHOOL,
        groups=frozenset({"plan"}),
        until=TODAY + DAY,
        **as_lead(),
    )
    return sharing.begin_share(case, made, **as_lead())[0]


def _propose(case: Case) -> Case:
    return closing.propose_closure(
        case,
        outcome="goals-reached",
        review_on=TODAY + 30 * DAY,
        until=TODAY + 60 * DAY,
        aftercare_lead=KARIN,
        **as_lead(),
    )[0]


def _undecided(case: Case) -> Case:
    return replace(case, concern=Concern("undecided", NOW))


GIVE: dict[Command, Callable[[Case], Case]] = {
    "begin-assessment": lambda it: advancing.begin_assessment(it, **as_lead())[0],
    "begin-planning": lambda it: advancing.begin_planning(it, **as_lead())[0],
    "begin-support": lambda it: advancing.begin_support(it, **as_lead())[0],
    "decline": lambda it: advancing.decline(it, "own-wish", **as_lead())[0],
    "propose-closure": _propose,
    "withdraw-closure": lambda it: closing.withdraw_closure(it, **as_lead())[0],
    "refuse-closure": lambda it: closing.refuse_closure(it, "too-early", by=SARA, now=NOW)[0],
    "approve-closure": lambda it: closing.approve_closure(it, by=SARA, now=NOW)[0],
    "reopen": lambda it: aftercare.reopen(it, "relapse", TODAY + DAY, **as_lead())[0],
    "archive": lambda it: aftercare.archive(it, by=KARIN, now=LATER)[0],
    "erase": lambda it: retention.erase(it, by=KARIN, now=LATER)[0],
    "erase-at-own-request": lambda it: retention.erase_at_own_request(it, **as_lead())[0],
    "assign": lambda it: circle.assign(it, STRANGER, "second", **as_lead())[0],
    "unassign": lambda it: circle.unassign(it, SARA, **as_lead())[0],
    "hand-over": lambda it: circle.hand_over(it, SARA, STRANGER, **as_lead())[0],
    "set-away": lambda it: circle.set_lead_away(it, TODAY, **as_lead())[0],
    "protect": lambda it: protecting.protect(it, frozenset({KARIN}), **as_lead())[0],
    "record-assessment": _assess,
    "change-plan": lambda it: _plan(it, "support"),
    "change-aftercare-plan": lambda it: _plan(it, "aftercare"),
    "write-note": _note,
    "arrange-meeting": _meeting,
    "record-contact": _contact,
    "set-contact-rhythm": lambda it: contacts.set_contact_rhythm(it, 30, **as_lead())[0],
    "set-review": lambda it: reviews.set_review(it, TODAY + DAY, **as_lead())[0],
    "give-consent": _consent,
    "withdraw-consent": lambda it: consent.withdraw_consent(it, a_consent(it), **as_lead())[0],
    "share": _share,
    "end-share": lambda it: sharing.end_share(it, a_share(it), "ended", **as_lead())[0],
    "raise-concern": lambda it: concern.raise_concern(
        replace(it, minor_until=TODAY + DAY), **as_lead()
    )[0],
    "decide-concern": lambda it: concern.decide_concern(
        _undecided(it), reported=True, reason="harm", **as_lead()
    )[0],
    "open-glass": lambda it: break_glass.open_glass(
        it, GlassId("new"), "covering", 60, by=STRANGER, now=NOW
    )[0],
    "handle-glass": lambda it: break_glass.review_glass(
        _glassed(it), GlassId("g"), "justified", **as_lead()
    )[0],
    "hold": lambda it: retention.hold(it, "legal-claim", **as_lead())[0],
}
"""Command → the case after it."""

OTHERS: dict[str, tuple[Command, Callable[[Case], Case]]] = {
    "lift protection": (
        "protect",
        lambda it: protecting.lift_protection(it, "wrongly-set", **as_lead())[0],
    ),
    "lead back": ("set-away", lambda it: circle.set_lead_back(it, **as_lead())[0]),
    "lift hold": ("hold", lambda it: retention.lift_hold(it, **as_lead())[0]),
    "end glass": (
        "handle-glass",
        lambda it: break_glass.end_glass(_glassed(it), GlassId("g"), **as_lead())[0],
    ),
    "override": (
        "share",
        lambda it: sharing.begin_share(
            it,
            sharing.new_override(
                it,
                ShareId("o"),
                "threat-to-life",
                purpose="coordination",
                recipient=SCHOOL,
                groups=frozenset({"plan"}),
                until=TODAY + DAY,
                by=SARA,
                now=NOW,
            ),
            by=SARA,
            now=NOW,
        )[0],
    ),
    "hold a review": (
        "set-review",
        lambda it: reviews.record_review(
            it, reviews.new_review(it, "r", TODAY + DAY, **as_lead()), **as_lead()
        )[0],
    ),
    "assign a stand-in's replacement": (
        "hand-over",
        lambda it: circle.hand_over(it, OMAR, Username("new.one"), **as_lead())[0],
    ),
    "mentor's own note": (
        "write-note",
        lambda it: notes.write_note(
            it, notes.new_note(it, NoteId("n2"), "Vi gick.", by=IDRIS, now=NOW), by=IDRIS, now=NOW
        )[0],
    ),
}
"""Further ways of giving a command."""
