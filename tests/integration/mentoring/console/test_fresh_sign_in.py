"""What an unattended screen must not give away takes a sign-in of a short while ago."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import GRETA, KARIN

CASES = "/console/cases"
AGO = timedelta(minutes=20)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        (KARIN, "/console/emergency"),
        (KARIN, f"{CASES}/{{case}}/emergency"),
        (KARIN, f"{CASES}/{{case}}/export"),
        (GRETA, f"{CASES}/{{case}}/keeping"),
    ],
)
async def test_such_a_page_leads_to_signing_in_again_and_back(
    desk: Desk, who: str, page: str
) -> None:
    """Signed in twenty minutes ago is too long; a moment ago is not; other pages ask nothing."""
    to = page.format(case=await desk.a_case())
    async with desk.signed_in(who, proved=AGO) as late:
        answer = await late.client.get(to)
        assert answer.status_code == 303
        way = answer.headers["location"]
        assert way.startswith("/console/sign-in?next=")
        assert way.endswith("&fresh=1")
        assert to.rpartition("/")[2] in way
        await late.opens("/console/views")
    async with desk.signed_in(who) as fresh:
        await fresh.opens(to)


async def test_who_it_is_is_not_shown_to_an_old_sign_in(desk: Desk) -> None:
    """The press leads to signing in again; nothing is read, and nothing is shown."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/identity"
    async with desk.signed_in(KARIN, proved=AGO) as karin:
        page = await karin.opens(f"{CASES}/{case_id}")
        before = len(await desk.world.audited(case_id, fields=["identity"]))
        answer = await karin.sends(page, to, {})
        assert answer.status_code == 303
        assert "fresh=1" in answer.headers["location"]
        assert CANARY not in answer.text
        assert len(await desk.world.audited(case_id, fields=["identity"])) == before


async def test_what_was_written_meanwhile_is_not_lost(desk: Desk) -> None:
    """A form that was opened in time is taken; much later, or of a proof that nobody knows, not."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/export"
    async with desk.signed_in(KARIN) as fresh:
        page = await fresh.opens(to)
    for ago, status in ((AGO, 200), (timedelta(hours=2), 303)):
        async with desk.signed_in(KARIN, proved=ago) as karin:
            own = await karin.opens(f"{CASES}/{case_id}")
            token = own.partition('name="kvitto" value="')[2].partition('"')[0]
            answer = await karin.sends(page, to, {"sure": "yes", "kvitto": token})
            assert answer.status_code == status, ago


async def test_what_mentoring_wants_anew_leads_to_signing_in_again(desk: Desk) -> None:
    """Its own refusal, of a token that web still holds to be good: to the provider and back."""
    case_id = await desk.a_case()
    to, long_ago = f"{CASES}/{case_id}/export", timedelta(hours=1)
    async with desk.signed_in(KARIN, proved=AGO / 2, told=long_ago) as karin:
        page = await karin.opens(to)
        answer = await karin.sends(page, to, {"sure": "yes"})
        assert answer.status_code == 303
        assert answer.headers["location"].endswith("export&fresh=1")
        again = await karin.opens(f"{CASES}/{case_id}")
        answer = await karin.sends(again, f"{CASES}/{case_id}/identity", {})
        assert answer.headers["location"].endswith("identity&fresh=1")
        assert CANARY not in answer.text


async def test_a_proof_that_is_not_handed_on_is_no_endless_way_round(desk: Desk) -> None:
    """Just signed in, and mentoring is not told: a page says so, and leads nowhere."""
    case_id = await desk.a_case()
    async with desk.signed_in(KARIN, told=timedelta(hours=1)) as karin:
        page = await karin.opens(f"{CASES}/{case_id}")
        answer = await karin.sends(page, f"{CASES}/{case_id}/identity", {})
        assert answer.status_code == 409
        assert "säger inte vidare" in answer.text
        assert CANARY not in answer.text
