"""The audit away: every route of a case answers 503, and not one byte of case data leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from tests.integration.mentoring.test_from_intake_to_aftercare import MARK, everything_stored
from tests.integration.mentoring.test_how_somebody_comes import SAID
from tests.integration.mentoring.test_who_may_do_what import (
    NOWHERE,
    Question,
    Stand,
    a_stand,
)
from tests.integration.mentoring.weighed_routes import CASES, READS, ROUTES
from tests.integration.mentoring.world import KARIN, World
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
USER, ROLE = "mentoring-audit", "mentoring-audit-own-database"


@contextmanager
def audit_away(servers: RealServers) -> Iterator[None]:
    """The service may no longer write to its audit; afterwards it may again."""
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
        administrator.admin.command("revokeRolesFromUser", USER, roles=[ROLE])
        try:
            yield
        finally:
            administrator.admin.command("grantRolesToUser", USER, roles=[ROLE])


def is_nothing(answer: httpx.Response, stand: Stand) -> bool:
    """503, when to come back, and nothing of the case or of whoever it is about."""
    told = answer.text + repr(answer.headers)
    secrets = (MARK, "Kim", stand.case.pseudonym, stand.case.person_id, "intake", "active", KARIN)
    return (
        answer.status_code == 503
        and answer.headers["Retry-After"] == "5"
        and answer.json()["type"].endswith("/audit-unavailable")
        and not any(secret in told for secret in secrets)
    )


async def test_without_the_audit_no_route_of_a_case_says_anything(
    world: World, servers: RealServers
) -> None:
    """Reads, writes and refusals alike; nothing was changed, and afterwards all is there again."""
    stand = await a_stand(world)
    questions = [Question("case-lead", "lead", "active", each) for each in ROUTES]
    await stand.put("active")
    before = await everything_stored(world)
    with audit_away(servers):
        answers = [await stand.answer(each, stand.case.id) for each in questions]
        assert await everything_stored(world) == before
    talkative = [
        (question.asked.route, answer.status_code, answer.text)
        for question, answer in zip(questions, answers, strict=True)
        if not is_nothing(answer, stand)
    ]
    assert talkative == []
    reads = [each for each in questions if each.asked in READS]
    again = [await stand.answer(each, stand.case.id) for each in reads]
    assert {answer.status_code for answer in again} == {200}, "it was only the audit"
    assert any(MARK in answer.text for answer in again), "there was something to show"


async def test_without_the_audit_nobody_learns_what_there_is(
    world: World, servers: RealServers
) -> None:
    """A stranger's no cannot be recorded either: the same answer for a case and for none."""
    stand = await a_stand(world)
    shown = next(each for each in READS if each.path == f"{CASES}/{{case_id}}")
    stranger = Question("case-lead", "none", "active", shown)
    with audit_away(servers):
        there, nowhere = [await stand.answer(stranger, each) for each in (stand.case.id, NOWHERE)]
    assert there.status_code == nowhere.status_code == 503
    assert is_nothing(there, stand)


async def test_without_the_audit_no_referral_and_no_search_says_anything(
    world: World, servers: RealServers
) -> None:
    """What was said before there is a case, and who somebody is, are read by the same rule."""
    stand = await a_stand(world)
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **SAID})
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"/v1/referrals/{referral['id']}", None),
        ("POST", "/v1/identity-searches", {"phone": SAID["about"]["phone"]}),
    ]
    with audit_away(servers):
        for method, path, body in asked:
            answer = await world.answer(KARIN, method, path, json=body)
            assert is_nothing(answer, stand), (path, answer.text)
    for method, path, body in asked:
        assert (await world.answer(KARIN, method, path, json=body)).status_code == 200


async def test_without_the_audit_an_auditor_is_told_so(world: World, servers: RealServers) -> None:
    """Entries, documents and readers cannot be looked at: come back soon, and no fault of ours."""
    case_id = await world.a_case()
    paths = [f"/v1/audit/{each}" for each in ("entries", "documents", f"readers?subject={case_id}")]
    with audit_away(servers):
        answers = [await world.answer("vera.insyn", "GET", each) for each in paths]
    assert [each.status_code for each in answers] == [503, 503, 503]
    assert not any(case_id in each.text for each in answers)
