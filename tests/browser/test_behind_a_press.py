"""Pages that no address opens, and those behind a link of mentoring's: axe looks at each."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests
from tests.browser.console_pages import console
from tests.browser.looking import Look, axe, faults_in, kinds
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
TO = {"kind": "school", "reference": "skola-17"}


async def made(lead: httpx.AsyncClient, path: str, body: Any) -> Any:
    """What was made by a POST."""
    answer = await lead.post(path, json=body, headers={"Idempotency-Key": new_id()})
    assert answer.is_success, answer.text
    return answer.json()


async def a_case(copy: WholeCopy) -> str:
    """Its id."""
    who = {"identity": {"name": "Kim Exempel", "birth_date": "2003-05-01"}}
    async with copy.client("karin.holm", "mentoring") as lead:
        return str((await made(lead, "/v1/cases", who))["id"])


async def well_made(page: Page, name: str) -> None:
    """Nothing that axe knows, and no wider than a phone or a desk."""
    for width in (1280, 320):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await axe(page) == [], name
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


async def test_who_it_is_behind_a_press(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """The page that shows an identity, and the same in English."""
    case_id = await a_case(whole_copy)
    async with console(chromium, whole_copy, "karin.holm", f"/console/cases/{case_id}") as page:
        await page.get_by_role("button", name="Visa vem det är").click()
        await expect(page.get_by_text("Kim Exempel").first).to_be_visible()
        await well_made(page, "console-identity")


async def test_a_forgetting_is_counted_and_certified(
    whole_copy: WholeCopy, chromium: Chromium
) -> None:
    """What would go is counted on a press, then it goes, and the certificate stands there."""
    case_id = await a_case(whole_copy)
    at = f"/console/cases/{case_id}/keeping"
    async with console(chromium, whole_copy, "greta.moren", at) as page:
        await page.get_by_role("button", name="Räkna först").click()
        await expect(page.get_by_text("Inget är gjort än")).to_be_visible()
        await well_made(page, "console-forgetting-counted")
        await page.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Glöm personen nu").click()
        await page.wait_for_url(re.compile("/console/forgettings/"))
        await well_made(page, "console-certificate")


async def a_referrers_secret(copy: WholeCopy) -> str:
    """Of a new link."""
    async with copy.client("karin.holm", "mentoring") as lead:
        wanted = {"kind": "school", "label": "Exempelskolan"}
        return str((await made(lead, "/v1/referral-links", wanted))["secret"])


async def a_shares_secret(copy: WholeCopy) -> str:
    """Of a case's state, shared with a school by consent."""
    case_id, today = await a_case(copy), real_now().date()
    yes = {"purpose": "school-contact", "recipient": TO, "text_id": "samtycke-skola"}
    yes |= {"text_version": 1, "voices": ["person"], "expires_on": f"{today + timedelta(days=60)}"}
    share = {"purpose": "school-contact", "recipient": TO, "groups": ["overview"]}
    async with copy.client("karin.holm", "mentoring") as lead:
        given = await made(lead, f"/v1/cases/{case_id}/consents", yes)
        share |= {"consent_id": given["made"], "until": f"{today + timedelta(days=30)}"}
        return str((await made(lead, f"/v1/cases/{case_id}/shares", share))["secret"])


@pytest.mark.parametrize("look", kinds())
async def test_axe_finds_nothing_behind_a_link(
    whole_copy: WholeCopy, chromium: Chromium, look: Look | None
) -> None:
    """A referrer's form and the way to what is shared, in any light, language and width."""
    pages = {
        "refer": f"/anmal/{await a_referrers_secret(whole_copy)}",
        "shared": f"/delat/{await a_shares_secret(whole_copy)}",
    }
    async with chromium.page(locale=None) as page:
        assert await faults_in(page, whole_copy.front_door, pages, look) == {}


async def test_a_teacher_refers_without_a_script(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """Written, refused kindly, mended and sent; the page that thanks repeats nothing of it."""
    secret, worry = await a_referrers_secret(whole_copy), "Kommer inte till skolan längre."
    async with chromium.page(java_script_enabled=False) as page:
        elsewhere = foreign_requests(page, whole_copy.front_door)
        await page.goto(f"{whole_copy.front_door}/anmal/{secret}")
        assert secret not in page.url
        await page.get_by_label("Namn", exact=True).fill("Kim Exempel")
        await page.get_by_role("button", name="Skicka anmälan").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_label("Namn", exact=True)).to_have_value("Kim Exempel")
        await page.get_by_label("Vad oroar dig?").fill(worry)
        await page.get_by_role("button", name="Skicka anmälan").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("mottagen")
        assert worry not in await page.content()
        assert elsewhere == []
        await page.screenshot(path=SCREENSHOTS / "referred.png", full_page=True)


async def test_what_is_shared_is_read_on_a_press(whole_copy: WholeCopy, chromium: Chromium) -> None:
    """The page with what is shared has no fault that axe knows, and names no service."""
    async with chromium.page() as page:
        await page.goto(f"{whole_copy.front_door}/delat/{await a_shares_secret(whole_copy)}")
        await page.get_by_role("button", name="Läs det som delas").click()
        await expect(page.get_by_text("intag")).to_be_visible()
        await well_made(page, "shared-read")
