"""The work on a case in the console: notes, meetings, the plan, contact and reviews."""

from __future__ import annotations

import pytest

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import KARIN

CASES = "/console/cases"


async def test_a_note_is_written_once_and_added_to(desk: Desk) -> None:
    """Two presses of one form are one note; an empty one comes back with what is wrong."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/notes"
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        for _ in range(2):
            done = await karin.sends(page, to, {"text": "Vi har <b>talats</b> vid."})
            assert done.status_code == 303, done.text
        page = await karin.opens(to)
        assert page.count("Vi har &lt;b&gt;talats&lt;/b&gt; vid.") == 1
        added = await karin.sends(page, to, {"text": "Ett tillägg."}, holding="addendum_to")
        assert added.status_code == 303, added.text
        page = await karin.opens(to)
        assert "Tillägg av karin.holm" in page
        wrong = await karin.sends(page, to, {"text": "  "})
        assert wrong.status_code == 422
        assert 'role="alert"' in wrong.text


async def test_a_plan_is_moved_by_buttons(desk: Desk) -> None:
    """A goal, an action with an owner and a day, done by a press; a stale press shows both."""
    case_id = await desk.a_planned_case()
    to = f"{CASES}/{case_id}/plan"
    async with desk.signed_in(KARIN) as karin:
        page = (await karin.opens(to)).replace('<form method="post"', f'<form action="{to}"')
        await karin.sends(page, to, {"goal": "Tillbaka i skolan"}, holding="add-goal")
        stale = (await karin.opens(to)).replace('<form method="post"', f'<form action="{to}"')
        action = {"text": "Ringa skolan", "owner": KARIN, "due_on": "2027-02-15"}
        done = await karin.sends(stale, to, action, holding="add-action")
        assert done.status_code == 303, done.text
        page = (await karin.opens(to)).replace('<form method="post"', f'<form action="{to}"')
        assert "Ringa skolan" in page
        done = await karin.sends(page, to, {"state": "done"}, holding='value="done"')
        assert done.status_code == 303, done.text
        assert "klart" in await karin.opens(to)
        late = await karin.sends(stale, to, {"goal": "Mitt mål"}, holding="add-goal")
        assert late.status_code == 412
        assert "Mitt mål" in late.text
        assert "Ringa skolan" in late.text
        kept = await karin.sends(late.text, to, {})
        assert kept.status_code == 303, kept.text
        assert "Mitt mål" in await karin.opens(to)
        wrong = await karin.sends(
            page, to, {**action, "owner": "nobody.here"}, holding="add-action"
        )
        assert wrong.status_code in (412, 422)


async def test_a_press_on_the_plan_can_be_taken_back(desk: Desk) -> None:
    """Done by mistake is open again by one press; an address with something else offers nothing."""
    case_id = await desk.a_planned_case()
    to = f"{CASES}/{case_id}/plan"
    async with desk.signed_in(KARIN) as karin:
        page = (await karin.opens(to)).replace('<form method="post"', f'<form action="{to}"')
        await karin.sends(page, to, {"goal": "Tillbaka i skolan"}, holding="add-goal")
        page = (await karin.opens(to)).replace('<form method="post"', f'<form action="{to}"')
        done = await karin.sends(page, to, {"state": "dropped"}, holding='value="dropped"')
        page = await karin.opens(done.headers["location"])
        assert "Det var öppet nyss." in page
        back = await karin.sends(page, to, {}, holding='name="undone"')
        assert back.status_code == 303, back.text
        assert "was=" not in back.headers["location"], "an undo is not undone"
        plan = await desk.world.asks(KARIN, "GET", f"/v1/cases/{case_id}/plan")
        assert plan["goals"][0]["state"] == "open"
        for was in (f"{plan['goals'][0]['id']}:nonsense", "nobody:dropped", ":"):
            assert 'name="undone"' not in await karin.opens(f"{to}?was={was}")


@pytest.mark.parametrize("room", ["without", "any"])
async def test_a_meeting_is_arranged_with_or_without_a_room(desk: Desk, room: str) -> None:
    """Without a room it stands; with one it waits for booking; it is moved and cancelled."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/meetings"
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        wanted = {
            "starts_local": "2027-01-28T15:00",
            "minutes": "60",
            "staff": KARIN,
            "people": "2",
            "text": "Planen",
            "room": room,
        }
        wrong = await karin.sends(page, to, {**wanted, "starts_local": "2026-01-28T15:00"})
        assert wrong.status_code == 422
        assert "Planen" in wrong.text, "what was typed stands"
        done = await karin.sends(wrong.text, to, wanted)
        assert done.status_code == 303, done.text
        page = await karin.opens(to)
        assert ("bestämt" if room == "without" else "väntar på lokal") in page
        assert CANARY not in page
        stored = await desk.world.rows("meetings")
        one = f"{to}/{stored[0]['_id']}"
        gone = await karin.sends(page, one, {"do": "cancel"})
        assert gone.status_code == 303, gone.text
        assert "inställt" in await karin.opens(to)


async def test_contact_and_reviews_are_recorded(desk: Desk) -> None:
    """A contact, a review with the next day, how often: each stands on the page afterwards."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/follow-up"
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        said = {"on": "2027-01-11", "way": "call", "successful": "yes", "text": "Ringde."}
        done = await karin.sends(page, to, said, holding='value="contact"')
        assert done.status_code == 303, done.text
        page = await karin.opens(to)
        held = {"review": "Det går framåt.", "next_on": "2027-04-01"}
        done = await karin.sends(page, to, held, holding='value="review"')
        assert done.status_code == 303, done.text
        for days in ("30", "17"):
            page = await karin.opens(to)
            done = await karin.sends(page, to, {"days": days}, holding='value="rhythm"')
            assert done.status_code == (303 if days == "30" else 422), done.text
        page = await karin.opens(to)
        for word in ("Ringde.", "Det går framåt.", "1 apr"):
            assert word in page
        late = await karin.sends(
            page, to, {"day": "2027-05-01", "version": '"1"'}, holding="next-review"
        )
        assert late.status_code == 412
        assert "2027-05-01" in late.text
        assert "2027-04-01" in late.text
