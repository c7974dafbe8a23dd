"""Only our own forms change anything, and nobody sees what is not theirs."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_many_rows import hidden


async def _keep(
    desk: Desk, browser: httpx.AsyncClient, headers: dict[str, str], **changed: Any
) -> tuple[int, int]:
    """A view is kept: the answer's status, and how many views there are then."""
    token = desk.token_in(await browser.get("/console/views"))
    form = {"kvitto": token, "name": "Min vy", "address": "/console"} | changed
    answer = await browser.post("/console/views", data=form, headers=headers)
    page = await browser.get("/console/views")
    return answer.status_code, page.text.count('action="/console/views/remove"')


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_another_sites_form_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    """What the browser says comes from elsewhere changes nothing; our own form does."""
    await desk.database["saved_views"].delete_many({})
    async with desk.signed_in() as browser:
        assert await _keep(desk, browser, headers) == (403, 0)
        assert await _keep(desk, browser, {"Sec-Fetch-Site": "same-origin"}) == (303, 1)


async def test_another_sessions_token_is_refused(desk: Desk) -> None:
    """A form's token is one session's alone, even of the same person."""
    await desk.database["saved_views"].delete_many({})
    async with desk.signed_in() as first, desk.signed_in() as second:
        stolen = desk.token_in(await first.get("/console/views"))
        for token in (stolen, "", "0" * 64):
            assert await _keep(desk, second, {}, kvitto=token) == (403, 0)


async def test_a_view_leads_into_the_console_only(desk: Desk) -> None:
    """A saved view cannot lead to another site, and is its owner's alone."""
    await desk.database["saved_views"].delete_many({})
    async with desk.signed_in() as amina, desk.signed_in("mira.lindh") as mira:
        await _keep(desk, amina, {}, address="https://evil.example", name="<b>Vy</b>")
        page = await amina.get("/console/views")
        assert "evil.example" not in page.text
        assert "&lt;b&gt;Vy&lt;/b&gt;" in page.text
        assert "Vy&lt;" not in (await mira.get("/console/views")).text


async def test_nobody_hears_of_what_is_not_theirs(desk: Desk) -> None:
    """Changes of a service are there for whoever may read them; for others they are not there."""
    async with desk.signed_in("mira.lindh") as browser:
        assert (await browser.get("/console/live/mentoring")).status_code == 404
        assert (await browser.get("/console/live/unknown")).status_code == 404
        assert desk.watched.got == []
        async with browser.stream("GET", "/console/live/booking") as stream:
            assert stream.status_code == 200, "the right one is there"


async def test_a_stream_goes_on_where_it_stopped(desk: Desk) -> None:
    """Last-Event-ID reaches the service, and its id comes back."""
    async with desk.signed_in() as browser:
        asked = browser.stream("GET", "/console/live/booking", headers={"Last-Event-ID": "41"})
        async with asked as stream:
            assert await anext(stream.aiter_lines()) == "id: 411"


async def test_a_part_of_a_page_leads_the_whole_page_to_signing_in(desk: Desk) -> None:
    """A script that asks for a part after the session's end is told to take the page there."""
    async with desk.browser() as browser:
        answer = await browser.get("/console", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert answer.headers["hx-redirect"].startswith("/console/sign-in?")


@pytest.mark.parametrize(
    "path",
    [
        "/console",
        "/console/sessions",
        "/console/views",
        "/console/keys",
        "/console/search?q=x",
        "/console/signed-out",
        "/console/sign-in",
        "/console/nowhere",
    ],
)
async def test_every_answer_has_its_headers(desk: Desk, path: str) -> None:
    """Nothing of the console is stored, framed, sniffed, or lets anything inline run."""
    async with desk.signed_in() as browser:
        headers = (await browser.get(path)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_a_view_that_was_removed_can_be_kept_again(desk: Desk) -> None:
    """The page that says so holds its name and its address; a stranger's view stays theirs."""
    async with desk.signed_in() as browser:
        form = {"kvitto": desk.token_in(await browser.get("/console/views"))}
        kept = {"name": "Väntar länge", "address": "/console/bookings?state=waiting"}
        await browser.post("/console/views", data=form | kept)
        page = await browser.get("/console/views")
        [view] = re.findall(r'value="([^"]+)" aria-label="Ta bort: Väntar länge"', page.text)
        async with desk.signed_in("leyla.sjo") as other:
            theirs = {"kvitto": desk.token_in(await other.get("/console/views")), "view": view}
            refused = await other.post("/console/views/remove", data=theirs)
            assert "Vyn är borttagen." not in refused.text
        gone = await browser.post("/console/views/remove", data=form | {"view": view})
        assert "Vyn är borttagen." in gone.text
        again = hidden(gone.text)
        assert {name: again[name] for name in kept} == kept
        await browser.post("/console/views", data=again | form)
        assert "Väntar länge" in (await browser.get("/console/views")).text
