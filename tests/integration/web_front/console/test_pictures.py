"""Pictures put up at the console: whole, with words for who does not see them, in a text."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.publishing.domain.blocks import ImageBlock, blocks_of
from services.publishing.domain.manuscript import Picture
from services.publishing.typesetting.read_markdown import read
from services.web.staff import pictures
from services.web.staff.pictures import Described
from tests.integration.web_front.console.conftest import Desk

EDITOR, COORDINATOR = "elsa.blad", "amina.lund"
AT = "/console/publications/att-vaga-fraga/pictures"
LETTER = "/console/newsletters/n1/texts/sv/pictures"
SV = {"title": "Att våga fråga", "summary": "", "markdown": "# A\n\n![Ett kök](kok.png)"}
NEWSLETTER = {"id": "n1", "list_id": "skolor", "state": "draft", "version": 2}
WORDS = {"words": "Två unga\r\nvid ett bord", "name": "Bordet i Malmö.JPG", "caption": "Onsdag"}
BYTES = random.Random(6).randbytes(40_000) + b"\r\n--\n\r"
IMAGE = "ab" * 16


class Publishing:
    """Keeps a draft and a letter, and what was put up."""

    def __init__(self) -> None:
        self.draft: dict[str, Any] = {"texts": {"sv": SV}, "pictures": {"kok.png": "0" * 32}}
        self.letter = {"subject": "Våren", "markdown": "Hej"}
        self.put_up: list[bytes] = []
        self.version = self.too_late = 0
        self.refuse = ""

    def __call__(self, request: Request) -> Response | None:
        path, tag = "/" + request.path_params["path"], {"ETag": f'"{self.version}"'}
        known = {"id": "att-vaga-fraga", "kind": "brochure", "latest": None, "editions": 0}
        if request.method != "GET":
            return _Sent(self)
        if path == "/v1/publications/att-vaga-fraga":
            return JSONResponse({**known, "titles": {}, "draft": self.draft}, headers=tag)
        if path == "/v1/newsletters/n1":
            return JSONResponse({**NEWSLETTER, "texts": {"sv": self.letter}}, headers=tag)
        return None


class _Sent(Response):
    """Reads what came before it answers."""

    def __init__(self, publishing: Publishing) -> None:
        self._to = publishing

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request, to = Request(scope, receive), self._to
        path, body = scope["path"], await request.body()
        status, said = 200, {}
        if path.endswith("/v1/images"):
            to.put_up.append(body)
            said = {"id": IMAGE, "media_type": "image/jpeg"}
            if to.refuse:
                status, said = 422, {"type": "x/not-an-image", "detail": to.refuse}
        elif to.too_late:
            to.too_late, to.version = to.too_late - 1, to.version + 1
            status, said = 412, {"type": "x/version-conflict", "detail": ""}
        elif request.headers["if-match"] == f'"{to.version}"':
            if path.endswith("/draft"):
                to.draft = json.loads(body)
            else:
                to.letter = json.loads(body)
        await JSONResponse(said, status)(scope, receive, send)


@pytest.fixture
def publishing(desk: Desk) -> Publishing:
    desk.watched.answer = Publishing()
    return desk.watched.answer


async def test_a_picture_is_put_up_and_stands_in_the_text(
    desk: Desk, publishing: Publishing
) -> None:
    """Byte for byte as it was chosen; its line is last, and a change meanwhile is not lost."""
    publishing.too_late = 1
    async with desk.signed_in(EDITOR) as browser:
        form = {"kvitto": desk.token_in(await browser.get(AT)), **WORDS, "language": "sv"}
        done = await browser.post(AT, data=form, files={"file": ("IMG_1.jpg", BYTES)})
        assert (done.status_code, done.headers["location"]) == (303, f"{AT}?done=kept")
        assert publishing.put_up == [BYTES]
        assert publishing.draft["pictures"] == {"kok.png": "0" * 32, "bordet-i-malmo.jpg": IMAGE}
        line = '![Två unga vid ett bord](bordet-i-malmo.jpg "Onsdag")'
        assert publishing.draft["texts"]["sv"]["markdown"] == f"{SV['markdown']}\n\n{line}\n"
        page = (await browser.get(AT)).text
        assert f'src="/bilder/{IMAGE}"' in page
        assert page.count("visas på") == 2
        form["name"] = "kok"
        publishing.draft["pictures"]["kok.jpg"] = "1" * 32
        taken = await browser.post(AT, data=form, files={"file": ("x.jpg", BYTES)})
        assert (taken.status_code, "heter redan så" in taken.text) == (422, True)
        publishing.too_late, form["name"] = 9, "annan"
        late = await browser.post(AT, data=form, files={"file": ("x.jpg", BYTES)})
        assert (late.status_code, "Två unga vid ett bord" in late.text) == (412, True)


@pytest.mark.parametrize("at", [AT, LETTER])
async def test_nothing_is_put_up_without_words(desk: Desk, publishing: Publishing, at: str) -> None:
    """Nor without a file; what the service says no to is said in its words; nothing is changed."""
    before = publishing.draft, publishing.letter
    async with desk.signed_in(EDITOR) as browser:
        form = {"kvitto": desk.token_in(await browser.get(at)), **WORDS}
        for missing, file in (({"words": " "}, BYTES), ({"words": "x" * 301}, BYTES), ({}, b"")):
            sent = {**form, **missing}
            no = await browser.post(at, data=sent, files={"file": ("x.png", file)})
            assert (no.status_code, 'class="fault"' in no.text) == (422, True)
        assert publishing.put_up == []
        publishing.refuse = "Filen är inte en hel PNG- eller JPEG-bild."
        no = await browser.post(at, data=form, files={"file": ("x.svg", b"<svg onload=a()>")})
        assert (no.status_code, publishing.refuse in no.text) == (422, True)
    assert (publishing.draft, publishing.letter) == before


async def test_what_a_text_shows_is_not_removed(desk: Desk, publishing: Publishing) -> None:
    """A picture that no text shows goes; one that is shown stays, also by a form made by hand."""
    publishing.draft["pictures"]["lost.png"] = "2" * 32
    async with desk.signed_in(EDITOR) as browser:
        page = await browser.get(AT)
        assert page.text.count('name="file" value="') == 1
        for file in ("kok.png", "lost.png"):
            form = {"kvitto": desk.token_in(page), "file": file}
            assert (await browser.post(f"{AT}/remove", data=form)).status_code == 303
    assert publishing.draft["pictures"] == {"kok.png": "0" * 32}


async def test_a_newsletter_gets_its_block(desk: Desk, publishing: Publishing) -> None:
    """At the end of the text, as its reader knows it."""
    async with desk.signed_in(EDITOR) as browser:
        form = {"kvitto": desk.token_in(await browser.get(LETTER)), **WORDS}
        done = await browser.post(LETTER, data=form, files={"file": ("x.jpg", BYTES)})
        assert done.headers["location"] == "/console/newsletters/n1/texts/sv?done=kept"
    assert publishing.put_up == [BYTES]
    assert publishing.letter["subject"] == "Våren"
    assert publishing.letter["markdown"].startswith("Hej\n\n::: bild\n")
    [found] = blocks_of(publishing.letter["markdown"])
    assert found.block == ImageBlock(IMAGE, "Två unga vid ett bord", "Onsdag")


@pytest.mark.parametrize("at", [AT, LETTER])
async def test_only_editors_put_up_pictures(desk: Desk, publishing: Publishing, at: str) -> None:
    """Nobody else sees the page."""
    path = at.removeprefix("/console/")
    await desk.is_only_for(path, EDITOR, COORDINATOR, "Vad visar bilden?")


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("a å\\`*_[]()<>&!\"#~|;/:lt{}'$^-+.1"), min_size=1, max_size=30),
    st.text(st.sampled_from('a "\\*_)]&;'), max_size=12),
)
def test_words_stay_words(words: str, caption: str) -> None:
    """Whatever is written of a picture, the text's reader reads the same, and nothing else."""
    told = Described(b"x", " ".join(words.split()), " ".join(caption.split()))
    if told.words:
        line = pictures.in_a_publication(told, "kok.png")
        assert read(line) == (Picture("kok.png", told.words, told.caption),)
        assert pictures.shown_in([("sv", line)], "kok.png") == ["sv"]
