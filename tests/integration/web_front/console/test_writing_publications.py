"""Publications at the console: begun, written beside their page, released as they were seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_many_rows import hidden

EDITOR, COORDINATOR = "elsa.blad", "amina.lund"
AT = "/console/publications/att-vaga-fraga"
SV = {"title": "Att våga fråga", "summary": "Till dig.", "markdown": "# A"}
EN = {"title": "Daring to ask", "summary": "", "markdown": "# A"}
KNOWN: dict[str, Any] = {
    "id": "att-vaga-fraga",
    "kind": "brochure",
    "latest": "1.0.0",
    "editions": 1,
    "titles": {"sv": "Att våga fråga"},
    "version": 3,
    "draft": {"texts": {"sv": SV, "en": EN}, "pictures": {"kok.png": "0" * 32}},
}
SEEN = {"direction": "ltr", "html": "<h2>Så blir det</h2>", "editions": ["1.0.1"]}


class Publishing:
    """Answers as publishing does, keeps what was sent, and refuses when it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, Any]] = []
        self.refuse = 0
        self.etag = '"3"'

    async def said(self, request: Request) -> None:
        """The last thing that was sent, with its body."""
        path = "/" + request.path_params["path"]
        body = json.loads(await request.body() or b"null")
        self.sent.append((request.method, path, request.headers.get("if-match", ""), body))

    def __call__(self, request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method != "GET":
            return _Sent(self)
        answers: dict[str, Response] = {
            "/v1/publications": JSONResponse({"items": [KNOWN], "total": 1}),
            "/v1/publications/att-vaga-fraga": JSONResponse(KNOWN, headers={"ETag": self.etag}),
            "/v1/publications/att-vaga-fraga/draft/preview": JSONResponse(SEEN),
            "/v1/publications/att-vaga-fraga/draft/pdf": Response(b"%PDF-1.7"),
        }
        return answers.get(path)


class _Sent(Response):
    """Reads what came before it answers."""

    def __init__(self, publishing: Publishing) -> None:
        self._publishing = publishing

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._publishing.said(Request(scope, receive))
        shows = self._publishing.sent[-1][1].endswith("/previews")
        made: Any = SEEN if shows else {"id": "ny-bok"}
        status = self._publishing.refuse
        if status:
            made = {"type": "x/rule", "detail": "Det går inte."}
        await JSONResponse(made, status or 200)(scope, receive, send)


@pytest.fixture
def publishing(desk: Desk) -> Publishing:
    desk.watched.answer = Publishing()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/texts/sv", "Så blir sidan"), ("/texts/ar", "Så blir sidan"), ("/texts/sv/leaf", "Så blir")],
)
async def test_a_page_is_there_for_editors(
    desk: Desk, publishing: Publishing, path: str, shown: str
) -> None:
    """Editors write; others are told that it is not theirs, and nothing is asked."""
    await desk.is_only_for(f"publications/att-vaga-fraga{path}", EDITOR, COORDINATOR, shown)


async def test_one_is_begun_and_its_swedish_text_comes_next(
    desk: Desk, publishing: Publishing
) -> None:
    """A refusal keeps the address that was typed."""
    async with desk.signed_in(EDITOR) as browser:
        token = desk.token_in(await browser.get("/console/publications"))
        form = {"kvitto": token, "id": "ny-bok", "kind": "brochure", "once": "n" * 20}
        begun = await browser.post("/console/publications", data=form)
        assert begun.headers["location"] == "/console/publications/ny-bok/texts/sv"
        publishing.refuse = 422
        again = await browser.post("/console/publications", data=form)
        assert "Det går inte." in again.text
        assert 'value="ny-bok"' in again.text


