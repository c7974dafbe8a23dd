"""What a reader of newsletters does in a browser, from signing up to leaving; without a script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from shared.kernel.ids import new_id
from tests.browser.conftest import SCREENSHOTS, Chromium, foreign_requests
from tests.browser.looking import Look, faults_in, kinds
from tests.support.eventually import eventually
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES = {
    "letters": "/nyhetsbrev",
    "letters-asked": "/nyhetsbrev?klart=anmald",
    "letters-leave": "{leave}",
    "letters-choose": "{choose}",
    "letters-over": "/o/" + "a" * 60,
    "letters-archive": "/nyhetsbrev/{list}",
    "letters-issue": "/nyhetsbrev/{list}/sv/{newsletter}",
    "letters-issue-ar": "/nyhetsbrev/{list}/ar/{newsletter}",
}
NAMES = {"sv": "Vad händer", "en": "What is on"}
SV = {
    "subject": "Vårens kvällar",
    "markdown": "# Hej {{name|du}}!\n\n::: tillfällen\n:::\n\n| Vad |\n|---|\n| Fika |\n",
}
AR = {"subject": "أمسيات الربيع", "markdown": "# مرحبا {{name|صديقي}}\n\nأهلا وسهلا بكم.\n"}


@dataclass(frozen=True)
class Reader:
    """Somebody who signed up in a browser: the list, and the links in their newest letter."""

    list_id: str
    newsletter: str
    leave: str
    choose: str


async def asked(copy: WholeCopy, method: str, path: str, **more: Any) -> Any:
    """One request of an editor's."""
    headers = {**copy.signed_in("elsa.blad", "publishing"), **more.pop("headers", {})}
    url = f"{copy.front_door}/api/publishing/v1{path}"
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        answer = await client.request(method, url, headers=headers, **more)
    assert answer.is_success, answer.text
    return answer.json()


async def letter_to(copy: WholeCopy, address: str, containing: str) -> str:
    """The text of the newest letter to them with these words in it."""

    async def arrived() -> str:
        async with httpx.AsyncClient(base_url=copy.sms_sink, timeout=30) as client:
            kept = (await client.get("/mail/messages", params={"to": address})).json()
        return next((each["text"] for each in kept if containing in each["text"]), "")

    found: str = await eventually(arrived, within=120, every=0.2)
    return found


def link(text: str, kind: str) -> str:
    found = re.search(rf"http\S+/{kind}/\S+", text)
    assert found is not None, text
    return found[0]


async def published(copy: WholeCopy, list_id: str) -> str:
    """A newsletter in two languages, sent to everybody on the list; its id."""
    made = await asked(copy, "POST", "/newsletters", json={"list_id": list_id})
    for language, text in (("sv", SV), ("ar", AR)):
        seen = {"If-Match": f'"{made["version"]}"'}
        path = f"/newsletters/{made['id']}/texts/{language}"
        made = await asked(copy, "PUT", path, json=text, headers=seen)
    mailing = await asked(copy, "POST", "/mailings", json={"newsletter_id": made["id"]})
    seen = {"If-Match": f'"{mailing["version"]}"'}
    await asked(copy, "POST", f"/mailings/{mailing['id']}/start", headers=seen)
    return str(made["id"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reader(whole_copy: WholeCopy, chromium: Chromium) -> Reader:
    """Signed up on the page, confirmed by the link in the letter, and written to once."""
    list_id, address = f"vad-{new_id()[-6:]}", f"kim.{new_id()[-6:]}@x.example"
    wanted = {"id": list_id, "names": NAMES, "about": NAMES, "consent": NAMES, "is_open": True}
    await asked(whole_copy, "POST", "/lists", json=wanted)
    async with chromium.page(java_script_enabled=False) as page:
        elsewhere = foreign_requests(page, whole_copy.front_door)
        await page.goto(f"{whole_copy.front_door}/nyhetsbrev")
        await page.locator(f"#lista-{list_id}").check()
        await page.get_by_label("Din e-postadress").fill(address)
        await page.get_by_label("Vad du vill kallas").fill("Kim")
        await page.screenshot(path=SCREENSHOTS / "newsletters.png", full_page=True)
        await page.get_by_role("button", name="Anmäl mig").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Titta i din inkorg")
        await page.goto(link(await letter_to(whole_copy, address, "/o/"), "o"))
        await page.get_by_role("button", name="Ja, anmäl mig").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Klart! Du är med")
        assert elsewhere == []
    newsletter = await published(whole_copy, list_id)
    letter = await letter_to(whole_copy, address, "Hej Kim!")
    return Reader(list_id, newsletter, link(letter, "u"), link(letter, "p"))


@pytest.mark.parametrize("look", kinds())
async def test_axe_finds_nothing_for_readers(
    whole_copy: WholeCopy, chromium: Chromium, reader: Reader, look: Look | None
) -> None:
    """Form, links and archive, in a letter's own direction too; nothing is too wide."""
    theirs = {
        "list": reader.list_id,
        "newsletter": reader.newsletter,
        "leave": reader.leave.removeprefix(whole_copy.front_door),
        "choose": reader.choose.removeprefix(whole_copy.front_door),
    }
    pages = {name: path.format(**theirs) for name, path in PAGES.items()}
    async with chromium.page(locale=None) as page:
        assert await faults_in(page, whole_copy.front_door, pages, look) == {}


async def test_a_reader_leaves_by_one_press(
    whole_copy: WholeCopy, chromium: Chromium, reader: Reader
) -> None:
    """The link in the letter, one button, no script, no account; the next letter is not sent."""
    async with chromium.page(java_script_enabled=False) as page:
        await page.goto(reader.leave)
        await expect(page.get_by_text("Vad händer")).to_be_visible()
        await page.get_by_role("button", name="Avsluta prenumerationen").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Du får inte brevet mer")
        await page.goto(reader.choose)
        await expect(page.locator(f"#lista-{reader.list_id}")).not_to_be_checked()
