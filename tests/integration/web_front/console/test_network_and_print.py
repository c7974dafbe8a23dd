"""Partners, early warnings, publications and print orders at the console."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk

AT = "2027-01-11T08:30:00Z"
OPERATOR, COORDINATOR, EDITOR = "rut.drift", "amina.lund", "elsa.blad"
AUDITOR, LEADER = "vera.insyn", "mira.lindh"
KEY = "ssp_test_4Xy7Kq2LmN_hemlig"
PARTNER: dict[str, Any] = {
    "name": "ran-nord",
    "title": "RAN Nord",
    "scopes": ["feed:read"],
    "only": {"types": [], "places": []},
    "networks": [],
    "client": None,
    "per_minute": 600,
    "keys": [{"id": "4Xy7Kq2LmN", "made_at": AT, "expires_at": None, "revoked_at": None}],
    "made_at": AT,
    "ended_at": None,
    "version": 1,
}
OWED: dict[str, Any] = {
    "name": "ran-nord",
    "upto": 120,
    "owed": 80,
    "given": 80,
    "confirmed": 79,
    "everything": False,
    "missing": [118],
    "doors": [],
}
SAYS = {
    "kind": "propaganda",
    "area": "Rosengård",
    "begins": "2027-01-04",
    "ends": "2027-01-11",
    "trend": "rising",
    "text": "Klistermärken vid tre skolor.",
}
BULLETIN: dict[str, Any] = {
    "id": "b1",
    "state": "waiting",
    "says": SAYS,
    "posted_at": AT,
    "decided_at": None,
    "reason": "",
    "edited": False,
    "version": 1,
}
TEXT = {"title": "Att våga fråga", "summary": "", "markdown": "# A"}
PUBLICATION: dict[str, Any] = {
    "id": "att-vaga-fraga",
    "kind": "brochure",
    "latest": "1.0.0",
    "editions": 1,
    "titles": {"sv": "Att våga fråga"},
    "version": 3,
    "draft": {"texts": {"sv": TEXT}, "pictures": {}},
}
ORDER: dict[str, Any] = {
    "id": "o1",
    "number": "K7QP-3XMA",
    "publication": "att-vaga-fraga",
    "language": "sv",
    "edition": "1.1.0",
    "copies": 30,
    "state": "received",
    "ordered_at": AT,
    "moved_at": AT,
    "school": "Bergaskolan",
    "municipality": "Malmö",
    "version": 1,
}
CONTACT = {"name": "Åsa Exempel", "email": "a@x.se", "phone": "", "address": "Skolgatan 1\nMalmö"}
SHELF = {"publication": "att-vaga-fraga", "language": "sv", "edition": "1.1.0", "version": 7}


def listed(*items: Any) -> JSONResponse:
    return JSONResponse({"items": list(items), "total": len(items), "limit": 25, "offset": 0})


def kept(data: Any) -> JSONResponse:
    return JSONResponse(data, headers={"ETag": '"1"'})


class Publishing:
    """Answers as publishing does, and keeps what was sent and what was read on purpose."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.reached = 0
        self.refuse: int = 0
        self.made: dict[str, Any] = {"key": KEY, "id": "k", "expires_at": None}

    def __call__(self, request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method != "GET":
            self.sent.append((request.method, path, request.headers.get("if-match", "")))
            if self.refuse:
                return JSONResponse({"type": "x/rule", "detail": "Det går inte."}, self.refuse)
            return JSONResponse(self.made, headers={"ETag": '"2"'})
        if path.endswith("/contact"):
            self.reached += 1
            return JSONResponse(CONTACT)
        if path == "/v1/print-orders/pick-list":
            return Response(b"%PDF-1.7", media_type="application/pdf")
        edition = {"edition": "1.0.0", "titles": {}, "released_at": AT}
        answers: dict[str, Response] = {
            "/v1/partners": listed(PARTNER),
            "/v1/partners/ran-nord": kept(PARTNER),
            "/v1/partners/ran-nord/owed": JSONResponse(OWED),
            "/v1/bulletins": listed(BULLETIN),
            "/v1/bulletins/b1": kept(BULLETIN),
            "/v1/publications": listed(PUBLICATION),
            "/v1/publications/att-vaga-fraga": kept(PUBLICATION),
            "/v1/publications/att-vaga-fraga/draft/preview": JSONResponse({"editions": ["1.0.1"]}),
            "/v1/library/att-vaga-fraga": JSONResponse({"items": [edition]}),
            "/v1/publications/att-vaga-fraga/editions/1.0.0/downloads": JSONResponse(
                {"total": None, "days": {}}
            ),
            "/v1/print-orders": listed(ORDER),
            "/v1/print-orders/o1": kept(ORDER),
            "/v1/print-items": JSONResponse({"items": [{**SHELF, "free": 480, "limit": 100}]}),
        }
        return answers.get(path)


@pytest.fixture
def publishing(desk: Desk) -> Publishing:
    desk.watched.answer = Publishing()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "may", "may_not", "shown"),
    [
        ("partners", AUDITOR, COORDINATOR, "RAN Nord"),
        ("partners/ran-nord", OPERATOR, COORDINATOR, ">118<"),
        ("partners/ran-nord/change", OPERATOR, AUDITOR, "RAN Nord"),
        ("partners/new", EDITOR, AUDITOR, "Kortnamn"),
        ("bulletins", EDITOR, OPERATOR, "Rosengård"),
        ("bulletins/b1", EDITOR, OPERATOR, "Klistermärken vid tre skolor."),
        ("publications", EDITOR, COORDINATOR, "Att våga fråga"),
        ("publications/att-vaga-fraga", EDITOR, OPERATOR, "hämtad några få gånger"),
        ("print-orders", COORDINATOR, EDITOR, "K7QP-3XMA"),
        ("print-orders/o1", COORDINATOR, LEADER, "Bergaskolan"),
        ("print-orders/pick-list", COORDINATOR, EDITOR, "%PDF"),
    ],
)
async def test_a_page_is_there_for_whoever_may(
    desk: Desk, publishing: Publishing, path: str, may: str, may_not: str, shown: str
) -> None:
    """One role sees the page; another is told that it is not theirs, and no service is asked."""
    await desk.is_only_for(path, may, may_not, shown)


