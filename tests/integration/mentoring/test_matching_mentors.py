"""Mentors' profiles and the handbook over HTTP: sealed, on record, each sees what is theirs."""

from __future__ import annotations

import pytest

from shared.delivery.inbox import HANDLED, SUPERSEDED
from tests.integration.mentoring.editions import released
from tests.integration.mentoring.matching_words import MARK, PROFILE, a_mentor, change_mentor
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, SAMIR, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_profile_is_sealed_and_every_reading_is_on_record(world: World) -> None:
    """What a mentor must not meet is in no document in clear; who read it is in the audit."""
    await a_mentor(world)
    assert MARK.encode() not in repr(await world.rows("mentors")).encode()
    assert MARK not in repr(await world.rows("mentors"))
    seen = await world.asks(KARIN, "GET", f"/v1/mentors/{IDRIS}")
    assert (seen["avoids"]["movements"], seen["notes"]) == ([MARK], PROFILE["notes"])
    assert seen["obstacles"] == []
    [entry] = await world.audited(f"mentor:{IDRIS}", rule="read-mentor")
    assert (entry["purpose"], entry["fields"]) == ("matching", ["mentor-profile"])


async def test_a_mentor_sees_and_changes_their_own_and_nobody_elses(world: World) -> None:
    """Own times and pause are one's own to change; others' profiles and the notes are not seen."""
    await a_mentor(world)
    own = await world.asks(IDRIS, "GET", "/v1/own-profile")
    assert "notes" not in own
    assert own["avoids"]["movements"] == [MARK]
    seen = {"If-Match": f'"{own["version"]}"'}
    pause = {"until": "2027-02-01"}
    await world.asks(IDRIS, "PUT", "/v1/own-profile/pause", headers=seen, json=pause)
    await world.asks(IDRIS, "PUT", "/v1/own-profile/pause", 412, headers=seen, json=pause)
    listed = await world.asks(KARIN, "GET", "/v1/mentors")
    assert [each["code"] for each in listed["items"][0]["obstacles"]] == ["paused"]
    assert (await world.answer(SAMIR, "GET", "/v1/own-profile")).status_code == 404
    for stranger in (IDRIS, GRETA, "amina.lund"):
        assert (await world.answer(stranger, "GET", f"/v1/mentors/{IDRIS}")).status_code == 403
        assert (await world.answer(stranger, "GET", "/v1/mentors")).status_code == 403


async def test_what_does_not_fit_a_profile_is_refused(world: World) -> None:
    """A check that has not been, times that end before they begin, a limit beyond five: no."""
    await a_mentor(world)
    for what, body in (
        ("/background-check", {"on": "2027-01-12"}),
        ("/availability", {"availability": [{"weekday": 0, "starts": "18:00", "ends": "17:00"}]}),
        ("", {**PROFILE, "limit": 6}),
        ("", {**PROFILE, "languages": ["Svenska!"]}),
    ):
        await change_mentor(world, IDRIS, what, body, status=422)
    answer = await world.answer(KARIN, "PUT", f"/v1/mentors/{IDRIS}", json=PROFILE)
    assert answer.status_code == 428


async def test_a_new_edition_stands_in_the_way_until_it_is_read(world: World) -> None:
    """Whoever has not confirmed the newest edition is named, and confirming takes it away."""
    await a_mentor(world)
    assert await released(world, 1, "1.0.0") == await released(world, 2, "1.1.0") == HANDLED
    assert await released(world, 1, "1.0.0") == SUPERSEDED
    seen = await world.asks(KARIN, "GET", f"/v1/mentors/{IDRIS}")
    assert [each["code"] for each in seen["obstacles"]] == ["handbook"]
    path = "/v1/handbook/confirmations"
    await world.asks(IDRIS, "POST", path, 422, json={"edition": 3})
    for _ in range(2):
        await world.asks(IDRIS, "POST", path, 201, json={"edition": 2})
    own = await world.asks(IDRIS, "GET", "/v1/handbook")
    assert (own["edition"], own["confirmed"], own["named"]) == (2, 2, "1.1.0")
    assert own["path"] == "/publikationer/mentorshandboken/1.1.0"
    assert (await world.asks(KARIN, "GET", f"/v1/mentors/{IDRIS}"))["obstacles"] == []
    listed = await world.asks(KARIN, "GET", path)
    assert [(each["username"], each["edition"]) for each in listed["items"]] == [(IDRIS, 2)]


async def test_a_correction_is_not_read_again(world: World) -> None:
    """It is named as the newest; a brochure is none of mentoring's; nobody sets an edition here."""
    await a_mentor(world)
    await released(world, 1, "1.0.0")
    await world.asks(IDRIS, "POST", "/v1/handbook/confirmations", 201, json={"edition": 1})
    await released(world, 2, "1.0.1")
    assert await released(world, 7, "7.0.0", kind="brochure") == HANDLED
    own = await world.asks(IDRIS, "GET", "/v1/handbook")
    assert (own["edition"], own["named"]) == (1, "1.0.1")
    assert (await world.asks(KARIN, "GET", f"/v1/mentors/{IDRIS}"))["obstacles"] == []
    await released(world, 4, "1.1.1")
    assert (await world.asks(IDRIS, "GET", "/v1/handbook"))["edition"] == 4
    new = {"If-Match": '"1"'}
    await world.asks(KARIN, "PUT", "/v1/handbook", 405, headers=new, json={"edition": 9})


async def test_who_read_before_becoming_a_mentor_has_read(world: World) -> None:
    """A profile that is made later knows what its mentor has confirmed."""
    await released(world, 1, "1.0.0")
    await world.asks(SAMIR, "POST", "/v1/handbook/confirmations", 201, json={"edition": 1})
    await a_mentor(world, SAMIR)
    assert (await world.asks(SAMIR, "GET", "/v1/own-profile"))["handbook_edition"] == 1
