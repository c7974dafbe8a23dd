"""Whoever holds a token only does not learn who somebody is, take a case out, or forget anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.mentoring.world import GRETA, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
LATE = timedelta(minutes=46)
IDENTITY = {"name": "Märket Övning", "phone": "+46701740611"}
GLASS = {"reason": "covering", "text": "Karin är sjuk.", "minutes": 15}
ASKED: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (KARIN, "GET", "/identity", {}),
    (KARIN, "PUT", "/identity", {"json": IDENTITY, "headers": {"If-Match": '"1"'}}),
    (KARIN, "GET", "/export", {}),
    (TOVE, "POST", "/break-glass", {"json": GLASS}),
    (GRETA, "PUT", "/legal-hold", {"json": {"reason": "court"}}),
    (GRETA, "DELETE", "/legal-hold", {}),
    (GRETA, "POST", "/forgetting", {}),
    (GRETA, "POST", "/forgetting?commit=true", {"headers": {"If-Match": '"1"'}}),
)
"""Who, and what decision 0038 names."""


@pytest.mark.parametrize("proved", [LATE, None, -timedelta(hours=1)])
async def test_an_old_proof_is_asked_for_anew(world: World, proved: timedelta | None) -> None:
    """Too old, unknown or in time to come: 401 as RFC 9470 has it, recorded, nothing done."""
    case_id = await world.a_case(identity=IDENTITY)
    before = await world.rows("cases", _id=case_id)
    for who, method, what, more in ASKED:
        sent = {**more, "headers": {**more.get("headers", {}), **world.as_(who, proved)}}
        answer = await world.client.request(method, f"/v1/cases/{case_id}{what}", **sent)
        assert answer.status_code == 401, (method, what, answer.text)
        assert answer.json()["type"].endswith("/step-up-needed")
        assert answer.json()["facts"] == {"max_age": 2700}
        asked = answer.headers["www-authenticate"]
        assert 'error="insufficient_user_authentication", max_age="2700"' in asked
        assert IDENTITY["name"] not in answer.text
    assert await world.rows("cases", _id=case_id) == before
    refused = await world.audited(case_id, allowed=False)
    assert [each["rule"].partition(":")[0] for each in refused] == ["step-up"] * len(ASKED)


async def test_a_new_proof_opens_the_same(world: World) -> None:
    """The other way round, so that the refusals above are the proof's: nothing is a 401."""
    case_id = await world.a_case(identity=IDENTITY)
    for who, method, what, more in ASKED:
        answer = await world.answer(who, method, f"/v1/cases/{case_id}{what}", **more)
        assert answer.status_code < 500
        assert answer.status_code != 401, (method, what, answer.text)


async def test_everything_else_takes_an_old_proof(world: World) -> None:
    """Somebody works for a day on one sign-in: cases, notes and the timeline ask for no other."""
    case_id = await world.a_case()
    old = world.as_(KARIN, timedelta(hours=9))
    for what in ("", "/notes", "/steps", "/meetings", "/consents"):
        answer = await world.client.get(f"/v1/cases/{case_id}{what}", headers=old)
        assert answer.status_code == 200, (what, answer.text)


async def test_an_old_proof_tells_a_stranger_nothing(world: World) -> None:
    """A case that is somebody else's and one that is not there get one answer, whatever the age."""
    case_id = await world.a_case(identity=IDENTITY)
    old = world.as_(TOVE, LATE)
    answers = [
        await world.client.get(f"/v1/cases/{each}/identity", headers=old)
        for each in (case_id, "0190c2f5-0000-7000-8000-000000000000")
    ]
    assert [each.status_code for each in answers] == [404, 404]
    same = [{**each.json(), "instance": ""} for each in answers]
    assert same[0] == same[1]


async def test_who_somebody_is_is_not_had_by_another_way(world: World) -> None:
    """Shared with oneself, or read in the referral that the case came of: the same is asked."""
    said = {"about": IDENTITY, "worry": "Har slutat komma.", "kind": "school"}
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json=said)
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    path, seen = f"/v1/referrals/{referral['id']}", {"If-Match": '"1"'}
    old = world.as_(KARIN, LATE)
    assert (await world.client.get(path, headers=old)).status_code == 200, "nobody's case yet"
    made = await world.asks(KARIN, "POST", f"{path}/acceptance", 201, json={}, headers=seen)
    to = {"kind": "social-services", "reference": "enhet-4"}
    yes = {"purpose": "coordination", "recipient": to, "voices": ["person"], "text_version": 1}
    yes |= {"text_id": "samtycke-samordning", "expires_on": "2027-07-01"}
    cases = f"/v1/cases/{made['id']}"
    given = await world.asks(KARIN, "POST", f"{cases}/consents", 201, json=yes)
    share = {"purpose": "coordination", "recipient": to, "until": "2027-02-01"}
    share |= {"groups": ["identity"], "consent_id": given["made"]}
    for who, refused in ((old, 401), (world.as_(KARIN), None)):
        answers = [
            await world.client.get(path, headers=who),
            await world.client.post(f"{cases}/shares", json=share, headers=who),
        ]
        for each in answers:
            assert (each.status_code == 401) is (refused == 401), each.text
            assert (IDENTITY["name"] in each.text) is (refused is None and each is answers[0])
    assert len(await world.rows("shares")) == 1
    plan = {**share, "groups": ["overview"]}
    told = await world.client.post(f"{cases}/shares", json=plan, headers=old)
    assert told.status_code == 201, told.text