async def test_a_key_is_shown_once(desk: Desk, publishing: Publishing) -> None:
    """A new key stands on the answer to its making and on no page after it; an auditor has none."""
    at = "/console/partners/ran-nord"
    async with desk.signed_in(OPERATOR) as browser:
        token = desk.token_in(await browser.get(at))
        made = await browser.post(f"{at}/keys", data={"kvitto": token, "once": "n" * 20})
        assert KEY in made.text
        assert made.headers["cache-control"] == "no-store"
        assert KEY not in (await browser.get(at)).text
        revoked = await browser.post(
            f"{at}/keys/revoke", data={"kvitto": token, "key": "4Xy7Kq2LmN"}
        )
        assert revoked.status_code == 303
        assert publishing.sent[-1][:2] == ("DELETE", "/v1/partners/ran-nord/keys/4Xy7Kq2LmN")
        aside = await browser.post(f"{at}/keys/revoke", data={"kvitto": token, "key": "../x"})
        assert aside.status_code == 404
    async with desk.signed_in(AUDITOR) as browser:
        page = (await browser.get(at)).text
        assert "RAN Nord" in page
        assert f"{at}/keys" not in page


async def test_a_partner_is_changed_on_the_version_that_was_seen(
    desk: Desk, publishing: Publishing
) -> None:
    """A refusal keeps what was typed; a conflict shows both, rights as well."""
    at = "/console/partners/ran-nord/change"
    async with desk.signed_in(EDITOR) as browser:
        token = desk.token_in(await browser.get(at))
        form = {"kvitto": token, "version": '"1"', "title": "Nytt namn", "per_minute": "60"}
        form["scopes"] = "cews:read"
        assert (await browser.post(at, data=form)).status_code == 303
        assert publishing.sent[-1] == ("PUT", "/v1/partners/ran-nord", '"1"')
        publishing.refuse = 422
        again = await browser.post(at, data=form)
        assert again.status_code == 422
        assert "Nytt namn" in again.text
        publishing.refuse = 412
        both = await browser.post(at, data=form)
        assert both.status_code == 412
        for said in ("Nytt namn", "RAN Nord", "cews:read", "feed:read"):
            assert said in both.text


async def test_a_warning_is_decided_by_an_editor(desk: Desk, publishing: Publishing) -> None:
    """Approved or declined on the version that was read; somebody faster is told of."""
    at = "/console/bulletins/b1"
    async with desk.signed_in(EDITOR) as browser:
        form = {"kvitto": desk.token_in(await browser.get(at)), "version": '"1"', "once": "o" * 20}
        assert (await browser.post(at, data={**form, "do": "approval", **SAYS})).status_code == 303
        assert publishing.sent[-1] == ("POST", "/v1/bulletins/b1/approval", '"1"')
        publishing.refuse = 412
        late = await browser.post(at, data={**form, "do": "refusal", "reason": "För vagt."})
        assert late.status_code == 412
        assert "Rosengård" in late.text
        assert 'name="reason" value="För vagt."' in late.text, "what was written is not lost"


async def test_an_order_goes_on_and_its_address_is_read_on_purpose(
    desk: Desk, publishing: Publishing
) -> None:
    """The next step goes with the version; whom it goes to is asked for, with a purpose."""
    at = "/console/print-orders/o1"
    async with desk.signed_in(COORDINATOR) as browser:
        page = await browser.get(at)
        assert "Åsa Exempel" not in page.text
        form = {"kvitto": desk.token_in(page), "version": '"1"', "once": "p" * 20}
        assert (await browser.post(f"{at}/contact", data=form)).status_code == 422
        assert publishing.reached == 0
        seen = await browser.post(f"{at}/contact", data={**form, "purpose": "contact"})
        assert "Åsa Exempel" in seen.text
        await browser.post(f"{at}/state", data={**form, "state": "packed"})
        assert publishing.sent[-1] == ("PUT", "/v1/print-orders/o1/state", '"1"')
        shelf = "/console/print-orders/shelf/att-vaga-fraga/sv"
        counted = {**form, "free": "4", "limit": "100", "version": "7"}
        assert (await browser.post(shelf, data=counted)).status_code == 303
        assert publishing.sent[-1] == ("PATCH", "/v1/print-items/att-vaga-fraga/sv", '"7"')
        assert (await browser.post(shelf, data={**counted, "free": "x"})).status_code == 422
        publishing.refuse = 412
        both = await browser.post(shelf, data=counted)
        assert both.status_code == 412
        assert "<td>480</td>" in both.text, "what somebody else counted"
        assert 'name="free" value="4"' in both.text, "and one's own, to take anyway"
        late = await browser.post(f"{at}/state", data={**form, "state": "packed"})
        assert late.status_code == 412
        assert "<td>mottagen</td>" in late.text
        assert 'name="state" value="packed"' in late.text
        publishing.refuse = 0
    async with desk.signed_in(EDITOR) as browser:
        at = "/console/publications/att-vaga-fraga"
        form = {"kvitto": desk.token_in(await browser.get(at)), "version": '"1"', "once": "q" * 20}
        out = {**form, "edition": "1.0.1", "changes_sv": "Nytt"}
        assert (await browser.post(f"{at}/editions", data=out)).status_code == 303
        assert publishing.sent[-1][2] == '"1"'
