"""Who a person is stands apart: read with a right of its own, found only by who may know."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.domain.ids import PersonId
from services.mentoring.main import finish_of
from services.mentoring.use_cases.identities import Identity
from shared.contracts.cards import MentoringContactCardSealed
from shared.kernel.actor import housekeeping
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
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


async def test_a_card_that_a_crash_kept_back_is_told(world: World) -> None:
    """The identity is written before the event: the clockwork tells what is owed, once."""
    case_id = await world.a_case(identity=MINE)
    [case] = await world.rows("cases")
    changed = await world.house.stores.identities.change(
        case["person_id"], Identity(email="k@exempel.se"), seen=1, tells=True, by=_BY
    )
    assert changed.reached_anew
    await _backdate(world, case["person_id"], "card_owed_since")
    assert await finish_of(world.house)()
    assert [card["revision"] for card in await _cards(world)] == [1, 2]
    assert not await finish_of(world.house)()
    assert await world.audited(case_id, rule="card-owed")


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
