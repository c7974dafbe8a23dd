"""Ways around the one way to a case that were found by looking for them; each stays shut."""

from __future__ import annotations

from typing import Any

import pytest

from services.mentoring.domain.ids import CaseId
from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from services.mentoring.use_cases.case_work import Change
from services.mentoring.use_cases.disclosing import FRESH, LetIn
from shared.audit.audit import Audit
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.privacy.vault import DoesNotOpen
from tests.integration.mentoring.test_from_intake_to_aftercare import everything_stored, in_support
from tests.integration.mentoring.test_how_somebody_comes import MARK, SAID, decide
from tests.integration.mentoring.test_meetings import arrange
from tests.integration.mentoring.whole_case import a_whole_case
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
GLASS = {"reason": "covering", "text": "Täcker upp.", "minutes": 5}


async def test_what_a_referral_said_is_the_cases_once_there_is_one(world: World) -> None:
    """A colleague who read it while it waited reads it no more, nor learns which case it became."""
    referral = await a_referral(world)
    seen = await world.asks(TOVE, "GET", f"/v1/referrals/{referral}")
    assert MARK in seen["said"]["worry"]
    protected = {"protected": True, "named": [KARIN]}
    made = await decide(world, KARIN, referral, "acceptance", 201, protected)
    refused = await world.answer(TOVE, "GET", f"/v1/referrals/{referral}")
    assert refused.status_code == 404
    assert MARK not in refused.text
    listed = await world.answer(TOVE, "GET", "/v1/referrals")
    assert made["id"] not in listed.text
    own = await world.asks(KARIN, "GET", f"/v1/referrals/{referral}")
    assert (own["said"]["worry"], own["case_id"]) == (SAID["worry"], made["id"])
    [tried] = await world.audited(made["id"], allowed=False)
    assert tried["rule"] == "may-not-read"
    assert "intake" in {each["rule"] for each in await world.audited(made["id"], allowed=True)}


async def test_nobody_adds_to_what_they_are_not_shown(world: World) -> None:
    """A mentor who sees the plan alone adds to their own notes, and cancels no other's meeting."""
    case_id = await in_support(world)
    notes = f"/v1/cases/{case_id}/notes"
    of_lead = await world.asks(KARIN, "POST", notes, 201, json={"text": "Ledarens."})
    own = await world.asks(IDRIS, "POST", notes, 201, json={"text": "Min egen."})
    addendum = {"text": "Ett tillägg."}
    await world.asks(IDRIS, "POST", f"{notes}/{own['made']}/addenda", 201, json=addendum)
    await world.asks(IDRIS, "POST", f"{notes}/{of_lead['made']}/addenda", 404, json=addendum)
    cancelled = f"/meetings/{await arrange(world, case_id)}/cancellation"
    await world.change(IDRIS, "POST", case_id, cancelled, 404)
    await world.change(KARIN, "POST", case_id, cancelled)


async def test_a_notice_goes_with_the_relation(world: World) -> None:
    """Whoever has left a case is not told of it by what still waits for them."""
    case_id = await world.a_case()
    await world.asks(TOVE, "POST", f"/v1/cases/{case_id}/break-glass", 201, json=GLASS)
    assert (await world.asks(KARIN, "GET", "/v1/attention"))["total"] == 1
    leaving = {"leaving": KARIN, "to": "sara.second"}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=leaving)
    waiting = await world.asks(KARIN, "GET", "/v1/attention")
    assert (waiting["items"], waiting["total"]) == ([], 0)


async def test_whoever_is_taken_out_while_they_write_writes_nothing(world: World) -> None:
    """Let in, then taken out before it is saved: the version is another, and the door is shut."""
    case_id = await in_support(world)
    idris = Actor(kind="staff", id=IDRIS, username=IDRIS, roles=frozenset({"mentor"}))
    asked = 0

    async def slowly(at: LetIn) -> Change:
        nonlocal asked
        asked += 1
        await world.change(KARIN, "DELETE", case_id, f"/circle/{IDRIS}")
        return Change(at.case, inserts=[("notes", {"_id": "late", "case_id": case_id})])

    with pytest.raises(NotFound):
        await world.house.work.change(
            CaseId(case_id), "write", slowly, group="notes", by=idris, present=lambda case: case
        )
    assert asked == 1
    assert await world.house.ground.database["notes"].find_one({"_id": "late"}) is None


async def test_a_place_is_one_of_the_list(world: World) -> None:
    """What is kept in clear to be counted is no place for words, from anybody."""
    asked = {"question": "Hur?", "profession": "school", "topic": "method"}
    kim = {"identity": {"name": "Kim Exempel"}, "municipality": MARK}
    refused = await world.client.post("/v1/consultations", json={**asked, "municipality": MARK})
    assert (refused.status_code, MARK in refused.text) == (422, False)
    await world.asks(KARIN, "POST", "/v1/cases", 422, json=kim)
    assert MARK not in await everything_stored(world)
    known = await world.client.post("/v1/consultations", json={**asked, "municipality": "Malmö"})
    assert known.status_code == 202


async def test_a_link_keeps_in_clear_no_word_of_whom_it_was_given_to(world: World) -> None:
    """A parent's link is called by a child's name: read in the list, on record, else sealed."""
    wanted = {"kind": "parent", "label": f"Mamma till {MARK}"}
    made = await world.asks(KARIN, "POST", "/v1/referral-links", 201, json=wanted)
    assert MARK not in await everything_stored(world)
    [listed] = (await world.asks(TOVE, "GET", "/v1/referral-links"))["items"]
    assert (listed["id"], listed["label"]) == (made["id"], wanted["label"])
    [entry] = await world.audited(made["id"])
    assert (entry["rule"], entry["allowed"]) == ("referral-links", True)


