"""Many rows at once: how many and which before, how each went after, and back where that can be."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk

ONE, TWO = "b-1", "b-2"
FIRST, OTHER = "o-1", "o-2"
OCCASION: dict[str, Any] = {
    "id": FIRST,
    "activity_id": "a-1",
    "title": "Källkritik",
    "starts_local": "2027-02-02T13:30:00",
    "capacity": 28,
    "confirmed": 20,
    "offered": 0,
    "parties": {"confirmed": 2, "waiting": 0, "offered": 0},
    "cancelled": False,
}


class Booking:
    """Two bookings on one occasion; the second cannot be moved. Keeps what was sent."""

    def __init__(self) -> None:
        self.waiting = 0
        self.states = {ONE: "confirmed", TWO: "confirmed"}
        self.reach: list[dict[str, Any]] = []
        self.sent: list[tuple[str, dict[str, str], Any]] = []

    async def body(self, request: Request) -> None:
        self.sent[-1] = (*self.sent[-1][:2], await request.json())

    def __call__(self, request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method != "GET":
            self.sent.append((path, dict(request.headers), None))
            if TWO in path:
                return JSONResponse({"type": "https://x/full", "detail": "Där är fullt."}, 409)
            return JSONResponse({"id": ONE}, headers={"ETag": '"8"'})
        party = {"school": "Skolan", "class_name": path[-1]}
        on = {"occasion_id": FIRST, "size": 20, "state": "confirmed", "flags": [], "party": party}
        if path in (f"/v1/bookings/{ONE}", f"/v1/bookings/{TWO}"):
            state = {"state": self.states[path[-3:]]}
            return JSONResponse({"id": path[-3:], **on, **state}, headers={"ETag": '"7"'})
        listed = {"total": 2, "limit": 25, "offset": 0}
        if path == "/v1/bookings":
            items = [{"id": each, **on, "position": None} for each in (ONE, TWO)]
            return JSONResponse({"items": items, **listed})
        if path == "/v1/reach":
            return JSONResponse({"items": self.reach})
        if path == "/v1/occasions":
            OCCASION["parties"]["waiting"] = self.waiting
            return JSONResponse({"items": [OCCASION, {**OCCASION, "id": OTHER}], **listed})
        return JSONResponse(OCCASION) if path == f"/v1/occasions/{FIRST}" else None


@pytest.fixture
def booking(desk: Desk) -> Booking:
    desk.watched.answer = Booking()
    return desk.watched.answer


def hidden(page: str) -> dict[str, str]:
    """What the page's form would send back by itself."""
    main = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: html.unescape(value) for name, value in found}


async def chosen(desk: Desk, browser: Any, deed: str, *ids: str) -> Any:
    page = await browser.get("/console/bookings")
    form = {"kvitto": desk.token_in(page), "do": deed, **{f"row-{each}": "" for each in ids}}
    return await browser.post("/console/bookings/chosen", data=form)


async def test_a_page_says_how_many_and_which_before_anything_is_done(
    desk: Desk, booking: Booking
) -> None:
    """The list has a box for each row; the page names them and whether it can be undone."""
    async with desk.signed_in() as browser:
        assert (await browser.get("/console/bookings")).text.count('form="chosen"') == 2
        sure = await chosen(desk, browser, "move", ONE, TWO)
        assert "Flytta bokningar: 2" in sure.text
        assert "Skolan 1" in sure.text
        assert "Du kan ångra" in sure.text
        assert f'value="{OTHER}"' in sure.text
        assert f'value="{FIRST}"' not in sure.text.split("<select")[1], "where it is already"
        assert "Det går inte att ångra" in (await chosen(desk, browser, "remind", ONE)).text
        nothing = await chosen(desk, browser, "cancel")
        assert nothing.status_code == 303
        again = await browser.get(nothing.headers["location"])
        assert "Kryssa för minst en rad" in again.text
        assert booking.sent == []


