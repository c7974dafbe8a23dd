"""Rådgivning: a professional's question goes sealed from booking to mentoring, and is answered."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.season import unique, weekday_ahead
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_question_is_asked_with_a_booking_and_answered(whole_copy: WholeCopy) -> None:
    """Booked through the front door, read by a case lead alone, joined to no booking."""
    copy, question = whole_copy, unique("Hur talar vi om det i klassen?")
    occasion = await a_consultation(copy)
    asked = {
        "occasion_id": occasion,
        "party": {"kind": "individual", "pupils": 0, "adults": 1},
        "contact": {"name": "Åsa Öberg", "phone": "070-1740689"},
        "question": question,
    }

    async def booked() -> dict[str, Any]:
        async with at_the_door(copy) as client:
            answer = await client.post("/api/booking/v1/bookings", json=asked)
        return dict(answer.json()) if answer.status_code == 201 else {}

    booking = await eventually(booked)
    assert question not in str(booking)

    async def found() -> dict[str, Any]:
        for each in (await read(copy, "/v1/consultations?state=open"))["items"]:
            whole: dict[str, Any] = await read(copy, f"/v1/consultations/{each['id']}")
            if whole["words"]["question"] == question:
                return whole
        return {}

    whole = await eventually(found)
    assert "+46701740689" in whole["words"]["reach"]
    assert booking["id"] not in str(whole)
    async with at_the_door(copy) as client:
        answer = await client.post(
            f"/api/mentoring/v1/consultations/{whole['id']}/answer",
            json={"text": "Vi talades vid."},
            headers={**lead(copy), "If-Match": f'"{whole["version"]}"'},
        )
        assert answer.status_code == 200, answer.text
        seen = await client.get("/api/mentoring/v1/consultations", headers=desk(copy))
    assert seen.status_code == 403


def at_the_door(copy: WholeCopy) -> httpx.AsyncClient:
    """Whoever comes in through the front door."""
    return httpx.AsyncClient(base_url=copy.front_door, timeout=30, trust_env=False)


def lead(copy: WholeCopy) -> dict[str, str]:
    """A case lead's header for mentoring."""
    return copy.signed_in("case-lead", "mentoring")


def desk(copy: WholeCopy) -> dict[str, str]:
    """A coordinator's header for mentoring."""
    return copy.signed_in("coordinator", "mentoring")


async def read(copy: WholeCopy, path: str) -> Any:
    """What a case lead reads of mentoring through the front door."""
    async with at_the_door(copy) as client:
        answer = await client.get(f"/api/mentoring{path}", headers=lead(copy))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def a_consultation(copy: WholeCopy) -> str:
    """An occasion of rådgivning; its id."""
    headers = copy.signed_in()
    async with at_the_door(copy) as client:
        activity = await client.post(
            "/api/booking/v1/activities",
            json={"title": unique("Rådgivning"), "kind": "consultation"},
            headers=headers,
        )
        occasion = await client.post(
            "/api/booking/v1/occasions",
            json={
                "activity_id": activity.json()["id"],
                "starts_local": f"{weekday_ahead(40)}T10:00:00",
                "minutes": 60,
                "room": "Samtalsrummet",
                "capacity": 3,
            },
            headers=headers,
        )
    return str(occasion.json()["id"])
