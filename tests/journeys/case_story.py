"""From referral to aftercare, step by step: each function is one chapter of one case."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from services.mentoring.domain.personal_number import PersonalNumberWrong, ensure_personal_number
from shared.kernel.clock import real_now
from tests.journeys.case_staff import GRETA, IDRIS, KARIN, SAMIR, TOVE, Staff

YOUNG, TEACHER, AT_WORK = "+46701749933", "+46701749944", "+46701749955"
BORN = f"{real_now().year - 16}-05-01"
"""Not of age, in whatever year this runs."""


def personal_number(born: str) -> str:
    """One that somebody born on that day could have."""
    begins = f"{born.replace('-', '')}238"
    for digit in range(10):
        with suppress(PersonalNumberWrong):
            ensure_personal_number(f"{begins}{digit}")
            return f"{begins}{digit}"
    raise AssertionError(begins)


async def referral_by_link(staff: Staff) -> dict[str, Any]:
    """A teacher gets a link, says what worries her, and learns nothing but a receipt."""
    mark = staff.marks
    label = {"kind": "school", "label": staff.marks("länk")}
    link = await staff.asks(KARIN, "POST", "/v1/referral-links", 201, json=label)
    said = {
        "about": {
            "name": mark("namn"),
            "birth_date": BORN,
            "personal_number": mark.number("personnummer", personal_number(BORN)),
            "phone": mark.number("telefon", YOUNG),
        },
        "worry": mark("oro"),
        "referrer": mark("anmälare"),
        "referrer_contact": mark.number("anmälarens telefon", TEACHER),
    }
    headers = {"Link-Secret": link["secret"]}
    answers = [
        await staff.asks(None, "POST", "/v1/referral-form", 202, json=said, headers=headers)
        for _ in range(2)
    ]
    assert [set(each) for each in answers] == [{"receipt"}, {"receipt"}]
    listed = (await staff.asks(KARIN, "GET", "/v1/referrals?state=received"))["items"]
    by_receipt = {each["receipt"]: each for each in listed}
    first, second = (by_receipt[each["receipt"]] for each in answers)
    seen = await staff.asks(KARIN, "GET", f"/v1/referrals/{second['id']}")
    assert first["id"] in seen["same_referrals"], "the second is recognised, by staff alone"
    decided = {"If-Match": f'"{second["version"]}"'}
    path = f"/v1/referrals/{second['id']}/decline"
    await staff.asks(KARIN, "POST", path, json={"reason": "mistake"}, headers=decided)
    return dict(first)


async def intake(staff: Staff, referral: dict[str, Any]) -> str:
    """The referral becomes a case under a code word pair; who it is stands apart."""
    path = f"/v1/referrals/{referral['id']}/acceptance"
    headers = {"If-Match": f'"{referral["version"]}"'}
    made = await staff.asks(KARIN, "POST", path, 201, json={"lead": KARIN}, headers=headers)
    case_id = str(made["id"])
    case = await staff.reads(KARIN, case_id)
    assert (case["phase"], case["minor"]) == ("intake", True)
    known = await staff.answer(KARIN, "GET", f"/v1/cases/{case_id}/identity")
    identity = {name: each for name, each in known.json().items() if name != "version"}
    assert identity["name"] == staff.marks("namn")
    identity |= {"whereabouts": staff.marks("vistelse"), "email": f"zxq{staff.marks.run}@x.example"}
    headers = {"If-Match": known.headers["etag"]}
    path = f"/v1/cases/{case_id}/identity"
    await staff.asks(KARIN, "PUT", path, json=identity, headers=headers)
    [worry] = (await staff.reads(KARIN, case_id, "/referrals"))["items"]
    assert worry["worry"] == staff.marks("oro")
    return case_id


async def assessment(staff: Staff, case_id: str) -> None:
    """Nothing is skipped: the question of a report is decided, and the questions are answered."""
    decision = {"reported": False, "reason": "no-concern", "text": staff.marks("orosbeslut")}
    await staff.changes(KARIN, "POST", case_id, "/concern/decision", decision)
    await staff.step(case_id, "begin-assessment")
    form = await staff.asks(KARIN, "GET", "/v1/questionnaires/first-assessment")
    answers: dict[str, Any] = {}
    for question in (each for domain in form["domains"] for each in domain["questions"]):
        first = question["steps"][0]["value"] if question["steps"] else None
        by_kind = {"yes-no": False, "text": staff.marks("bedömning"), "choices": [first]}
        if question["required"] or question["kind"] == "text":
            answers[question["id"]] = by_kind.get(question["kind"], first)
    body = {"questionnaire": "first-assessment", "answers": answers}
    await staff.adds(KARIN, case_id, "/assessments", body)
    await staff.step(case_id, "begin-planning")


def goals(staff: Staff, what: str) -> dict[str, Any]:
    """A plan of one goal with one action."""
    action = {"id": "a1", "text": staff.marks(f"insats {what}"), "owner": KARIN}
    action["due_on"] = staff.ahead(20)
    return {"goals": [{"id": "m1", "text": staff.marks(f"mål {what}"), "actions": [action]}]}


async def plan(staff: Staff, case_id: str) -> None:
    """Goals, a day to look back, and support begins."""
    await staff.changes(KARIN, "PUT", case_id, "/plan", goals(staff, "stöd"))
    await staff.changes(KARIN, "PUT", case_id, "/next-review", {"on": staff.ahead(25)})
    await staff.step(case_id, "begin-support")
    contact = {
        "on": staff.ahead(0),
        "way": "call",
        "successful": True,
        "text": staff.marks("kontakt"),
    }
    await staff.adds(IDRIS, case_id, "/contacts", contact)
    review = {"text": staff.marks("uppföljning"), "next_on": staff.ahead(50)}
    await staff.adds(KARIN, case_id, "/reviews", review)


async def note_and_addendum(staff: Staff, case_id: str) -> None:
    """Written once; what was wrong is added, never changed."""
    note = await staff.adds(IDRIS, case_id, "/notes", {"text": staff.marks("anteckning")})
    path = f"/notes/{note['made']}/addenda"
    await staff.adds(IDRIS, case_id, path, {"text": staff.marks("tillägg")})
    written = (await staff.reads(KARIN, case_id, "/notes"))["items"]
    assert [each["genuine"] for each in written] == [True, True]
    assert written[1]["addendum_to"] == note["made"]


async def hand_over(staff: Staff, case_id: str) -> None:
    """The next mentor sees the plan only; the one before sees nothing from now on."""
    body = {"leaving": IDRIS, "to": SAMIR}
    await staff.changes(KARIN, "POST", case_id, "/hand-over", body)
    assert (await staff.reads(SAMIR, case_id, "/plan"))["goals"]
    assert (await staff.reads(SAMIR, case_id, "/notes"))["items"] == []
    await staff.reads(SAMIR, case_id, "/identity", 403)
    for what in ("", "/plan", "/notes"):
        await staff.reads(IDRIS, case_id, what, 404)


async def break_glass(staff: Staff, case_id: str) -> None:
    """Somebody outside gets in for a minute, the lead is told, somebody else judges it."""
    phone = {"phone": staff.marks.number("arbetstelefon", AT_WORK)}
    await staff.asks(KARIN, "POST", "/v1/my-contact", 204, json=phone)
    await staff.reads(TOVE, case_id, "", 404)
    reason = {"reason": "threat-to-life", "text": staff.marks("nödskäl"), "minutes": 1}
    glass = (await staff.adds(TOVE, case_id, "/break-glass", reason))["made"]
    assert (await staff.reads(TOVE, case_id))["you_are"] == ["break-glass"]
    waiting = (await staff.asks(KARIN, "GET", "/v1/attention"))["items"]
    assert (case_id, "GlassOpened") in [(each["case_id"], each["kind"]) for each in waiting]
    staff.later(timedelta(minutes=2))
    await staff.reads(TOVE, case_id, "", 404)
    verdict = {"outcome": "justified", "text": staff.marks("granskning")}
    await staff.adds(GRETA, case_id, f"/break-glass/{glass}/review", verdict, 200)


async def closure_by_two(staff: Staff, case_id: str) -> None:
    """Impossible without a plan for afterwards; one proposes, another decides."""
    proposal = {
        "outcome": "goals-reached",
        "text": staff.marks("avslut"),
        "review_on": staff.ahead(60),
        "until": staff.ahead(120),
        "aftercare_lead": KARIN,
        "aftercare_circle": [SAMIR],
    }
    refused = await staff.changes(KARIN, "POST", case_id, "/closure", proposal, 409)
    assert refused["type"].endswith("aftercare-plan-missing")
    await staff.changes(KARIN, "PUT", case_id, "/aftercare-plan", goals(staff, "eftervård"))
    await staff.changes(KARIN, "PUT", case_id, f"/circle/{TOVE}", {"kind": "second"})
    await staff.changes(KARIN, "POST", case_id, "/closure", proposal)
    yes = {"approve": True}
    alone = await staff.changes(KARIN, "POST", case_id, "/closure/verdict", yes, 409)
    assert alone["type"].endswith("two-people-close")
    await staff.changes(TOVE, "POST", case_id, "/closure/verdict", yes)
    assert (await staff.reads(KARIN, case_id))["phase"] == "aftercare"
    assert (await staff.reads(SAMIR, case_id))["you_are"] == ["aftercare"]
    await staff.reads(TOVE, case_id, "", 404)
