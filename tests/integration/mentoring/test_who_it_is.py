"""Who a person is stands apart: read with a right of its own, found only by who may know."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.domain.ids import CaseId, PersonId
from services.mentoring.main import finish_of
from services.mentoring.use_cases.change_identity import ChangeIdentity
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.identities import Identity
from shared.contracts.cards import MentoringContactCardSealed
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict
from shared.privacy.sealed_box import unseal
from shared.privacy.vault import Forgotten
from tests.integration.mentoring.world import IDRIS, KARIN, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
NUMBER = "198112189876"
MINE = {"name": "Märket Övning", "personal_number": NUMBER, "phone": "+46701740611"}


async def test_an_identity_is_read_and_changed_on_its_own(world: World) -> None:
    """With its own version and its own entry in the audit; no answer to a change repeats it."""
    case_id = await world.a_case(identity=MINE)
    read = await world.answer(KARIN, "GET", f"/v1/cases/{case_id}/identity")
    assert (read.json()["name"], read.headers["etag"]) == (MINE["name"], '"1"')
    [entry] = await world.audited(case_id, fields=["identity"], rule="read:lead")
    assert entry["allowed"] is True
    moved = {**MINE, "phone": "+46701740612"}
    changed = await _put(world, case_id, moved, seen=1)
    assert changed == {"id": case_id, "version": 2}
    await _put(world, case_id, MINE, seen=1, status=412)
    await world.asks(TOVE, "GET", f"/v1/cases/{case_id}/identity", 404)
    everything = repr([await world.rows(name) for name in ("cases", "outbox", "steps")])
    assert not any(text in everything for text in (MINE["name"], NUMBER, moved["phone"]))


async def test_a_new_number_is_told_as_a_card_without_a_name(world: World) -> None:
    """The next revision, sealed; a change of anything else tells nobody anything."""
    case_id = await world.a_case(identity=MINE)
    await _put(world, case_id, {**MINE, "whereabouts": "Hos mormor"}, seen=1)
    await _put(world, case_id, {**MINE, "phone": "+46701740612"}, seen=2)
    first, second = await _cards(world)
    assert (first["revision"], second["revision"]) == (1, 3)
    assert second["phone"] == "+46701740612"
    assert second.keys() == {"source", "recipient_id", "revision", "phone", "language"}


async def test_a_card_that_is_owed_is_told_once(world: World) -> None:
    """Protection is lifted, and what came after could not be told: the clockwork tells it."""
    case_id = await world.a_case(identity=MINE, protected=True, named=[KARIN])
    await world.change(KARIN, "DELETE", case_id, "/protection", params={"reason": "wrongly-set"})
    [case] = await world.rows("cases")
    await _put(world, case_id, {**MINE, "whereabouts": "Hos mormor"}, seen=1)
    await _backdate(world, case["person_id"], "card_owed_since")
    assert await finish_of(world.house)()
    assert [card["revision"] for card in await _cards(world)] == [2]
    assert not await finish_of(world.house)()
    assert await world.audited(case_id, rule="card-owed")


async def test_whoever_loses_the_case_meanwhile_has_changed_nobody(world: World) -> None:
    """Let in, then taken out before it is saved: the identity is what it was, in every part."""
    case_id = await world.a_case(identity=MINE)
    before = await world.house.identity["identities"].find_one({})
    identities = world.house.stores.identities

    class Slowly:
        async def stage(self, *what: Any, **more: Any) -> Any:
            staged = await identities.stage(*what, **more)
            handed = {"leaving": KARIN, "to": TOVE}
            await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
            return staged

        def __getattr__(self, name: str) -> Any:
            return getattr(identities, name)

    with pytest.raises(NotFound):
        await change_by(world, Slowly())(CaseId(case_id), Identity("Kim"), seen=1, by=_karin())
    assert await world.house.identity["identities"].find_one({}) == before
    assert (await world.asks(TOVE, "GET", f"/v1/cases/{case_id}/identity"))["name"] == MINE["name"]


async def test_a_change_that_is_under_way_keeps_another_out(world: World) -> None:
    """Of two on the same version one is made; the other is told that somebody was faster."""
    case_id = await world.a_case(identity=MINE)
    [case] = await world.rows("cases")
    identities, person = world.house.stores.identities, case["person_id"]
    await identities.stage(person, Identity("Kim"), "one", seen=1, by=_BY)
    await _put(world, case_id, MINE, seen=1, status=412)
    await _backdate(world, person, "staged.at")
    await _put(world, case_id, {**MINE, "name": "Vem"}, seen=1)
    with pytest.raises(VersionConflict):
        await identities.take_over(person, "one", by=_BY)


@pytest.mark.parametrize("decided", [True, False])
async def test_a_change_that_a_crash_broke_off_ends_as_the_case_says(
    world: World, decided: bool
) -> None:
    """Decided, it is made; not decided, nothing of it is left. Nobody reads it before."""
    case_id = await world.a_case(identity=MINE)
    [case] = await world.rows("cases")
    person = case["person_id"]
    identities = world.house.stores.identities

    class Crashing:
        async def take_over(self, *_: Any, **__: Any) -> None:
            raise ConnectionError

        def __getattr__(self, name: str) -> Any:
            return getattr(identities, name)

    if decided:
        changing = change_by(world, Crashing())
        with pytest.raises(ConnectionError):
            await changing(CaseId(case_id), Identity("Kim"), seen=1, by=_karin())
    else:
        await identities.stage(person, Identity("Kim"), "broken-off", seen=1, by=_BY)
    path = f"/v1/cases/{case_id}/identity"
    assert (await world.asks(KARIN, "GET", path))["name"] == MINE["name"]
    assert not await finish_of(world.house)(), "it may still be on its way"
    await _backdate(world, person, "staged.at")
    assert await finish_of(world.house)()
    read = await world.asks(KARIN, "GET", path)
    assert (read["name"], read["version"]) == (("Kim", 2) if decided else (MINE["name"], 1))
    stored = await world.house.identity["identities"].find_one({"_id": person})
    assert stored is not None
    assert "staged" not in stored


async def test_nothing_is_told_of_a_protected_identity(world: World) -> None:
    """No card, whatever changes; and only the named find the case at all."""
    more: dict[str, Any] = {"protected": True, "named": [KARIN]}
    case_id = await world.a_case(identity=MINE, **more)
    await _put(world, case_id, {**MINE, "phone": "+46701740612"}, seen=1)
    assert await _cards(world) == []
    assert [found["id"] for found in await _find(world, KARIN, personal_number=NUMBER)] == [case_id]
    assert await _find(world, TOVE, personal_number=NUMBER) == []


async def test_a_search_tells_nothing_to_who_may_not_know(world: World) -> None:
    """The same empty list as for nobody; who asked in vain stands in the audit."""
    case_id = await world.a_case(identity={**MINE, "email": "kim@exempel.se"})
    wanted = ({"personal_number": NUMBER}, {"phone": MINE["phone"]}, {"email": "kim@exempel.se"})
    for one in wanted:
        [found] = await _find(world, KARIN, **one)
        assert found.keys() == {"id", "pseudonym"}
        assert found["id"] == case_id
        assert await _find(world, TOVE, **one) == await _find(world, "rut.drift", **one) == []
    assert await _find(world, KARIN, phone="+46701740699") == []
    assert len(await world.audited(case_id, rule="find-person", allowed=False)) == 6
    await world.a_mentor(IDRIS)
    await world.change(
        KARIN, "PUT", await _planned(world, case_id), f"/circle/{IDRIS}", json={"kind": "mentor"}
    )
    assert await _find(world, IDRIS, personal_number=NUMBER) == []


@pytest.mark.parametrize(
    "asked",
    [{"personal_number": "198112189877"}, {}, {"phone": "+46701740611", "email": "a@b.se"}],
)
async def test_a_wrong_number_is_refused_without_an_echo(
    world: World, asked: dict[str, str]
) -> None:
    """A check digit that does not fit, nothing, or two things at once: a kind sentence."""
    answer = await world.answer(KARIN, "POST", "/v1/identity-searches", json=asked)
    assert answer.status_code == 422
    assert not any(value in answer.text for value in asked.values())


async def test_an_identity_without_a_case_is_swept(world: World) -> None:
    """An hour after a crash between the two databases nothing of the person is left."""
    identities, people = world.house.stores.identities, world.house.ground.people
    case_id = await world.a_case(identity=MINE)
    [case] = await world.rows("cases")
    orphan = PersonId(new_id())
    await identities.add(orphan, Identity(name="Ingen Alls"), by=_BY)
    assert not await finish_of(world.house)(), "an opening may still be on its way"
    for person_id in (orphan, case["person_id"]):
        await _backdate(world, person_id, "at")
    assert await finish_of(world.house)()
    assert await identities.read(orphan, of_case=case_id, by=_BY) is None
    with pytest.raises(Forgotten):
        await people.seal(orphan, {"name": "Ingen"}, record="identities:x")
    assert (await world.asks(KARIN, "GET", f"/v1/cases/{case_id}/identity"))["name"] == MINE["name"]


_BY = housekeeping("test")


def change_by(world: World, identities: Any) -> ChangeIdentity:
    """The use case on a store that does something at the wrong moment."""
    return ChangeIdentity(world.house.work, identities, ContactCards(world.house.keys))


def _karin() -> Actor:
    return Actor(
        kind="staff",
        id="sub-karin",
        roles=frozenset({"case-lead"}),
        username=KARIN,
        proved_at=real_now(),
    )


async def _put(
    world: World, case_id: str, identity: dict[str, str], *, seen: int, status: int = 200
) -> Any:
    return await world.asks(
        KARIN,
        "PUT",
        f"/v1/cases/{case_id}/identity",
        status,
        json=identity,
        headers={"If-Match": f'"{seen}"'},
    )


async def _find(world: World, who: str, **asked: str) -> Any:
    return (await world.asks(who, "POST", "/v1/identity-searches", json=asked))["items"]


async def _cards(world: World) -> list[dict[str, Any]]:
    told = await world.told(MentoringContactCardSealed.name)
    return [
        unseal(bytes(world.notifications), base64.b64decode(event.data["box"])) for event in told
    ]


async def _backdate(world: World, person_id: str, field: str) -> None:
    found = {"_id": person_id}
    earlier = {"$set": {field: real_now() - timedelta(hours=2)}}
    await world.house.identity["identities"].update_one(found, earlier)


async def _planned(world: World, case_id: str) -> str:
    cases = world.house.ground.database["cases"]
    await cases.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
    return case_id
