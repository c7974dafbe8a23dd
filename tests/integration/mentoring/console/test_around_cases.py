"""What comes before a case and around it: referrals, questions, matchings and mentors."""

from __future__ import annotations

import pytest

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.matching_words import a_mentor, to_match
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN

SAID = {
    "kind": "school",
    "about": {"name": CANARY, "birth_date": "2010-05-01"},
    "worry": "Har slutat komma till skolan.",
}


@pytest.mark.parametrize(
    "path",
    [
        "/console/referrals",
        "/console/consultations",
        "/console/matchings",
        "/console/mentors",
    ],
)
async def test_these_are_for_case_leads(desk: Desk, path: str) -> None:
    """A mentor, data protection and a coordinator find neither the page nor the way there."""
    for who in (IDRIS, GRETA, "amina.lund"):
        async with desk.signed_in(who) as browser:
            assert f'href="{path}"' not in await browser.opens("/console/views")
            await browser.opens(path, 403)
    async with desk.signed_in(KARIN) as karin:
        assert f'href="{path}"' in await karin.opens(path)


async def test_a_referral_becomes_a_case(desk: Desk) -> None:
    """The list names nobody; who decides reads it, opens a case, and is led to it."""
    made = await desk.world.asks(KARIN, "POST", "/v1/referrals", 202, json=SAID)
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens("/console/referrals")
        assert made["receipt"] in page
        assert CANARY not in page
        at = "/console/referrals/" + (await desk.world.rows("referrals"))[0]["_id"]
        page = await karin.opens(at)
        assert CANARY in page
        assert CANARY not in page.partition("</title>")[0]
        done = await karin.sends(page, at, {}, holding='value="accept"')
        assert done.status_code == 303, done.text
        assert CANARY not in await karin.opens(done.headers["location"])
        late = await karin.sends(page, at, {"reason": "mistake"}, holding='value="decline"')
        assert late.status_code in (409, 412)
        assert 'value="accept"' not in late.text


async def test_a_referral_is_declined_with_a_reason(desk: Desk) -> None:
    """Without a reason it is not taken; with one it is, and leaves the inbox."""
    grown = {**SAID, "about": {"name": CANARY, "birth_date": "2003-05-01"}}
    made = await desk.world.asks(KARIN, "POST", "/v1/referrals", 202, json=grown)
    async with desk.signed_in(KARIN) as karin:
        at = "/console/referrals/" + (await desk.world.rows("referrals"))[0]["_id"]
        page = await karin.opens(at)
        wrong = await karin.sends(page, at, {"reason": "nonsense"}, holding='value="decline"')
        assert wrong.status_code == 422
        said = {"reason": "other-help"}
        done = await karin.sends(wrong.text, at, said, holding='value="decline"')
        assert done.status_code == 303, done.text
        assert made["receipt"] not in await karin.opens("/console/referrals")
        assert made["receipt"] in await karin.opens("/console/referrals?state=all")


async def test_a_question_is_answered_once(desk: Desk) -> None:
    """It is read, answered, and leaves the open ones; an empty answer comes back."""
    asked = {"question": "Hur pratar vi om det?", "profession": "school", "topic": "method"}
    await desk.world.asks(KARIN, "POST", "/v1/consultations", 202, json=asked)
    async with desk.signed_in(KARIN) as karin:
        assert "metod" in await karin.opens("/console/consultations")
        at = "/console/consultations/" + (await desk.world.rows("consultations"))[0]["_id"]
        page = await karin.opens(at)
        assert asked["question"] in page
        assert (await karin.sends(page, at, {"text": " "})).status_code == 422
        done = await karin.sends(await karin.opens(at), at, {"text": "Vi talades vid."})
        assert done.status_code == 303, done.text
        assert at not in await karin.opens("/console/consultations")
        assert "Vi talades vid." in await karin.opens(at)


async def test_a_matching_says_why_and_a_human_decides(desk: Desk) -> None:
    """Proposals stand with their reasons, a case without needs says so; the decision is kept."""
    case_id = await to_match(desk.world, identity={"name": CANARY})
    bare = await desk.a_planned_case()
    await a_mentor(desk.world)
    words = [(await desk.world.case(each))["pseudonym"] for each in (case_id, bare)]
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens("/console/matchings")
        made = await karin.sends(page, "/console/matchings", {})
        at = made.headers["location"]
        page = await karin.opens(at)
        for said in (*words, "Varför idris.vik", "behoven saknas"):
            assert said in page
        assert CANARY not in page
        wanted = {"mentor": IDRIS, "reason": "other", "text": ""}
        wrong = await karin.sends(page, at, wanted, holding=case_id)
        assert wrong.status_code == 422
        yes = {**wanted, "reason": "as-proposed"}
        done = await karin.sends(wrong.text, at, yes, holding=case_id)
        assert done.status_code == 303, done.text
        assert "som föreslaget" in await karin.opens(at)
        assert IDRIS in await karin.opens(f"/console/cases/{case_id}")


async def test_mentors_stand_with_what_is_in_the_way(desk: Desk) -> None:
    """The list says who can take somebody; the profile says more; how many they have, neither."""
    await desk.world.a_mentor(IDRIS)
    async with desk.signed_in(KARIN) as karin:
        assert "kan ta någon ny" in await karin.opens("/console/mentors")
        assert "Högst så många adepter" in await karin.opens(f"/console/mentors/{IDRIS}")
