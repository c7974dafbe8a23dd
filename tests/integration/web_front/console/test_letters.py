"""Newsletters and mailings at the console: written, looked at, sent, by whoever may."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_many_rows import hidden

ID = "0190f5c2-6f0e-7000-8000-000000000001"
RUN = "0190f5c2-6f0e-7000-8000-000000000011"
EDITOR, OPERATOR, COORDINATOR, LEADER = "elsa.blad", "rut.drift", "amina.lund", "mira.lindh"
LIST = {
    "id": "skolor",
    "names": {"sv": "Nyheter för skolor"},
    "about": {"sv": "En gång i månaden."},
    "consent": {"sv": "Ja tack."},
    "is_open": True,
    "version": 1,
}
LETTER: dict[str, Any] = {
    "id": ID,
    "list_id": "skolor",
    "state": "draft",
    "texts": {"sv": {"subject": "Vårens kvällar", "markdown": "# Hej!"}},
    "segment": {"all": []},
    "published_at": None,
    "redacted_at": None,
    "redacted_because": None,
    "version": 3,
}
MAILING: dict[str, Any] = {
    "id": RUN,
    "newsletter_id": ID,
    "list_id": "skolor",
    "state": "running",
    "stall": None,
    "send_at": None,
    "per_minute": None,
    "recipients": 20000,
    "started_at": "2027-01-14T10:00:00Z",
    "ended_at": None,
    "version": 3,
}
PROGRESS: dict[str, Any] = {
    "id": RUN,
    "state": "running",
    "stall": None,
    "recipients": 20000,
    "waiting": 12000,
    "in_hand": 50,
    "accepted": 7900,
    "bounced": 30,
    "suppressed": 19,
    "uncertain": 1,
    "codes": [{"code": "550 5.1.1", "count": 30}],
    "per_second": 812.5,
    "seconds_left": 15,
}
OUTCOME = {
    "recipient_id": "8000dead-beef-0000-0000-000000010002",
    "state": "bounced",
    "code": "550 5.1.1",
    "cause": None,
    "attempts": 1,
}
PREVIEW: dict[str, Any] = {
    "language": "sv",
    "direction": "ltr",
    "subject": "Vårens kvällar",
    "html": "<!DOCTYPE html><title>x</title><style>a{color:red}</style><script>x()</script>Brevet",
    "text": "Hej!",
    "findings": [
        {"kind": "k", "severity": "advice", "line": 7, "sv": "Länken säger lite.", "en": "Link."}
    ],
}


def listed(*items: Any) -> JSONResponse:
    return JSONResponse({"items": list(items), "total": len(items), "limit": 25, "offset": 0})


class Publishing:
    """Answers as publishing does, keeps what was sent, and refuses when it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, str]]] = []
        self.refuse: tuple[int, str] | None = None

    def __call__(self, request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method != "GET":
            self.sent.append((request.method, path, dict(request.headers)))
            if self.refuse and path != "/v1/previews":
                said = {"type": "https://x.example/rule", "detail": self.refuse[1]}
                return JSONResponse(said, self.refuse[0])
            made = PREVIEW if path == "/v1/previews" else {"id": ID}
            return JSONResponse(made, headers={"ETag": '"4"'})
        answers: dict[str, Response] = {
            "/v1/lists": listed(LIST),
            "/v1/lists/skolor": JSONResponse(LIST, headers={"ETag": '"1"'}),
            "/v1/newsletters": listed({**LETTER, "subjects": {"sv": "Vårens kvällar"}}),
            f"/v1/newsletters/{ID}": JSONResponse(LETTER, headers={"ETag": '"3"'}),
            f"/v1/newsletters/{ID}/previews": JSONResponse({"items": [PREVIEW]}),
            "/v1/mailings": listed(MAILING),
            f"/v1/mailings/{RUN}": JSONResponse(MAILING, headers={"ETag": '"3"'}),
            f"/v1/mailings/{RUN}/progress": JSONResponse(PROGRESS),
            f"/v1/mailings/{RUN}/outcomes": listed(OUTCOME),
            f"/v1/mailings/{RUN}/recipient-count": JSONResponse({"recipients": 20000}),
            "/v1/suppressions": JSONResponse({"asked-never-again": 31, "complaint": None}),
        }
        return answers.get(path)


@pytest.fixture
def publishing(desk: Desk) -> Publishing:
    desk.watched.answer = Publishing()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "may", "may_not", "shown"),
    [
        ("newsletters", EDITOR, OPERATOR, "Vårens kvällar"),
        (f"newsletters/{ID}", EDITOR, COORDINATOR, "Testbrev"),
        (f"newsletters/{ID}/texts/sv", EDITOR, OPERATOR, "Länken säger lite."),
        ("mailings", OPERATOR, COORDINATOR, "på väg"),
        (f"mailings/{RUN}", OPERATOR, LEADER, "550 5.1.1"),
        ("lists", COORDINATOR, LEADER, "Nyheter för skolor"),
        ("lists/skolor", EDITOR, COORDINATOR, "En gång i månaden."),
        (f"mailings/{RUN}/cancel", EDITOR, OPERATOR, "Avbryta utskicket?"),
    ],
)
async def test_a_page_is_there_for_whoever_may(
    desk: Desk, publishing: Publishing, path: str, may: str, may_not: str, shown: str
) -> None:
    """One role sees the page; another is told that it is not theirs, and nothing is asked."""
    await desk.is_only_for(path, may, may_not, shown)