async def test_each_row_is_done_once_and_says_how_it_went(desk: Desk, booking: Booking) -> None:
    """A key of its own for each, the version that was seen, and a refusal stops no other row."""
    async with desk.signed_in() as browser:
        form = {**hidden((await chosen(desk, browser, "move", ONE, TWO)).text), "target": OTHER}
        form["kvitto"] = desk.token_in(await browser.get("/console/bookings"))
        done = await browser.post("/console/bookings/chosen/done", data=form)
        assert "1 av 2 är gjorda" in done.text
        assert "Där är fullt." in done.text
        keys = [headers["idempotency-key"] for _, headers, _ in booking.sent]
        assert sorted(keys) == sorted(f"{form['once']}-{each}" for each in (ONE, TWO))
        assert {headers["if-match"] for _, headers, _ in booking.sent} == {'"7"'}
        await browser.post("/console/bookings/chosen/done", data=form)
        again = [headers["idempotency-key"] for _, headers, _ in booking.sent][2:]
        assert sorted(again) == sorted(keys), "sent twice is the same wish"


async def test_what_was_moved_can_be_taken_back_and_only_that(desk: Desk, booking: Booking) -> None:
    """Undo has the rows that were done, on their new version; an SMS cannot be taken back: 404."""
    async with desk.signed_in() as browser:
        form = {**hidden((await chosen(desk, browser, "move", ONE, TWO)).text), "target": OTHER}
        form["kvitto"] = token = desk.token_in(await browser.get("/console/bookings"))
        done = await browser.post("/console/bookings/chosen/done", data=form)
        back = {**hidden(done.text), "kvitto": token}
        assert f"row-{TWO}" not in back
        booking.sent.clear()
        undone = await browser.post("/console/bookings/chosen/undone", data=back)
        assert "1 av 1 är gjorda" in undone.text
        [(path, headers, _)] = booking.sent
        assert (path, headers["if-match"]) == (f"/v1/bookings/{ONE}/move", '"8"')
        wrong = await browser.post("/console/bookings/chosen/undone", data={**back, "do": "remind"})
        assert wrong.status_code == 404


async def test_a_reason_is_needed_where_one_is_kept(desk: Desk, booking: Booking) -> None:
    """Without it the same page comes again, says so, and nothing is done."""
    async with desk.signed_in() as browser:
        form = hidden((await chosen(desk, browser, "cancel", ONE)).text)
        form["kvitto"] = desk.token_in(await browser.get("/console/bookings"))
        again = await browser.post("/console/bookings/chosen/done", data=form)
        assert again.status_code == 422
        assert "Skriv varför." in again.text
        assert f"row-{ONE}" in again.text
        assert booking.sent == []


async def test_who_may_not_gets_no_boxes_and_no_deed(desk: Desk, booking: Booking) -> None:
    """A leader's request is refused before any service is asked."""
    async with desk.signed_in("leyla.sjo") as browser:
        token = desk.token_in(await browser.get("/console"))
        desk.watched.got.clear()
        form = {"kvitto": token, "do": "cancel", f"row-{ONE}": ""}
        answer = await browser.post("/console/bookings/chosen", data=form)
        assert answer.status_code == 403
        assert desk.watched.got == []


async def test_a_cancellation_says_whose_places_cannot_be_had_back(
    desk: Desk, booking: Booking
) -> None:
    """Where nobody waits it can be undone; where somebody does, the row says so beforehand."""
    async with desk.signed_in() as browser:
        free = (await chosen(desk, browser, "cancel", ONE)).text
        assert "Du kan ångra" in free
        assert "någon väntar" not in free
        booking.waiting = 3
        page = await chosen(desk, browser, "cancel", ONE, TWO)
        assert "Går inte att ångra, för någon väntar på platserna: 2" in page.text
        assert page.text.count("i kön: 3") == 2
        form = {**hidden(page.text), "reason": "Fel klass.", "kvitto": desk.token_in(page)}
        done = await browser.post("/console/bookings/chosen/done", data=form)
        booking.sent.clear()
        back = {**hidden(done.text), "kvitto": form["kvitto"]}
        await browser.post("/console/bookings/chosen/undone", data=back)
        [(path, headers, _)] = booking.sent
        assert (path, headers["if-match"]) == (f"/v1/bookings/{ONE}/reinstatement", '"8"')


