"""Sessions: opaque to the browser, sealed at rest, over in time, and ended everywhere at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import bson
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.web.storage.staff_sessions import IDLE, LONGEST
from shared.kernel.clock import real_now
from tests.integration.web_front.console.conftest import Desk, claims_in
from tests.support.eventually import eventually


async def _everything(desk: Desk) -> bytes:
    """The raw bytes of web's whole database."""
    kept = b""
    for name in await desk.database.list_collection_names():
        async for document in desk.database[name].find():
            kept += bson.encode(document)
    return kept


async def test_tokens_never_reach_the_browser_nor_the_disk_in_clear(desk: Desk) -> None:
    """No answer holds a token; the database holds tokens, names and cookies only sealed."""
    async with desk.signed_in() as browser:
        for path in ("/console", "/console/sessions", "/console/views", "/console/keys"):
            answer = await browser.get(path)
            assert answer.status_code == 200
            assert "eyJ" not in answer.text + str(answer.headers)
        cookie = next(v for n, v in browser.cookies.items() if n.startswith("personal-"))
        assert desk.watched.tokens, "the measure itself works: tokens were used"
        kept = await _everything(desk)
        assert b"subject" in kept, "the measure itself works: sessions are there"
        # the start of a token, not its first three letters: sealed bytes hold those by chance
        starts = {token[:16].encode() for token in desk.watched.tokens}
        assert all(start.startswith(b"eyJ") for start in starts)
        for secret in (*starts, b"amina.lund", b"Amina Lund", cookie.encode()):
            assert secret not in kept


async def test_each_api_gets_a_token_made_for_it_alone(desk: Desk) -> None:
    """Booking's token names booking and nobody else, and acts for the person by web."""
    async with desk.signed_in() as browser:
        await browser.get("/console")
    asked = {path: audience for _, path, audience in desk.watched.got}
    assert asked["/v1/occasions"] == "booking"
    assert asked["/v1/deliveries"] == "notifications"
    for token in desk.watched.tokens:
        claims = claims_in(token)
        assert isinstance(claims["aud"], str)
        assert claims["preferred_username"] == "amina.lund"
        assert claims["act"] == {"sub": "web"}


async def test_a_token_is_asked_for_once(desk: Desk) -> None:
    """Parts that are asked side by side, and pages one after the other, use the same token."""
    async with desk.signed_in() as browser:
        await asyncio.gather(*(browser.get("/console") for _ in range(4)))
        await browser.get("/console")
    booking = {t for t in desk.watched.tokens if claims_in(t)["aud"] == "booking"}
    assert len(booking) == 1


async def _changed(desk: Desk, **values: Any) -> None:
    await desk.database["staff_sessions"].update_many({}, {"$set": values})


async def test_nobody_stays_signed_in_for_ever(desk: Desk) -> None:
    """Half an hour without a person, or ten hours with one, and the cookie opens nothing."""
    async with desk.signed_in() as browser:
        assert (await browser.get("/console/sessions")).status_code == 200
        await _changed(desk, ends_at=real_now() - timedelta(seconds=1))
        assert (await browser.get("/console/sessions")).status_code == 303
    async with desk.signed_in() as browser:
        long_ago = real_now() - LONGEST + timedelta(minutes=5)
        await _changed(desk, made_at=long_ago, seen_at=long_ago)
        assert (await browser.get("/console/sessions")).status_code == 200
        kept = await desk.database["staff_sessions"].find_one(sort=[("made_at", 1)])
        left = kept["ends_at"] - long_ago.replace(tzinfo=kept["ends_at"].tzinfo)
        assert left <= LONGEST + timedelta(seconds=1)


async def test_only_a_person_keeps_a_session_awake(desk: Desk) -> None:
    """What a page asks for by itself moves no limit; what a person asks for does."""
    async with desk.signed_in() as browser:
        before = real_now() - timedelta(minutes=20)
        await _changed(desk, seen_at=before, ends_at=before + IDLE)
        await browser.get("/console/sessions", headers={"Console-Live": "1"})
        async with browser.stream("GET", "/console/live/booking") as stream:
            assert stream.status_code == 200
        ends = [d["ends_at"] async for d in desk.database["staff_sessions"].find()]
        assert max(ends).replace(tzinfo=None) <= (before + IDLE).replace(tzinfo=None)
        await browser.get("/console/sessions")
        ends = [d["ends_at"] async for d in desk.database["staff_sessions"].find()]
        assert max(ends).replace(tzinfo=None) > (before + IDLE).replace(tzinfo=None)


