"""A press that cannot be undone asks first: what it will mean, and the same form once more."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.web.wording import WORDS
from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_many_rows import hidden

TEMPLATES = Path(__file__).resolve().parents[4] / "services" / "web" / "templates" / "staff"
ORDER = {"id": "o1", "number": "k7qp 3xma", "school": "Skolan", "state": "received"}


async def test_nothing_is_done_before_it_is_meant(desk: Desk) -> None:
    """The first press shows what it means and asks no service; the second does it, once."""
    sent: list[tuple[str, str]] = []

    def answer(request: Request) -> Response | None:
        if request.method != "GET":
            sent.append((request.method, "/" + request.path_params["path"]))
            return JSONResponse({})
        return None

    desk.watched.answer = answer
    at = "/console/partners/cews"
    async with desk.signed_in("rut.drift") as browser:
        token = desk.token_in(await browser.get("/console"))
        form = {"kvitto": token, "key": "k1", "ask": "staff_sure_key", "ask-back": at}
        asked = await browser.post(f"{at}/keys/revoke", data=form)
        assert asked.status_code == 200
        assert "Återkalla nyckeln?" in asked.text
        assert f'href="{at}"' in asked.text
        assert sent == []
        again = {**hidden(asked.text), "kvitto": token}
        assert (again["key"], "ask" in again) == ("k1", False)
        done = await browser.post(f"{at}/keys/revoke", data=again)
        assert done.status_code == 303
        elsewhere = await browser.post(
            f"{at}/keys/revoke", data={**form, "ask-back": "https://evil.example/"}
        )
        assert "evil" not in elsewhere.text
    assert sent == [("DELETE", "/v1/partners/cews/keys/k1")]


async def test_of_several_buttons_only_the_one_that_is_named_asks(desk: Desk) -> None:
    """Packed goes through at once; to cancel the order asks."""
    sent: list[str] = []

    def answer(request: Request) -> Response | None:
        if request.method != "GET":
            sent.append("/" + request.path_params["path"])
        return JSONResponse(ORDER, headers={"ETag": '"2"'})

    desk.watched.answer = answer
    at = "/console/print-orders/o1/state"
    async with desk.signed_in() as browser:
        token = desk.token_in(await browser.get("/console"))
        form = {"kvitto": token, "version": '"2"', "once": "n" * 20}
        form |= {"ask": "staff_sure_order", "ask-when": "state=cancelled"}
        await browser.post(at, data=form | {"state": "packed"})
        assert sent == ["/v1/print-orders/o1/state"]
        asked = await browser.post(at, data=form | {"state": "cancelled"})
        assert "Avboka beställningen?" in asked.text
        assert hidden(asked.text)["version"] == '"2"'
    assert len(sent) == 1


def test_every_press_that_asks_says_what_it_means() -> None:
    """A template that names no words of ours fails here, not in front of somebody."""
    asks = re.compile(r'part\.asks\("([a-z_]+)"')
    named = {each for page in TEMPLATES.rglob("*.html") for each in asks.findall(page.read_text())}
    assert len(named) > 5
    needed = {f"staff_sure_{name}{part}" for name in named for part in ("", "_text")}
    assert [needed - set(WORDS[language]) for language in ("sv", "en")] == [set(), set()]
