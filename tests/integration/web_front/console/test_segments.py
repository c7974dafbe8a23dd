"""Segments at the console: asked in a form, counted before they are kept, changed as they stood."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_many_rows import hidden

EDITOR, OPERATOR = "elsa.blad", "rut.drift"
ID, DEEP = "0190f5c2-6f0e-7000-8000-0000000000a1", "0190f5c2-6f0e-7000-8000-0000000000a2"
AT = f"/console/segments/{ID}"
LIST = {"id": "skolor", "names": {"sv": "Nyheter för skolor"}}
SAVED = {"id": ID, "name": "I Malmö", "segment": {"is": "municipality", "values": ["Malmö"]}}
NESTED = {"any": [{"is": "tag", "values": ["a"]}, {"is": "role", "values": ["b"]}]}


class Publishing:
    """Answers as publishing does, keeps what was sent, and refuses when it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, Any]] = []
        self.refuse, self.count = 0, 1240

    def __call__(self, request: Request) -> Response | None:
        if request.method != "GET":
            return _Sent(self)
        answers = {
            "/v1/lists": {"items": [LIST], "total": 1},
            "/v1/segments": {
                "items": [SAVED, {**SAVED, "id": DEEP, "segment": NESTED}],
                "total": 2,
            },
            f"/v1/segments/{ID}": SAVED,
            f"/v1/segments/{DEEP}": {**SAVED, "id": DEEP, "name": "Djup", "segment": NESTED},
        }
        found = answers.get("/" + request.path_params["path"])
        return JSONResponse(found, headers={"ETag": '"7"'}) if found else None


class _Sent(Response):
    """Reads what came before it answers."""

    def __init__(self, publishing: Publishing) -> None:
        self._to = publishing

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        asked, path = Request(scope, receive), "/" + scope["path_params"]["path"]
        body = json.loads(await asked.body() or b"null")
        self._to.sent.append((asked.method, path, asked.headers.get("if-match", ""), body))
        counts = path == "/v1/segment-counts"
        status = 200 if counts else self._to.refuse or 200
        said = {"detail": "Ge urvalet ett namn.", "type": "x/rule", "count": self._to.count}
        await JSONResponse(said, status)(scope, receive, send)


@pytest.fixture
def publishing(desk: Desk) -> Publishing:
    desk.watched.answer = Publishing()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("segments", "en sammansatt fråga"),
        ("segments/new", "1\xa0240"),
        (f"segments/{ID}", "Malmö"),
    ],
)
async def test_a_page_is_there_for_editors(
    desk: Desk, publishing: Publishing, path: str, shown: str
) -> None:
    """Editors see it with how many they are; others are told no, and nothing is asked."""
    await desk.is_only_for(path, EDITOR, OPERATOR, shown)


async def test_a_question_is_counted_before_it_is_kept(desk: Desk, publishing: Publishing) -> None:
    """As one writes, or by a press without scripts; a handful is not told, nothing is kept."""
    async with desk.signed_in(EDITOR) as browser:
        page = await browser.get("/console/segments/new")
        form = {"kvitto": desk.token_in(page), "name": "Lärare", "among_role": "lärare, rektor"}
        form |= {"not_tag": "vilande", "since": "2027-06-01"}
        publishing.sent.clear()
        whole = await browser.post("/console/segments/new/count", data=form)
        assert "1\xa0240" in whole.text
        assert 'value="lärare, rektor"' in whole.text
        publishing.count = None  # type: ignore[assignment]
        part = await browser.post(
            "/console/segments/new/count", data=form, headers={"HX-Request": "true"}
        )
        assert "färre än fem" in part.text
        assert "<html" not in part.text
        asked = {
            "all": [
                {"is": "role", "values": ["lärare", "rektor"]},
                {"not": {"is": "tag", "values": ["vilande"]}},
                {"since": "2027-06-01T00:00:00+02:00"},
            ]
        }
        wanted = ("POST", "/v1/segment-counts", "", {"list_id": "skolor", "segment": asked})
        assert publishing.sent == [wanted, wanted]
        kept = await browser.post("/console/segments/new", data=form)
        assert kept.status_code == 303
        assert publishing.sent[-1] == (
            "POST", "/v1/segments", "", {"name": "Lärare", "segment": asked},
        )  # fmt: skip
        no_day = await browser.post("/console/segments/new", data={**form, "since": "igår"})
        assert no_day.status_code == 422
        assert "Skriv dagen som" in no_day.text


async def test_one_is_changed_on_the_version_that_was_seen(
    desk: Desk, publishing: Publishing
) -> None:
    """A refusal keeps what was typed; a conflict shows both, for a change and for taking away."""
    async with desk.signed_in(EDITOR) as browser:
        form = {"kvitto": desk.token_in(await browser.get(AT)), "version": '"6"', "name": "Mitt"}
        form["among_municipality"] = "Lund"
        assert (await browser.post(AT, data=form)).status_code == 303
        assert publishing.sent[-1][:3] == ("PUT", f"/v1/segments/{ID}", '"6"')
        publishing.refuse = 422
        assert "Ge urvalet ett namn." in (await browser.post(AT, data=form)).text
        publishing.refuse = 412
        for wish in ("", "/remove"):
            both = await browser.post(AT + wish, data=form)
            assert both.status_code == 412
            assert f'action="{AT}{wish}"' in both.text
            assert "<td>Malmö</td>" in both.text
            assert 'name="version" value="&#34;7&#34;"' in both.text
        publishing.refuse = 0
        removed = await browser.post(f"{AT}/remove", data=form)
        assert 'action="/console/segments/new"' in removed.text, "it can be kept again"
        assert hidden(removed.text)["among_municipality"] == "Malmö"
        assert publishing.sent[-1][:3] == ("DELETE", f"/v1/segments/{ID}", '"6"')


async def test_what_no_form_can_ask_is_kept_as_it_is(desk: Desk, publishing: Publishing) -> None:
    """A nested question is renamed and not rewritten."""
    at = f"/console/segments/{DEEP}"
    async with desk.signed_in(EDITOR) as browser:
        page = await browser.get(at)
        assert 'name="among_tag"' not in page.text
        form = {"kvitto": desk.token_in(page), "version": '"7"', "name": "Nytt namn"}
        assert (await browser.post(at, data=form)).status_code == 303
        assert publishing.sent[-1][3] == {"name": "Nytt namn", "segment": NESTED}
