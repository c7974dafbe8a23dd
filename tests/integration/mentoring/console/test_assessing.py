"""Assessments and what matching sees: questions as data, answers that never change."""

from __future__ import annotations

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import IDRIS, KARIN, TOVE

CASES = "/console/cases"
SAID = {
    "answer:scale:safety-now": "4",
    "answer:yes-no:safety-someone": "no",
    "answer:choice:days-what": "school",
    "answer:text:wishes-first": "Komma tillbaka till <b>skolan</b>",
}


async def _in_assessment(desk: Desk) -> str:
    case_id = await desk.a_case()
    step = {"step": "begin-assessment"}
    await desk.world.change(KARIN, "POST", case_id, "/steps", json=step)
    return case_id


async def test_an_assessment_is_made_and_an_older_one_stays(desk: Desk) -> None:
    """Each question of the API is asked; answers stand in words; the next one is beside the old."""
    case_id = await _in_assessment(desk)
    at = f"{CASES}/{case_id}/assessments"
    to = f"{at}/new?questionnaire=first-assessment"
    async with desk.signed_in(KARIN) as karin:
        assert "Ingen bedömning än" in await karin.opens(at)
        page = await karin.opens(f"{at}/new")
        for words in ("Hur tryggt känns livet?", "ganska bra", "Vad fyller mest av dina dagar?"):
            assert words in page
        wrong = await karin.sends(page, to, {**SAID, "answer:scale:safety-now": ""})
        assert wrong.status_code == 422
        assert "Komma tillbaka till &lt;b&gt;skolan&lt;/b&gt;" in wrong.text, "nothing is lost"
        for _ in range(2):
            done = await karin.sends(wrong.text, to, SAID)
            assert done.status_code == 303, done.text
        assert len(await desk.world.rows("assessments")) == 1, "a second press is the same wish"
        page = await karin.opens(f"{at}/new")
        assert "Förra gången:" in page
        done = await karin.sends(page, to, {**SAID, "answer:scale:safety-now": "1"})
        newest = await karin.opens(at)
        assert "Bedömning 2" in newest
        assert "svårt just nu" in newest
        old = await karin.opens(f"{at}?version=1")
        assert "svårt just nu" not in old
        assert "ganska bra" in old
        assert CANARY not in newest + old


async def test_whoever_may_not_assess_gets_neither_form_nor_page(desk: Desk) -> None:
    """A stand-in does not see assessments; a mentor who may read them gets no form."""
    case_id = await desk.a_planned_case()
    at = f"{CASES}/{case_id}/assessments"
    await desk.world.a_mentor(IDRIS)
    sees = {"kind": "mentor", "sees": ["overview", "assessment"]}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json=sees)
    stands_in = {"kind": "stand-in", "sees": None}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=stands_in)
    async with desk.signed_in(IDRIS) as idris, desk.signed_in(TOVE) as tove:
        assert f"{at}/new" not in await idris.opens(at)
        await idris.opens(f"{at}/new", 404)
        assert "<textarea" not in await idris.opens(f"{CASES}/{case_id}/needs")
        assert f'"{at}"' not in await tove.opens(f"{CASES}/{case_id}")
        await tove.opens(at, 404)
        await tove.opens(f"{CASES}/{case_id}/needs", 404)


async def test_needs_are_written_and_a_conflict_is_shown_side_by_side(desk: Desk) -> None:
    """Codes with commas, times of a day; a stale form shows both and keeps all that was typed."""
    case_id = await _in_assessment(desk)
    to = f"{CASES}/{case_id}/needs"
    said = {
        "languages": "SV, so",
        "avoids_neighbourhoods": "Seved, Norra Fäladen",
        "wanted_strengths": "sport",
        "day_1": "17-19, 20:30-21",
        "gender": "woman",
    }
    async with desk.signed_in(KARIN) as karin:
        stale = await karin.opens(to)
        wrong = await karin.sends(stale, to, {**said, "day_1": "på kvällen"})
        assert wrong.status_code == 422
        assert 'value="på kvällen"' in wrong.text
        done = await karin.sends(stale, to, said)
        assert done.status_code == 303, done.text
        needs = await desk.world.asks(KARIN, "GET", f"/v1/cases/{case_id}/matching-needs")
        assert needs["languages"] == ["so", "sv"]
        assert needs["avoids"]["neighbourhoods"] == ["norra-fäladen", "seved"]
        assert [each["starts"] for each in needs["availability"]] == ["17:00", "20:30"]
        page = await karin.opens(to)
        assert 'value="norra-fäladen, seved"' in page
        assert 'value="17:00-19:00, 20:30-21:00"' in page
        late = await karin.sends(stale, to, {**said, "wanted_strengths": "musik"})
        assert late.status_code == 412
        for words in ("sport", "musik", "norra-fäladen"):
            assert words in late.text
        mine = await karin.sends(late.text, to, {})
        assert mine.status_code == 303, mine.text
        needs = await desk.world.asks(KARIN, "GET", f"/v1/cases/{case_id}/matching-needs")
        assert needs["wanted_strengths"] == ["musik"]
        assert needs["availability"][0]["ends"] == "19:00"
