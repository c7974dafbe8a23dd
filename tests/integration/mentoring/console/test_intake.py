"""How somebody comes to us, in the console: by hand, by telephone, by a question, by a link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE

CASES, REFERRALS = "/console/cases", "/console/referrals"
CHILD = {"name": CANARY, "birth_date": "2012-05-01"}


@pytest.mark.parametrize(
    ("path", "shown_on"),
    [
        (f"{CASES}/new", CASES),
        (f"{REFERRALS}/new", REFERRALS),
        ("/console/referral-links", REFERRALS),
        ("/console/emergency", CASES),
    ],
)
async def test_a_mentor_and_others_get_neither_control_nor_page(
    desk: Desk, path: str, shown_on: str
) -> None:
    """A case lead sees the way there and the form; a mentor and data protection see neither."""
    async with desk.signed_in(KARIN) as karin:
        assert f'href="{path}"' in await karin.opens(shown_on)
        assert f'action="{path}"' in await karin.opens(path)
    async with desk.signed_in(IDRIS) as idris:
        assert f'href="{path}"' not in await idris.opens(CASES)
        await idris.opens(path, 403)
    async with desk.signed_in(GRETA) as greta:
        await greta.opens(path, 403)


async def test_a_case_is_opened_by_hand(desk: Desk) -> None:
    """What is wrong comes back with all that was typed; then a case stands under its code word."""
    to = f"{CASES}/new"
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        said = {"name": CANARY, "phone": "070-174 06 05", "birth_date": "2008-05-01", "lead": KARIN}
        wrong = await karin.sends(page, to, {**said, "personal_number": "200805011234"})
        assert wrong.status_code == 422
        assert f'value="{CANARY}"' in wrong.text
        done = await karin.sends(wrong.text, to, {**said, "personal_number": "", "days": "30"})
        assert done.status_code == 303, done.text
        at = done.headers["location"].partition("?")[0]
        page = await karin.opens(done.headers["location"])
        assert CANARY not in page
        assert "minst var 30:e dag" in page
        shown = await karin.sends(page, f"{at}/identity", {})
        assert "+46701740605" in shown.text


async def test_a_protected_case_can_be_opened_for_the_named(desk: Desk) -> None:
    """The lead is among the named, or it is refused; a colleague sees nothing of it."""
    to = f"{CASES}/new"
    async with desk.signed_in(KARIN) as karin, desk.signed_in(TOVE) as tove:
        said = {"name": CANARY, "lead": KARIN, "protected": "yes", "named": TOVE}
        wrong = await karin.sends(await karin.opens(to), to, said)
        assert wrong.status_code in (403, 409, 422)
        assert f'value="{TOVE}"' in wrong.text
        done = await karin.sends(wrong.text, to, {**said, "named": KARIN})
        assert done.status_code == 303, done.text
        at = done.headers["location"].partition("?")[0]
        assert "skyddad identitet" in await karin.opens(at)
        await tove.opens(at, 404)


async def test_a_referral_is_taken_down_by_telephone(desk: Desk) -> None:
    """The receipt is told, the words are kept, and a second press is the same referral."""
    to = f"{REFERRALS}/new"
    said = {**CHILD, "worry": "Har slutat komma.", "kind": "school", "referrer": "Kurator"}
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        wrong = await karin.sends(page, to, {**said, "kind": "nonsense"})
        assert wrong.status_code == 422
        assert "Har slutat komma." in wrong.text
        for _ in range(2):
            done = await karin.sends(page, to, said)
            assert done.status_code == 200, done.text
        stored = await desk.world.rows("referrals")
        assert [each["receipt"] in done.text for each in stored] == [True]
        inside = await karin.opens(f"{REFERRALS}/{stored[0]['_id']}")
        assert "Har slutat komma." in inside
        assert CANARY in inside


async def test_a_minor_is_not_declined_without_a_word_on_the_worry(desk: Desk) -> None:
    """Under 18 the question of a report is answered first, in one choice of the API's own list."""
    made = {"kind": "school", "about": CHILD, "worry": "Har slutat komma."}
    await desk.world.asks(KARIN, "POST", "/v1/referrals", 202, json=made)
    async with desk.signed_in(KARIN) as karin:
        at = f"{REFERRALS}/" + (await desk.world.rows("referrals"))[0]["_id"]
        said = {"reason": "other-help", "concern": ""}
        wrong = await karin.sends(await karin.opens(at), at, said, holding='value="decline"')
        assert wrong.status_code in (409, 422)
        said["concern"] = "no:known-to-social-services"
        done = await karin.sends(wrong.text, at, said, holding='value="decline"')
        assert done.status_code == 303, done.text
    assert (await desk.world.rows("referrals"))[0]["state"] == "declined"


async def test_a_question_becomes_a_referral(desk: Desk) -> None:
    """Whoever answers can make a referral of it; the question ends, and cannot be answered."""
    asked = {"question": "Hur pratar vi om det?", "profession": "school", "topic": "worry"}
    await desk.world.asks(KARIN, "POST", "/v1/consultations", 202, json=asked)
    question = "/console/consultations/" + (await desk.world.rows("consultations"))[0]["_id"]
    to = f"{question}/referral"
    async with desk.signed_in(KARIN) as karin, desk.signed_in(IDRIS) as idris:
        await idris.opens(to, 403)
        old = await karin.opens(question)
        assert f'href="{to}"' in old
        done = await karin.sends(await karin.opens(to), to, CHILD)
        assert done.status_code == 200, done.text
        stored = await desk.world.rows("referrals")
        assert stored[0]["receipt"] in done.text
        assert f'href="{to}"' not in await karin.opens(question)
        late = await karin.sends(old, question, {"text": "Svar"})
        assert late.status_code in (409, 412)


