"""The console's pages, and signing in there as somebody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import Chromium
from tests.support.whole_copy import WholeCopy

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
    "week": ("amina.lund", "/console/occasions/week?week={week}"),
    "occasion": ("amina.lund", "/console/occasions/{id}"),
    "change": ("amina.lund", "/console/occasions/{id}/change"),
    "cancel": ("amina.lund", "/console/occasions/{id}/cancel"),
    "line": ("amina.lund", "/console/occasions/{id}/line"),
    "attendance": ("leyla.sjo", "/console/occasions/{id}/attendance"),
    "needs": ("leyla.sjo", "/console/occasions/{id}/attendance/needs"),
    "lines": ("amina.lund", "/console/line"),
    "bookings": ("amina.lund", "/console/bookings?state=waiting"),
    "booking": ("amina.lund", "/console/bookings/{confirmed}"),
    "booking-cancel": ("amina.lund", "/console/bookings/{waiting}/cancel"),
    "move": ("amina.lund", "/console/bookings/{confirmed}/move"),
    "rooms": ("amina.lund", "/console/rooms"),
    "room": ("amina.lund", "/console/rooms/{room}?day={day}"),
    "import": ("amina.lund", "/console/import"),
    "sign-out": ("amina.lund", "/console/signed-out"),
    "newsletters": ("elsa.blad", "/console/newsletters"),
    "newsletter": ("elsa.blad", "/console/newsletters/{newsletter}"),
    "writing": ("elsa.blad", "/console/newsletters/{newsletter}/texts/sv"),
    "writing-picture": ("elsa.blad", "/console/newsletters/{newsletter}/texts/sv/pictures"),
    "mailings": ("elsa.blad", "/console/mailings"),
    "mailing": ("elsa.blad", "/console/mailings/{mailing}"),
    "mailing-cancel": ("elsa.blad", "/console/mailings/{mailing}/cancel"),
    "mailing-operator": ("rut.drift", "/console/mailings/{mailing}"),
    "lists": ("elsa.blad", "/console/lists"),
    "list-new": ("elsa.blad", "/console/lists/new"),
    "list": ("elsa.blad", "/console/lists/{list_id}"),
    "publication": ("elsa.blad", "/console/publications/{publication}"),
    "publication-pictures": ("elsa.blad", "/console/publications/{publication}/pictures"),
    "publications": ("elsa.blad", "/console/publications"),
    "publication-writing": ("elsa.blad", "/console/publications/{publication}/texts/sv"),
    "segments": ("elsa.blad", "/console/segments"),
    "segment": ("elsa.blad", "/console/segments/{segment}"),
    "bulletins": ("elsa.blad", "/console/bulletins"),
    "bulletin": ("elsa.blad", "/console/bulletins/{bulletin}"),
    "partners": ("rut.drift", "/console/partners"),
    "partner-new": ("rut.drift", "/console/partners/new"),
    "partner": ("rut.drift", "/console/partners/{partner}"),
    "webhook": ("rut.drift", "/console/partners/{partner}/webhooks/{webhook}"),
    "replay": ("rut.drift", "/console/partners/{partner}/webhooks/{webhook}/replay?after=0"),
    "partner-change": ("rut.drift", "/console/partners/{partner}/change"),
    "partner-end": ("rut.drift", "/console/partners/{partner}/end"),
    "parked": ("rut.drift", "/console/parked"),
    "parked-one": ("rut.drift", "/console/parked/notifications/{parked}"),
    "trace": ("rut.drift", "/console/trace?subject={confirmed}"),
    "messages": ("amina.lund", "/console/messages"),
    "message": ("amina.lund", "/console/messages/{message}"),
    "recipient": ("amina.lund", "/console/messages/recipients/{recipient}"),
    "uncertain": ("amina.lund", "/console/messages/uncertain"),
    "print-orders": ("amina.lund", "/console/print-orders"),
    "print-order": ("amina.lund", "/console/print-orders/{order}"),
    "follow-up": ("vera.insyn", "/console/follow-up"),
    "attended": ("amina.lund", "/console/statistics/attendance?quarter={uncounted}"),
    "attended-busy": ("amina.lund", "/console/statistics/attendance?quarter={busy}"),
    "attended-busy-kind": (
        "amina.lund",
        "/console/statistics/attendance?quarter={busy}&kind=workshop",
    ),
    "attended-kind": (
        "amina.lund",
        "/console/statistics/attendance?quarter={counted}&kind=lecture",
    ),
    "statistics": ("karin.holm", "/console/statistics?quarter={busy}"),
    "statistics-none": ("karin.holm", "/console/statistics"),
    "cases": ("karin.holm", "/console/cases"),
    "case": ("karin.holm", "/console/cases/{case}"),
    "case-supported": ("karin.holm", "/console/cases/{supported}"),
    "case-find": ("karin.holm", "/console/cases/find"),
    "my-meetings": ("karin.holm", "/console/my-meetings"),
    "case-came-from": ("karin.holm", "/console/cases/{supported}/referrals"),
    "case-assessments": ("karin.holm", "/console/cases/{case}/assessments"),
    "case-assessing": ("karin.holm", "/console/cases/{case}/assessments/new"),
    "case-needs": ("karin.holm", "/console/cases/{supported}/needs"),
    "case-concern": ("karin.holm", "/console/cases/{case}/concern"),
    "case-consents": ("karin.holm", "/console/cases/{supported}/consents"),
    "emergency": ("karin.holm", "/console/cases/{case}/emergency"),
    "case-notes": ("karin.holm", "/console/cases/{supported}/notes"),
    "case-meetings": ("karin.holm", "/console/cases/{supported}/meetings"),
    "case-plan": ("karin.holm", "/console/cases/{supported}/plan"),
    "case-aftercare": ("karin.holm", "/console/cases/{case}/aftercare-plan"),
    "case-follow-up": ("karin.holm", "/console/cases/{supported}/follow-up"),
    "case-circle": ("karin.holm", "/console/cases/{supported}/circle"),
    "case-closure": ("karin.holm", "/console/cases/{supported}/closure"),
    "case-access": ("karin.holm", "/console/cases/{supported}/access"),
    "case-new": ("karin.holm", "/console/cases/new"),
    "emergency-words": ("karin.holm", "/console/emergency"),
    "referral": ("karin.holm", "/console/referrals/{referral}"),
    "referrals": ("karin.holm", "/console/referrals"),
    "referral-new": ("karin.holm", "/console/referrals/new"),
    "referral-links": ("karin.holm", "/console/referral-links"),
    "consultation": ("karin.holm", "/console/consultations/{question}"),
    "consultation-referral": ("karin.holm", "/console/consultations/{question}/referral"),
    "matching": ("karin.holm", "/console/matchings/{matching}"),
    "consultations": ("karin.holm", "/console/consultations"),
    "matchings": ("karin.holm", "/console/matchings"),
    "mentor": ("karin.holm", "/console/mentors/{mentor}"),
    "profile-mentor": ("idris.vik", "/console/profile"),
    "profile-lead": ("karin.holm", "/console/profile"),
    "case-export": ("karin.holm", "/console/cases/{case}/export"),
    "case-keeping": ("greta.moren", "/console/cases/{case}/keeping"),
    "certificate": ("greta.moren", "/console/forgettings/{certificate}"),
    "forgettings": ("greta.moren", "/console/forgettings"),
    "mentors": ("karin.holm", "/console/mentors"),
}
"""Name → who looks at it, and where it is. To add a page is to add a line."""


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
