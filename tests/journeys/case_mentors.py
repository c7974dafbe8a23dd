"""The chapters of a case in which somebody meets somebody: matching, meetings, what is shared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.journeys.case_staff import IDRIS, KARIN, SAMIR, Staff
from tests.support.eventually import eventually
from tests.support.season import unique

TUESDAYS = [{"weekday": 1, "starts": "17:00", "ends": "20:00"}]


async def mentors(staff: Staff) -> None:
    """Two mentors: who they are as such, what they must not meet, and a handbook read."""
    movement = staff.marks.number("rörelse", f"rörelse-zxq{staff.marks.run}")
    edition = (await staff.asks(KARIN, "GET", "/v1/handbook"))["edition"]
    for name, languages in ((IDRIS, ["sv", "so"]), (SAMIR, ["sv"])):
        profile = {
            "languages": languages,
            "limit": 5,
            "avoids": {"movements": [movement]},
            "notes": staff.marks(f"om {name.partition('.')[0]}"),
        }
        path = f"/v1/mentors/{name}"
        await staff.puts(KARIN, path, profile)
        for what, body in (
            ("/availability", {"availability": TUESDAYS}),
            ("/background-check", {"on": staff.ahead(-30)}),
        ):
            seen = {"If-Match": (await staff.answer(KARIN, "GET", path)).headers["etag"]}
            await staff.asks(KARIN, "PUT", path + what, json=body, headers=seen)
        # Publishing releases editions; the journey is the same with one and without any.
        if edition:
            confirmed = {"edition": edition}
            await staff.asks(name, "POST", "/v1/handbook/confirmations", 201, json=confirmed)


async def match(staff: Staff, case_id: str) -> None:
    """Nobody fits until somebody is trained, and it says so; then a proposal says why."""
    needed = f"utbildning-{staff.marks.run}"
    needs = {
        "languages": ["so", "sv"],
        "first_language": "so",
        "availability": TUESDAYS,
        "required_training": [needed],
        "known_in": {
            "organisations": [staff.marks.number("skola", f"skolan-zxq{staff.marks.run}")]
        },
    }
    await staff.changes(KARIN, "PUT", case_id, "/matching-needs", needs)
    nobody = (await matched(staff, case_id))["why_not"]
    assert "training" in str(nobody["binding"]), nobody
    for name in (IDRIS, SAMIR):
        path = f"/v1/mentors/{name}"
        seen = {"If-Match": (await staff.answer(KARIN, "GET", path)).headers["etag"]}
        trained = f"{path}/trainings/{needed}"
        await staff.asks(KARIN, "PUT", trained, json={"until": None}, headers=seen)
    found = await matched(staff, case_id)
    assert (found["proposal"]["mentor"], found["why_not"]) == (IDRIS, None)
    assert "first-language" in [each["code"] for each in found["proposal"]["why"]]
    decision = {
        "case_id": case_id,
        "mentor": IDRIS,
        "reason": "as-proposed",
        "text": staff.marks("beslutsskäl"),
        "sees": ["overview", "plan", "contact", "meetings", "notes"],
    }
    path = f"/v1/matchings/{found['matching']}/decisions"
    await staff.asks(KARIN, "POST", path, 201, json=decision)
    assert (await staff.reads(IDRIS, case_id))["you_are"] == ["mentor"]


async def matched(staff: Staff, case_id: str) -> dict[str, Any]:
    """What a matching of this case alone, with our two mentors, comes to."""
    asked = {"case_ids": [case_id], "mentors": [IDRIS, SAMIR]}
    made = await staff.asks(KARIN, "POST", "/v1/matchings", 201, json=asked)
    seen = await staff.asks(KARIN, "GET", f"/v1/matchings/{made['id']}")
    [outcome] = seen["outcomes"]
    return {**outcome, "matching": made["id"]}


async def three_meetings(staff: Staff, case_id: str) -> list[str]:
    """Three times with a room, held by booking for nobody in particular; gives the rooms."""
    headers = staff.copy.signed_in()
    room = {"name": unique("Rum"), "seats": 4}
    made = await staff.client.post("/api/booking/v1/rooms", json=room, headers=headers)
    assert made.status_code == 201, made.text
    for day in (1, 2, 3):
        body = {
            "starts_local": f"{staff.ahead(day)}T15:00",
            "minutes": 60,
            "staff": [IDRIS],
            "people": 2,
            "text": staff.marks(f"möte {day}"),
            "room": {"name": room["name"] if day == 1 else None},
        }
        await staff.adds(IDRIS, case_id, "/meetings", body)

    async def all_have_a_room() -> list[dict[str, Any]]:
        found = (await staff.reads(IDRIS, case_id, "/meetings"))["items"]
        settled = all(each["state"] == "scheduled" and each["room"] for each in found)
        return list(found) if settled else []

    meetings = await eventually(all_have_a_room)
    assert meetings[0]["room"] == room["name"]
    path = f"/api/booking/v1/rooms/{made.json()['id']}/days/{staff.ahead(1)}"
    day = await staff.client.get(path, headers=headers)
    assert day.status_code == 200, day.text
    assert "Internt" in day.text
    assert "mentor" not in day.text.lower()
    return [meeting["id"] for meeting in meetings]


async def met(staff: Staff, case_id: str, meetings: list[str]) -> None:
    """Four days later all three have been."""
    staff.later(timedelta(days=4))
    for number, meeting_id in enumerate(meetings):
        outcome = {"held": True, "text": staff.marks(f"hur det gick {number}")}
        await staff.changes(IDRIS, "POST", case_id, f"/meetings/{meeting_id}/outcome", outcome)
    assert (await staff.reads(KARIN, case_id))["last_contact_on"] == staff.ahead(-1)


async def shared_and_withdrawn(staff: Staff, case_id: str) -> None:
    """What is shared by consent is seen by whoever has the link, until the consent is gone."""
    school = {"kind": "school", "reference": "skola-17"}
    consent = {
        "purpose": "school-contact",
        "recipient": school,
        "text_id": "samtycke-skola",
        "text_version": 1,
        "voices": ["person"],
        "expires_on": staff.ahead(90),
    }
    given = (await staff.adds(KARIN, case_id, "/consents", consent))["made"]
    share = {
        "consent_id": given,
        "purpose": "school-contact",
        "recipient": school,
        "groups": ["plan"],
        "until": staff.ahead(30),
    }
    link = {"Link-Secret": (await staff.adds(KARIN, case_id, "/shares", share))["secret"]}
    seen = await staff.asks(None, "GET", "/v1/shared", headers=link)
    assert staff.marks("mål stöd") in str(seen["parts"]["plan"])
    await staff.adds(KARIN, case_id, f"/consents/{given}/withdrawal", None, 200)
    await staff.asks(None, "GET", "/v1/shared", 404, headers=link)
