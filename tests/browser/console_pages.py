"""The console's pages, and signing in there as somebody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from shared.kernel.ids import new_id
from tests.browser.conftest import Chromium
from tests.support.season import a_party, an_occasion, unique
from tests.support.whole_copy import WholeCopy


@dataclass(frozen=True)
class Busy:
    """An occasion with somebody on it and two who wait."""

    id: str
    title: str
    confirmed: str
    waiting: str
    room: str
    case: str
    """A case that karin.holm leads, and has assessed."""


NOBODYS = "00000000-0000-7000-8000-000000000000"
"""The id of no case: what is asked of it looks as for one."""

PAGES: dict[str, tuple[str, str]] = {
    "start": ("amina.lund", "/console"),
    "start-leader": ("leyla.sjo", "/console"),
    "start-operator": ("rut.drift", "/console"),
    "start-lead": ("karin.holm", "/console"),
    "start-editor": ("elsa.blad", "/console"),
    "start-auditor": ("vera.insyn", "/console"),
    "sessions": ("amina.lund", "/console/sessions"),
    "views": ("amina.lund", "/console/views"),
    "keys": ("amina.lund", "/console/keys"),
    "search": ("amina.lund", "/console/search?q={title}"),
    "missing": ("amina.lund", "/console/nowhere"),
    "forbidden": ("leyla.sjo", "/console/bookings"),
    "occasions": ("amina.lund", "/console/occasions?q={title}"),
    "occasions-none": ("amina.lund", "/console/occasions?q=finns-inte-alls"),
    "week": ("amina.lund", "/console/occasions/week"),
    "occasion": ("amina.lund", "/console/occasions/{id}"),
    "change": ("amina.lund", "/console/occasions/{id}/change"),
    "cancel": ("amina.lund", "/console/occasions/{id}/cancel"),
    "line": ("amina.lund", "/console/occasions/{id}/line"),
    "attendance": ("leyla.sjo", "/console/occasions/{id}/attendance"),
    "needs": ("leyla.sjo", "/console/occasions/{id}/attendance/needs"),
    "lines": ("amina.lund", "/console/line"),
    "bookings": ("amina.lund", "/console/bookings?state=waiting"),
    "booking": ("amina.lund", "/console/bookings/{confirmed}"),
    "move": ("amina.lund", "/console/bookings/{confirmed}/move"),
    "rooms": ("amina.lund", "/console/rooms"),
    "room": ("amina.lund", "/console/rooms/{room}"),
    "import": ("amina.lund", "/console/import"),
    "newsletters": ("elsa.blad", "/console/newsletters"),
    "mailings": ("elsa.blad", "/console/mailings"),
    "lists": ("elsa.blad", "/console/lists"),
    "list-new": ("elsa.blad", "/console/lists/new"),
    "publications": ("elsa.blad", "/console/publications"),
    "bulletins": ("elsa.blad", "/console/bulletins"),
    "partners": ("rut.drift", "/console/partners"),
    "partner-new": ("rut.drift", "/console/partners/new"),
    "parked": ("rut.drift", "/console/parked"),
    "trace": ("rut.drift", "/console/trace?subject={confirmed}"),
    "messages": ("amina.lund", "/console/messages"),
    "uncertain": ("amina.lund", "/console/messages/uncertain"),
    "print-orders": ("amina.lund", "/console/print-orders"),
    "follow-up": ("vera.insyn", "/console/follow-up"),
    "statistics": ("karin.holm", "/console/statistics"),
    "cases": ("karin.holm", "/console/cases"),
    "case": ("karin.holm", "/console/cases/{case}"),
    "case-assessments": ("karin.holm", "/console/cases/{case}/assessments"),
    "case-assessing": ("karin.holm", "/console/cases/{case}/assessments/new"),
    "case-needs": ("karin.holm", "/console/cases/{case}/needs"),
    "case-concern": ("karin.holm", "/console/cases/{case}/concern"),
    "case-consents": ("karin.holm", "/console/cases/{case}/consents"),
    "case-notes": ("karin.holm", "/console/cases/{case}/notes"),
    "case-meetings": ("karin.holm", "/console/cases/{case}/meetings"),
    "case-plan": ("karin.holm", "/console/cases/{case}/plan"),
    "case-follow-up": ("karin.holm", "/console/cases/{case}/follow-up"),
    "case-circle": ("karin.holm", "/console/cases/{case}/circle"),
    "case-closure": ("karin.holm", "/console/cases/{case}/closure"),
    "case-access": ("karin.holm", "/console/cases/{case}/access"),
    "emergency": ("karin.holm", f"/console/cases/{NOBODYS}/emergency"),
    "case-new": ("karin.holm", "/console/cases/new"),
    "emergency-words": ("karin.holm", "/console/emergency"),
    "referrals": ("karin.holm", "/console/referrals"),
    "referral-new": ("karin.holm", "/console/referrals/new"),
    "referral-links": ("karin.holm", "/console/referral-links"),
    "consultations": ("karin.holm", "/console/consultations"),
    "matchings": ("karin.holm", "/console/matchings"),
    "mentor": ("karin.holm", "/console/mentors/idris.vik"),
    "profile-mentor": ("idris.vik", "/console/profile"),
    "profile-lead": ("karin.holm", "/console/profile"),
    "case-export": ("karin.holm", "/console/cases/{case}/export"),
    "case-keeping": ("greta.moren", "/console/cases/{case}/keeping"),
    "forgettings": ("greta.moren", "/console/forgettings"),
    "mentors": ("karin.holm", "/console/mentors"),
}
"""Name → who looks at it, and where it is. To add a page is to add a line."""


async def busy_occasion(copy: WholeCopy) -> Busy:
    async with copy.client() as desk:
        occasion = await an_occasion(desk, 28, title=unique("Källkritik"))
        confirmed, waiting, _ = [
            await _book(desk, a_party(occasion["id"], size, when_full="wait"))
            for size in (28, 20, 10)
        ]
        rooms = (await desk.get("/v1/rooms")).json()["items"]
    room = next(each["id"] for each in rooms if each["name"] == occasion["room"])
    case = await _a_case(copy)
    return Busy(occasion["id"], occasion["title"], confirmed["id"], waiting["id"], room, case)


async def _a_case(copy: WholeCopy) -> str:
    """One that has come as far as its assessment."""
    async with copy.client("karin.holm", "mentoring") as karin:
        identity = {"name": "Kim Exempel", "birth_date": "2012-05-01"}
        once = {"Idempotency-Key": new_id()}
        made = await karin.post("/v1/cases", json={"identity": identity}, headers=once)
        assert made.status_code == 201, made.text
        once = {"Idempotency-Key": new_id(), "If-Match": f'"{made.json()["version"]}"'}
        step = {"step": "begin-assessment"}
        path = f"/v1/cases/{made.json()['id']}"
        taken = await karin.post(f"{path}/steps", json=step, headers=once)
        assert taken.is_success, taken.text
        answers = {"safety-now": 3, "safety-someone": False, "wishes-first": "Skolan"}
        body = {"questionnaire": "first-assessment", "answers": answers}
        once = {"Idempotency-Key": new_id()}
        assessed = await karin.post(f"{path}/assessments", json=body, headers=once)
        assert assessed.is_success, assessed.text
    return str(made.json()["id"])


async def _book(desk: Any, body: dict[str, Any]) -> dict[str, Any]:
    answer = await desk.post("/v1/bookings", json=body, headers={"Idempotency-Key": new_id()})
    assert answer.status_code == 201, answer.text
    booked: dict[str, Any] = answer.json()
    return booked


async def sign_in(page: Page, copy: WholeCopy, who: str, to: str = "/console") -> None:
    """By the provider's page, as a person does."""
    await page.goto(copy.front_door + to)
    await page.locator(f"button[value='{who}']").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.startswith(copy.front_door), page.url


@asynccontextmanager
async def console(
    chromium: Chromium, copy: WholeCopy, who: str, to: str = "/console", **more: Any
) -> AsyncIterator[Page]:
    """A browser with somebody signed in."""
    async with chromium.page(**{"width": 1280, **more}) as page:
        await sign_in(page, copy, who, to)
        yield page
