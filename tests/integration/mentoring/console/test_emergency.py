"""Emergency access, the circle and the end of a case, as the console shows them to each."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE

CASES = "/console/cases"


async def test_a_case_is_opened_in_an_emergency_and_judged_by_another(desk: Desk) -> None:
    """The dialog says who is told; without words it is refused; the one who opened cannot judge."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    at, to = f"{CASES}/{case_id}/emergency", f"{CASES}/{case_id}/access"
    async with desk.signed_in(TOVE) as tove:
        assert at in await tove.opens(f"{CASES}/{case_id}", 404)
        page = await tove.opens(at)
        assert word not in page
        assert "dataskyddsombudet får veta genast" in page
        asked = {"reason": "covering", "text": "Karin är sjuk.", "minutes": "15"}
        wrong = await tove.sends(page, at, {**asked, "text": ""})
        assert wrong.status_code == 422
        done = await tove.sends(wrong.text, at, asked)
        assert done.status_code == 303, done.text
        assert word in await tove.opens(f"{CASES}/{case_id}")
        seen = await tove.opens(f"{CASES}/{case_id}/notes")
        assert "addendum_to" not in seen
        assert "<textarea" not in seen, "emergency access looks and changes nothing"
    async with desk.signed_in(GRETA) as greta:
        assert 'name="outcome"' not in await greta.opens(to), "it is open still"
        desk.passes(timedelta(minutes=16))
        page = await greta.opens(to)
        assert "Karin är sjuk." in page
        assert word not in page
        assert CANARY not in page
        said = {"outcome": "justified", "text": "Rätt att öppna."}
        judged = await greta.sends(page, to, said, holding='name="outcome"')
        assert judged.status_code == 303, judged.text
        page = await greta.opens(to)
        assert "Rätt att öppna." in page
        assert 'name="outcome"' not in page
        assert "tove.alm" in page


async def test_emergency_access_is_given_back_on_the_page_of_the_case(desk: Desk) -> None:
    """Whoever holds one reads until when, and gives it back; nobody else is shown the form."""
    case_id = await desk.a_case()
    at, back = f"{CASES}/{case_id}", f"{CASES}/{case_id}/steps"
    wanted = {"reason": "covering", "text": "Karin är sjuk.", "minutes": 60}
    path = f"/v1/cases/{case_id}/break-glass"
    await desk.world.asks(TOVE, "POST", path, 201, json=wanted)
    async with desk.signed_in(TOVE) as tove, desk.signed_in(KARIN) as karin:
        assert "give-back" not in await karin.opens(at)
        page = await tove.opens(at)
        assert "genom en nödöppning till" in page
        given = await tove.sends(page, back, {}, holding="give-back")
        assert given.status_code == 303, given.text
        assert "tillbakalämnad" in await tove.opens(given.headers["location"])
        await tove.opens(at, 404)


async def test_who_has_read_is_for_whoever_may_know(desk: Desk) -> None:
    """An auditor sees the readings and no reasons; a mentor and a stranger see no such page."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/access"
    async with desk.signed_in("vera.insyn") as vera, desk.signed_in(IDRIS) as idris:
        page = await vera.opens(to)
        assert "Alla läsningar" in page
        assert "Nödöppningar" not in page
        await idris.opens(to, 403)
    async with desk.signed_in(TOVE) as tove:
        await tove.opens(to, 404)
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        assert "Nödöppningar" in page
        assert "Alla läsningar" not in page


async def test_the_circle_is_changed_by_its_lead_alone(desk: Desk) -> None:
    """Somebody comes, is shown, and leaves; a stand-in sees who stands there and no control."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/circle"
    async with desk.signed_in(KARIN) as karin, desk.signed_in(TOVE) as tove:
        page = await karin.opens(to)
        come = {"who": TOVE, "kind": "stand-in"}
        done = await karin.sends(page, to, come, holding='value="join"')
        assert done.status_code == 303, done.text
        theirs = await tove.opens(to)
        assert TOVE in theirs
        assert f'action="{to}"' not in theirs
        stale = await karin.sends(page, to, {"until": "2027-02-12"}, holding='value="away"')
        assert stale.status_code == 412
        assert "2027-02-12" in stale.text
        page = await karin.opens(to)
        gone = await karin.sends(page, to, {"who": TOVE}, holding='value="leave"')
        assert gone.status_code == 303, gone.text
        await tove.opens(to, 404)


async def test_a_protected_case_is_there_for_the_named_alone(desk: Desk) -> None:
    """Who is not named cannot be brought in, and is told why; the mark stands in the list."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/circle"
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        done = await karin.sends(page, to, {"named": KARIN}, holding='value="protect"')
        assert done.status_code == 303, done.text
        assert "skyddad identitet" in await karin.opens(CASES)
        page = await karin.opens(to)
        come = {"who": TOVE, "kind": "second"}
        no = await karin.sends(page, to, come, holding='value="join"')
        assert no.status_code == 403
        assert "inte utsedd" in no.text
        assert f'value="{TOVE}"' in no.text, "what was typed stands"


async def test_two_people_end_a_case(desk: Desk) -> None:
    """Who proposes sees no yes; the second sees it, presses it, and aftercare begins."""
    case_id = await desk.a_planned_case()
    to, plan = f"{CASES}/{case_id}/closure", f"{CASES}/{case_id}/aftercare-plan"
    second = {"kind": "second", "sees": None}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=second)
    async with desk.signed_in(KARIN) as karin, desk.signed_in(TOVE) as tove:
        page = (await karin.opens(plan)).replace('<form method="post"', f'<form action="{plan}"')
        await karin.sends(page, plan, {"goal": "Håll kontakten"}, holding="add-goal")
        page = await karin.opens(to)
        wanted = {
            "outcome": "goals-reached",
            "text": "Målen är nådda.",
            "review_on": "2027-06-01",
            "until": "2027-09-01",
            "aftercare_lead": KARIN,
        }
        done = await karin.sends(page, to, wanted, holding='value="propose"')
        assert done.status_code == 303, done.text
        mine, theirs = await karin.opens(to), await tove.opens(to)
        assert 'value="approve"' not in mine
        assert "Målen är nådda." in theirs
        yes = await tove.sends(theirs, to, {"do": "approve"}, holding='value="approve"')
        assert yes.status_code == 303, yes.text
        assert "eftervård" in await karin.opens(f"{CASES}/{case_id}")
