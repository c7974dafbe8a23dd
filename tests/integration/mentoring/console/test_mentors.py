"""Mentors in the console: their own profile, and what a case lead writes of them."""

from __future__ import annotations

from tests.integration.mentoring.console.conftest import Desk
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN

PROFILE, MENTORS = "/console/profile", "/console/mentors"


async def test_a_mentor_says_when_they_can_meet_and_takes_a_pause(desk: Desk) -> None:
    """Before there is a profile it says so; then times and a pause; a stale form shows both."""
    async with desk.signed_in(IDRIS) as idris:
        empty = await idris.opens(PROFILE)
        assert "Ingen har skrivit din profil än" in empty
        await desk.world.a_mentor(IDRIS)
        stale = await idris.opens(PROFILE)
        done = await idris.sends(stale, PROFILE, {"day_3": "16-18"}, holding='value="times"')
        assert done.status_code == 303, done.text
        page = await idris.opens(PROFILE)
        assert 'value="16:00-18:00"' in page
        wrong = await idris.sends(page, PROFILE, {"day_3": "jämt"}, holding='value="times"')
        assert wrong.status_code == 422
        assert 'value="jämt"' in wrong.text
        late = await idris.sends(stale, PROFILE, {"day_4": "9-10"}, holding='value="times"')
        assert late.status_code == 412
        for words in ("16:00-18:00", "09:00-10:00"):
            assert words in late.text
        pause = await idris.sends(page, PROFILE, {"until": "2027-03-01"}, holding='value="pause"')
        assert pause.status_code == 303, pause.text
        assert "2027-03-01" in await idris.opens(PROFILE)
        await idris.opens(f"{MENTORS}/{IDRIS}", 403)


async def test_a_case_lead_writes_a_mentors_profile(desk: Desk) -> None:
    """A first profile, the check, a training; a stale form shows both and keeps what was typed."""
    to = f"{MENTORS}/{IDRIS}"
    async with desk.signed_in(KARIN) as karin, desk.signed_in(IDRIS) as idris:
        led = await karin.client.get(f"{MENTORS}?who={IDRIS}")
        assert led.headers["location"] == to
        page = await karin.opens(to)
        assert "Ingen profil är skriven" in page
        said = {
            "languages": "sv, so",
            "limit": "2",
            "avoids_neighbourhoods": "Rosengård",
            "notes": "Bara ledningen ser det.",
        }
        wrong = await karin.sends(page, to, {**said, "limit": "9"}, holding='value="profile"')
        assert wrong.status_code == 422
        assert "Bara ledningen ser det." in wrong.text
        done = await karin.sends(wrong.text, to, said, holding='value="profile"')
        assert done.status_code == 303, done.text
        page = await karin.opens(to)
        assert "rosengård" in page
        on = {"on": "2027-01-04"}
        checked = await karin.sends(page, to, on, holding='value="check"')
        assert checked.status_code == 303, checked.text
        trained = await karin.sends(
            await karin.opens(to), to, {"code": "Threat level 1"}, holding='value="training"'
        )
        assert trained.status_code == 303, trained.text
        assert "threat-level-1" in await karin.opens(to)
        late = await karin.sends(page, to, {**said, "strengths": "musik"}, holding='"profile"')
        assert late.status_code == 412
        assert "musik" in late.text
        own = await idris.opens(PROFILE)
        assert "rosengård" in own
        assert "Bara ledningen ser det." not in own


async def test_the_handbook_is_confirmed_by_whoever_reads_it(desk: Desk) -> None:
    """Mentors and case leads have the page; without an edition it says so; others have none."""
    for who in (IDRIS, KARIN):
        async with desk.signed_in(who) as browser:
            assert f'href="{PROFILE}"' in await browser.opens("/console/views")
            page = await browser.opens(PROFILE)
            assert "Ingen handbok är utgiven än" in page
            assert 'name="edition"' not in page
    async with desk.signed_in(GRETA) as greta:
        assert PROFILE not in await greta.opens("/console/views")
        await greta.opens(PROFILE, 403)
