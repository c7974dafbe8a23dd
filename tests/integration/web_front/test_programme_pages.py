"""The programme, booking and moving as a visitor meets them, before services that record."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from tests.integration.web_front.conftest import LINK, OCCASION, Front, a_booking, an_entry

BOOK = f"/program/{OCCASION}/boka"
CLASS = {
    "kind": "group", "pupils": "26", "adults": "2", "school": "Rosengårdsskolan", "grade": "8",
    "name": "Åsa Exempel", "phone": "070-174 06 05", "email": "", "language": "sv",
    "needs": "hörslinga", "wait": "ja",
}  # fmt: skip


def key_in(page: Any) -> str:
    """The key of a form as it was shown."""
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    assert found is not None
    return found.group(1)


async def test_the_programme_says_what_is_free_and_how_many_wait(front: Front) -> None:
    """Free places, a full occasion with its line, and the way to each."""
    full = an_entry(id=OCCASION.replace("a", "c"), title="Fullsatt", free=0, waiting=3)
    front.behind.programme.append(full)
    async with front.client() as client:
        page = await client.get("/program")
    for said in (
        "4 platser kvar",
        "Fullt",
        "3 i kö",
        f'href="/program/{OCCASION}"',
        "2 tillfällen",
    ):
        assert said in page.text
    assert "no-store" in page.headers["cache-control"]


async def test_filters_stand_in_the_address_and_go_to_booking(front: Front) -> None:
    """What can be chosen is asked for; what cannot is no filter, and is not repeated."""
    async with front.client() as client:
        page = await client.get(
            "/program?typ=workshop&plats=Sal+2%2C+Flamman&fran=2027-01-01&till=x&malgrupp=%3Cb%3E"
        )
    assert 'value="workshop" selected' in re.sub(r"\s+", " ", page.text)
    asked = front.behind.asked[-1]
    assert "kind=workshop" in asked
    assert "room=Sal+2%2C+Flamman" in asked
    assert "from=2027-01-01" in asked
    assert "target_group" not in asked
    assert "&lt;b" not in page.text
    assert "to=" not in asked


async def test_an_empty_programme_says_what_to_do(front: Front) -> None:
    """Nothing at all leads to the newsletter; nothing that fits leads back to everything."""
    front.behind.programme = []
    async with front.client() as client:
        assert "Just nu finns inget att boka" in (await client.get("/program")).text
        page = await client.get("/program?fran=2030-01-01")
    assert "Inget passar det du valde" in page.text
    assert 'href="/program"' in page.text


async def test_the_programme_has_pages(front: Front) -> None:
    """Twenty at a time; the next page keeps what was chosen."""
    front.behind.programme = [an_entry() for _ in range(45)]
    async with front.client() as client:
        page = await client.get("/program?typ=workshop&sida=2")
    assert "offset=20" in front.behind.asked[-1]
    assert 'href="/program?typ=workshop"' in page.text
    assert 'href="/program?typ=workshop&amp;sida=3"' in page.text


async def test_an_occasion_and_its_calendar_file(front: Front) -> None:
    """What, when, where, for whom, how many free; the calendar file says the same and no more."""
    async with front.client() as client:
        page = await client.get(f"/program/{OCCASION}")
        calendar = await client.get(f"/program/{OCCASION}/kalender.ics")
        gone = await client.get(f"/program/{OCCASION[:-1]}f")
    for said in ("Källkritik och konspirationer", "torsdag 28 januari", "Sal 2, Flamman", BOOK):
        assert said in page.text
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:20270128T080000Z" in calendar.text
    assert gone.status_code == 404
    assert "Den här sidan finns inte" in gone.text


@pytest.mark.parametrize("state", ["cancelled", "has_started"])
async def test_what_is_over_cannot_be_booked(front: Front, state: str) -> None:
    """The page says so without a button, and the form leads to the page."""
    front.behind.programme = [an_entry(**{state: True})]
    async with front.client() as client:
        page = await client.get(f"/program/{OCCASION}")
        form = await client.get(BOOK)
    assert BOOK not in page.text
    assert form.headers["location"] == f"/program/{OCCASION}"


async def test_a_class_is_booked_and_is_inside(front: Front) -> None:
    """The wish goes to booking with the form's key, and the answer opens their booking."""
    async with front.client() as client:
        form = await client.get(BOOK)
        assert "Rosengårdsskolan" in form.text
        booked = await client.post(BOOK, data={**CLASS, "form": key_in(form)})
        assert booked.headers["location"] == "/min-bokning?klart=booked"
        mine = await client.get(booked.headers["location"])
    sent = json.loads(front.behind.bodies[-1])
    assert sent["party"] == {
        "kind": "group", "pupils": 26, "adults": 2, "school": "Rosengårdsskolan", "grade": "8",
    }  # fmt: skip
    assert (sent["needs"], sent["when_full"]) == ("hörslinga", "wait")
    posted = next(h for (m, p), h in zip(front.behind.got, front.behind.headers, strict=True)
                  if (m, p) == ("POST", "/v1/bookings"))  # fmt: skip
    assert posted["idempotency-key"] == key_in(form)
    assert "link-secret" not in posted
    assert front.behind.headers[-1]["link-secret"] == LINK
    assert "Er klass har plats" in mine.text
    assert "Bekräftelsen är på väg" in mine.text


