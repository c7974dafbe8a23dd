"""What the pages of cases show: one at its beginning, one in the midst of it, one forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.browser.made import made
from tests.support.whole_copy import WholeCopy

KARIN, IDRIS = "karin.holm", "idris.vik"
YOUNG = {"name": "Kim Exempel", "birth_date": f"{real_now().year - 15}-05-01"}
REFERRED = {
    "kind": "school",
    "referrer": "Kurator",
    "referrer_contact": "+46701740605",
    "worry": "Har slutat komma till skolan.",
}
QUESTION = {
    "profession": "school",
    "question": "Hur talar vi om det i klassen?",
    "reach": "+46701740605",
    "topic": "method",
}
ASSESSED = {
    "questionnaire": "first-assessment",
    "answers": {"safety-now": 3, "safety-someone": False, "wishes-first": "Skolan"},
}
"""With a question left open, and somebody who is a minor: every part of the pages shows."""
TUESDAYS = [{"weekday": 1, "starts": "15:00", "ends": "18:00"}]
NEEDS: dict[str, Any] = {
    "languages": ["sv", "so"],
    "wanted_strengths": ["skola"],
    "availability": TUESDAYS,
}
SHARED_WITH = {"kind": "social-services", "reference": "socialtjansten-4"}


def ahead(days: int) -> str:
    """A day so many days from now."""
    return f"{real_now() + timedelta(days=days):%Y-%m-%d}"


async def a_case(copy: WholeCopy) -> str:
    """One at its beginning; its id."""
    async with copy.client(KARIN, "mentoring") as lead:
        return await _at_its_beginning(lead)


async def cases_shown(copy: WholeCopy) -> dict[str, str]:
    """One of each, by the names that `PAGES` asks for; links' secrets for those outside."""
    async with copy.client(KARIN, "mentoring") as lead:
        case = await _at_its_beginning(lead)
        await _a_mentor(copy, lead)
        supported, shared = await _in_the_midst(lead)
        await made(lead, "/v1/referrals", {**REFERRED, "about": YOUNG})
        came = (await lead.get("/v1/referrals?state=received")).json()["items"]
        await made(lead, "/v1/consultations", QUESTION)
        asked = (await lead.get("/v1/consultations?state=open")).json()["items"]
        await _waits_for_a_mentor(lead)
        matching = await made(lead, "/v1/matchings", {"keep_existing": True})
        label = {"kind": "school", "label": "Exempelskolan"}
        link = await made(lead, "/v1/referral-links", label)
        gone = await made(lead, "/v1/cases", {"identity": YOUNG})
    async with copy.client("greta.moren", "mentoring") as protects:
        counted = await protects.post(f"/v1/cases/{gone['id']}/forgetting")
        seen = {"If-Match": counted.headers["etag"]}
        path = f"/v1/cases/{gone['id']}/forgetting?commit=true"
        certificate = await made(protects, path, None, seen)
    return {
        "case": case,
        "supported": supported,
        "referral": came[0]["id"],
        "question": asked[0]["id"],
        "matching": matching["id"],
        "mentor": IDRIS,
        "certificate": certificate["id"],
        "anmal": link["secret"],
        "delat": shared,
    }


async def _at_its_beginning(lead: httpx.AsyncClient) -> str:
    case = await made(lead, "/v1/cases", {"identity": YOUNG})
    at = f"/v1/cases/{case['id']}"
    await made(lead, f"{at}/steps", {"step": "begin-assessment"}, await _seen(lead, at))
    await made(lead, f"{at}/assessments", ASSESSED)
    await made(lead, f"{at}/notes", {"text": "Vi har talats vid."})
    return str(case["id"])


async def _waits_for_a_mentor(lead: httpx.AsyncClient) -> None:
    case = await made(lead, "/v1/cases", {"identity": YOUNG})
    at = f"/v1/cases/{case['id']}"
    for method, what, body in (
        ("POST", "/steps", {"step": "begin-assessment"}),
        ("POST", "/assessments", ASSESSED),
        ("POST", "/steps", {"step": "begin-planning"}),
        ("PUT", "/matching-needs", NEEDS),
    ):
        await _changed(lead, method, at, what, body)


