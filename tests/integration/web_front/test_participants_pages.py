"""A participant's link, pages and forms."""

from __future__ import annotations

import re

import httpx
import pytest
from pymongo import MongoClient

from tests.integration.web_front.conftest import (
    FRONT_DOOR,
    LINK,
    STRANGER,
    Front,
    a_booking,
    an_offer,
)
from tests.support.servers import RealServers

_TOKEN = re.compile(r'name="kvitto" value="([0-9a-f]{64})"')


def token_in(page: httpx.Response) -> str:
    found = _TOKEN.search(page.text)
    assert found is not None, page.text
    return found.group(1)


async def test_the_link_becomes_a_cookie(front: Front) -> None:
    """The link gives an opaque cookie that no script can read, and leads on without secret."""
    async with front.client() as client:
        opened = await client.get(f"/m/{LINK}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/min-bokning")
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert LINK not in cookie
    asked = front.behind.headers[-1]
    assert (asked["x-forwarded-for"], asked["front-door-secret"]) == ("127.0.0.1", FRONT_DOOR)


@pytest.mark.parametrize(
    ("till", "where"),
    [("erbjudande", "/erbjudande"), ("inkorg", "/inkorg"), ("https://x.example", "/min-bokning")],
)
async def test_a_link_may_lead_to_a_page_of_ours(front: Front, till: str, where: str) -> None:
    """`till` chooses among our pages, and nothing else."""
    async with front.client() as client:
        assert (await client.get(f"/m/{LINK}?till={till}")).headers["location"] == where


async def test_the_secret_is_not_readable_in_the_database(
    front: Front, servers: RealServers
) -> None:
    """Neither the link's secret nor the cookie's value can be read where sessions are kept."""
    async with front.inside() as client:
        (cookie,) = client.cookies.jar
    with MongoClient(servers.mongo_administrator_url) as administrator:
        kept = str(list(administrator["web"]["sessions"].find()))
    assert "ends_at" in kept
    assert LINK not in kept
    assert str(cookie.value) not in kept


async def test_the_booking_is_shown(front: Front) -> None:
    """What, when on the clock of Malmö, where, and how many."""
    async with front.inside() as client:
        page = await client.get("/min-bokning")
    assert page.status_code == 200
    for shown in (
        "Er klass har plats",
        "Källkritik och konspirationer",
        "torsdag 28 januari, 09:00\u2060–\u206010:30",
        "Sal 2, Flamman",
        "26 elever och 2 vuxna",
    ):
        assert shown in page.text


async def test_english_when_wanted(front: Front) -> None:
    """`?lang=en` changes the language, and it stays changed."""
    async with front.inside() as client:
        await client.get("/min-bokning?lang=en")
        page = await client.get("/min-bokning")
    assert "Your class has its places" in page.text
    assert "Thursday 28 January, 09:00\u2060–\u206010:30" in page.text


@pytest.mark.parametrize(("answer", "path"), [("ja", "acceptance"), ("nej", "refusal")])
async def test_an_offer_is_answered(front: Front, answer: str, path: str) -> None:
    """Ja takes the places, nej lets them go; the deadline is said as a day and a time."""
    front.behind.booking = an_offer()
    async with front.inside() as client:
        page = await client.get("/erbjudande")
        assert "Svara före onsdag 20 januari kl. 15:00" in page.text
        answered = await client.post("/erbjudande", data={"kvitto": token_in(page), "svar": answer})
    assert answered.status_code == 303
    assert ("POST", f"/v1/my-booking/offer/{path}") in front.behind.got
    assert front.behind.headers[-1]["link-secret"] == LINK
    assert front.behind.headers[-1]["idempotency-key"]


async def test_no_offer_is_said_kindly(front: Front) -> None:
    """Without an open offer the page says so, and shows no buttons."""
    async with front.inside() as client:
        page = await client.get("/erbjudande")
    assert "Det finns inget att svara på just nu" in page.text
    assert "<button" not in page.text


