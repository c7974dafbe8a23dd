"""A share lives by a consent: given, shown, and cut the moment it is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.domain.sharing import SHAREABLE
from services.mentoring.use_cases.see_share import SeeShare
from tests.integration.mentoring.test_from_intake_to_aftercare import GOALS, in_support
from tests.integration.mentoring.weighed_routes import OVERRIDE
from tests.integration.mentoring.whole_case import a_whole_case
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
TO = {"kind": "school", "reference": "skola-17"}


async def consented(world: World, case_id: str, **more: str) -> str:
    """A valid consent to tell a school of the plan, or for another purpose; its id."""
    yes = {
        "purpose": "school-contact",
        "recipient": TO,
        "text_id": "samtycke-skola",
        "text_version": 1,
        "voices": ["person"],
        "expires_on": "2027-07-01",
        **more,
    }
    path = f"/v1/cases/{case_id}/consents"
    made = await world.asks(KARIN, "POST", path, 201, json=yes)
    return str(made["made"])


async def shared(
    world: World, case_id: str, status: int = 201, by: str = KARIN, **more: Any
) -> Any:
    """A share of the plan with the school."""
    wanted = {
        "purpose": "school-contact",
        "recipient": TO,
        "groups": ["overview", "plan"],
        "until": "2027-01-20",
        **more,
    }
    return await world.asks(by, "POST", f"/v1/cases/{case_id}/shares", status, json=wanted)


async def looks(world: World, secret: str) -> tuple[int, Any]:
    """What the recipient sees."""
    answer = await world.client.get("/v1/shared", headers={"Link-Secret": secret})
    return answer.status_code, answer.json()


async def test_a_withdrawal_cuts_what_is_shared(world: World) -> None:
    """The school sees the plan, its look is written down, and after the withdrawal nothing."""
    case_id = await in_support(world)
    consent = await consented(world, case_id)
    secret = (await shared(world, case_id, consent_id=consent))["secret"]
    status, seen = await looks(world, secret)
    assert status == 200
    assert seen["parts"]["plan"][0]["goals"][0]["text"] == GOALS[0]["text"]
    assert await world.audited(case_id, purpose="consent-share", rule="consent")
    path = f"/v1/cases/{case_id}/consents"
    await world.asks(KARIN, "POST", f"{path}/{consent}/withdrawal")
    assert (await looks(world, secret))[0] == 404
    [over] = (await world.asks(KARIN, "GET", path))["shares"]
    assert over["ended_at"] is not None


async def test_nothing_is_agreed_to_that_nobody_has_read(world: World) -> None:
    """Only the newest wording for this very purpose; another id, version or purpose is no text."""
    case_id = await in_support(world)
    yes = {"purpose": "school-contact", "recipient": TO, "voices": ["person"]}
    yes["expires_on"] = "2027-07-01"
    for text, version in (("samtycke-skola", 2), ("samtycke-familj", 1), ("hittepa", 1)):
        wanted = {**yes, "text_id": text, "text_version": version}
        path = f"/v1/cases/{case_id}/consents"
        refused = await world.asks(KARIN, "POST", path, 422, json=wanted)
        assert refused["type"].endswith("/consent-text-unknown")
    assert await world.rows("consents") == []


async def test_whatever_can_be_shared_is_shown(world: World) -> None:
    """The widest share of a full case has something in each of its parts, and no meeting."""
    case_id = await a_whole_case(world)
    wide = {"purpose": "coordination", "until": "2027-01-20", **OVERRIDE}
    wide["recipient"] = {"kind": "social-services", "reference": "enhet-4"}
    wide["groups"] = sorted(SHAREABLE["coordination"])
    path = f"/v1/cases/{case_id}/shares"
    made = await world.asks(GRETA, "POST", path, 201, json=wide)
    _, seen = await looks(world, made["secret"])
    assert sorted(seen["parts"]) == wide["groups"]
    assert all(seen["parts"].values())
    # Where somebody is, and their personal number, are in no share.
    told = {"name", "birth_date", "phone", "email", "language"}
    assert set(seen["parts"]["identity"]) == told
    wide["groups"] = ["meetings"]
    await world.asks(GRETA, "POST", path, 422, json=wide)


async def test_a_look_that_was_under_way_is_cut_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Withdrawn while the reading is being written down: what was opened does not leave."""
    monkeypatch.setattr("services.mentoring.use_cases.see_share.FRESH", 0.0)
    case_id = await in_support(world)
    consent = await consented(world, case_id)
    secret = (await shared(world, case_id, consent_id=consent))["secret"]
    assert (await looks(world, secret))[0] == 200
    part, withdrawal = SeeShare._part, f"/v1/cases/{case_id}/consents/{consent}/withdrawal"

    async def slowly(*what: Any, **more: Any) -> Any:
        found = await part(*what, **more)
        await world.answer(KARIN, "POST", withdrawal)
        return found

    monkeypatch.setattr(SeeShare, "_part", slowly)
    status, seen = await looks(world, secret)
    assert (status, "parts" in seen) == (404, False)


async def test_nothing_is_shared_without_consent_but_by_override(world: World) -> None:
    """The lead cannot share without consent; the second can, with a reason, and is written down."""
    case_id = await in_support(world)
    missing = await shared(world, case_id, 409)
    assert missing["type"].endswith("consent-missing")
    reason = {"override": "child-protection", "text": "Fara."}
    assert "title" in await shared(world, case_id, 403, **reason)
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json={"kind": "second"})
    secret = (await shared(world, case_id, by=TOVE, **reason))["secret"]
    assert (await looks(world, secret))[0] == 200
    await world.change(KARIN, "PUT", case_id, "/protection", json={"named": [KARIN]})
    assert (await looks(world, secret))[0] == 404
    lifted = "/protection?reason=wrongly-set"
    await world.change(KARIN, "DELETE", case_id, lifted)
    assert (await looks(world, secret))[0] == 404, "what protection ended does not begin again"


async def test_a_share_ends_with_its_day(world: World) -> None:
    """On the day that it names the link opens nothing; a mentor never could share."""
    case_id = await in_support(world)
    consent = await consented(world, case_id)
    await shared(world, case_id, 403, by=IDRIS, consent_id=consent)
    secret = (await shared(world, case_id, consent_id=consent))["secret"]
    world.clock.advance(timedelta(days=9))
    assert (await looks(world, secret))[0] == 404


async def test_closing_a_case_ends_what_is_shared(world: World) -> None:
    """Aftercare begins with nothing shared: who goes on needing it asks again."""
    case_id = await in_support(world)
    secret = (await shared(world, case_id, consent_id=await consented(world, case_id)))["secret"]
    await world.change(KARIN, "PUT", case_id, f"/circle/{TOVE}", json={"kind": "second"})
    await world.change(KARIN, "PUT", case_id, "/aftercare-plan", json={"goals": GOALS})
    proposal = {
        "outcome": "goals-reached",
        "text": "",
        "review_on": "2027-09-01",
        "until": "2027-12-01",
        "aftercare_lead": KARIN,
    }
    await world.change(KARIN, "POST", case_id, "/closure", json=proposal)
    assert (await looks(world, secret))[0] == 200
    await world.change(TOVE, "POST", case_id, "/closure/verdict", json={"approve": True})
    assert (await looks(world, secret))[0] == 404
