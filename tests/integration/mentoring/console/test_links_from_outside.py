"""Whoever has a link of mentoring's, and no account: refers, or reads what is shared. No script."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from services.web.public import form_limits
from tests.integration.mentoring.console.conftest import Browser, Desk
from tests.integration.mentoring.test_consents import consented, shared
from tests.integration.mentoring.test_from_intake_to_aftercare import GOALS, in_support
from tests.integration.mentoring.world import KARIN

WORRY = "Kommer inte till skolan. kanarieord-17"
ABOUT = {"name": "Kanarie Fågelsson", "phone": "070-174 06 05", "birth_date": "2010-05-01"}


@pytest.fixture(autouse=True)
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has an address of its own, as far as the limits go."""
    name = str(id(monkeypatch))
    monkeypatch.setattr(form_limits, "visitor_of", lambda _: name)


def outside(desk: Desk) -> httpx.AsyncClient:
    """Somebody's browser that has never been here."""
    door = desk.console.settings.front_door
    return httpx.AsyncClient(base_url=door, timeout=30, headers={"Accept-Language": "sv"})


async def a_link(desk: Desk) -> str:
    """A referrer's secret."""
    wanted = {"kind": "school", "label": "Exempelskolan"}
    made = await desk.world.asks(KARIN, "POST", "/v1/referral-links", 201, json=wanted)
    return str(made["secret"])


