"""The last chapters: a case taken out, a person forgotten; and all wrong that one may send."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.case_staff import DOOR, GRETA, KARIN, SAMIR, Staff
from tests.support.eventually import eventually


async def taken_out(staff: Staff, case_id: str) -> None:
    """The lead can take everything out, whole, as long as it is theirs; a mentor nothing."""
    answer = await staff.answer(KARIN, "GET", f"/v1/cases/{case_id}/export")
    assert answer.status_code == 200, answer.text
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[-1] == {"whole": True, "lines": len(lines) - 1}
    assert staff.marks("anteckning") in answer.text
    await staff.reads(SAMIR, case_id, "/export", 403)


async def forgotten(staff: Staff, case_id: str) -> dict[str, Any]:
    """Counted first, then done: nobody reads anything more, and whoever was told confirms."""
    path = f"/v1/cases/{case_id}/forgetting"
    dry = await staff.answer(GRETA, "POST", path)
    assert dry.status_code == 200, dry.text
    assert (dry.json()["done"], dry.json()["id"]) == (False, None)
    assert (await staff.reads(KARIN, case_id))["phase"] == "aftercare", "it was only counted"
    headers = {"If-Match": dry.headers["etag"]}
    done = await staff.asks(GRETA, "POST", f"{path}?commit=true", headers=headers)
    assert done["removed"]["notes"] == 2
    for who in (KARIN, SAMIR):
        for what in ("", "/plan", "/notes", "/meetings", "/identity"):
            await staff.reads(who, case_id, what, 404)

    async def confirmed() -> dict[str, Any]:
        seen: dict[str, Any] = await staff.asks(GRETA, "GET", f"/v1/forgettings/{done['id']}")
        return seen if not seen["awaits"] and seen["blind_since"] else {}

    return await eventually(confirmed)


async def wrong_requests(staff: Staff, case_id: str) -> list[bytes]:
    """Everything wrong that one can send, full of marks; bodies and headers of the answers."""
    mark, found = staff.marks("fel"), []
    bodies: list[Any] = [{"text": {"namn": mark}}, {mark: mark}, {"text": mark, "on": mark}, mark]
    for what in ("/notes", "/contacts", "/steps", "/closure", "/break-glass", "/concern"):
        for body in bodies:
            path = f"{DOOR}/v1/cases/{case_id}{what}"
            headers = {**staff.copy.signed_in(KARIN, "mentoring"), "If-Match": '"1"'}
            answer = await staff.client.post(path, json=body, headers=headers)
            assert answer.status_code >= 400, (what, answer.text)
            found.append(answer.content + repr(answer.headers).encode())
    for path in (f"/v1/cases/{mark}", f"/v1/referrals/{mark}", f"/v1/{mark}"):
        answer = await staff.answer(KARIN, "GET", path)
        found.append(answer.content + repr(answer.headers).encode())
    return found