async def test_what_was_said_stands_with_the_case(desk: Desk) -> None:
    """The lead reads it under the case's code word; a stand-in has neither tab nor page."""
    said = {"kind": "school", "about": {"name": CANARY}, "worry": "Har slutat komma."}
    await desk.world.asks(KARIN, "POST", "/v1/referrals", 202, json=said)
    referral = (await desk.world.rows("referrals"))[0]["_id"]
    async with desk.signed_in(KARIN) as karin, desk.signed_in(TOVE) as tove:
        at = f"{REFERRALS}/{referral}"
        done = await karin.sends(await karin.opens(at), at, {}, holding='value="accept"')
        case = done.headers["location"].partition("?")[0]
        assert f'href="{case}/referrals"' in await karin.opens(case)
        page = await karin.opens(f"{case}/referrals")
        assert "Har slutat komma." in page
        assert CANARY not in page
        stands_in = {"kind": "stand-in", "sees": None}
        case_id = case.rpartition("/")[2]
        await desk.world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=stands_in)
        assert f'href="{case}/referrals"' not in await tove.opens(case)
        await tove.opens(f"{case}/referrals", 404)


async def test_a_person_is_found_among_ones_own_cases_alone(desk: Desk) -> None:
    """By one whole thing; a colleague gets the same empty answer, and nothing sought is shown."""
    case_id = await desk.world.a_case(KARIN, identity={"name": CANARY, "phone": "+46701740699"})
    word = (await desk.world.case(case_id))["pseudonym"]
    to = f"{CASES}/find"
    async with desk.signed_in(KARIN) as karin, desk.signed_in(TOVE) as tove:
        assert f'href="{to}"' in await karin.opens(CASES)
        page = await karin.opens(to)
        wrong = await karin.sends(page, to, {"phone": "070-174 06 99", "email": "kim@example.org"})
        assert wrong.status_code == 422
        found = await karin.sends(page, to, {"phone": "070-174 06 99"})
        assert word in found.text
        assert "174 06 99" not in found.text
        theirs = await tove.sends(await tove.opens(to), to, {"phone": "070-174 06 99"})
        assert word not in theirs.text
        assert "Inget av dina ärenden" in theirs.text
    async with desk.signed_in(GRETA) as greta:
        await greta.opens(to, 403)


async def test_ones_meetings_of_all_cases_stand_by_day(desk: Desk) -> None:
    """Under their code words, each leading to its case; data protection has no such page."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    starts = (desk.world.clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT15:00:00")
    wanted = {"starts_local": starts, "minutes": 60, "staff": [KARIN], "people": 2, "room": None}
    once = {"Idempotency-Key": "own-meetings-page"}
    await desk.world.change(KARIN, "POST", case_id, "/meetings", 201, json=wanted, headers=once)
    to = "/console/my-meetings"
    async with desk.signed_in(KARIN) as karin, desk.signed_in(IDRIS) as idris:
        page = await karin.opens(to)
        assert word in page
        assert "15:00" in page
        assert CANARY not in page
        assert "Inga möten" in await idris.opens(to)
    async with desk.signed_in(GRETA) as greta:
        await greta.opens(to, 403)


async def test_a_referrers_link_is_shown_once_and_taken_back(desk: Desk) -> None:
    """Its secret stands on the answer alone; with it one refers; taken back it opens nothing."""
    to = "/console/referral-links"
    form = {"about": CHILD, "worry": "Har slutat komma."}
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        wrong = await karin.sends(page, to, {"label": "Exempelskolan", "kind": "nonsense"})
        assert wrong.status_code == 422
        assert 'value="Exempelskolan"' in wrong.text
        made = await karin.sends(wrong.text, to, {"label": "Exempelskolan", "kind": "school"})
        found = re.search(r"/anmal/([A-Za-z0-9_-]{43})</code>", made.text)
        assert found is not None, made.text
        page = await karin.opens(to)
        assert "Exempelskolan" in page
        assert found[1] not in page
        for status, key in ((202, "a"), (None, "b")):
            headers = {"Link-Secret": found[1], "Idempotency-Key": f"link-test-{key}"}
            said = await desk.world.client.post("/v1/referral-form", json=form, headers=headers)
            assert said.status_code == status if status else said.status_code >= 400
            link = (await desk.world.rows("referral_links"))[0]["_id"]
            if status:
                gone = await karin.sends(page, f"{to}/{link}", {})
                assert gone.status_code == 303, gone.text
        assert "indragen" in await karin.opens(to)


async def test_a_case_is_opened_in_an_emergency_by_its_code_words(desk: Desk) -> None:
    """Wrong words say nothing of which cases there are; the right ones open it, with a reason."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    to = "/console/emergency"
    async with desk.signed_in(TOVE) as tove:
        assert to in await tove.opens("/console/search?q=nothing")
        page = await tove.opens(to)
        assert "dataskyddsombudet får veta genast" in page
        said = {"reason": "threat-to-life", "text": "Larm från jouren.", "minutes": "15"}
        wrong = await tove.sends(page, to, {**said, "pseudonym": "Xyz-Xyz"})
        assert wrong.status_code == 404
        assert "Larm från jouren." in wrong.text
        empty = await tove.sends(page, to, {**said, "pseudonym": word, "text": ""})
        assert empty.status_code == 422
        done = await tove.sends(wrong.text, to, {**said, "pseudonym": word})
        assert done.status_code == 303, done.text
        assert done.headers["location"].startswith(f"{CASES}/{case_id}/emergency")
        assert word in await tove.opens(f"{CASES}/{case_id}")