async def test_who_may_only_look_gets_no_control(desk: Desk, publishing: Publishing) -> None:
    """An operator sees how far a mailing has come, and no button that editors have."""
    async with desk.signed_in(OPERATOR) as browser:
        page = (await browser.get(f"/console/mailings/{RUN}")).text
        assert "812" in page
        assert "15 s kvar" in page
        assert 'name="do"' not in page
        assert "another-try" not in page
    async with desk.signed_in(EDITOR) as browser:
        page = (await browser.get(f"/console/mailings/{RUN}")).text
        assert 'value="pause"' in page
        assert 'hx-trigger="every 2s"' in page, "it looks again by itself"


async def test_the_letter_stands_in_a_frame_without_rights(
    desk: Desk, publishing: Publishing
) -> None:
    """The letter may run nothing and load nothing; only its own style is let in, by its hash."""
    async with desk.signed_in(EDITOR) as browser:
        at = f"/console/newsletters/{ID}/texts/sv"
        page = await browser.get(at)
        assert "frame-src 'self'" in page.headers["content-security-policy"]
        assert "<iframe" in page.text
        assert " sandbox " in page.text
        form = {"kvitto": desk.token_in(page), "subject": "Nytt", "markdown": "# Nytt"}
        letter = await browser.post(f"{at}/letter", data=form)
        policy = letter.headers["content-security-policy"]
        assert "Brevet" in letter.text
        assert policy.endswith("sandbox")
        assert "default-src 'none'" in policy
        assert "style-src 'sha256-" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        found = await browser.post(f"{at}/findings", data=form)
        assert "Länken säger lite." in found.text
        assert {path for _, path, _ in publishing.sent} == {"/v1/previews"}, "nothing is kept"


async def test_words_are_kept_on_the_version_that_was_seen(
    desk: Desk, publishing: Publishing
) -> None:
    """If-Match goes along; a refusal keeps what was typed; a conflict shows both side by side."""
    async with desk.signed_in(EDITOR) as browser:
        at = f"/console/newsletters/{ID}/texts/sv"
        token = desk.token_in(await browser.get(at))
        form = {"kvitto": token, "version": '"3"', "subject": "Mitt", "markdown": "a\r\nb"}
        assert (await browser.post(at, data=form)).status_code == 303
        method, path, headers = next(e for e in publishing.sent if e[1] != "/v1/previews")
        assert (method, path) == ("PUT", f"/v1/newsletters/{ID}/texts/sv")
        assert headers["if-match"] == '"3"'
        publishing.refuse = (422, "Skriv en ämnesrad.")
        again = await browser.post(at, data=form)
        assert again.status_code == 422
        assert "Skriv en ämnesrad." in again.text
        assert "Mitt" in again.text
        publishing.refuse = (412, "")
        both = await browser.post(at, data=form)
        assert both.status_code == 412
        assert "Mitt" in both.text
        assert "Vårens kvällar" in both.text