async def test_a_reminder_says_how_many_it_reaches_and_leaves_the_others_out(
    desk: Desk, booking: Booking
) -> None:
    """Channels are counted, who has been reminded today is shown and not sent again."""
    booking.reach = [
        {"about": ONE, "channel": "sms", "reminded": False},
        {"about": TWO, "channel": "email", "reminded": True},
    ]
    async with desk.signed_in() as browser:
        sure = await chosen(desk, browser, "remind", ONE, TWO)
        for said in ("Får sms: 1", "Får e-post: 0", "Får ingen påminnelse: 1", "Påminn 1"):
            assert said in sure.text, said
        assert "redan påmind i dag" in sure.text
        form = hidden(sure.text)
        assert f"row-{ONE}" in form
        assert f"row-{TWO}" not in form
        form["kvitto"] = desk.token_in(sure)
        done = await browser.post("/console/bookings/chosen/done", data=form)
        assert "1 av 1 är gjorda" in done.text
        [(path, headers, _)] = booking.sent
        assert (path, headers["if-match"]) == (f"/v1/bookings/{ONE}/reminder", '"7"')


async def test_a_reminder_needs_nobody_to_count_it(desk: Desk, booking: Booking) -> None:
    """With notifications away the page says so, and booking is asked all the same."""
    desk.watched.away = frozenset({"notifications"})
    async with desk.signed_in() as browser:
        sure = await chosen(desk, browser, "remind", ONE)
        assert "Vi når inte meddelandena" in sure.text
        form = {**hidden(sure.text), "kvitto": desk.token_in(sure)}
        done = await browser.post("/console/bookings/chosen/done", data=form)
        assert "1 av 1 är gjorda" in done.text
    assert len(booking.sent) == 1


async def test_whoever_chose_on_an_occasions_page_comes_back_there(
    desk: Desk, booking: Booking
) -> None:
    """The way back is a page of the console's, whatever a form says."""
    async with desk.signed_in() as browser:
        token = desk.token_in(await browser.get("/console/bookings"))
        for back, leads in (("/console/occasions/o-1", "/console/occasions/o-1"), ("//evil", None)):
            form = {"kvitto": token, "do": "cancel", "back": back}
            answer = await browser.post("/console/bookings/chosen", data=form)
            assert answer.headers["location"] == f"{leads or '/console'}?chosen=none"
    assert booking.sent == []


async def test_who_waits_is_cancelled_before_who_has_places(desk: Desk, booking: Booking) -> None:
    """Nobody is offered places that is cancelled in the same breath; an undo goes the other way."""
    booking.waiting, booking.states[TWO] = 1, "waiting"
    async with desk.signed_in() as browser:
        page = await chosen(desk, browser, "cancel", ONE, TWO)
        assert "någon väntar" not in page.text, "the one who waits leaves as well"
        form = {**hidden(page.text), "reason": "Fel klass.", "kvitto": desk.token_in(page)}
        await browser.post("/console/bookings/chosen/done", data=form)
        assert [path.split("/")[3] for path, _, _ in booking.sent] == [TWO, ONE]
        booking.sent.clear()
        back = {name: form[name] for name in ("kvitto", "do", "once")}
        back |= {f"row-{each}": '"8"' for each in (TWO, ONE)}
        await browser.post("/console/bookings/chosen/undone", data=back)
        assert [path.split("/")[3] for path, _, _ in booking.sent] == [ONE, TWO]
