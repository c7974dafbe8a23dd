"""The worry about a minor, consents and shares, in the console."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import IDRIS, KARIN, TOVE

CASES = "/console/cases"
CHILD = {"name": CANARY, "birth_date": "2012-05-01"}


async def _of_a_child(desk: Desk) -> str:
    return await desk.world.a_case(KARIN, identity=CHILD)


async def test_a_report_of_concern_is_decided_by_whoever_leads(desk: Desk) -> None:
    """It is asked from the start, decided with a reason, and asked again when somebody worries."""
    case_id = await _of_a_child(desk)
    to = f"{CASES}/{case_id}/concern"
    async with desk.signed_in(KARIN) as karin:
        assert f'href="{to}"' in await karin.opens(f"{CASES}/{case_id}")
        page = await karin.opens(to)
        assert "Beslutet ska tas före" in page
        said = {"concern": "yes:nonsense", "text": "Ringde socialjouren."}
        wrong = await karin.sends(page, to, said, holding='value="decide"')
        assert wrong.status_code == 422
        assert "Ringde socialjouren." in wrong.text
        said["concern"] = "yes:risk-of-harm"
        done = await karin.sends(wrong.text, to, said, holding='value="decide"')
        assert done.status_code == 303, done.text
        page = await karin.opens(to)
        assert 'value="decide"' not in page
        assert "Ringde socialjouren." in page
        again = await karin.sends(page, to, {"worry": "Ett blåmärke."}, holding='value="raise"')
        assert again.status_code == 303, again.text
        desk.passes(timedelta(hours=25))
        page = await karin.opens(to)
        assert "Ett blåmärke." in page
        assert "skulle ha tagits" in page
        assert CANARY not in page


async def test_a_mentor_says_the_worry_and_cannot_decide(desk: Desk) -> None:
    """Whoever is in the circle can say it, without the decision; a stranger gets no page."""
    case_id = await _of_a_child(desk)
    to = f"{CASES}/{case_id}/concern"
    stands_in = {"kind": "stand-in", "sees": None}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=stands_in)
    async with desk.signed_in(TOVE) as tove, desk.signed_in(IDRIS) as idris:
        page = await tove.opens(to)
        assert 'value="decide"' not in page
        said = await tove.sends(page, to, {"worry": "Hon svarar inte."}, holding='value="raise"')
        assert said.status_code == 303, said.text
        assert "Hon svarar inte." not in await tove.opens(to), "who may not read it does not"
        await idris.opens(to, 404)
    async with desk.signed_in(KARIN) as karin:
        assert "Hon svarar inte." in await karin.opens(to)


async def test_of_an_adult_nobody_is_asked(desk: Desk) -> None:
    """There is no form for a report about somebody who is of age."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/concern"
    async with desk.signed_in(KARIN) as karin:
        assert f'href="{to}"' not in await karin.opens(f"{CASES}/{case_id}")
        assert f'action="{to}"' not in await karin.opens(to)


async def test_a_consent_is_given_shared_by_and_withdrawn(desk: Desk) -> None:
    """The newest wording, a recipient without a name, a link told once; withdrawn, all ends."""
    case_id = await desk.a_planned_case()
    to = f"{CASES}/{case_id}/consents"
    until = (desk.world.clock.now() + timedelta(days=60)).date().isoformat()
    async with desk.signed_in(KARIN) as karin:
        page = await karin.opens(to)
        assert "Jag samtycker till att skolan" in page
        said = {
            "text": "school-contact|samtycke-skola|1",
            "kind": "school",
            "reference": "skola 17",
            "voices": "person",
            "expires_on": until,
        }
        wrong = await karin.sends(page, to, said, holding='value="give"')
        assert wrong.status_code == 422
        assert 'value="skola 17"' in wrong.text
        said["reference"] = "skola-17"
        done = await karin.sends(wrong.text, to, said, holding='value="give"')
        assert done.status_code == 303, done.text
        page = await karin.opens(to)
        assert "skola-17" in page
        found = re.search(r'<option value="([^"]+\|school-contact\|school\|skola-17)"', page)
        assert found is not None, page
        wish = {"by_consent": found[1], "groups": ["overview"], "until": until}
        shared = await karin.sends(page, to, wish, holding='value="share"')
        secret = re.search(r"/delat/([A-Za-z0-9_-]{43})</code>", shared.text)
        assert secret is not None, shared.text
        page = await karin.opens(to)
        assert secret[1] not in page
        key = {"Link-Secret": secret[1]}
        assert (await desk.world.client.get("/v1/shared", headers=key)).status_code == 200
        gone = await karin.sends(page, to, {"consent": found[1][:36]}, holding='value="withdraw"')
        assert gone.status_code == 303, gone.text
        assert (await desk.world.client.get("/v1/shared", headers=key)).status_code >= 400
        assert "tillbakataget" in await karin.opens(to)


async def test_sharing_without_consent_is_the_second_persons_and_reasoned(desk: Desk) -> None:
    """The lead sees no such form; a second person does, and what they wrote stands in the case."""
    case_id = await desk.a_planned_case()
    to = f"{CASES}/{case_id}/consents"
    second = {"kind": "second", "sees": None}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=second)
    until = (desk.world.clock.now() + timedelta(days=7)).date().isoformat()
    async with desk.signed_in(KARIN) as karin, desk.signed_in(TOVE) as tove:
        assert 'value="override"' not in await karin.opens(to)
        page = await tove.opens(to)
        assert 'value="give"' not in page
        said = {
            "override_reason": "threat-to-life",
            "override_text": "Fara för livet i natt.",
            "override_purpose": "coordination",
            "override_kind": "social-services",
            "override_reference": "soc-3",
            "override_groups": ["overview"],
            "override_until": until,
        }
        wrong = await tove.sends(
            page, to, {**said, "override_reason": "x"}, holding='value="override"'
        )
        assert wrong.status_code == 422
        assert "Fara för livet i natt." in wrong.text
        done = await tove.sends(wrong.text, to, said, holding='value="override"')
        assert done.status_code == 200, done.text
        page = await karin.opens(to)
        assert "utan samtycke" in page
        assert "Fara för livet i natt." in page
        share = (await desk.world.rows("shares"))[0]["_id"]
        ended = await karin.sends(page, to, {"share": share}, holding='value="end"')
        assert ended.status_code == 303, ended.text


async def test_a_mentor_has_no_page_of_consents(desk: Desk) -> None:
    """Consents are never a mentor's to see."""
    case_id = await desk.a_planned_case()
    await desk.world.a_mentor(IDRIS)
    sees = {"kind": "mentor", "sees": ["overview", "plan"]}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json=sees)
    async with desk.signed_in(IDRIS) as idris:
        to = f"{CASES}/{case_id}/consents"
        assert f'href="{to}"' not in await idris.opens(f"{CASES}/{case_id}")
        await idris.opens(to, 404)
