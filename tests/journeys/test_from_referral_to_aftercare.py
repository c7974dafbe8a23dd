"""One case from a teacher's worry to being forgotten, on a whole copy; then nobody finds a word.

All of publishing is stopped the while: newsletters may be changed, scaled or away for a week, and
case handling does not notice.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pymongo import MongoClient

from tests.journeys import case_end, case_mentors, case_story
from tests.journeys.case_staff import KARIN, Staff
from tests.privacy.test_canary import (
    administrator,
    everything_on_the_bus,
    found_in,
    log_files,
    metrics,
    rows,
)
from tests.support.eventually import eventually
from tests.support.whole_copy import WholeCopy
from tests.support.without_publishing import without_publishing

pytestmark = pytest.mark.asyncio(loop_scope="session")

REVEALING = ("mentor", "adept", "ärende", "avhopp", "radikal", "extrem", "stödinsats", "orosanmäl")
"""Words that would tell whoever reads over somebody's shoulder where the message comes from."""

NOBODY = "0199c0de-0000-7000-8000-00000000dead"


@dataclass(frozen=True)
class Told:
    """What the journey leaves to look at."""

    staff: Staff
    case_id: str
    recipient_id: str
    steps: list[str]
    certificate: dict[str, Any]
    bus: list[bytes]
    errors: list[bytes]
    away: int
    """The status with which publishing answered at the journey's end."""

    @property
    def copy(self) -> WholeCopy:
        """Where it happened."""
        return self.staff.copy

    def hits(self, body: bytes) -> list[str]:
        """The marks that stand in it in plain text."""
        return found_in(body, self.staff.marks.all())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(whole_copy: WholeCopy) -> AsyncIterator[Told]:
    """The whole journey, once, with a tap on the bus."""
    _, amqp_url = administrator(whole_copy)
    door = httpx.AsyncClient(base_url=whole_copy.front_door, timeout=30, trust_env=False)
    async with door as client, everything_on_the_bus(amqp_url) as bus:
        staff = Staff(whole_copy, client)
        async with without_publishing(whole_copy):
            try:
                case_id = await the_journey(staff)
                steps = (await staff.reads(KARIN, case_id, "/steps?limit=100"))["items"]
                errors = await case_end.wrong_requests(staff, case_id)
                recipient_id = document_of(whole_copy, case_id)["recipient_id"]
                certificate = await case_end.forgotten(staff, case_id)
                away = (await client.get("/api/publishing/v1/api-info")).status_code
            finally:
                whole_copy.safespace("clock", "reset")
        kinds = [each["kind"] for each in steps]
        yield Told(staff, case_id, recipient_id, kinds, certificate, bus, errors, away)


async def the_journey(staff: Staff) -> str:
    """Chapter by chapter; each asserts what it promises."""
    referral = await case_story.referral_by_link(staff)
    case_id = await case_story.intake(staff, referral)
    await case_story.assessment(staff, case_id)
    await case_mentors.mentors(staff)
    await case_mentors.match(staff, case_id)
    await case_story.plan(staff, case_id)
    meetings = await case_mentors.three_meetings(staff, case_id)
    await case_mentors.met(staff, case_id, meetings)
    await case_story.note_and_addendum(staff, case_id)
    await case_mentors.shared_and_withdrawn(staff, case_id)
    await case_story.hand_over(staff, case_id)
    await case_story.break_glass(staff, case_id)
    await case_end.taken_out(staff, case_id)
    await case_story.closure_by_two(staff, case_id)
    return case_id


def document_of(copy: WholeCopy, case_id: str) -> dict[str, Any]:
    """The case as the database's administrator sees it."""
    with MongoClient[dict[str, Any]](administrator(copy)[0]) as client:
        found = client["mentoring"]["cases"].find_one({"_id": case_id})
    assert found is not None
    return found


async def test_from_referral_to_aftercare(told: Told) -> None:
    """Referred, assessed, matched, met, handed over, looked into, closed by two, forgotten."""
    assert told.steps[0] == "CaseOpened"
    for happened in ("NoteWritten", "GlassOpened", "GlassReviewed"):
        assert happened in told.steps, told.steps
    assert "AssessmentRecorded" not in told.steps, "in aftercare the lead no longer reads those"
    assert told.steps.count("ContactRecorded") == 4
    services = {each["service"] for each in told.certificate["receipts"]}
    assert "notifications" in services


