"""Cases in the console: by code word, as far as the policy lets somebody see."""

from __future__ import annotations

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import IDRIS, KARIN, TOVE

CASES = "/console/cases"


async def test_my_cases_stand_by_code_word_alone(desk: Desk) -> None:
    """The list, a case and the search show code words; a name is in none of them."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    async with desk.signed_in(KARIN) as karin:
        for path in (CASES, f"{CASES}/{case_id}", f"/console/search?q={word[:4]}"):
            page = await karin.opens(path)
            assert word in page
            assert CANARY not in page
            assert CANARY not in page.partition("</title>")[0]
        assert word not in await karin.opens(f"/console/search?q={CANARY.split()[0]}")


async def test_a_stranger_sees_neither_the_case_nor_a_control(desk: Desk) -> None:
    """Another lead sees the same page for it as for one that is not there; a mentor sees none."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    nobodys = case_id[:-4] + "0000"
    async with desk.signed_in(TOVE) as tove, desk.signed_in(IDRIS) as idris:
        assert word not in await tove.opens(CASES)
        theirs = await tove.opens(f"{CASES}/{case_id}", 404)
        assert theirs.replace(case_id, nobodys) == await tove.opens(f"{CASES}/{nobodys}", 404)
        for page in (theirs, await idris.opens(f"{CASES}/{case_id}", 404)):
            assert word not in page
            assert f"{CASES}/{case_id}/steps" not in page
        for what in ("notes", "meetings", "plan", "follow-up"):
            await tove.opens(f"{CASES}/{case_id}/{what}", 404)


async def test_whoever_has_another_role_has_no_such_pages(desk: Desk) -> None:
    """Coordinators and auditors find no cases in the menu, nor at the address."""
    for who in ("amina.lund", "vera.insyn"):
        async with desk.signed_in(who) as browser:
            assert f'href="{CASES}"' not in await browser.opens("/console/views")
            await browser.opens(CASES, 403)


async def test_the_list_is_filtered_in_its_address(desk: Desk) -> None:
    """A phase, a part of the word, or what waits; an empty answer says what to do."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    async with desk.signed_in(KARIN) as karin:
        assert word in await karin.opens(f"{CASES}?phase=intake&q={word[1:4]}&sort=-review")
        down = await karin.opens(f"{CASES}?sort=-pseudonym")
        assert 'aria-sort="descending"' in down
        assert f'href="{CASES}?sort=pseudonym"' in down, "a press turns it round"
        for asked in ("phase=active", "needs=1", "q=xyzzy"):
            page = await karin.opens(f"{CASES}?{asked}")
            assert word not in page
            assert "Inget ärende passar" in page


async def test_who_it_is_takes_a_press(desk: Desk) -> None:
    """The name is shown to a press alone, the press is written down, and no address shows it."""
    case_id = await desk.a_case()
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(f"{CASES}/{case_id}")
        before = len(await desk.world.audited(case_id, fields=["identity"]))
        shown = await karin.sends(page, f"{CASES}/{case_id}/identity", {})
        assert CANARY in shown.text
        assert CANARY not in shown.text.partition("</title>")[0]
        assert shown.headers["cache-control"] == "no-store"
        assert len(await desk.world.audited(case_id, fields=["identity"])) == before + 1
        back = await karin.client.get(f"{CASES}/{case_id}/identity")
        assert back.status_code == 303


async def test_a_mentor_sees_what_was_chosen_and_no_more(desk: Desk) -> None:
    """With the plan alone: no identity, no steps, no circle to change; own notes can be written."""
    case_id = await desk.a_planned_case()
    await desk.world.a_mentor(IDRIS)
    await desk.world.change(
        KARIN, "PUT", case_id, f"/circle/{IDRIS}", json={"kind": "mentor", "sees": None}
    )
    async with desk.signed_in(IDRIS) as idris:
        page = await idris.opens(f"{CASES}/{case_id}")
        for control in ("/identity", "/steps", "/closure", "/access"):
            assert f'"{CASES}/{case_id}{control}"' not in page
        assert f'"{CASES}/{case_id}/notes"' in page
        plan = await idris.opens(f"{CASES}/{case_id}/plan")
        assert "add-goal" not in plan
        assert (await idris.client.get(f"{CASES}/{case_id}/identity")).status_code == 303


async def test_a_step_is_taken_once_and_on_what_was_seen(desk: Desk) -> None:
    """A step leads on; on a case that has changed meanwhile both are shown, and nothing is done."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/steps"
    async with desk.signed_in(KARIN) as karin:
        old = await karin.opens(f"{CASES}/{case_id}")
        done = await karin.sends(old, to, {}, holding="begin-assessment")
        assert done.headers["location"] == f"{CASES}/{case_id}?done=step"
        assert "Steget är taget" in await karin.opens(done.headers["location"])
        again = await karin.sends(old, to, {}, holding="begin-assessment")
        assert again.status_code == 303, "a second press is the same wish"
        late = await karin.sends(old, to, {"reason": "own-wish"}, holding="decline")
        assert late.status_code == 412
        assert "Någon annan hann före" in late.text
        assert (await desk.world.case(case_id))["phase"] == "assessment"
