"""Nothing is changed by anybody else's page (CSRF), and every answer carries its headers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.web_front.conftest import LINK, Front, an_offer
from tests.integration.web_front.test_participants_pages import form_in

ACCEPTED = ("POST", "/v1/my-booking/offer/acceptance")


async def _answer(front: Front, headers: dict[str, str], **changed: Any) -> httpx.Response:
    front.behind.booking = an_offer()
    async with front.inside() as client:
        page = await client.get("/erbjudande")
        form = {"kvitto": form_in(page)["kvitto"], "svar": "ja"} | changed
        return await client.post("/erbjudande", data=form, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_another_sites_form_is_refused(front: Front, headers: dict[str, str]) -> None:
    """A form that the browser says comes from elsewhere changes nothing, even with our token."""
    refused = await _answer(front, headers)
    assert refused.status_code == 403
    assert ACCEPTED not in front.behind.got


@pytest.mark.parametrize("token", ["", "0" * 64, "åäö"])
async def test_a_wrong_token_is_refused(front: Front, token: str) -> None:
    """Without this session's own token nothing is changed, whatever the browser says."""
    refused = await _answer(front, {"Sec-Fetch-Site": "same-origin"}, kvitto=token)
    assert refused.status_code == 403
    assert ACCEPTED not in front.behind.got


async def test_another_sessions_token_is_refused(front: Front) -> None:
    """The token of one visit is of no use in another, even of the same booking."""
    front.behind.booking = an_offer()
    async with front.inside() as first, front.inside() as second:
        stolen = form_in(await first.get("/erbjudande"))["kvitto"]
        refused = await second.post("/erbjudande", data={"kvitto": stolen, "svar": "ja"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "null"}],
)
async def test_our_own_form_is_taken(front: Front, headers: dict[str, str]) -> None:
    """What browsers, old and new, send with our own form is enough."""
    assert (await _answer(front, headers)).status_code == 303
    assert ACCEPTED in front.behind.got


async def test_other_kinds_of_bodies_are_refused(front: Front) -> None:
    """A form only; JSON, files and plain text are not read at all."""
    async with front.inside() as client:
        for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
            refused = await client.post(
                "/min-bokning/avboka", content=b"{}", headers={"Content-Type": kind}
            )
            assert refused.status_code == 400


PATHS = [
    "/",
    "/min-bokning",
    "/min-bokning/avboka",
    "/erbjudande",
    "/inkorg",
    f"/m/{LINK}",
    "/lamna",
    "/finns-inte",
    "/static/pages.css",
    "/static/finns-inte",
    "/api/booking/v1/occasions",
    "/api/okand/v1/x",
    "/health/ready",
    "/metrics",
    "/v1/api-info",
]


@pytest.mark.parametrize("path", [*PATHS, "/console", "/console/finns-inte", "/program"])
async def test_head_is_get_without_its_body(front: Front, path: str) -> None:
    """Whoever looks whether a page is there is told the same, inside and outside."""
    for came_in in (front.inside(), front.client()):
        async with came_in as client:
            got, looked = await client.get(path), await client.head(path)
            assert (looked.status_code, looked.content) == (got.status_code, b"")
            for name in ("content-type", "location", "cache-control", "retry-after"):
                assert looked.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_has_its_headers(front: Front, path: str) -> None:
    """Inside or outside, right or wrong: framing, sniffing, referrers and foreign files are off."""
    async with front.inside() as client:
        answer = await client.get(path)
    headers = answer.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "server" not in headers
    if not path.startswith("/static/pages"):
        assert headers["cache-control"] == "no-store"


async def test_pages_hold_nothing_inline_and_nothing_foreign(front: Front) -> None:
    """No inline script or style, no address of another site, in any page."""
    front.behind.booking = an_offer()
    async with front.inside() as client:
        for path in PATHS[:5]:
            text = (await client.get(path)).text
            assert "http://" not in text
            assert "https://" not in text
            assert "style=" not in text
            assert "onclick" not in text
            assert "<script>" not in text


async def test_over_https_the_cookie_is_bound_to_the_host(front: Front) -> None:
    """Over https the cookie has the __Host- prefix and is Secure; plain loopback has neither."""
    from starlette.responses import Response

    from services.web.cookies import Cookies

    https = front.settings.model_copy(update={"front_door": "https://bokning.example"})
    seen = []
    for settings in (https, front.settings):
        answer = Response()
        Cookies(settings).give_session(answer, "x")
        seen.append(answer.headers["set-cookie"])
    assert seen[0].startswith("__Host-besok=x;")
    assert "Secure" in seen[0]
    assert "Path=/" in seen[0]
    assert "Domain" not in seen[0]
    assert not seen[1].startswith("__Host-")
