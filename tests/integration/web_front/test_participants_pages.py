"""A participant's link, pages and forms."""

from __future__ import annotations

import html
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

_HIDDEN = re.compile(r'type="hidden" name="([a-z]+)" value="([^"]*)"')


def form_in(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser would send them."""
    found = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}
    assert len(found.get("kvitto", "")) == 64, page.text
    return found


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
        answered = await client.post("/erbjudande", data={**form_in(page), "svar": answer})
    assert answered.status_code == 303
    assert front.behind.headers[-1]["if-match"] == '"3"'
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
        form = {**form_in(page), "pupils": "25", "adults": "2"}
        changed = await client.post("/min-bokning/antal", data=form)
    assert changed.headers["location"] == "/min-bokning?klart=changed"
    assert front.behind.bodies == [b'{"pupils":25,"adults":2}']
    assert front.behind.headers[-1]["if-match"] == '"3"'


async def test_cancelling_asks_first(front: Front) -> None:
    """Looking at the question cancels nothing; answering it does."""
    async with front.inside() as client:
        question = await client.get("/min-bokning/avboka")
        assert front.behind.got == [("GET", "/v1/my-booking")]
        done = await client.post("/min-bokning/avboka", data=form_in(question))
    assert done.headers["location"] == "/min-bokning?klart=cancelled"
    assert ("POST", "/v1/my-booking/cancellation") in front.behind.got
    assert front.behind.headers[-1]["if-match"] == '"3"'


@pytest.mark.parametrize(
    ("page", "form", "seen"),
    [
        ("/erbjudande", {"svar": "ja"}, "Ja, vi tar platserna"),
        ("/min-bokning/avboka", {}, "Vill ni avboka?"),
        ("/min-bokning", {"pupils": "27", "adults": "2"}, 'value="27"'),
    ],
)
async def test_a_services_no_is_shown_above_the_form(
    front: Front, page: str, form: dict[str, str], seen: str
) -> None:
    """A refusal keeps its status and its words; the form stands below, with what was written."""
    front.behind.booking = an_offer() if page == "/erbjudande" else a_booking()
    front.behind.refuse = (409, "Det finns inte plats för fler.")
    action = "/min-bokning/antal" if page == "/min-bokning" else page
    async with front.inside() as client:
        shown = await client.get(page)
        answered = await client.post(action, data={**form_in(shown), **form})
    assert answered.status_code == 409
    for said in ("Det finns inte plats för fler.", seen, 'href="/min-bokning"'):
        assert said in answered.text


async def test_a_conflict_is_a_kind_page(front: Front) -> None:
    """Somebody was faster: nothing is done, the booking is shown as it is, and one goes on."""
    front.behind.refuse, front.behind.refuse_as = (412, "Läs in det igen."), "version-conflict"
    async with front.inside() as client:
        question = await client.get("/min-bokning/avboka")
        late = await client.post("/min-bokning/avboka", data=form_in(question))
        assert late.status_code == 412
        assert "har ändrats sedan du öppnade sidan" in late.text
        assert "Läs in det igen." not in late.text
        front.behind.refuse = None
        done = await client.post("/min-bokning/avboka", data=form_in(late))
    assert done.headers["location"] == "/min-bokning?klart=cancelled"


async def test_cancelling_twice_is_one_cancellation(front: Front) -> None:
    """An impatient second press is no error: the booking is cancelled, as was asked for."""
    async with front.inside() as client:
        question = await client.get("/min-bokning/avboka")
        front.behind.booking = a_booking(state="cancelled")
        front.behind.refuse = (409, "Bokningen finns inte längre på det här tillfället.")
        again = await client.post("/min-bokning/avboka", data=form_in(question))
    assert again.headers["location"] == "/min-bokning?klart=cancelled"


async def test_an_offer_that_is_gone_leads_to_the_booking(front: Front) -> None:
    """Answering an old offer shows how the booking stands, with why; the link is still good."""
    front.behind.booking = an_offer()
    async with front.inside() as client:
        page = await client.get("/erbjudande")
        front.behind.booking = a_booking()
        front.behind.refuse, front.behind.refuse_as = (404, "Inget erbjudande."), "offer-not-found"
        answered = await client.post("/erbjudande", data={**form_in(page), "svar": "ja"})
    assert answered.status_code == 404
    assert "Inget erbjudande." in answered.text
    assert "Er klass har plats" in answered.text


async def test_a_number_is_written_in_figures(front: Front) -> None:
    """Words in a number field are not sent on; they are asked for again and stay in the field."""
    async with front.inside() as client:
        page = await client.get("/min-bokning")
        form = {**form_in(page), "pupils": "tjugo", "adults": "3"}
        answered = await client.post("/min-bokning/antal", data=form)
    assert answered.status_code == 422
    assert front.behind.bodies == []
    for said in ("Skriv antalet med siffror", 'value="tjugo"', 'value="3"'):
        assert said in answered.text


async def test_a_broken_form_has_a_way_back(front: Front) -> None:
    """A form that is not ours, or not whole, ends on a page that leads to the booking."""
    front.behind.booking = an_offer()
    async with front.inside() as client:
        page = await client.get("/erbjudande")
        for form in ({"kvitto": "0" * 64}, form_in(page)):
            answered = await client.post("/erbjudande", data=form)
            assert answered.status_code in (400, 403)
            assert 'href="/min-bokning"' in answered.text
    async with front.client() as stranger:
        assert 'href="/min-bokning"' not in (await stranger.get("/min-bokning")).text


async def test_who_waited_in_vain_reads_so(front: Front) -> None:
    """The page says kindly that there was no place, and offers nothing to change or cancel."""
    front.behind.booking = a_booking(state="unserved")
    async with front.inside() as client:
        page = await client.get("/min-bokning")
    assert "Det blev ingen plats den här gången" in page.text
    assert "<form" not in page.text
    assert "/min-bokning/avboka" not in page.text


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