async def test_pressing_twice_sends_the_same_key(front: Front) -> None:
    """An impatient second press is the same booking: booking sees one key."""
    async with front.client() as client:
        form = await client.get(BOOK)
        for _ in range(2):
            await client.post(BOOK, data={**CLASS, "form": key_in(form)})
    keys = [h["idempotency-key"] for h in front.behind.headers if "idempotency-key" in h]
    assert keys == [key_in(form)] * 2


async def test_a_mistake_is_shown_at_its_field_and_nothing_is_lost(front: Front) -> None:
    """The summary takes the focus and leads to the field; what was written stands there still."""
    wrong = {**CLASS, "pupils": "många", "phone": "", "school": "<b>Skolan"}
    async with front.client() as client:
        form = await client.get(BOOK)
        page = await client.post(BOOK, data={**wrong, "form": key_in(form)})
    assert page.status_code == 422
    assert front.behind.bodies == []
    for said in (
        'href="#pupils"', 'href="#phone"', "autofocus", 'value="många"', 'value="hörslinga"',
        "&lt;b&gt;Skolan", 'aria-invalid="true"', f'value="{key_in(form)}"',
    ):  # fmt: skip
        assert said in page.text, said


@pytest.mark.parametrize(
    ("kind", "status", "leads_to"),
    [("broken-phone", 422, "#phone"), ("occasion-full", 409, "#wait")],
)
async def test_bookings_own_no_is_shown_where_it_can_be_mended(
    front: Front, kind: str, status: int, leads_to: str
) -> None:
    """Its words and status are kept, and the form stays as it was written."""
    front.behind.refuse, front.behind.refuse_as = (status, "Så går det inte."), kind
    async with front.client() as client:
        page = await client.post(BOOK, data={**CLASS, "form": key_in(await client.get(BOOK))})
        arabic = await client.post(f"{BOOK}?lang=ar", data=CLASS)
    assert page.status_code == status
    assert f'href="{leads_to}">Så går det inte.' in page.text
    assert 'value="Åsa Exempel"' in page.text
    assert "Så går det inte." not in arabic.text
    assert f'href="{leads_to}">' in arabic.text


async def test_a_form_that_was_a_booking_already_gets_a_new_key(front: Front) -> None:
    """Sent again with other words it is not silently dropped, nor booked unasked."""
    front.behind.refuse, front.behind.refuse_as = (422, "Nyckeln."), "idempotency-key-reused"
    async with front.client() as client:
        form = await client.get(BOOK)
        page = await client.post(BOOK, data={**CLASS, "form": key_in(form)})
    assert page.status_code == 409
    assert "redan skickat" in page.text
    assert key_in(page) != key_in(form)


async def test_no_other_site_can_book_or_write(front: Front) -> None:
    """A form that another site sends books nothing and writes to nobody."""
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    async with front.client(headers=elsewhere) as client:
        for path in (BOOK, "/prata"):
            assert (await client.post(path, data=CLASS)).status_code == 403
    assert front.behind.bodies == []


