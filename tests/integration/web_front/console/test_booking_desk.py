"""Booking's desk at the console: two who count the same class, and a room held and let go."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk
from tests.integration.web_front.console.test_many_rows import hidden

OCCASION: dict[str, Any] = {
    "id": "o1",
    "activity_id": "a1",
    "title": "Källkritik",
    "starts_local": "2027-02-02T13:30:00",
    "starts_at": "2027-02-02T12:30:00Z",
    "room": "Sal 2",
    "leaders": ["Leyla Sjö"],
}
PARTY = {"school": "Skolan", "class_name": "8B", "pupils": 27, "adults": 1, "grade": "8"}
EXPECTED = {"booking_id": "b1", "size": 28, "party": PARTY, "attended": {"pupils": 20, "adults": 1}}


async def test_two_who_count_the_same_class_see_both(desk: Desk) -> None:
    """Whoever comes second sees what stands beside what they wrote, and may keep either."""

    def answer(request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method == "POST":
            seen = request.headers["if-match"]
            late = seen == '"3"'
            return JSONResponse({}, 412 if late else 200, headers={} if late else {"ETag": '"5"'})
        if path == "/v1/occasions/o1/attendance":
            return JSONResponse({"items": [EXPECTED]}, headers={"ETag": '"4"'})
        return JSONResponse(OCCASION, headers={"ETag": '"4"'}) if path.endswith("/o1") else None

    desk.watched.answer = answer
    at = "/console/occasions/o1/attendance"
    async with desk.signed_in("leyla.sjo") as browser:
        form = {"kvitto": desk.token_in(await browser.get(at)), "once": "n" * 20}
        mine = {"pupils-b1": "25", "adults-b1": "1", "version": '"3"'}
        both = await browser.post(at, data=form | mine)
        assert both.status_code == 412
        assert "20 elever" in both.text
        assert "25 elever" in both.text
        assert "Spara mitt ändå" in both.text
        kept = await browser.post(at, data=form | mine | {"version": '"4"'})
        assert kept.status_code == 200
        assert "Närvaron är sparad." in kept.text


async def test_a_count_can_be_taken_back(desk: Desk) -> None:
    """The page that says so holds what stood before: a number, or none, of an emptied row too."""
    sent: list[tuple[str, Any]] = []
    new = {**EXPECTED, "booking_id": "b2", "attended": None}

    class Kept(Response):
        """Reads what came before it answers."""

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            request = Request(scope, receive)
            sent.append((request.headers["if-match"], (await request.json())["came"]))
            await JSONResponse({}, headers={"ETag": '"5"'})(scope, receive, send)

    def answer(request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method == "POST":
            return Kept()
        if path == "/v1/occasions/o1/attendance":
            return JSONResponse({"items": [EXPECTED, new]}, headers={"ETag": '"4"'})
        return JSONResponse(OCCASION, headers={"ETag": '"4"'}) if path.endswith("/o1") else None

    desk.watched.answer = answer
    at = "/console/occasions/o1/attendance"
    async with desk.signed_in("leyla.sjo") as browser:
        token = {"kvitto": desk.token_in(await browser.get(at))}
        mine = {"pupils-b1": "", "adults-b1": "", "pupils-b2": "25", "adults-b2": "1"}
        done = await browser.post(at, data=token | mine | {"version": '"4"', "once": "n" * 20})
        undo = done.text[done.text.index(f'action="{at}/undone"') :].split("</form>")[0]
        form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', html.unescape(undo)))
        form["version"] = '"5"'
        back = await browser.post(f"{at}/undone", data=form | token)
        assert "ångrad" in (await browser.get(back.headers["location"])).text
    none = {"pupils": None, "adults": None}
    counted = [{"booking_id": "b1", **none}, {"booking_id": "b2", "pupils": 25, "adults": 1}]
    before = [{"booking_id": "b1", "pupils": 20, "adults": 1}, {"booking_id": "b2", **none}]
    assert sent == [('"4"', counted), ('"5"', before)]


async def test_a_full_evening_is_counted_on_one_page(desk: Desk) -> None:
    """A hundred and fifty who came alone, a row each: more fields than a visitor has."""
    alone = {"school": None, "class_name": None, "pupils": 1, "adults": 0, "grade": None}
    rows = [
        {"booking_id": f"b{n}", "size": 1, "party": alone, "attended": None} for n in range(150)
    ]
    posted: list[str] = []

    def answer(request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method == "POST":
            posted.append(path)
            return JSONResponse({}, headers={"ETag": '"5"'})
        if path == "/v1/occasions/o1/attendance":
            return JSONResponse({"items": rows}, headers={"ETag": '"4"'})
        return JSONResponse(OCCASION, headers={"ETag": '"4"'}) if path.endswith("/o1") else None

    desk.watched.answer = answer
    at = "/console/occasions/o1/attendance"
    async with desk.signed_in("leyla.sjo") as browser:
        form = {"kvitto": desk.token_in(await browser.get(at)), "version": '"4"', "once": "n" * 20}
        heads = {f"{kind}-b{n}": "1" for n in range(150) for kind in ("pupils", "adults")}
        kept = await browser.post(at, data=form | heads)
        assert kept.status_code == 200, kept.text[:300]
        assert kept.text.count('name="was-b') == 150
    assert posted == ["/v1/occasions/o1/attendance"]


async def test_a_room_is_held_and_let_go(desk: Desk) -> None:
    """Both are asked of booking; what is refused is said in its words, on the same page."""
    sent: list[tuple[str, str]] = []
    room = {"id": "r1", "name": "Sal 2", "seats": 30}
    claim = {"kind": "hold", "id": "h1", "title": "Städning", "by": "amina.lund"}
    times = {"starts_at": "2027-02-02T12:30:00Z", "ends_at": "2027-02-02T14:00:00Z"}

    def answer(request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if path.startswith("/v1/rooms/r1/days/"):
            return JSONResponse({"room": room, "claims": [claim | times]})
        if path == "/v1/room-holds/h1" and request.method == "GET":
            held = {"id": "h1", "room_name": "Sal 2", "purpose": "Städa", "by": "internt", **times}
            held["zone"] = "Europe/Stockholm"
            return JSONResponse(held, headers={"ETag": '"2"'})
        sent.append((request.method, path))
        taken = {"type": "https://x/room-taken", "detail": "Rummet är upptaget då."}
        if len(sent) == 1:
            return JSONResponse(taken, 409)
        return JSONResponse({}, 412) if len(sent) == 3 else JSONResponse({"id": "h1"})

    desk.watched.answer = answer
    at = "/console/rooms/r1"
    async with desk.signed_in() as browser:
        page = await browser.get(f"{at}?day=2027-02-02")
        assert "Städning" in page.text
        form = {"kvitto": desk.token_in(page), "once": "n" * 20}
        wish = {"starts_local": "2027-02-02T13:00", "minutes": "60", "purpose": "Städa mer"}
        refused = await browser.post(f"{at}/holds", data=form | wish)
        assert refused.status_code == 409
        assert "Rummet är upptaget då." in refused.text
        assert "Städa mer" in refused.text, "what was written is kept"
        held = await browser.post(f"{at}/holds", data=form | wish)
        assert held.headers["location"] == f"{at}?day=2027-02-02"
        let_go = form | {"hold": "h1", "day": "2027-02-02"}
        elsewhere = let_go | {"hold": "../occasions/o1"}
        assert (await browser.post(f"{at}/release", data=elsewhere)).status_code == 404
        changed = await browser.post(f"{at}/release", data=let_go)
        assert changed.status_code == 412
        gone = await browser.post(f"{at}/release", data=let_go)
        again = hidden(gone.text)
        assert f'action="{at}/holds"' in gone.text
        assert f'hx-get="{at}?day=2027-02-02"' in gone.text, "it goes on being kept up to date"
    assert (again["starts_local"], again["minutes"]) == ("2027-02-02T13:30", "90")
    assert again["purpose"] == "Städa"
    assert sent[-1] == ("DELETE", "/v1/room-holds/h1")


async def test_the_day_begins_with_what_somebody_has_to_decide(desk: Desk) -> None:
    """Groups that no room of theirs holds, and where people wait, lead to where it is done."""
    asked: list[dict[str, str]] = []
    waits = OCCASION | {"id": "o7", "waiting": 61, "parties": {"waiting": 2}}

    def answer(request: Request) -> Response | None:
        path, query = "/" + request.path_params["path"], dict(request.query_params)
        listed = {"limit": 3, "offset": 0}
        if path == "/v1/bookings":
            asked.append(query)
            return JSONResponse({"items": [], "total": 53 if "flag" in query else 0, **listed})
        if path == "/v1/occasions" and query.get("state") == "waiting":
            return JSONResponse({"items": [waits], "total": 44, **listed})
        return None

    desk.watched.answer = answer
    async with desk.signed_in() as browser:
        page = await browser.get("/console")
        decide = "/console/bookings?state=waiting&amp;flag=larger-than-room"
        assert f'<a href="{decide}">53 grupper' in page.text
        assert "/console/occasions/o7/line" in page.text
        assert "61 personer" in page.text
        assert "44 tillfällen" in page.text
        asked.clear()
        listed = await browser.get(decide.replace("&amp;", "&"))
        assert [(each["state"], each["flag"]) for each in asked] == [
            ("waiting", "larger-than-room")
        ]
        assert '<option value="larger-than-room" selected>' in listed.text
        for at in ("?flag=nothing-of-ours", "?flag=broken-phone", ""):
            assert (await browser.get(f"/console/bookings{at}")).status_code == 200
        assert [each.get("flag") for each in asked[1:]] == [None, "broken-phone", None]
