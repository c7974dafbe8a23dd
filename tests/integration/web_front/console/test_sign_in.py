"""Coming in: only by the provider, only in the browser that began, and never to another site."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
import pytest

from services.web.staff.sign_in import inside
from shared.kernel.clock import real_now
from tests.integration.web_front.console.conftest import Desk


async def test_somebody_signs_in_and_is_where_they_were_going(desk: Desk) -> None:
    """Asked to sign in on the way to a page, one comes to that page; the code flow has PKCE."""
    async with desk.browser() as browser:
        page = await desk.way_in(browser, "/console/sessions?x=1")
        asked = parse_qs(urlsplit(str(page.url)).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["response_type"] == ["code"]
        back = await desk.chosen(browser, page, "amina.lund")
        answer = await browser.get(back)
        assert answer.headers["location"] == "/console/sessions?x=1"
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("personal-"))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        shown = await browser.get("/console/sessions")
        assert "Amina Lund" in shown.text


@pytest.mark.parametrize(
    "next_one",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/console//evil.example",
        "/console\\@evil.example",
        "/console/../../evil",
        "/console?x=https://evil.example",
        "/consoleevil",
        "javascript:alert(1)",
        "/console\r\nX: y",
        "/console/" + "a" * 1000,
        "",
    ],
)
def test_after_signing_in_nobody_is_led_away(next_one: str) -> None:
    """Whatever the address asks for, only a page of the console's follows."""
    led = inside(next_one)
    assert led == "/console" or led.startswith("/console/.")
    assert urlsplit(led).netloc == ""


async def test_a_way_back_that_was_asked_for_by_somebody_else_is_refused(desk: Desk) -> None:
    """Without the cookie of the browser that began, with another state, or twice: no session."""
    async with desk.browser() as browser, desk.browser() as other:
        back = await desk.chosen(browser, await desk.way_in(browser), "amina.lund")
        forced = await other.get(back)
        assert forced.status_code == 400
        parts = urlsplit(back)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        changed = f"{parts.path}?{urlencode({**asked, 'state': 'x' * 43})}"
        assert (await browser.get(changed)).status_code == 400
        assert (await browser.get(back)).status_code == 303, "the right one is taken"
        assert (await browser.get(back)).status_code == 400, "once"
        for client in (other,):
            assert not [name for name in client.cookies if name.startswith("personal-")]


async def test_an_answer_from_another_issuer_is_refused(desk: Desk) -> None:
    """The answer says who gave it (RFC 9207), and only our issuer's is taken."""
    async with desk.browser() as browser:
        back = await desk.chosen(browser, await desk.way_in(browser), "amina.lund")
        wrong = back.replace(quote(desk.provider, safe=""), quote("https://evil.example", safe=""))
        assert wrong != back
        assert (await browser.get(wrong)).status_code == 400


async def test_each_sign_in_is_a_new_session(desk: Desk) -> None:
    """Whatever cookie somebody brings, they get a new one, and the old one is of no use."""
    async with desk.signed_in() as browser:
        name = next(each for each in browser.cookies if each.startswith("personal-"))
        before = browser.cookies[name]
        back = await desk.chosen(browser, await desk_again(desk, browser), "amina.lund")
        await browser.get(back)
        assert browser.cookies[name] != before
        async with httpx.AsyncClient(base_url=desk.url, cookies={name: before}) as old:
            assert (await old.get("/console/sessions")).status_code == 303


async def desk_again(desk: Desk, browser: httpx.AsyncClient) -> httpx.Response:
    """The provider's page, for somebody who is signed in already."""
    at_provider = await browser.get("/console/sign-in")
    return await browser.get(at_provider.headers["location"])


async def test_signing_out_ends_it_here_and_there(desk: Desk) -> None:
    """Afterwards the cookie opens nothing, the provider's tokens are void, the browser forgets."""
    async with desk.signed_in() as browser:
        cookies = dict(browser.cookies)
        page = await browser.get("/console/sessions")
        out = await browser.post("/console/sign-out", data={"kvitto": desk.token_in(page)})
        assert out.status_code == 303
        assert out.headers["location"].startswith(f"{desk.provider}/end-session?")
        assert "token" not in out.headers["location"]
        assert '"cache"' in out.headers["clear-site-data"]
        async with httpx.AsyncClient(base_url=desk.url, cookies=cookies) as again:
            assert (await again.get("/console/sessions")).status_code == 303


async def test_a_fresh_sign_in_asks_the_provider_for_a_new_proof(desk: Desk) -> None:
    """Who signed in long ago proves it again, comes back to where they were, and is let in."""
    async with desk.signed_in("karin.holm") as karin:
        assert (await karin.get("/console/emergency")).status_code == 200
        old = real_now() - timedelta(hours=1)
        await desk.database["staff_sessions"].update_many({}, {"$set": {"proved_at": old}})
        asked = await karin.get("/console/emergency")
        assert asked.status_code == 303
        at_provider = await karin.get(asked.headers["location"])
        wanted = at_provider.headers["location"]
        assert "prompt=login" in wanted
        assert "max_age=0" in wanted
        back = await desk.chosen(karin, await karin.get(wanted), "karin.holm")
        answer = await karin.get(back)
        assert answer.headers["location"] == "/console/emergency"
        assert (await karin.get("/console/emergency")).status_code == 200
