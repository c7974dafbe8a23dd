"""Two who change the same thing in booking: the second sees both, and what they typed is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk

SEEN, NOW = '"3"', '"4"'
OCCASION: dict[str, Any] = {
    "id": "o1",
    "activity_id": "a1",
    "title": "Källkritik",
    "starts_local": "2027-02-02T13:30:00",
    "starts_at": "2027-02-02T12:30:00Z",
    "minutes": 90,
    "room": "Sal 7",
    "capacity": 30,
    "leaders": ["Leyla Sjö"],
    "target_group": "",
    "confirmed": 27,
    "offered": 0,
    "waiting": 4,
    "parties": {"confirmed": 1, "offered": 0, "waiting": 1},
    "flags": [],
    "cancelled": False,
}
PARTY = {"school": "Skolan", "class_name": "8B", "pupils": 25, "adults": 2, "grade": "8"}
BOOKING = {
    "id": "b1",
    "occasion_id": "o1",
    "state": "waiting",
    "size": 27,
    "party": PARTY,
    "position": 2,
    "offer_deadline": None,
}
IN_LINE = {"booking_id": "b1", "position": 2, "size": 27, "state": "waiting"}
HOLD = {
    "id": "h1",
    "room_name": "Sal 7",
    "starts_at": "2027-02-02T12:30:00Z",
    "ends_at": "2027-02-02T14:00:00Z",
    "zone": "Europe/Stockholm",
    "purpose": "Städning",
    "by": "internt",
}
ROOM = {"id": "r1", "name": "Sal 7", "seats": 30}
THERE: Mapping[str, Any] = {
    "/v1/occasions/o1": OCCASION,
    "/v1/occasions/o2": {**OCCASION, "id": "o2", "title": "Om demokrati"},
    "/v1/bookings/b1": BOOKING,
    "/v1/bookings": {"items": [BOOKING], "total": 1},
    "/v1/occasions/o1/line": {"items": [IN_LINE]},
    "/v1/room-holds/h1": HOLD,
    "/v1/rooms/r1/days/2027-02-02": {"room": ROOM, "claims": []},
}
O1, B1 = "/console/occasions/o1", "/console/bookings/b1"
WHY = "Skolan har ringt"
CHANGED = {
    "title": "Källkritik",
    "starts_local": "2027-02-02T13:30",
    "minutes": "90",
    "room": "Sal 9",
    "capacity": "30",
    "leaders": "Leyla Sjö",
    "target_group": "",
}


@pytest.mark.parametrize(
    ("at", "wish", "theirs", "mine"),
    [
        (f"{O1}/cancel", {"reason": WHY}, ["Sal 7", "27"], ["inställt", WHY]),
        (f"{O1}/change", CHANGED, ["Sal 7"], ["Sal 9"]),
        (f"{B1}/cancel", {"reason": WHY}, ["Väntar"], ["Avbokad", WHY]),
        (f"{B1}/move", {"occasion_id": "o2"}, ["Källkritik, 2 februari"], ["Om demokrati, 2 febr"]),
        (f"{B1}/heads", {"pupils": "20", "adults": "1"}, ["25"], ["20"]),
        (
            f"{O1}/line",
            {"booking_id": "b1", "position": "1", "reason": WHY},
            ["2"],
            ["1", WHY],
        ),
        (
            "/console/rooms/r1/release",
            {"hold": "h1", "day": "2027-02-02"},
            ["Städning"],
            ["Lämna tillbaka"],
        ),
    ],
    ids=["cancel occasion", "change", "cancel booking", "move", "heads", "line", "room"],
)
async def test_whoever_comes_second_sees_both(
    desk: Desk, at: str, wish: dict[str, str], theirs: list[str], mine: list[str]
) -> None:
    """What stands there is beside what was wished; sent again it is the same, on what stands."""
    sent: list[tuple[str, Any]] = []

    def answer(request: Request) -> Response | None:
        if request.method == "GET":
            found = THERE.get("/" + request.path_params["path"])
            return JSONResponse(found, headers={"ETag": NOW}) if found else None
        seen = request.headers["if-match"]
        sent.append((seen, request.headers["idempotency-key"]))
        return JSONResponse({}, 412 if len(sent) == 1 else 200)

    desk.watched.answer = answer
    async with desk.signed_in() as browser:
        form = {"kvitto": desk.token_in(await browser.get("/console/views")), "once": "n" * 20}
        both = await browser.post(at, data=form | wish | {"version": SEEN})
        assert both.status_code == 412, both.text
        main = both.text.partition("<main")[2]
        for column, said in ((1, theirs), (2, mine)):
            cells = " ".join(
                re.findall("<td>(.*?)</td>", row, re.DOTALL)[column - 1]
                for row in re.findall(r"<tr(?: class=\"differs\")?><th.*?</tr>", main, re.DOTALL)
                if "<td>" in row
            )
            assert [each for each in said if each not in cells] == [], cells
        assert f'action="{at}"' in main
        assert re.search('role="alert"[^>]* autofocus', main), "it takes the focus"
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', main))
        assert hidden.items() >= wish.items()
        assert hidden["version"] == NOW.replace('"', "&#34;")
        again = await browser.post(at, data=hidden | {"version": NOW})
        # Whoever let a room go is shown at once how to have it back; the others are led on.
        assert again.status_code == (200 if "rooms" in at else 303), again.text
    assert [seen for seen, _ in sent] == [NOW if "rooms" in at else SEEN, NOW]
    assert sent[0][1] != sent[1][1], "another wish than the first"
