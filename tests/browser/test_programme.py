"""The programme in a browser: found, read and booked; by keyboard, without a script, in Arabic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from shared.kernel.ids import new_id
from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests, link_in, text_to
from tests.browser.looking import ARABIC, Look, faults_in, kinds
from tests.support.eventually import eventually
from tests.support.season import a_party, a_phone, an_occasion, unique, weekday_ahead
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES = {
    "start": "/",
    "program": "/program",
    "program-empty": "/program?fran=2035-01-01",
    "occasion": "/program/{full}",
    "book": "/program/{free}/boka",
    "talk": "/prata",
    "accessibility": "/tillganglighet",
}


@dataclass(frozen=True)
class Coming:
    """Two days of one activity: the first has two places, of which a class has both."""

    title: str
    full: str
    free: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def coming(whole_copy: WholeCopy) -> Coming:
    """What is looked at in these tests."""
    title = unique("Källkritik och konspirationer")
    async with whole_copy.client() as desk:
        full = await an_occasion(desk, 28, title=title)
        again = {
            "activity_id": full["activity_id"],
            "starts_local": f"{weekday_ahead(67)}T09:00:00",
            "minutes": 90,
            "room": "Aulan Flamman",
            "capacity": 500,
            "target_group": "skolklass",
        }
        free = await desk.post("/v1/occasions", json=again)
        assert free.status_code == 201, free.text
        for size in (28, 20):
            body = a_party(full["id"], size, when_full="wait")
            booked = await desk.post(
                "/v1/bookings", json=body, headers={"Idempotency-Key": new_id()}
            )
            assert booked.status_code == 201, booked.text
    return Coming(title, full["id"], free.json()["id"])


async def fill_in(page: Page, phone: str) -> None:
    """The contact's part of the form."""
    await page.get_by_label("Namn på den som bokar").fill("Åsa Exempel")
    await page.get_by_label("Mobilnummer").fill(phone)


async def test_a_class_is_booked_without_a_script_and_told(
    whole_copy: WholeCopy, chromium: Chromium, coming: Coming
) -> None:
    """From the programme to the booking's own page, and the SMS is on the phone. No JavaScript."""
    phone = a_phone()
    seen = len(await whole_copy.phone(phone))
    async with chromium.page(java_script_enabled=False) as page:
        elsewhere = foreign_requests(page, whole_copy.front_door)
        day = weekday_ahead(67).isoformat()
        await page.goto(f"{whole_copy.front_door}/program?fran={day}&till={day}")
        await page.get_by_role("link", name=coming.title).click()
        await page.get_by_role("link", name="Boka", exact=True).click()
        await fill_in(page, "ring mig")
        await page.get_by_label("Skola eller organisation").fill("Rosengårdsskolan")
        await page.get_by_role("button", name="Boka").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await page.get_by_role("link", name="Skriv hur många ni är.").click()
        await expect(page.get_by_label("Elever")).to_be_focused()
        await expect(page.get_by_label("Skola eller organisation")).to_have_value(
            "Rosengårdsskolan"
        )
        await page.screenshot(path=SCREENSHOTS / "booking-mistake.png", full_page=True)
        await page.get_by_label("Elever").fill("26")
        await page.get_by_label("Vuxna").fill("2")
        await page.get_by_role("button", name="Boka").click()
        await expect(page.get_by_role("alert")).to_contain_text("Mobilnumret går inte att använda")
        await page.get_by_label("Mobilnummer").fill(phone)
        await page.get_by_role("button", name="Boka").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Er klass har plats")
        await expect(page.get_by_role("status")).to_contain_text("Bekräftelsen är på väg")
        assert page.url.startswith(f"{whole_copy.front_door}/min-bokning")
        await page.screenshot(path=SCREENSHOTS / "booked.png", full_page=True)
        assert elsewhere == []
    told = await text_to(whole_copy, phone, coming.title, seen)
    async with chromium.page() as page:
        await page.goto(f"{whole_copy.sms_sink}/phone?number={phone.replace('+', '%2B')}")
        await expect(page.locator(".talk")).to_contain_text(coming.title)
        await page.goto(link_in(told))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Er klass har plats")