async def test_a_mailing_is_steered_once(desk: Desk, publishing: Publishing) -> None:
    """The form's own number is the Idempotency-Key; an old version is told, and nothing is done."""
    async with desk.signed_in(EDITOR) as browser:
        at = f"/console/mailings/{RUN}"
        token = desk.token_in(await browser.get(at))
        form = {"kvitto": token, "version": '"3"', "once": "n" * 20, "do": "pause"}
        assert (await browser.post(f"{at}/steps", data=form)).status_code == 303
        assert publishing.sent[-1][:2] == ("POST", f"/v1/mailings/{RUN}/pause")
        assert publishing.sent[-1][2]["idempotency-key"] == "n" * 20
        wish = {"kvitto": token, "version": '"3"', "at": "2027-06-01T13:30"}
        assert (await browser.post(f"{at}/schedule", data=wish)).status_code == 303
        assert publishing.sent[-1][:2] == ("PUT", f"/v1/mailings/{RUN}/schedule")
        assert (await browser.post(f"{at}/schedule", data={**wish, "at": "x"})).status_code == 422
        told = len(publishing.sent)
        no = await browser.post(f"{at}/schedule", data={**wish, "at": "2027-03-28T02:30"})
        assert (no.status_code, "Den tiden finns inte" in no.text) == (422, True)
        assert len(publishing.sent) == told, "it is not moved to another hour by itself"
        again = {**form, "cause": "550 5.1.1"}
        assert (await browser.post(f"{at}/another-try", data=again)).status_code == 303
        publishing.refuse = (412, "")
        moved = await browser.post(f"{at}/steps", data=form)
        assert moved.status_code == 412
        assert "Som det är nu" in moved.text
        assert 'name="do" value="pause"' in moved.text, "the wish can be wished again"
        assert 'name="version" value="&#34;3&#34;"' in moved.text
    async with desk.signed_in(OPERATOR) as browser:
        token = desk.token_in(await browser.get(at))
        refused = await browser.post(f"{at}/steps", data={**form, "kvitto": token})
        assert refused.status_code == 403


async def test_a_newsletter_is_begun_aimed_tested_and_removed(
    desk: Desk, publishing: Publishing
) -> None:
    """Each wish goes where it should; removal for good must be said twice."""
    async with desk.signed_in(EDITOR) as browser:
        at = f"/console/newsletters/{ID}"
        form = {"kvitto": desk.token_in(await browser.get(at)), "version": '"3"', "once": "o" * 20}
        begun = await browser.post("/console/newsletters", data={**form, "list_id": "skolor"})
        assert begun.headers["location"] == f"{at}/texts/sv"
        await browser.post(f"{at}/segment", data={**form, "segment": ""})
        await browser.post(f"{at}/test-letters", data={**form, "language": "sv", "to": "a@x.se"})
        unsure = await browser.post(f"{at}/redaction", data={**form, "because": "wrong"})
        assert unsure.status_code == 422
        sure = {**form, "because": "wrong", "sure": "yes"}
        assert (await browser.post(f"{at}/redaction", data=sure)).status_code == 303
        removed = await browser.post(f"{at}/texts/sv/remove", data=form)
        assert "Språket är borttaget." in removed.text
        assert f'action="{at}/texts/sv"' in removed.text, "it can be written again"
        assert hidden(removed.text)["subject"] == "Vårens kvällar"
        await browser.post("/console/mailings", data={**form, "newsletter_id": ID})
        sent = [(method, path) for method, path, _ in publishing.sent]
        publishing.refuse = (412, "")
        for wish, shown in (
            ({"segment": ""}, "Alla på listan"),
            (sure, "Ta bort ur arkivet"),
            ({}, "Vårens kvällar"),
        ):
            way = "segment" if "segment" in wish else "redaction" if wish else "texts/sv/remove"
            both = await browser.post(f"{at}/{way}", data={**form, **wish, "version": '"2"'})
            assert both.status_code == 412
            assert shown in both.text
            assert 'name="version" value="&#34;3&#34;"' in both.text
        assert sent == [
            ("POST", "/v1/newsletters"),
            ("PUT", f"/v1/newsletters/{ID}/segment"),
            ("POST", f"/v1/newsletters/{ID}/test-letters"),
            ("POST", f"/v1/newsletters/{ID}/redaction"),
            ("DELETE", f"/v1/newsletters/{ID}/texts/sv"),
            ("POST", "/v1/mailings"),
        ]


async def test_a_list_is_changed_and_an_address_stopped(desk: Desk, publishing: Publishing) -> None:
    """Other words on a list keep its version; a stopped address is not shown again."""
    async with desk.signed_in(EDITOR) as browser:
        token = desk.token_in(await browser.get("/console/lists/skolor"))
        form = {"kvitto": token, "version": '"1"', "names_sv": "Nytt namn", "about_sv": "Om"}
        assert (await browser.post("/console/lists/skolor", data=form)).status_code == 303
        assert publishing.sent[-1][2]["if-match"] == '"1"'
        stop = {"kvitto": token, "email": "nej@x.se", "cause": "complaint", "once": "p" * 20}
        done = await browser.post("/console/lists/suppressions", data=stop)
        assert done.status_code == 303
        assert "nej@x.se" not in (await browser.get(done.headers["location"])).text
        publishing.refuse = (412, "")
        both = await browser.post("/console/lists/skolor", data=form)
        assert both.status_code == 412
        assert "Nytt namn" in both.text
        assert "Nyheter för skolor" in both.text
