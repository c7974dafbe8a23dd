"""Forgetting is real: rows and keys are gone everywhere, and a certificate says what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.api.app import make_http
from services.mentoring.domain.ids import CaseId
from services.mentoring.main import house_of, incoming_of, old_words_of
from services.mentoring.storage.forgetting import APART
from services.mentoring.use_cases.forget_person import FinishForgetting, ForgetInTime
from services.mentoring.use_cases.forgettings import AWAITED
from shared.contracts.cards import MentoringPersonForgotten
from shared.contracts.envelope import wrap
from shared.contracts.event import News
from shared.contracts.notifications import ForgettingReceipt
from shared.delivery.unsent import Unsent
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.privacy.vault import Forgotten
from tests.integration.mentoring.conftest import mentoring_settings
from tests.integration.mentoring.world import GRETA, KARIN, TOVE, World
from tests.support.servers import RealServers
from tests.support.world import asked

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARK = "Märket Övning"


async def test_first_it_is_counted_then_it_is_done(world: World) -> None:
    """A look destroys nothing; afterwards no row, no identity and no key of the person is left."""
    case_id = await _a_case_with_words(world)
    [before] = await world.rows("cases")
    path = f"/v1/cases/{case_id}/forgetting"
    looked = await world.asks(GRETA, "POST", path)
    assert looked["done"] is False
    assert looked["id"] is None
    assert looked["removed"] == {"identities": 1, "notes": 2, "steps": 3}
    assert {each["what"] for each in looked["ages_out"]} >= {"audit", "database-log", "key-backups"}
    await world.case(case_id)
    await world.asks(GRETA, "POST", path, 428, params={"commit": "true"})

    done = await _forget(world, case_id)
    for who in (KARIN, GRETA):
        for more in ("", "/notes", "/identity", "/steps"):
            assert (await world.answer(who, "GET", f"/v1/cases/{case_id}{more}")).status_code == 404
    assert (await world.asks(KARIN, "GET", "/v1/cases"))["total"] == 0
    [bare] = await world.rows("cases")
    assert (bare["phase"], bare["person_id"], bare["around"]) == ("erased", "", [])
    everything = await _everything(world)
    assert before["pseudonym"] not in everything
    assert before["person_id"] not in everything
    with pytest.raises(Forgotten):
        await world.house.ground.people.seal(before["person_id"], {"a": "b"}, record="x")
    [told] = await world.told(MentoringPersonForgotten.name)
    assert told.data == {"recipient_id": before["recipient_id"]}
    certificate = await world.asks(GRETA, "GET", f"/v1/forgettings/{done['id']}")
    assert certificate["removed"] == looked["removed"]
    assert (certificate["keys"], certificate["awaits"]) == (1, list(AWAITED))
    assert certificate["blind_since"] is not None
    await world.asks(KARIN, "GET", f"/v1/forgettings/{done['id']}", 403)


async def test_no_word_of_them_is_left_in_the_outbox(world: World) -> None:
    """Sent or not, at once, without a receipt of anybody; and the last word, once it is heard."""
    case_id = await _a_case_with_words(world)
    outbox = Unsent(world.house.ground.database)
    [card] = (await outbox.read(10)).lanes.values()
    await outbox.mark_sent(card)
    meeting = {"starts_local": "2027-01-28T15:00", "minutes": 60, "staff": [KARIN]}
    await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/meetings", 201, json=meeting)
    assert await world.told("meeting-scheduled")
    await _forget(world, case_id)
    [last] = await world.told()
    assert last.type.split(".")[-2] == "person-forgotten"
    for rows in (await outbox.read(10)).lanes.values():
        await outbox.mark_sent(rows)
    await _hear(world, last.data["recipient_id"], "mentoring")
    assert [row["body"] for row in await world.rows("outbox")] == [b"", b""]


async def test_no_process_reads_on(world: World, servers: RealServers) -> None:
    """Another process that had the key in hand a moment ago answers 404 at once."""
    case_id = await _a_case_with_words(world)
    settings = mentoring_settings(servers, world.issuer)
    house = house_of(settings, world.clock)
    async with asked(make_http(settings, house)) as client:
        other = World(house, world.clock, client, world.issuer, world.notifications)
        for more in ("/notes", "/identity"):
            await other.asks(KARIN, "GET", f"/v1/cases/{case_id}{more}")
        await _forget(world, case_id)
        for more in ("", "/notes", "/identity", "/steps"):
            await other.asks(KARIN, "GET", f"/v1/cases/{case_id}{more}", 404)


async def test_only_who_may_and_only_what_is_not_held(world: World) -> None:
    """The lead may not, a stranger learns nothing, and a legal hold stops it, look and deed."""
    case_id = await _a_case_with_words(world)
    path = f"/v1/cases/{case_id}/forgetting"
    await world.asks(KARIN, "POST", path, 403)
    await world.asks(TOVE, "POST", path, 404)
    await world.change(GRETA, "PUT", case_id, "/legal-hold", json={"reason": "legal-claim"})
    await world.asks(GRETA, "POST", path, 409)
    await world.change(GRETA, "POST", case_id, "/forgetting", 409, params={"commit": "true"})
    assert len(await world.rows("notes")) == 2


async def test_the_certificate_gathers_receipts(world: World) -> None:
    """A receipt is added once, however often it comes; a foreign one changes nothing."""
    case_id = await _a_case_with_words(world)
    [case] = await world.rows("cases")
    done = await _forget(world, case_id)
    for recipient, source in ((case["recipient_id"], "mentoring"), (new_id(), "mentoring")):
        for _ in range(2):
            await _hear(world, recipient, source)
    certificate = await world.asks(GRETA, "GET", f"/v1/forgettings/{done['id']}")
    assert [each["removed"] for each in certificate["receipts"]] == [{"cards": 1}]
    assert certificate["awaits"] == []
    assert (await world.asks(GRETA, "GET", "/v1/forgettings"))["total"] == 1


async def test_a_receipt_that_comes_while_keys_are_destroyed_is_kept(world: World) -> None:
    """What is noted of the destruction is noted beside it, not over it."""
    done = await _forget(world, await _a_case_with_words(world))
    forgettings, by = world.house.stores.forgettings, housekeeping("test")
    before = await forgettings.one(done["id"], by=by)
    await _hear(world, before.recipient_id, "mentoring")
    await forgettings.blind(before, by=by)
    certificate = await world.asks(GRETA, "GET", f"/v1/forgettings/{done['id']}")
    assert [each["service"] for each in certificate["receipts"]] == ["notifications"]
    assert certificate["blind_since"] is not None


async def test_what_a_crash_broke_off_is_finished(world: World, servers: RealServers) -> None:
    """Rows gone but keys not: another process destroys them, and had never shown the case again."""
    case_id = await _a_case_with_words(world)
    house, forget = world.house, world.house.forget
    [row] = await world.rows("cases")

    class _Dies(Exception):
        pass

    class _DyingStore:
        def __getattr__(self, name: str) -> Any:
            if name == "blind":
                raise _Dies
            return getattr(house.stores.forgettings, name)

    dying = replace(forget, forgettings=_DyingStore())
    staff = _greta()
    with pytest.raises(_Dies):
        await dying(CaseId(case_id), seen=row["version"], by=staff, once=None, present=lambda f: f)
    assert await world.house.ground.people.open_many([(row["person_id"], {}, "x")]) == [{}]
    other = house_of(mentoring_settings(servers, world.issuer), world.clock)
    try:
        assert await FinishForgetting(other.stores.forgettings)()
        assert not await FinishForgetting(other.stores.forgettings)()
        assert await other.ground.people.forgotten([row["person_id"]]) == {row["person_id"]}
    finally:
        other.close()


async def test_time_forgets_what_is_due(world: World) -> None:
    """The retention clock runs out, and not a day before; a held case waits."""
    case_id = await _a_case_with_words(world)
    cases = world.house.ground.database["cases"]
    due = (world.clock.now() + timedelta(days=1)).date().isoformat()
    await cases.update_one(
        {"_id": case_id}, {"$set": {"phase": "archived", "retention_until": due}}
    )
    tick = ForgetInTime(world.house.forget, world.house.stores.cases)
    assert not await tick()
    world.clock.advance(timedelta(days=1))
    assert await tick()
    assert not await tick()
    [certificate] = (await world.asks(GRETA, "GET", "/v1/forgettings"))["items"]
    assert (certificate["how"], certificate["by"]) == ("clock", "clockwork")


async def test_what_else_was_said_of_them_goes_too_or_is_told(world: World) -> None:
    """Sent twice, and declined: its words go. Undecided, or another case: counted, and it stays."""
    about = {"name": MARK, "birth_date": "2003-05-01", "phone": "+46701740613"}
    for number in ("+46701740613", "+46701740613", "+46701740613", "+46701740614"):
        said = {"kind": "school", "about": {**about, "phone": number}, "worry": MARK}
        said["about"]["name"] = MARK if number == about["phone"] else "Alex Annan"
        await world.asks(KARIN, "POST", "/v1/referrals", 202, json=said)
    listed = (await world.asks(KARIN, "GET", "/v1/referrals?sort=oldest"))["items"]
    first, twice, waits, others = [f"/v1/referrals/{each['id']}" for each in listed]
    seen = {"If-Match": '"1"'}
    made = await world.asks(KARIN, "POST", f"{first}/acceptance", 201, json={}, headers=seen)
    for declined in (twice, others):
        reason = {"reason": "mistake"}
        await world.asks(KARIN, "POST", f"{declined}/decline", json=reason, headers=seen)
    for hidden in (False, True):
        more: dict[str, Any] = {"protected": True, "named": [TOVE]} if hidden else {}
        await world.a_case(TOVE, identity=about, **more)
    looked = await world.asks(GRETA, "POST", f"/v1/cases/{made['id']}/forgetting")
    done = await _forget(world, made["id"])
    certificate = await world.asks(GRETA, "GET", f"/v1/forgettings/{done['id']}")
    for each in (looked, certificate):
        assert (each["removed"]["referrals"], each["keys"]) == (2, 2)
        # Of a protected case nobody learns who is not named.
        assert {one["what"]: one["count"] for one in each["alike"]} == {"referrals": 1, "cases": 1}
    for path, words in ((twice, False), (waits, True), (others, True)):
        read = await world.asks(TOVE, "GET", path)
        assert (read["said"] is not None, MARK in str(read)) == (words, words), path
    [row] = await world.rows("referrals", _id=twice.rpartition("/")[2])
    assert (row["state"], row["words"], row["fingerprints"]) == ("declined", {}, [])
    with pytest.raises(Forgotten):
        await world.house.ground.people.seal(row["person_id"], {"a": "b"}, record="x")


async def test_no_collection_can_be_forgotten_about(world: World) -> None:
    """Each is either named as holding nothing of a case, or found by its case."""
    await _a_case_with_words(world)
    database = world.house.ground.database
    for name in await database.list_collection_names():
        if name in APART or name.startswith("system."):
            continue
        indexes = await database[name].index_information()
        first = {index["key"][0][0] for index in indexes.values()}
        assert "case_id" in first, f"{name}: neither in APART nor found by case_id"


async def _a_case_with_words(world: World) -> str:
    case_id = await world.a_case(identity={"name": MARK})
    for text in ("Första.", "Andra."):
        await world.asks(KARIN, "POST", f"/v1/cases/{case_id}/notes", 201, json={"text": text})
    return case_id


async def _forget(world: World, case_id: str) -> Any:
    more: dict[str, Any] = {"params": {"commit": "true"}, "headers": {"Idempotency-Key": new_id()}}
    done = await world.change(GRETA, "POST", case_id, "/forgetting", **more)
    assert done["done"] is True
    return done


async def _hear(world: World, recipient_id: str, source: str) -> None:
    data = ForgettingReceipt(recipient_id=recipient_id, source=source, removed={"cards": 1})
    news = News(data, subject=recipient_id, sequence=2**31)
    envelope = wrap(news, event_id=new_id(), at=real_now(), correlation_id=new_id())
    handler = incoming_of(world.house).handlers()[ForgettingReceipt]
    await world.in_transaction(lambda session: handler(envelope, data, session))


async def _everything(world: World) -> str:
    database = world.house.ground.database
    names = await database.list_collection_names()
    apart = await world.house.identity["identities"].find().to_list(None)
    return repr([apart, *[await world.rows(each) for each in names if each != "outbox"]])


def _greta() -> Actor:
    return Actor(
        kind="staff",
        id="sub-greta",
        roles=frozenset({"data-protection"}),
        username=GRETA,
        proved_at=real_now(),
    )


async def test_words_without_a_case_are_forgotten_in_time(world: World) -> None:
    """A declined referral after three months, an answered question after six; codes stay."""
    said = {"kind": "school", "about": {"name": MARK, "phone": "+46701740613"}, "worry": MARK}
    await world.asks(KARIN, "POST", "/v1/referrals", 202, json=said)
    [referral] = (await world.asks(KARIN, "GET", "/v1/referrals"))["items"]
    path, first = f"/v1/referrals/{referral['id']}", {"If-Match": '"1"'}
    declined = {"reason": "other-help"}
    await world.asks(KARIN, "POST", f"{path}/decline", json=declined, headers=first)
    asked = {"profession": "school", "topic": "method", "question": MARK, "reach": "a@b.se"}
    await world.asks(KARIN, "POST", "/v1/consultations", 202, json=asked)
    [question] = (await world.asks(KARIN, "GET", "/v1/consultations"))["items"]
    there = f"/v1/consultations/{question['id']}"
    await world.asks(KARIN, "POST", f"{there}/answer", json={"text": "Ja."}, headers=first)
    tick = old_words_of(world.house)
    world.clock.advance(timedelta(days=89))
    assert not await tick()
    assert (await world.asks(KARIN, "GET", path))["said"] is not None
    world.clock.advance(timedelta(days=2))
    assert await tick()
    assert (await world.asks(KARIN, "GET", path))["said"] is None
    assert (await world.rows("referrals"))[0]["fingerprints"] == []
    assert (await world.asks(KARIN, "GET", there))["words"]["question"] == MARK
    world.clock.advance(timedelta(days=90))
    assert await tick()
    assert not await tick()
    assert (await world.asks(KARIN, "GET", there))["words"] == {}