async def tab_to(page: Page, said: str) -> None:
    """Press Tab until the focus stands on what is named so, or has that id."""
    for _ in range(45):
        await page.keyboard.press("Tab")
        here = await page.evaluate(
            "[document.activeElement.id, document.activeElement.innerText.trim()]"
        )
        if said in here:
            return
    raise AssertionError(f"Tab does not come to {said}")


async def test_one_waits_in_line_by_keyboard_alone(
    whole_copy: WholeCopy, chromium: Chromium, coming: Coming
) -> None:
    """A full occasion is waited for, moved from and cancelled without touching a mouse."""
    phone = a_phone()
    async with chromium.page() as page:
        await page.goto(f"{whole_copy.front_door}/program/{coming.full}")
        await tab_to(page, "Ställ dig i kö")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/boka")
        await tab_to(page, "kind-group")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#kind-individual")).to_be_checked()
        await tab_to(page, "name")
        await page.keyboard.type("Kim")
        await tab_to(page, "phone")
        await page.keyboard.type(phone)
        await tab_to(page, "wait")
        await expect(page.locator("#wait")).to_be_checked()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Du står i kö")
        await expect(page.locator("dl")).to_contain_text("Plats i kön")
        await tab_to(page, "Byt dag")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/flytta")
        await tab_to(page, "dag-1")
        await page.keyboard.press("Space")
        await page.screenshot(path=SCREENSHOTS / "move.png", full_page=True)
        await tab_to(page, "Byt dag")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Du har plats")
        await expect(page.locator("dl")).to_contain_text("Aulan Flamman")
        await tab_to(page, "Avboka")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/avboka")
        await tab_to(page, "Ja, avboka")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Bokningen är avbokad")


async def test_a_consultation_is_booked_with_its_sealed_question(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """A professional asks on the same page; the question is in no answer, and reaches a lead."""
    question = unique("Hur talar vi om det i arbetslaget?")
    async with whole_copy.client() as desk:
        occasion = await a_consultation(desk)

    async def asked() -> bool:
        await page.get_by_role("button", name="Boka").click()
        return await page.get_by_role("heading", level=1).inner_text() == "Du har plats"

    async with chromium.page() as page:
        await page.goto(f"{whole_copy.front_door}/program/{occasion}/boka")
        await page.get_by_label("Din fråga").fill(question)
        await fill_in(page, a_phone())
        await eventually(asked)
        assert question not in await page.content()

    async def read() -> bool:
        async with whole_copy.client("case-lead", "mentoring") as lead:
            found = (await lead.get("/v1/consultations?state=open")).json()["items"]
            whole = [(await lead.get(f"/v1/consultations/{each['id']}")).json() for each in found]
        return question in [each["words"]["question"] for each in whole]

    await eventually(read)


async def a_consultation(desk: Any) -> str:
    """An occasion of rådgivning; its id."""
    activity = await desk.post(
        "/v1/activities", json={"title": unique("Rådgivning"), "kind": "consultation"}
    )
    body = {
        "activity_id": activity.json()["id"],
        "starts_local": f"{weekday_ahead(40)}T10:00:00",
        "minutes": 60,
        "room": "Samtalsrummet",
        "capacity": 3,
    }
    return str((await desk.post("/v1/occasions", json=body)).json()["id"])


@pytest.mark.parametrize("look", kinds(*ARABIC))
async def test_axe_finds_nothing(
    whole_copy: WholeCopy, chromium: Chromium, coming: Coming, look: Look | None
) -> None:
    """No page of the site has a fault that axe knows, nor is wider than the screen."""
    pages = {f"site-{name}": path.format(**vars(coming)) for name, path in PAGES.items()}
    async with chromium.page(locale=None) as page:
        assert await faults_in(page, whole_copy.front_door, pages, look, ARABIC) == {}
