"""Taking out, keeping, forgetting, and who it is: each behind its own right."""

from __future__ import annotations

import json

from tests.integration.mentoring.console.conftest import CANARY, Desk
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE

CASES, CERTIFICATES = "/console/cases", "/console/forgettings"


async def test_a_case_is_taken_out_after_a_question(desk: Desk) -> None:
    """Nothing leaves without the box; the file may not be cached, is whole, and is written down."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/export"
    async with desk.signed_in(KARIN) as karin:
        assert f'href="{to}"' in await karin.opens(f"{CASES}/{case_id}")
        page = await karin.opens(to)
        assert CANARY not in page
        no = await karin.sends(page, to, {})
        assert no.status_code == 422
        assert CANARY not in no.text
        before = len(await desk.world.audited(case_id, fields=["identity"]))
        taken = await karin.sends(no.text, to, {"sure": "yes"})
        assert taken.status_code == 200, taken.text
        assert taken.headers["content-disposition"].startswith("attachment;")
        assert taken.headers["cache-control"] == "no-store"
        assert taken.headers["x-content-type-options"] == "nosniff"
        lines = [json.loads(line) for line in taken.text.splitlines()]
        assert lines[-1] == {"whole": True, "lines": len(lines) - 1}
        assert CANARY in taken.text
    assert len(await desk.world.audited(case_id, fields=["identity"])) > before


async def test_whoever_may_not_take_out_gets_neither_control_nor_page(desk: Desk) -> None:
    """A stand-in sees no way there; a protected case is not taken out by anybody."""
    case_id = await desk.a_case()
    to = f"{CASES}/{case_id}/export"
    stands_in = {"kind": "stand-in", "sees": None}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json=stands_in)
    async with desk.signed_in(TOVE) as tove, desk.signed_in(IDRIS) as idris:
        assert to not in await tove.opens(f"{CASES}/{case_id}")
        await tove.opens(to, 404)
        await idris.opens(to, 403)
    await desk.world.change(KARIN, "PUT", case_id, "/protection", json={"named": [KARIN]})
    async with desk.signed_in(KARIN) as karin:
        assert to not in await karin.opens(f"{CASES}/{case_id}")
        await karin.opens(to, 404)


async def test_data_protection_keeps_and_forgets_without_seeing(desk: Desk) -> None:
    """A hold stands in the way; counted first; forgotten on a second press; then a certificate."""
    case_id = await desk.a_case()
    word = (await desk.world.case(case_id))["pseudonym"]
    keeping, forgetting = f"{CASES}/{case_id}/keeping", f"{CASES}/{case_id}/forgetting"
    async with desk.signed_in(GRETA) as greta:
        assert f'href="{CERTIFICATES}"' in await greta.opens("/console/views")
        assert keeping in await greta.opens(f"{CASES}/{case_id}/access")
        wrong = await greta.opens(f"{CERTIFICATES}?case=nonsense", 422)
        assert "Det är inte ett id" in wrong
        page = await greta.opens(keeping)
        assert word not in page
        assert "Inget krav att spara" in page
        assert 'value="lift"' not in page
        held = await greta.sends(page, keeping, {"reason": "legal-claim"}, holding='value="hold"')
        assert held.status_code == 303, held.text
        page = await greta.opens(keeping)
        assert "Sparas nu" in page
        assert "Inget krav att spara" not in page
        refused = await greta.sends(page, forgetting, {})
        assert refused.status_code in (403, 409)
        lifted = await greta.sends(page, keeping, {"do": "lift"}, holding='value="lift"')
        assert lifted.status_code == 303, lifted.text
        counted = await greta.sends(page, forgetting, {})
        assert counted.status_code == 200, counted.text
        assert "Inget är gjort än" in counted.text
        assert CANARY not in counted.text
        unsure = await greta.sends(counted.text, forgetting, {})
        assert unsure.status_code == 422
        assert await desk.world.case(case_id), "nothing is done yet"
        done = await greta.sends(unsure.text, forgetting, {"sure": "yes"})
        assert done.status_code == 303, done.text
        certificate = await greta.opens(done.headers["location"])
        assert "på egen begäran" in certificate
        assert CANARY not in certificate
        assert done.headers["location"].partition("?")[0] in await greta.opens(CERTIFICATES)
    async with desk.signed_in(KARIN) as karin:
        await karin.opens(f"{CASES}/{case_id}", 404)


async def test_a_forgetting_is_of_the_case_as_it_was_counted(desk: Desk) -> None:
    """Somebody writes meanwhile: nothing is forgotten, and it is counted anew, with what stays."""
    case_id, _ = await desk.a_case(), await desk.a_case()
    to = f"{CASES}/{case_id}/forgetting"
    async with desk.signed_in(GRETA) as greta:
        counted = await greta.sends(await greta.opens(f"{CASES}/{case_id}/keeping"), to, {})
        assert "Andra ärenden som kan gälla samma person" in counted.text
        step = {"step": "begin-assessment"}
        await desk.world.change(KARIN, "POST", case_id, "/steps", json=step)
        late = await greta.sends(counted.text, to, {"sure": "yes"})
        assert late.status_code == 412
        assert "Inget är gjort" in late.text
        assert "Spara mitt ändå" not in late.text, "it is looked at anew before it is done"
        steps = late.text.partition("Steg i tidslinjen")[2].partition("</tr>")[0]
        assert "<td>2</td><td>1 " in steps, "as it is now, and as it was counted"
        again = await greta.sends(await greta.opens(f"{CASES}/{case_id}/keeping"), to, {})
        assert again.status_code == 200, again.text
    assert await desk.world.case(case_id)


async def test_keeping_and_certificates_are_for_data_protection(desk: Desk) -> None:
    """A case lead and a mentor find neither the page nor the way there."""
    case_id = await desk.a_case()
    for who in (KARIN, IDRIS):
        async with desk.signed_in(who) as browser:
            menu = await browser.opens("/console/views")
            assert CERTIFICATES not in menu
            await browser.opens(CERTIFICATES, 403)
            await browser.opens(f"{CASES}/{case_id}/keeping", 403)


async def test_who_it_is_is_changed_behind_a_press(desk: Desk) -> None:
    """What is wrong comes back; a stale form shows both; the name is on no page with an address."""
    case_id = await desk.a_case()
    at, to = f"{CASES}/{case_id}/identity", f"{CASES}/{case_id}/identity/change"
    async with desk.signed_in(KARIN) as karin:
        shown = await karin.sends(await karin.opens(f"{CASES}/{case_id}"), at, {})
        wrong = await karin.sends(shown.text, to, {"name": CANARY, "personal_number": "12"})
        assert wrong.status_code == 422
        assert 'value="12"' in wrong.text
        said = {"name": f"{CANARY} Ny", "phone": "070-174 06 06"}
        done = await karin.sends(shown.text, to, said)
        assert done.status_code == 303, done.text
        assert CANARY not in await karin.opens(done.headers["location"])
        late = await karin.sends(shown.text, to, {"name": "Någon Annan"})
        assert late.status_code == 412
        for words in (f"{CANARY} Ny", "Någon Annan"):
            assert words in late.text
        mine = await karin.sends(late.text, to, {})
        assert mine.status_code == 303, mine.text
        again = await karin.sends(await karin.opens(f"{CASES}/{case_id}"), at, {})
        assert "Någon Annan" in again.text


async def test_a_mentor_who_reads_an_identity_cannot_change_it(desk: Desk) -> None:
    """They see who it is, if that was chosen for them, and no form."""
    case_id = await desk.a_planned_case()
    await desk.world.a_mentor(IDRIS)
    sees = {"kind": "mentor", "sees": ["overview", "identity"]}
    await desk.world.change(KARIN, "PUT", case_id, f"/circle/{IDRIS}", json=sees)
    at = f"{CASES}/{case_id}/identity"
    async with desk.signed_in(IDRIS) as idris:
        shown = await idris.sends(await idris.opens(f"{CASES}/{case_id}"), at, {})
        assert CANARY in shown.text
        assert f"{at}/change" not in shown.text