async def test_a_teacher_refers_by_their_link(desk: Desk) -> None:
    """From the link to a receipt: a refusal keeps what was written, and twice is once.

    No page has the secret in its address, and the last one repeats no word.
    """
    secret = await a_link(desk)
    async with outside(desk) as client:
        came = await client.get(f"/anmal/{secret}")
        assert (came.status_code, came.headers["location"]) == (303, "/anmal")
        assert secret not in came.headers["set-cookie"]
        assert "httponly" in came.headers["set-cookie"].lower()
        browser = Browser(client)
        page = await browser.opens("/anmal")
        assert 'href="/lamna"' in page
        assert secret not in page
        wrong = await browser.sends(page, "/anmal", {**ABOUT, "worry": " ", "referrer": "Kurator"})
        assert wrong.status_code == 422
        assert 'value="Kanarie Fågelsson"' in wrong.text
        bad = {**ABOUT, "worry": WORRY, "personal_number": "123"}
        wrong = await browser.sends(wrong.text, "/anmal", bad)
        assert wrong.status_code == 422
        assert WORRY in wrong.text
        assert "tolv siffror" in wrong.text
        said = {**ABOUT, "worry": WORRY, "personal_number": ""}
        for _ in range(2):
            sent = await browser.sends(wrong.text, "/anmal", said)
            assert sent.status_code == 200, sent.text
            assert sent.headers["cache-control"] == "no-store"
            assert "kanarieord" not in sent.text
    [referral] = (await desk.world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    assert (referral["via"], referral["kind"]) == ("link", "school")
    assert referral["receipt"] in sent.text
    whole = await desk.world.asks(KARIN, "GET", f"/v1/referrals/{referral['id']}")
    assert whole["said"]["worry"] == WORRY
    assert whole["said"]["about"]["phone"] == "+46701740605"


async def test_a_link_that_is_taken_back_has_no_form(desk: Desk) -> None:
    """Nor has one that never was; who was inside is out, and who leaves in a hurry is too."""
    secret = await a_link(desk)
    async with outside(desk) as client:
        assert (await client.get(f"/anmal/{'A' * 43}")).status_code == 404
        assert (await client.get("/anmal/x")).status_code == 404
        assert (await client.get("/anmal")).status_code == 401
        await client.get(f"/anmal/{secret}")
        await client.get("/lamna")
        assert (await client.get("/anmal")).status_code == 401
        await client.get(f"/anmal/{secret}")
        page = (await client.get("/anmal")).text
        link = (await desk.world.rows("referral_links"))[0]["_id"]
        await desk.world.asks(KARIN, "DELETE", f"/v1/referral-links/{link}", 204)
        assert (await client.get("/anmal")).status_code == 404
        late = await Browser(client).sends(page, "/anmal", {"worry": WORRY})
        assert late.status_code == 404


async def test_another_sites_form_refers_nobody(desk: Desk) -> None:
    """Without the token of the visit, or from elsewhere, nothing is handed on."""
    secret = await a_link(desk)
    async with outside(desk) as client:
        await client.get(f"/anmal/{secret}")
        page = (await client.get("/anmal")).text
        bare = await client.post("/anmal", data={"worry": WORRY})
        client.headers["Sec-Fetch-Site"] = "cross-site"
        elsewhere = await Browser(client).sends(page, "/anmal", {"worry": WORRY})
    assert (bare.status_code, elsewhere.status_code) == (403, 403)
    assert await desk.world.rows("referrals") == []


async def test_a_school_reads_what_is_shared(desk: Desk) -> None:
    """To open the page reads nothing; each press is written down; withdrawn, it shows nothing."""
    world = desk.world
    case_id = await in_support(world)
    consent = await consented(world, case_id)
    secret = (await shared(world, case_id, consent_id=consent))["secret"]
    async with outside(desk) as client:
        came = await client.get(f"/delat/{secret}")
        assert (came.status_code, came.headers["location"]) == (303, "/delat")
        browser = Browser(client)
        page = await browser.opens("/delat")
        assert await _looks(desk, case_id) == []
        bare = await client.post("/delat", data={})
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        assert (await client.post("/delat", headers=elsewhere)).status_code == 403
        assert bare.status_code in (400, 403)
        assert await _looks(desk, case_id) == [], "nobody else's page reads it either"
        seen = await browser.sends(page, "/delat", {})
        assert seen.status_code == 200, seen.text
        assert GOALS[0]["text"] in seen.text
        assert "senast 1 februari 2027" in seen.text, "a day as people say it"
        assert ">2027-" not in seen.text
        assert seen.headers["cache-control"] == "no-store"
        assert secret not in seen.text
        assert len(await _looks(desk, case_id)) == 1
        assert (await client.get("/anmal")).status_code == 401, "one link opens one page"
        path = f"/v1/cases/{case_id}/consents/{consent}/withdrawal"
        await world.asks(KARIN, "POST", path)
        over = await browser.sends(page, "/delat", {})
        assert over.status_code == 404
        assert GOALS[0]["text"] not in over.text


async def test_what_is_shared_stands_under_its_question(desk: Desk) -> None:
    """An answer beside what was asked, a contact under its day, a yes in words: no bare values."""
    world = desk.world
    case_id = await in_support(world)
    contact = {"on": "2027-01-11", "way": "call", "successful": True, "text": "Vi ringdes."}
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/contacts", 201, json=contact)
    yes = {"purpose": "coordination", "text_id": "samtycke-samordning"}
    consent = await consented(world, case_id, **yes)
    parts = ["overview", "assessment", "plan", "identity", "contact"]
    wanted = {"purpose": "coordination", "groups": parts, "consent_id": consent}
    secret = (await shared(world, case_id, **wanted))["secret"]
    async with outside(desk) as client:
        await client.get(f"/delat/{secret}")
        browser = Browser(client)
        seen = (await browser.sends(await browser.opens("/delat"), "/delat", {})).text
        english = {"Accept-Language": "en"}
        page = (await client.get("/delat", headers=english)).text
        assert '<html lang="en"' in page
    said = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.sub("</?span[^>]*>", "", seen)))
    assert said["Hur tryggt känns livet?"] == "svårt just nu"
    assert said["Finns det någon som gör dig orolig eller rädd?"] == "nej"
    assert said["Språk"] == "svenska"
    assert "11 januari 2027" in seen.partition("Vi ringdes.")[0]
    assert not re.search(r">(False|True|None|[0-9]|sv)<", seen), "no bare value"


async def _looks(desk: Desk, case_id: str) -> list[Any]:
    return await desk.world.audited(case_id, rule="consent", allowed=True)