async def _in_the_midst(lead: httpx.AsyncClient) -> tuple[str, str]:
    """A case that came of a referral and is supported, and the secret of what is shared of it."""
    await made(lead, "/v1/referrals", {**REFERRED, "about": YOUNG})
    [came, *_] = (await lead.get("/v1/referrals?state=received")).json()["items"]
    referral = f"/v1/referrals/{came['id']}"
    seen = await _seen(lead, referral)
    case = await made(lead, f"{referral}/acceptance", {"lead": KARIN}, seen)
    at = f"/v1/cases/{case['id']}"
    action = {"id": "a1", "text": "Ringa rektorn", "owner": KARIN, "due_on": ahead(14)}
    goals = [{"id": "m1", "text": "Tillbaka till skolan", "actions": [action]}]
    mentor = {"kind": "mentor", "sees": ["plan", "contact", "meetings"]}
    for method, what, body in (
        ("POST", "/steps", {"step": "begin-assessment"}),
        ("POST", "/assessments", ASSESSED),
        ("POST", "/steps", {"step": "begin-planning"}),
        ("PUT", "/plan", {"goals": goals}),
        ("PUT", "/matching-needs", NEEDS),
        ("PUT", "/next-review", {"on": ahead(40)}),
        ("PUT", f"/circle/{IDRIS}", mentor),
        ("POST", "/steps", {"step": "begin-support"}),
        ("POST", "/contacts", _contact("Vi har ringt om skolan.")),
        ("POST", "/reviews", {"text": "Det går framåt.", "next_on": ahead(60)}),
        ("POST", "/meetings", _meeting()),
    ):
        await _changed(lead, method, at, what, body)
    yes = {
        "purpose": "coordination",
        "recipient": SHARED_WITH,
        "text_id": "samtycke-samordning",
        "text_version": 1,
        "voices": ["person"],
        "expires_on": ahead(100),
    }
    consent = await made(lead, f"{at}/consents", yes)
    share = {
        "purpose": "coordination",
        "recipient": SHARED_WITH,
        "groups": ["overview", "assessment", "plan", "identity", "contact"],
        "until": ahead(30),
        "consent_id": consent["made"],
    }
    return str(case["id"]), str((await made(lead, f"{at}/shares", share))["secret"])


def _contact(text: str) -> dict[str, Any]:
    return {"on": ahead(0), "way": "call", "successful": True, "text": text}


def _meeting() -> dict[str, Any]:
    starts = f"{ahead(7)}T15:00:00"
    return {"starts_local": starts, "minutes": 60, "staff": [KARIN], "people": 2, "room": None}


async def _a_mentor(copy: WholeCopy, lead: httpx.AsyncClient) -> None:
    """With times and languages of the young person, checked, and at home in the handbook."""
    at = f"/v1/mentors/{IDRIS}"
    known = await lead.get(at)
    version = known.headers["etag"] if known.is_success else '"0"'
    for what, body in (
        ("", {"languages": ["sv", "so"], "strengths": ["skola"], "limit": 5}),
        ("/background-check", {"on": ahead(-30)}),
        ("/availability", {"availability": TUESDAYS}),
    ):
        kept = await lead.put(at + what, json=body, headers={"If-Match": version})
        assert kept.is_success, kept.text
        version = kept.headers["etag"]
    async with copy.client(IDRIS, "mentoring") as mentor:
        edition = (await mentor.get("/v1/handbook")).json()["edition"]
        await made(mentor, "/v1/handbook/confirmations", {"edition": edition})


async def _seen(client: httpx.AsyncClient, at: str) -> dict[str, str]:
    return {"If-Match": (await client.get(at)).headers["etag"]}


async def _changed(client: httpx.AsyncClient, method: str, at: str, what: str, body: Any) -> None:
    headers = {**await _seen(client, at), "Idempotency-Key": new_id()}
    answer = await client.request(method, at + what, json=body, headers=headers)
    assert answer.is_success, f"{what}: {answer.text}"