async def test_a_language_is_written_beside_the_others(desk: Desk, publishing: Publishing) -> None:
    """The whole draft goes on the version that was seen; a conflict shows both, and loses none."""
    async with desk.signed_in(EDITOR) as browser:
        token = desk.token_in(await browser.get(f"{AT}/texts/sv"))
        form = {"kvitto": token, "version": '"3"', **SV, "markdown": "# Mitt\r\n\r\nB"}
        assert (await browser.post(f"{AT}/texts/sv", data=form)).status_code == 303
        method, path, seen, body = publishing.sent[-1]
        assert (method, path, seen) == ("PUT", "/v1/publications/att-vaga-fraga/draft", '"3"')
        assert body["texts"] == {"sv": {**SV, "markdown": "# Mitt\n\nB"}, "en": EN}
        assert body["pictures"] == KNOWN["draft"]["pictures"]
        removed = await browser.post(f"{AT}/texts/en/remove", data=form)
        assert f'action="{AT}/texts/en"' in removed.text, "it can be written again"
        again = hidden(removed.text)
        assert ({name: again[name] for name in EN}, again["version"]) == (EN, '"3"')
        assert publishing.sent[-1][3]["texts"] == {"sv": SV}
        publishing.etag = '"4"'
        told = len(publishing.sent)
        both = await browser.post(f"{AT}/texts/sv", data=form)
        assert both.status_code == 412
        assert "# Mitt" in both.text
        assert "<td># A</td>" in both.text
        assert 'name="version" value="&#34;4&#34;"' in both.text
        assert len(publishing.sent) == told, "nothing is written over"


async def test_unsaved_words_are_shown_in_a_frame_that_runs_nothing(
    desk: Desk, publishing: Publishing
) -> None:
    """It may show our style and run nothing; what must be mended is said in its place."""
    async with desk.signed_in(EDITOR) as browser:
        page = await browser.get(f"{AT}/texts/sv")
        assert "frame-src 'self'" in page.headers["content-security-policy"]
        form = {"kvitto": desk.token_in(page), **SV, "title": "Osparat"}
        leaf = await browser.post(f"{AT}/texts/sv/leaf", data=form)
        policy = leaf.headers["content-security-policy"]
        assert "Osparat" in leaf.text
        assert SEEN["html"] in leaf.text
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "script" not in policy
        assert "unsafe" not in policy
        assert [path for _, path, *_ in publishing.sent] == [
            "/v1/publications/att-vaga-fraga/previews"
        ]
        publishing.refuse = 422
        assert "Det går inte." in (await browser.post(f"{AT}/texts/sv/leaf", data=form)).text
        assert (await browser.get(f"{AT}/texts/sv/paper")).content == b"%PDF-1.7"


async def test_a_long_handbook_is_for_the_api_to_judge(desk: Desk, publishing: Publishing) -> None:
    """As many characters as the API takes come through, each as wide as a form can make it."""
    async with desk.signed_in(EDITOR) as browser:
        token = desk.token_in(await browser.get(f"{AT}/texts/sv"))
        widest = {"kvitto": token, "version": '"3"', **SV, "markdown": "ሰ" * 700_000}
        assert (await browser.post(f"{AT}/texts/sv", data=widest)).status_code == 303
        assert len(publishing.sent[-1][3]["texts"]["sv"]["markdown"]) == 700_000


async def test_an_edition_is_released_as_it_was_seen(desk: Desk, publishing: Publishing) -> None:
    """Its notes go along; when the draft is another by now, both stand beside each other."""
    async with desk.signed_in(EDITOR) as browser:
        page = await browser.get(AT)
        assert 'name="stood_sv" value="Att våga fråga · 3 tecken"' in page.text
        form = {"kvitto": desk.token_in(page), "version": '"2"', "once": "q" * 20}
        form |= {"edition": "1.0.1", "changes_sv": "Nytt", "latest": "0.9.0", "stood_sv": "Förr"}
        assert (await browser.post(f"{AT}/editions", data=form)).status_code == 303
        _, path, seen, body = publishing.sent[-1]
        assert (path, seen) == ("/v1/publications/att-vaga-fraga/editions", '"2"')
        assert body == {"edition": "1.0.1", "changes": {"sv": "Nytt"}}
        publishing.refuse = 412
        both = await browser.post(f"{AT}/editions", data=form)
        assert both.status_code == 412
        for said in ("Att våga fråga · 3 tecken", "Förr", "Nytt", "0.9.0", "1.0.0", "1.0.1"):
            assert said in both.text
        assert 'name="version" value="&#34;3&#34;"' in both.text
