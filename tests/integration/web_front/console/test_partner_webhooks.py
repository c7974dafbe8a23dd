"""A partner's webhook at the console: how it does, and helping it along."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_network_and_print import (
    AT,
    AUDITOR,
    COORDINATOR,
    EDITOR,
    OPERATOR,
    Publishing,
    listed,
)

HOOK: dict[str, Any] = {
    "id": "0190b6c6-0000-7000-9000-000000000009",
    "url": "https://mottagare.partner.example/in",
    "only": {"types": [], "places": []},
    "thin": True,
    "off": None,
    "off_at": None,
    "off_by": "",
    "read_up_to": 120,
    "open": 1,
    "failing": 2,
    "last_taken_at": AT,
    "version": 1,
    "waiting": [{"position": 118, "event_id": "e118", "failures": 2, "due_at": AT}],
    "given_up": [{"position": 40, "event_id": "e40"}],
}
TRIES = [
    {"event_id": "e118", "kind": "entry", "status": 503, "why": "", "milliseconds": 41, "at": AT},
    {"event_id": "p", "kind": "ping", "status": 0, "why": "timeout", "milliseconds": 9, "at": AT},
]
HOOK_AT = f"partners/ran-nord/webhooks/{HOOK['id']}"


class WithWebhook(Publishing):
    """Answers for a partner's webhook too."""

    hook = HOOK

    def __call__(self, request: Request) -> Response | None:
        answers: dict[str, Response] = {
            "/v1/partners/ran-nord/webhooks": JSONResponse({"items": [HOOK]}),
            f"/v1/{HOOK_AT}": JSONResponse(self.hook),
            f"/v1/{HOOK_AT}/attempts": listed(*TRIES),
            f"/v1/{HOOK_AT}/replay-preview": JSONResponse(
                {"after": 40, "upto": 120, "entries": 63}
            ),
        }
        path = "/" + request.path_params["path"]
        ours = answers.get(path) if request.method == "GET" else None
        return ours or super().__call__(request)


@pytest.fixture
def publishing(desk: Desk) -> WithWebhook:
    desk.watched.answer = WithWebhook()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "may", "may_not", "shown"),
    [
        ("partners/ran-nord", AUDITOR, COORDINATOR, "mottagare.partner.example"),
        (HOOK_AT, AUDITOR, COORDINATOR, "inget svar i tid"),
        (f"{HOOK_AT}/replay?after=40", OPERATOR, AUDITOR, "Spela upp 63 poster igen?"),
    ],
)
async def test_a_page_is_there_for_whoever_may(
    desk: Desk, publishing: WithWebhook, path: str, may: str, may_not: str, shown: str
) -> None:
    """One role sees the page; another is told that it is not theirs, and no service is asked."""
    await desk.is_only_for(path, may, may_not, shown)


async def test_a_key_that_was_shown_is_not_shown_by_a_second_press(
    desk: Desk, publishing: WithWebhook
) -> None:
    """The service makes no second key and tells nobody the first; the page says what to do."""
    at = "/console/partners/ran-nord"
    publishing.made = {"key": None, "id": "4Xy7Kq2LmN", "expires_at": None}
    async with desk.signed_in(OPERATOR) as browser:
        token = desk.token_in(await browser.get(at))
        again = await browser.post(f"{at}/keys", data={"kvitto": token, "once": "n" * 20})
        assert "har redan visats" in again.text


async def test_whoever_looks_sees_who_switched_it_off(desk: Desk, publishing: WithWebhook) -> None:
    """By name and time; and only when it was one of us."""
    async with desk.signed_in(AUDITOR) as browser:
        assert "Avstängd av" not in (await browser.get(f"/console/{HOOK_AT}")).text
        publishing.hook = {**HOOK, "off": "by-staff", "off_at": AT, "off_by": "olle.drift"}
        page = (await browser.get(f"/console/{HOOK_AT}")).text
        assert "Avstängd av" in page
        assert "olle.drift" in page


async def test_a_webhook_is_helped_along(desk: Desk, publishing: WithWebhook) -> None:
    """Tested, one entry again, switched, replayed after the count; an auditor has no button."""
    at, api = f"/console/{HOOK_AT}", f"/v1/{HOOK_AT}"
    async with desk.signed_in(EDITOR) as browser:
        page = await browser.get(at)
        form = {"kvitto": desk.token_in(page), "once": "r" * 20}
        for said, path in (
            ({"do": "test"}, "pings"),
            ({"event": "e40"}, "resends"),
            ({"do": "off"}, "deactivation"),
            ({"do": "on"}, "activation"),
        ):
            done = await browser.post(at, data={**form, **said})
            assert done.status_code == 303
            assert publishing.sent[-1][:2] == ("POST", f"{api}/{path}")
        sure = await browser.get(f"{at}/replay?since=2027-01-11")
        assert 'name="after" value="40"' in sure.text
        done = await browser.post(f"{at}/replay", data={**form, "after": "40"})
        assert done.headers["location"].endswith("?done=replay")
        assert publishing.sent[-1][:2] == ("POST", f"{api}/replays")
        publishing.refuse = 409
        refused = await browser.post(at, data={**form, "do": "test"})
        assert (refused.status_code, "Det går inte." in refused.text) == (409, True)
    async with desk.signed_in(AUDITOR) as browser:
        page = await browser.get(at)
        assert "e118" in page.text
        for button in ('value="test"', 'value="off"', 'name="event"', "/replay"):
            assert button not in page.text