async def test_the_number_is_changed_on_what_was_seen(front: Front) -> None:
    """The new head count goes with the version that the page showed."""
    async with front.inside() as client:
        page = await client.get("/min-bokning")
        form = {"kvitto": token_in(page), "version": '"3"', "pupils": "25", "adults": "2"}
        changed = await client.post("/min-bokning/antal", data=form)
    assert changed.headers["location"] == "/min-bokning?klart=changed"
    assert front.behind.bodies == [b'{"pupils":25,"adults":2}']
    assert front.behind.headers[-1]["if-match"] == '"3"'


async def test_cancelling_asks_first(front: Front) -> None:
    """Looking at the question cancels nothing; answering it does."""
    async with front.inside() as client:
        question = await client.get("/min-bokning/avboka")
        assert front.behind.got == [("GET", "/v1/my-booking")]
        done = await client.post("/min-bokning/avboka", data={"kvitto": token_in(question)})
    assert done.headers["location"] == "/min-bokning?klart=cancelled"
    assert ("POST", "/v1/my-booking/cancellation") in front.behind.got


async def test_a_services_no_is_shown_in_its_words(front: Front) -> None:
    """A refusal becomes a page with the service's sentence, and keeps its status."""
    front.behind.booking = an_offer()
    front.behind.refuse = (409, "Tiden för att svara har gått ut.")
    async with front.inside() as client:
        page = await client.get("/erbjudande")
        answered = await client.post("/erbjudande", data={"kvitto": token_in(page), "svar": "ja"})
    assert answered.status_code == 409
    assert "Tiden för att svara har gått ut." in answered.text


@pytest.mark.parametrize("secret", [STRANGER, "för-kort", "x" * 400])
async def test_a_link_that_is_not_valid(front: Front, secret: str) -> None:
    """An unknown or mangled link is a kind page, and its secret is not repeated."""
    async with front.client() as client:
        page = await client.get(f"/m/{secret}")
    assert page.status_code == 404
    assert "Länken gäller inte längre" in page.text
    assert secret not in page.text


async def test_without_a_visit_one_is_asked_to_open_the_link(front: Front) -> None:
    """Without a cookie, or with a guessed one, nothing of a booking is shown."""
    async with front.client(cookies={f"besok-{front.settings.http_port}": "A" * 43}) as client:
        for path in ("/min-bokning", "/erbjudande", "/inkorg", "/min-bokning/avboka"):
            page = await client.get(path)
            assert page.status_code == 401
            assert "Du behöver öppna länken igen" in page.text
    assert front.behind.got == []


async def test_leaving_ends_the_visit(front: Front) -> None:
    """Lämna sidan nu leads somewhere ordinary and closes the session on the server too."""
    async with front.inside() as client:
        kept = dict(client.cookies)
        left = await client.get("/lamna")
        assert left.headers["location"].startswith("https://")
    async with front.client(cookies=kept) as client:
        assert (await client.get("/min-bokning")).status_code == 401


async def test_the_inbox(front: Front) -> None:
    """Messages are shown newest first and escaped; an empty inbox says what will come."""
    async with front.inside() as client:
        assert "Inget här än" in (await client.get("/inkorg")).text
        front.behind.letters = [
            {"id": "2", "at": "2027-01-19T10:00:00Z", "title": "Plats", "body": "Plats! <b>&</b>"},
            {"id": "1", "at": "2027-01-18T10:00:00Z", "title": "Kö", "body": "Ni står i kö."},
        ]
        page = await client.get("/inkorg")
    assert page.text.index("Plats! &lt;b&gt;") < page.text.index("Ni står i kö.")
    assert "19 januari 11:00" in page.text


async def test_an_individual_is_not_a_class(front: Front) -> None:
    """One person is spoken to as one, and has no head count to change."""
    party = {"kind": "individual", "pupils": 1, "adults": 0}
    front.behind.booking = a_booking(party=party, size=1, state="waiting", position=2)
    async with front.inside() as client:
        page = await client.get("/min-bokning")
    assert "Du står i kö" in page.text
    assert "1 person" in page.text
    assert "/min-bokning/antal" not in page.text


async def test_what_has_started_cannot_be_changed(front: Front) -> None:
    """From the start on the page says so, and offers nothing to change or cancel."""
    front.behind.booking["occasion"]["has_started"] = True
    async with front.inside() as client:
        page = await client.get("/min-bokning")
    assert "Tillfället har börjat" in page.text
    assert "/min-bokning/avboka" not in page.text
    assert "<form" not in page.text