async def test_a_copy_of_an_opening_keeps_nobody_twice(world: World) -> None:
    """The same key again gives the same case, and one identity in the database of identities."""
    once = {"Idempotency-Key": "en-gang"}
    kim = {"identity": {"name": "Kim Exempel", "phone": "+46701740605"}}
    first, again = [
        await world.asks(KARIN, "POST", "/v1/cases", 201, json=kim, headers=once) for _ in "ab"
    ]
    assert first == again
    assert await world.house.identity["identities"].count_documents({}) == 1


async def test_an_answer_that_was_given_is_not_given_again_to_a_stranger(world: World) -> None:
    """Access is asked before the answer that is kept: once the case is another's, it is 404."""
    kim = {"identity": {"name": "Kim Exempel", "phone": "+46701740605"}}
    referral = await a_referral(world)
    for path, body in (("/v1/cases", kim), (f"/v1/referrals/{referral}/acceptance", {})):
        headers = {"Idempotency-Key": new_id(), "If-Match": '"1"'}
        made = await world.asks(KARIN, "POST", path, 201, json=body, headers=headers)
        handed = {"leaving": KARIN, "to": TOVE}
        await world.change(KARIN, "POST", made["id"], "/hand-over", json=handed)
        again = await world.answer(KARIN, "POST", path, json=body, headers=headers)
        assert again.status_code == 404
        assert made["id"] not in again.text
        [refused] = await world.audited(made["id"], allowed=False)
        assert refused["rule"] == "may-not-list"


async def test_the_answer_to_a_forgetting_goes_with_the_role(world: World) -> None:
    """Given again to who may read the certificate, and on record; to nobody who may no longer."""
    case_id = await world.a_case()
    headers = {"If-Match": f'"{(await world.case(case_id))["version"]}"', "Idempotency-Key": "bort"}
    path = f"/v1/cases/{case_id}/forgetting?commit=true"
    done = await world.asks(GRETA, "POST", path, headers=headers)
    assert await world.asks(GRETA, "POST", path, headers=headers) == done
    assert len(await world.audited(case_id, rule="certificate")) == 1
    demoted = {**world.signed_in("case-lead", GRETA), **headers}
    again = await world.client.post(path, headers=demoted)
    assert again.status_code == 404
    assert await world.audited(case_id, rule="may-not-forget", allowed=False)


async def a_referral(world: World) -> str:
    """One that Karin took down; its id."""
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json={"kind": "school", **SAID})
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    return str(referral["id"])


async def test_a_list_that_took_a_while_is_asked_about_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handed over while the audit is slow: no list, search or referral shows the case any more."""
    assert FRESH < 1, "access ends within a second"
    for asks in ("disclosing", "see_referrals"):
        monkeypatch.setattr(f"services.mentoring.use_cases.{asks}.FRESH", 0.0)
    case_id = await a_whole_case(world)
    await every_word_is_bound_to_its_record(world)
    matching, referral = [(await world.rows(each))[0]["_id"] for each in ("matchings", "referrals")]
    word = (await world.case(case_id))["pseudonym"]
    asked: tuple[tuple[str, str, Any, str], ...] = (
        ("GET", "/v1/cases", None, word),
        ("GET", "/v1/my-meetings?days=30", None, word),
        ("GET", "/v1/attention", None, word),
        ("GET", f"/v1/matchings/{matching}", None, word),
        ("POST", "/v1/identity-searches", {"phone": SAID["about"]["phone"]}, word),
        ("GET", f"/v1/referrals/{referral}", None, MARK),
    )
    record, leaves = Audit._record, False

    async def slowly(self: Audit, by: Actor, access: Any) -> Any:
        nonlocal leaves
        kept = await record(self, by, access)
        if leaves and access.allowed:
            leaves = False
            await hand_over(world, case_id, KARIN, TOVE)
        return kept

    monkeypatch.setattr(Audit, "_record", slowly)
    for method, path, body, shown in asked:
        there = await world.answer(KARIN, method, path, json=body)
        assert shown in there.text, path
        leaves = True
        gone = await world.answer(KARIN, method, path, json=body)
        assert not leaves, "nothing was recorded"
        assert (gone.status_code in (404, 503), shown in gone.text) == (True, False), path
        await hand_over(world, case_id, TOVE, KARIN)


async def hand_over(world: World, case_id: str, leaving: str, to: str) -> None:
    """The lead is another from now on."""
    handed = {"leaving": leaving, "to": to}
    await world.change(leaving, "POST", case_id, "/hand-over", json=handed)


async def every_word_is_bound_to_its_record(world: World) -> None:
    """No ciphertext of a case opens as that of another record of the same person."""
    people, seen = world.house.ground.people, 0
    for name in [*GROUP_OF_RECORDS, "referrals", "identities"]:
        apart = name == "identities"
        database = world.house.identity if apart else world.house.ground.database
        for row in await database[name].find().to_list(None):
            whose, box = (row["_id"], row["fields"]) if apart else (row["person_id"], row["words"])
            await people.open(whose, box, record=f"{name}:{row['_id']}")
            seen += 1
            with pytest.raises(DoesNotOpen):
                await people.open(whose, box, record=f"{name}:{new_id()}")
    assert seen > len(GROUP_OF_RECORDS)