async def test_a_session_is_ended_from_another_browser(desk: Desk) -> None:
    """One sees one's own sessions only, ends one, and what it had open ends as well."""
    async with desk.signed_in() as first, desk.signed_in() as second:
        async with second.stream("GET", "/console/live/booking") as stream:
            lines = stream.aiter_lines()
            assert (await anext(lines)).startswith("id: ")
            newest = await desk.database["staff_sessions"].find().sort("made_at", -1).to_list(1)
            page = await first.get("/console/sessions")
            assert newest[0]["public_id"] in page.text
            form = {"kvitto": desk.token_in(page), "session": newest[0]["public_id"]}
            assert (await first.post("/console/sessions", data=form)).status_code == 303
            rest = [line async for line in lines]
            assert "event: signed-out" in rest
        assert (await second.get("/console/sessions")).status_code == 303
        assert (await first.get("/console/sessions")).status_code == 200
        await eventually(lambda: _set(desk.watched.let_go))


async def _set(event: asyncio.Event) -> bool:
    return event.is_set()


async def test_everywhere_means_everywhere(desk: Desk) -> None:
    """Signing out everywhere ends one's own sessions, and nobody else's."""
    mira = desk.signed_in("mira.lindh")
    async with desk.signed_in() as first, desk.signed_in() as second, mira as other:
        page = await first.get("/console/sessions")
        form = {"kvitto": desk.token_in(page), "session": "all"}
        await first.post("/console/sessions", data=form)
        for browser in (first, second):
            assert (await browser.get("/console/sessions")).status_code == 303
        assert (await other.get("/console/sessions")).status_code == 200


async def test_nobody_ends_somebody_elses_session(desk: Desk) -> None:
    """An id of another person's session does nothing."""
    async with desk.signed_in() as amina, desk.signed_in("mira.lindh") as mira:
        theirs = await desk.database["staff_sessions"].find().sort("made_at", -1).to_list(1)
        page = await amina.get("/console/sessions")
        form = {"kvitto": desk.token_in(page), "session": theirs[0]["public_id"]}
        await amina.post("/console/sessions", data=form)
        assert (await mira.get("/console/sessions")).status_code == 200


async def test_web_gets_fresh_tokens_and_roles_while_somebody_works(desk: Desk) -> None:
    """When web's own token runs out it is renewed once; a renewal that is refused ends it all."""
    async with desk.signed_in() as browser:
        await _changed(desk, until=real_now() - timedelta(seconds=1), **{"for": {}})
        assert (await browser.get("/console")).status_code == 200
        assert len({t for t in desk.watched.tokens if claims_in(t)["aud"] == "booking"}) == 1
        kept = await desk.database["staff_sessions"].find().sort("made_at", -1).to_list(1)
        assert kept[0]["until"].replace(tzinfo=None) > real_now().replace(tzinfo=None)
        async with httpx.AsyncClient(base_url=desk.provider) as provider:
            assert (await provider.get("/jwks")).status_code == 200
        broken = kept[0]["tokens"][:-1] + bytes([kept[0]["tokens"][-1] ^ 1])
        await desk.database["staff_sessions"].update_one(
            {"_id": kept[0]["_id"]}, {"$set": {"tokens": broken}}
        )
        assert (await browser.get("/console")).status_code == 303, "what was changed does not open"


async def test_a_token_that_an_api_refuses_ends_the_session(desk: Desk) -> None:
    """A 401 from an API leads to signing in again, not to an error page."""

    def refuse(request: Request) -> Response | None:
        return JSONResponse({"type": "x/not-signed-in", "detail": "no"}, 401)

    desk.watched.answer = refuse
    async with desk.signed_in() as browser:
        answer = await browser.get("/console")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/console/sign-in?")


@pytest.mark.parametrize("service", ["booking", "notifications"])
async def test_a_service_that_is_away_takes_only_its_part_along(desk: Desk, service: str) -> None:
    """The start page stands, says which part does not answer, and shows the rest."""
    desk.watched.away = frozenset({service})
    async with desk.signed_in() as browser:
        answer = await browser.get("/console")
        assert answer.status_code == 200
        said = {"booking": "bokningen", "notifications": "meddelandena"}[service]
        assert f"Vi når inte {said} just nu" in answer.text