async def test_a_service_that_has_been_asked_too_often_is_no_fault(front: Front) -> None:
    """429 from behind the door: kind words and the form as it was written, or a page of its own."""
    front.behind.refuse, front.behind.refuse_as = (429, "x"), "too-many-requests"
    async with front.inside() as client:
        page = await client.post(BOOK, data={**CLASS, "form": key_in(await client.get(BOOK))})
        token = re.search(r'name="kvitto" value="([^"]+)"', (await client.get("/min-bokning")).text)
        assert token is not None
        form = {"kvitto": token.group(1), "version": '"3"'}
        other = await client.post("/min-bokning/avboka", data=form)
    assert page.status_code == 429
    assert "pröva igen om några minuter" in page.text
    assert 'value="Åsa Exempel"' in page.text
    assert other.status_code == 429
    assert "Vänta en liten stund" in other.text


async def test_moving_chooses_among_the_other_days(front: Front) -> None:
    """The same activity on other days; the choice goes on what was seen."""
    other = OCCASION.replace("a", "c")
    front.behind.booking = a_booking(occasion_id=OCCASION)
    front.behind.programme.append(an_entry(id=other, starts_at="2027-02-04T08:00:00Z"))
    async with front.inside() as client:
        page = await client.get("/min-bokning/flytta")
        assert other in page.text
        assert f'value="{OCCASION}"' not in page.text
        token = re.search(r'name="kvitto" value="([^"]+)"', page.text)
        assert token is not None
        form = {"kvitto": token.group(1), "version": '"3"'}
        nothing = await client.post("/min-bokning/flytta", data=form)
        moved = await client.post("/min-bokning/flytta", data={**form, "till": other})
    assert nothing.status_code == 422
    assert moved.headers["location"] == "/min-bokning?klart=moved"
    assert json.loads(front.behind.bodies[-1]) == {"occasion_id": other, "when_full": "refuse"}
    assert ("POST", "/v1/my-booking/move") in front.behind.got


async def test_the_start_page_stands_without_the_programme(front: Front) -> None:
    """With booking away the rest of the page is there, and says so kindly."""
    front.behind.away = True
    async with front.client() as client:
        page = await client.get("/")
    assert page.status_code == 200
    assert "Programmet går inte att visa just nu" in page.text
    assert 'href="/nyhetsbrev"' in page.text


@pytest.mark.parametrize("path", ["/", "/program", f"/program/{OCCASION}", BOOK, "/prata"])
async def test_arabic_runs_from_the_right(front: Front, path: str) -> None:
    """The page says its language and direction; names stay Swedish in isolates; figures Latin."""
    async with front.client() as client:
        page = await client.get(f"{path}?lang=ar")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert page.headers["content-language"] == "ar"
    assert not re.search("[٠-٩]", page.text)
    if path != "/prata":
        assert '<bdi lang="sv" dir="ltr">Källkritik och konspirationer</bdi>' in page.text


async def test_pages_without_arabic_are_swedish_and_say_so(front: Front) -> None:
    """Nobody meets half a language; the way to Arabic leads to a page that has it."""
    async with front.client() as client:
        page = await client.get("/tillganglighet?lang=ar")
    assert '<html lang="sv" dir="ltr">' in page.text
    assert 'href="/?lang=ar"' in page.text


async def test_the_first_page_is_light(front: Front) -> None:
    """With its style and scripts it is at most 60 kB as it travels compressed."""
    async with front.client() as client:
        page = await client.get("/")
        parts = [page.content]
        found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
        parts += [(await client.get(address)).content for address in found]
    assert len(parts) >= 5
    assert sum(len(gzip.compress(part)) for part in parts) <= 60_000


async def test_every_page_of_the_site_is_guarded(front: Front) -> None:
    """Whatever is asked for, also what is not there: nothing inline, nothing kept, nobody told."""
    paths = ("/", "/program", f"/program/{OCCASION}", BOOK, "/prata", "/tillganglighet", "/x")
    async with front.client() as client:
        answers = [await client.get(path) for path in paths]
        answers.append(await client.post("/prata", data={"words": ""}))
        calendar = await client.get(f"/program/{OCCASION}/kalender.ics")
    for page in answers:
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]+src=)|\son[a-z]+=|style=", page.text)
    for each in (*answers, calendar):
        assert each.headers["x-content-type-options"] == "nosniff"
        assert each.headers["referrer-policy"] == "no-referrer"
        assert each.headers["cross-origin-opener-policy"] == "same-origin"
        assert "noindex" in each.headers["x-robots-tag"]
