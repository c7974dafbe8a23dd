"""Referrals and consultations: received, recognised without telling, decided, answered."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.main import incoming_of, old_words_of, tell_of_waiting_of
from shared.contracts.booking import SupportRequested
from shared.contracts.envelope import Envelope, wrap
from shared.contracts.event import News
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.privacy.sealing import seal
from tests.integration.mentoring.test_from_intake_to_aftercare import everything_stored
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARK = "Märkning-ÅÄÖ-31337"
SAID: dict[str, Any] = {
    "about": {"name": f"Kim {MARK}", "birth_date": "2003-05-01", "phone": "+46701740609"},
    "worry": f"Har slutat komma. {MARK}",
    "referrer": f"Kurator {MARK}",
    "referrer_contact": "+46701740611",
}


async def test_a_referrer_learns_nothing(world: World) -> None:
    """With a case and without one the answer is the same but for the receipt number."""
    link = await a_link(world)
    first = await world.client.post("/v1/referral-form", json=SAID, headers=link)
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    await decide(world, KARIN, referral["id"], "acceptance", 201, {})
    again = await world.client.post("/v1/referral-form", json=SAID, headers=link)
    assert first.status_code == again.status_code == 202
    assert set(first.json()) == set(again.json()) == {"receipt"}
    assert first.json() != again.json()


async def test_a_partners_system_refers_by_the_api(world: World) -> None:
    """With its link's secret and a key: sent twice it is one referral, and nothing tells of others.

    Who refers is who the link was made for; a token is none, and without a link nothing comes in.
    """
    link = {**await a_link(world), "Idempotency-Key": "system-17"}
    path = "/v1/partner-referrals"
    answers = [await world.client.post(path, json=SAID, headers=link) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    assert (referral["via"], referral["kind"]) == ("api", "school")
    await decide(world, KARIN, referral["id"], "acceptance", 201, {})
    other = {**await a_link(world), "Idempotency-Key": "system-17"}
    known = await world.client.post(path, json=SAID, headers=other)
    assert set(known.json()) == {"receipt"}
    assert known.json() != answers[0].json(), "a key is its sender's"
    assert len((await world.asks(KARIN, "GET", "/v1/referrals"))["items"]) == 2
    assert (await world.answer(KARIN, "POST", path, json=SAID)).status_code == 401
    kind = {**SAID, "kind": "police"}
    refused = await world.client.post(path, json=kind, headers=other)
    assert refused.status_code == 422


async def test_a_case_lead_sees_who_it_may_be(world: World) -> None:
    """The second referral shows the case that there is, unless it is protected.

    To whom it is not theirs it shows whom to ask, so that nobody asks for a name by referring it.
    """
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **SAID})
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    made = await decide(world, KARIN, referral["id"], "acceptance", 201, {})
    await world.asks(TOVE, "POST", "/v1/referrals", 202, json={"kind": "parent", **SAID})
    [second, _] = (await world.asks(TOVE, "GET", "/v1/referrals"))["items"]
    seen = await world.asks(TOVE, "GET", f"/v1/referrals/{second['id']}")
    assert seen["same_cases"] == [{"lead": KARIN, "id": None, "pseudonym": None, "phase": None}]
    of_lead = await world.asks(KARIN, "GET", f"/v1/referrals/{second['id']}")
    assert [case["id"] for case in of_lead["same_cases"]] == [made["id"]]
    assert seen["same_referrals"] == [referral["id"]]
    named = {"named": [KARIN]}
    await world.change(KARIN, "PUT", made["id"], "/protection", json=named)
    seen = await world.asks(TOVE, "GET", f"/v1/referrals/{second['id']}")
    assert (seen["same_cases"], seen["same_referrals"]) == ([], [])
    named_for = await world.asks(KARIN, "GET", f"/v1/referrals/{second['id']}")
    assert named_for["same_referrals"] == [referral["id"]]
    assert MARK not in await everything_stored(world)


async def test_what_was_said_goes_with_the_case(world: World) -> None:
    """Accepted or joined, the words are read with the case; a mentor does not see them."""
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "police", **SAID})
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    made = await decide(world, KARIN, referral["id"], "acceptance", 201, {})
    path = f"/v1/cases/{made['id']}/referrals"
    [kept] = (await world.asks(KARIN, "GET", path))["items"]
    assert kept["worry"] == SAID["worry"]
    assert (await world.answer(IDRIS, "GET", path)).status_code == 404
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **SAID})
    [newest, _] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    await decide(world, KARIN, newest["id"], "linking", 200, {"case_id": made["id"]})
    assert (await world.asks(KARIN, "GET", path))["total"] == 2
    again = await decide(world, KARIN, newest["id"], "decline", 409, {"reason": "mistake"}, 2)
    assert again["type"].endswith("referral-is-decided")


async def test_a_link_that_is_taken_back_opens_nothing(world: World) -> None:
    """Whoever holds an old link gets the answer of no link; its secret is stored nowhere."""
    link = await a_link(world)
    assert link["Link-Secret"] not in await everything_stored(world)
    [given] = (await world.asks(KARIN, "GET", "/v1/referral-links"))["items"]
    await world.asks(KARIN, "DELETE", f"/v1/referral-links/{given['id']}", 204)
    answer = await world.client.post("/v1/referral-form", json=SAID, headers=link)
    assert answer.status_code == 404


async def test_a_sealed_question_is_answered_with_nobody_on_file(world: World) -> None:
    """A question from booking is read once opened by us, and forgets who asked when answered."""
    key = await world.house.sealing.ensure()
    inside = {"question": f"Hur gör vi? {MARK}", "name": f"Åsa {MARK}", "phone": "+46701740612"}
    box = seal(key, inside)
    await hear(world, key.key_id, box)
    assert MARK not in await everything_stored(world)
    [asked] = (await world.asks(KARIN, "GET", "/v1/consultations"))["items"]
    path = f"/v1/consultations/{asked['id']}"
    seen = await world.asks(KARIN, "GET", path)
    assert seen["words"]["question"] == inside["question"]
    assert inside["phone"] in seen["words"]["reach"]
    headers = {"If-Match": f'"{seen["version"]}"'}
    await world.asks(TOVE, "POST", f"{path}/answer", json={"text": "Så här."}, headers=headers)
    assert set((await world.asks(KARIN, "GET", path))["words"]) == {"question", "answer"}
    assert await world.rows("cases") == []


async def test_a_request_for_support_becomes_a_referral(world: World) -> None:
    """Sealed in a booking, it is about somebody after all: referred once, and closed."""
    key = await world.house.sealing.ensure()
    inside = {"question": f"Vi oroar oss. {MARK}", "name": f"Åsa {MARK}", "phone": "+46701740612"}
    await hear(world, key.key_id, seal(key, inside))
    [asked] = (await world.asks(KARIN, "GET", "/v1/consultations"))["items"]
    path = f"/v1/consultations/{asked['id']}"
    about = SAID["about"]
    first = {"If-Match": '"1"'}
    made = await world.asks(KARIN, "POST", f"{path}/referral", 202, json=about, headers=first)
    assert set(made) == {"receipt"}
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    assert (referral["kind"], referral["via"]) == ("support-request", "sealed-event")
    said = (await world.asks(KARIN, "GET", f"/v1/referrals/{referral['id']}"))["said"]
    assert (said["about"]["name"], said["worry"]) == (about["name"], inside["question"])
    assert inside["phone"] in said["referrer_contact"]
    closed = await world.asks(KARIN, "GET", path)
    assert (closed["state"], "reach" in closed["words"]) == ("closed", False)
    again = {"If-Match": '"2"'}
    refused = await world.asks(KARIN, "POST", f"{path}/referral", 409, json=about, headers=again)
    assert refused["type"].endswith("consultation-is-answered")
    assert MARK not in await everything_stored(world)


async def a_link(world: World) -> dict[str, str]:
    """The header of whoever holds a new link."""
    wanted = {"kind": "school", "label": "Exempelskolan"}
    made = await world.asks(KARIN, "POST", "/v1/referral-links", 201, json=wanted)
    return {"Link-Secret": made["secret"]}


async def test_of_a_child_it_is_said_what_is_done_about_the_worry(world: World) -> None:
    """No case, and the question of a report answered; the words are read on record for it."""
    young = {**SAID, "about": {**SAID["about"], "birth_date": "2012-05-01"}}
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **young})
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    no: dict[str, Any] = {"reason": "other-help"}
    refused = await decide(world, KARIN, referral["id"], "decline", 409, no)
    assert refused["type"].endswith("/concern-undecided")
    no["concern"] = {"reported": True, "reason": "risk-of-harm"}
    declined = await decide(world, KARIN, referral["id"], "decline", 200, no)
    assert (declined["state"], declined["concern"]) == ("declined", "reported")
    assert await world.audited(referral["id"], fields=["referral"])


async def decide(
    world: World,
    by: str,
    referral_id: str,
    what: str,
    status: int,
    body: dict[str, Any],
    seen: int = 1,
) -> Any:
    """One decision on a referral as it was first."""
    path = f"/v1/referrals/{referral_id}/{what}"
    headers = {"If-Match": f'"{seen}"'}
    return await world.asks(by, "POST", path, status, json=body, headers=headers)


async def hear(world: World, key_id: str, box: bytes) -> None:
    """What the listener does with the event, in one transaction."""
    heard = SupportRequested(key_id=key_id, box=base64.b64encode(box).decode())
    envelope: Envelope = wrap(
        News(heard, subject=new_id(), sequence=1),
        event_id=new_id(),
        at=real_now(),
        correlation_id=new_id(),
        causation_id=None,
        traceparent=None,
    )
    handler = incoming_of(world.house).handlers()[SupportRequested]
    await world.in_transaction(lambda session: handler(envelope, heard, session))


async def test_what_nobody_decides_on_is_told_of_and_not_erased(world: World) -> None:
    """After three days the leads, after seven data protection too: once each, and it lies there."""
    for who in (KARIN, GRETA):
        number = {"phone": "+46701740611"}
        await world.asks(who, "POST", "/v1/my-contact", 204, json=number)
    for _ in range(2):
        await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **SAID})
    tell, counted = tell_of_waiting_of(world.house), []
    for days in (2, 2, 0, 4, 0, 400):
        world.clock.advance(timedelta(days=days))
        await tell()
        await old_words_of(world.house)()
        counted.append(len(await world.told("attention-needed")))
    assert counted == [0, 1, 1, 3, 3, 3]
    waiting = (await world.asks(KARIN, "GET", "/v1/referrals?state=received"))["items"]
    assert len(waiting) == 2
    seen = await world.asks(KARIN, "GET", f"/v1/referrals/{waiting[0]['id']}")
    assert seen["said"]["worry"] == SAID["worry"]
    await decide(world, KARIN, waiting[0]["id"], "decline", 200, {"reason": "mistake"})
    told = await world.told("attention-needed")
    assert MARK not in repr(told)
