"""The programme over HTTP: open to all, public facts only; and a booker's own link."""

from __future__ import annotations

from typing import Any

import pytest

from services.booking.api import own_link
from shared.kernel.ids import new_id
from tests.integration.booking.world import NOW, World


async def programme(world: World, **asked: str) -> list[dict[str, Any]]:
    """What somebody without an account is shown."""
    answer = await world.client.get("/v1/programme", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_anybody_sees_what_is_coming_and_nobody_on_it(world: World) -> None:
    """Free places and the line are counted; who leads, comes or waits is in no answer."""
    occasion = await world.an_occasion(capacity=30, target_group="skolklass")
    await world.book(occasion["id"], size=29)
    await world.book(occasion["id"], size=10)
    [entry] = await programme(world)
    assert (entry["free"], entry["waiting"], entry["capacity"]) == (1, 1, 30)
    whole = (await world.client.get(f"/v1/programme/{occasion['id']}")).json()
    assert whole == entry
    assert set(entry) == {
        "id", "activity_id", "title", "kind", "description", "target_group", "starts_at",
        "ends_at", "zone", "room", "capacity", "free", "waiting", "cancelled", "has_started",
    }  # fmt: skip
    assert "Leyla" not in str(entry)


async def test_the_programme_is_filtered_by_kind_audience_place_and_days(world: World) -> None:
    """Each filter alone leaves the one that fits; the choices are what is coming has."""
    for kind, room, audience, day in (
        ("workshop", "Sal 2", "skolklass", "28"),
        ("lecture", "Aulan", "unga 13–25", "29"),
    ):
        await world.an_occasion(
            title=kind, kind=kind, room=room, target_group=audience,
            starts_local=f"2027-01-{day}T13:30:00",
        )  # fmt: skip
    for asked in (
        {"kind": "lecture"},
        {"room": "Aulan"},
        {"target_group": "unga 13–25"},
        {"from": "2027-01-29"},
    ):
        assert [each["title"] for each in await programme(world, **asked)] == ["lecture"]
    assert [each["title"] for each in await programme(world, to="2027-01-28")] == ["workshop"]
    choices = (await world.client.get("/v1/programme/choices")).json()
    assert choices == {
        "kinds": ["lecture", "workshop"],
        "rooms": ["Aulan", "Sal 2"],
        "target_groups": ["skolklass", "unga 13–25"],
    }


async def test_what_is_cancelled_or_has_begun_is_not_in_the_programme(world: World) -> None:
    """It is found by its id alone, and says which of the two it is."""
    gone = await world.an_occasion(title="Inställd")
    over = await world.an_occasion(title="Förbi", starts_local="2027-01-11T10:00:00")
    body = {"reason": "Ledaren är sjuk."}
    await world.change("POST", f"/v1/occasions/{gone['id']}/cancellation", json=body)
    assert await programme(world) == []
    assert await programme(world, **{"from": "2026-01-01"}) == []
    shown = [
        (await world.client.get(f"/v1/programme/{each['id']}")).json() for each in (gone, over)
    ]
    assert [(each["cancelled"], each["has_started"]) for each in shown] == [
        (True, False),
        (False, True),
    ]
    assert "sjuk" not in str(shown)


async def test_an_unchanged_programme_is_not_sent_again(world: World) -> None:
    """Its ETag gives 304 until somebody books."""
    occasion = await world.an_occasion()
    first = await world.client.get("/v1/programme")
    seen = {"If-None-Match": first.headers["etag"]}
    assert (await world.client.get("/v1/programme", headers=seen)).status_code == 304
    await world.book(occasion["id"])
    assert (await world.client.get("/v1/programme", headers=seen)).status_code == 200


async def test_schools_are_suggested_by_name(world: World) -> None:
    """The form's suggestions are those whose municipality a booking then gets."""
    schools = (await world.client.get("/v1/schools")).json()["schools"]
    assert "Rosengårdsskolan" in schools
    assert len(schools) > 20


async def test_whoever_books_is_told_their_own_link_once_and_again(world: World) -> None:
    """A form that was sent twice gets the same link; no database holds its secret."""
    occasion = await world.an_occasion()
    headers = {"Idempotency-Key": new_id()}
    booked = await world.book(occasion["id"], headers=headers)
    again = await world.book(occasion["id"], headers=headers)
    assert again == booked
    link = {"Link-Secret": booked["link_secret"]}
    mine = await world.client.get("/v1/my-booking", headers=link)
    assert mine.json()["id"] == booked["id"]
    assert await world.link_of(booked["id"]) == link
    database = world.house.ground.database
    for name in await database.list_collection_names():
        assert booked["link_secret"] not in str(await database[name].find().to_list(None)), name


@pytest.mark.parametrize("key", [None, "kort"])
async def test_a_key_that_could_be_guessed_tells_no_link(world: World, key: str | None) -> None:
    """Whoever sends the same short key and the same words gets the answer, and no way in."""
    occasion = await world.an_occasion()
    headers = {"Idempotency-Key": key} if key else {}
    assert "link_secret" not in await world.book(occasion["id"], headers=headers)


async def test_without_that_rule_a_short_key_would_tell_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is the key's length that is looked at."""
    monkeypatch.setattr(own_link, "UNGUESSABLE", 0)
    occasion = await world.an_occasion()
    assert "link_secret" in await world.book(occasion["id"], headers={"Idempotency-Key": "kort"})


async def test_staff_are_not_told_a_participants_link(world: World) -> None:
    """Whoever books for somebody else does not get into their booking."""
    occasion = await world.an_occasion()
    headers = {**world.signed_in(), "Idempotency-Key": new_id()}
    assert "link_secret" not in await world.book(occasion["id"], headers=headers)


async def test_a_form_of_yesterday_books_nothing_more(world: World) -> None:
    """When the kept answer is gone the same form is told that it is booked; nothing is added."""
    occasion = await world.an_occasion()
    headers = {"Idempotency-Key": new_id()}
    await world.book(occasion["id"], headers=headers)
    await world.house.ground.database["idempotency"].delete_many({})
    problem = await world.book(occasion["id"], status=409, headers=headers)
    assert problem["type"].endswith("/booked-already")
    assert await world.house.ground.database["bookings"].count_documents({}) == 1


async def test_how_much_there_is_is_counted_without_reading_it(world: World) -> None:
    """The count of a page looks into an index alone, however many occasions there are."""
    for _ in range(3):
        await world.an_occasion()
    database = world.house.ground.database
    wanted = {"cancelled": None, "starts_at": {"$gt": NOW}, "kind": "workshop", "room": "Sal 2"}
    counting = {"count": "occasions", "query": wanted}
    plan = await database.command("explain", counting, verbosity="executionStats")
    assert plan["executionStats"]["totalKeysExamined"] >= 3
    assert plan["executionStats"]["totalDocsExamined"] == 0