async def test_nothing_of_publishing_was_there(told: Told) -> None:
    """The journey came through without a process, a queue or a database of publishing's."""
    assert told.away in (502, 503, 504)
    back = await told.staff.client.get("/api/publishing/v1/api-info")
    assert back.status_code == 200


async def test_each_look_at_it_is_on_a_record_that_is_whole(told: Told) -> None:
    """The chain is verified on the asker's own machine; forgetting leaves who read, not what."""
    [found] = told.copy.safespace("audit", "verify", "--service", "mentoring")
    assert found["whole"], found
    auditor = told.copy.signed_in("vera.insyn", "mentoring")
    path = f"/api/mentoring/v1/audit/readers?subject={told.case_id}&limit=100"
    answer = await told.staff.client.get(path, headers=auditor)
    listed = answer.raise_for_status().json()["items"]
    assert {True, False} == {each["allowed"] for each in listed}
    assert "break-glass" in {each["purpose"] for each in listed}


async def test_a_token_is_for_one_api(told: Told) -> None:
    """Booking's token is nobody's here, and mentoring's is nobody's there."""
    path = f"/api/mentoring/v1/cases/{told.case_id}"
    client = told.staff.client
    foreign = await client.get(path, headers=told.copy.signed_in(KARIN, "booking"))
    assert foreign.status_code == 401
    ours = told.copy.signed_in("amina.lund", "mentoring")
    bookings = await client.get("/api/booking/v1/bookings", headers=ours)
    assert bookings.status_code == 401


async def test_no_word_of_it_is_anywhere_in_plain_text(told: Told) -> None:
    """Bus, logs, metrics, errors, audit, every database and the database's own log: no mark."""
    mongo_url, _ = administrator(told.copy)
    assert len(told.bus) >= 3, "the tap heard the journey"
    assert len(told.staff.marks.planted) >= 20, "every field was marked"
    assert [hit for body in told.bus for hit in told.hits(body)] == []
    assert [hit for body in told.errors for hit in told.hits(body)] == []
    assert [(name, hit) for name, body in log_files(told.copy) for hit in told.hits(body)] == []
    assert [hit for body in await metrics(told.copy) for hit in told.hits(body)] == []
    everything = list(rows(mongo_url))
    assert any(told.case_id.encode() in body for _, body in everything), "the scan does look"
    assert {(place, hit) for place, body in everything for hit in told.hits(body)} == set()
    # What booking keeps of a room that was held does not say for whom.
    whose = {place for place, body in everything if b"mentor" in body.lower()}
    heard = {"booking.inbox", "booking.known_sealing_keys"}
    assert {place for place in whose if place.startswith("booking.")} <= heard


async def test_nobody_else_finds_the_recipient(told: Told) -> None:
    """Staff of other roles ask every way there is, and get the answer of an id that is nobody's."""
    ways = (
        "/v1/messages?limit=100&recipient=mentoring:{}",
        "/v1/messages?limit=100&subject={}",
        "/v1/journal?subject={}",
        "/v1/recipients/{}/contact",
        "/v1/recipients/mentoring:{}/contact",
    )
    async with httpx.AsyncClient(base_url=told.copy.notifications, timeout=30) as client:
        for who in ("amina.lund", "rut.drift", "elsa.blad", "mira.lindh", "vera.insyn", KARIN):
            headers = told.copy.signed_in(who, "notifications")
            for way in ways:
                ours, nobodys = [
                    await client.get(way.format(each), headers=headers)
                    for each in (told.recipient_id, NOBODY)
                ]
                assert _said(ours, told.recipient_id) == _said(nobodys, NOBODY), (who, way)


def _said(answer: httpx.Response, asked: str) -> tuple[int, str]:
    body = {name: each for name, each in answer.json().items() if name != "instance"}
    return answer.status_code, json.dumps(body, sort_keys=True).replace(asked, "…")


async def test_what_arrives_on_a_phone_says_nothing(told: Told) -> None:
    """Who looks over a shoulder learns no more than a time, or that somebody should sign in."""

    async def arrived(number: str, at_least: int) -> list[str]:
        texts = [each["message"] for each in await told.copy.phone(number)]
        return texts if len(texts) >= at_least else []

    young = await eventually(lambda: arrived(case_story.YOUNG, 3))
    at_work = await eventually(lambda: arrived(case_story.AT_WORK, 1))
    for text in (*young, *at_work):
        assert [word for word in REVEALING if word in text.lower()] == []
        assert told.hits(text.encode()) == []
        assert told.case_id not in text
        assert "Rum" not in text, "no place is told"
