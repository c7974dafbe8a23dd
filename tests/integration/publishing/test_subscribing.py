"""Subscribing and leaving, over HTTP on the real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.integration.publishing.subscribing import (
    ASA,
    a_list,
    by_link,
    known,
    leaving_link,
    letters,
    opt_in_link,
    preference_link,
    sign_up,
    spoiled,
    subscribed,
)
from tests.integration.publishing.world import NOW, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
STOP = {"email": ASA, "cause": "complaint"}


async def test_nobody_is_on_a_list_before_they_confirm(world: World) -> None:
    """A form asks, a letter goes out, and only the press behind its link subscribes."""
    await a_list(world)
    await sign_up(world)
    one = await known(world)
    assert one.confirmed == ()
    [letter] = await letters(world)
    assert (letter["kind"], letter["about"]) == ("opt-in", str(one.id))
    link = opt_in_link(world, one)
    looked = await by_link(world, "GET", "/v1/my-opt-in", link)
    assert looked == {"state": "pending", "language": "sv", "lists": ["skolor"]}
    assert (await known(world)).confirmed == ()
    world.clock.advance(timedelta(days=2))
    pressed = await by_link(world, "POST", "/v1/my-opt-in/confirmation", link)
    assert pressed["state"] == "confirmed"
    after = await known(world)
    assert after.confirmed == ("skolor",)
    receipt = after.on["skolor"].consent
    assert receipt is not None
    assert (receipt.text_version, receipt.source) == ("skolor-1", "web-form")
    assert (receipt.asked_at, receipt.confirmed_at) == (NOW, NOW + timedelta(days=2))
    again = await by_link(world, "POST", "/v1/my-opt-in/confirmation", link)
    assert again["state"] == "confirmed"
    assert (await known(world)).version == after.version


async def test_one_form_is_confirmed_by_one_press(world: World) -> None:
    """Lists that were asked for together come in one letter, with one button."""
    await a_list(world)
    await a_list(world, "unga")
    one = await subscribed(world, "skolor", "unga")
    assert one.confirmed == ("skolor", "unga")
    assert len(await letters(world)) == 1


async def test_a_press_confirms_what_its_own_letter_asked(world: World) -> None:
    """Another form's wish waits for its own letter, which goes ten minutes after the first."""
    await a_list(world)
    await a_list(world, "unga")
    await sign_up(world, "skolor")
    world.clock.advance(timedelta(minutes=1))
    await sign_up(world, "unga")
    one = await known(world)
    await by_link(world, "POST", "/v1/my-opt-in/confirmation", opt_in_link(world, one))
    assert (await known(world)).confirmed == ("skolor",)
    due = [letter["due_at"] for letter in await letters(world)]
    assert due == [NOW, NOW + timedelta(minutes=10)]


async def test_nobody_learns_whose_address_is_known(world: World) -> None:
    """New, waiting, subscribed or stopped: the answer is the same to the letter."""
    await a_list(world)
    new = await sign_up(world)
    waiting = await sign_up(world)
    one = await known(world)
    await by_link(world, "POST", "/v1/my-opt-in/confirmation", opt_in_link(world, one))
    world.clock.advance(timedelta(hours=1))
    on_it = await sign_up(world)
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=STOP)
    world.clock.advance(timedelta(hours=1))
    stopped = await sign_up(world)
    assert new == waiting == on_it == stopped == {"state": "asked"}
    kinds = [letter["kind"] for letter in await letters(world)]
    assert kinds == ["opt-in", "already-on"], "nothing for the second press, nothing when stopped"


async def test_an_address_gets_one_letter_in_ten_minutes(world: World) -> None:
    """However often a form is pressed, and however it is spelled, and all at the same moment."""
    await a_list(world)
    spellings = [ASA, ASA.upper(), f" {ASA} "]
    await asyncio.gather(*(sign_up(world, email=spellings[n % 3]) for n in range(9)))
    assert len(await letters(world)) == 1
    assert len(await world.rows("subscribers")) == 1
    world.clock.advance(timedelta(minutes=10))
    await sign_up(world)
    assert len(await letters(world)) == 2


async def test_a_link_of_an_earlier_asking_is_dead(world: World) -> None:
    """Only the newest letter confirms; after a week none does."""
    await a_list(world)
    await sign_up(world)
    one = await known(world)
    world.clock.advance(timedelta(minutes=10))
    await sign_up(world)
    old, new = (opt_in_link(world, one, asking=number) for number in (1, 2))
    problem = await by_link(world, "POST", "/v1/my-opt-in/confirmation", old, 409)
    assert problem["type"].endswith("nothing-to-confirm")
    world.clock.advance(timedelta(days=8))
    for method, path in (("GET", "/v1/my-opt-in"), ("POST", "/v1/my-opt-in/confirmation")):
        problem = await by_link(world, method, path, new, 410)
        assert problem["type"].endswith("too-late-to-confirm")
    assert (await known(world)).confirmed == ()


async def test_leaving_takes_one_press_and_no_sign_in(world: World) -> None:
    """From a mail program or our page, for this list alone, again and again, for ever."""
    await a_list(world)
    await a_list(world, "unga")
    one = await subscribed(world, "skolor", "unga")
    link = leaving_link(world, one.id)
    assert (await by_link(world, "GET", "/v1/my-place", link))["state"] == "confirmed"
    unsaid = await by_link(world, "POST", "/v1/my-place/leaving", link, data={"x": "y"})
    assert unsaid["state"] == "confirmed"
    world.clock.advance(timedelta(days=900))
    left = await by_link(world, "POST", "/v1/my-place/leaving", link, data=ONE_CLICK)
    assert left["state"] == "left"
    after = await known(world)
    assert after.confirmed == ("unga",)
    assert after.on["skolor"].left_by == "one-click"
    again = await by_link(world, "POST", "/v1/my-place/leaving", link, data={"press": "leave"})
    assert again["state"] == "left"
    assert (await known(world)) == after
    [row] = await world.rows("leavings")
    assert (row["list"], row["why"]) == ("skolor", "unsubscribed")


async def test_many_presses_at_once_are_one(world: World) -> None:
    """A scanner and a person press in the same moment: nobody sees an error."""
    await a_list(world)
    one = await subscribed(world)
    link = leaving_link(world, one.id)
    presses = [
        by_link(world, "POST", "/v1/my-place/leaving", link, data=ONE_CLICK) for _ in range(8)
    ]
    assert {answer["state"] for answer in await asyncio.gather(*presses)} == {"left"}
    assert len(await world.rows("leavings")) == 1


async def test_the_preference_page_takes_everything_at_once(world: World) -> None:
    """Kept, left, asked anew by letter, language: in one go, on the version that was seen."""
    await a_list(world)
    await a_list(world, "unga")
    await a_list(world, "stangd", is_open=False)
    one = await subscribed(world)
    link = preference_link(world, one)
    page = await by_link(world, "GET", "/v1/my-preferences", link)
    assert (page["lists"], page["waiting"]) == (["skolor"], [])
    assert [each["id"] for each in page["to_choose"]] == ["skolor", "unga"]
    seen = {"If-Match": f'"{page["version"]}"'}
    wanted = {"lists": ["unga"], "language": "en"}
    await by_link(world, "PUT", "/v1/my-preferences", link, 428, json=wanted)
    after = await by_link(world, "PUT", "/v1/my-preferences", link, json=wanted, headers=seen)
    assert (after["lists"], after["waiting"], after["language"]) == ([], ["unga"], "en")
    await by_link(world, "PUT", "/v1/my-preferences", link, 412, json=wanted, headers=seen)
    assert [letter["kind"] for letter in await letters(world)] == ["opt-in", "opt-in"]
    closed = {"lists": ["stangd"], "language": "sv"}
    now = {"If-Match": f'"{after["version"]}"'}
    await by_link(world, "PUT", "/v1/my-preferences", link, 422, json=closed, headers=now)


async def test_never_again_holds_until_they_say_yes_themselves(world: World) -> None:
    """All lists are left and no newsletter comes; only a yes from that very address ends it."""
    await a_list(world)
    one = await subscribed(world)
    link = preference_link(world, one)
    seen = {"If-Match": f'"{one.version}"'}
    never = {"lists": ["skolor"], "language": "sv", "never_again": True}
    after = await by_link(world, "PUT", "/v1/my-preferences", link, json=never, headers=seen)
    assert after["lists"] == []
    [stop] = await world.rows("suppressions")
    assert list(stop["causes"]) == ["asked-never-again"]
    assert ASA not in str(stop)
    world.clock.advance(timedelta(days=1))
    await sign_up(world)
    assert len(await letters(world)) == 2, "what they ask for themselves is sent"
    one = await known(world)
    assert len(await world.rows("suppressions")) == 1, "a form alone lifts nothing"
    again = opt_in_link(world, one, asking=one.on["skolor"].asking)
    await by_link(world, "POST", "/v1/my-opt-in/confirmation", again)
    assert await world.rows("suppressions") == []


async def test_a_complaint_is_lifted_by_nothing(world: World) -> None:
    """Whoever called us spam gets nothing at all, whoever signs them up."""
    await a_list(world)
    one = await subscribed(world)
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=STOP)
    world.clock.advance(timedelta(days=1))
    await by_link(
        world, "POST", "/v1/my-place/leaving", leaving_link(world, one.id), data=ONE_CLICK
    )
    await sign_up(world)
    assert len(await letters(world)) == 1
    assert len(await world.rows("suppressions")) == 1


async def test_links_open_their_own_door_alone(world: World) -> None:
    """One letter's link confirms nothing elsewhere, and a changed one opens nothing at all."""
    await a_list(world)
    one = await subscribed(world)
    choosing, leaving = preference_link(world, one), leaving_link(world, one.id)
    await by_link(world, "GET", "/v1/my-place", choosing, 404)
    await by_link(world, "GET", "/v1/my-preferences", leaving, 404)
    await by_link(world, "POST", "/v1/my-opt-in/confirmation", leaving, 409)
    await by_link(world, "POST", "/v1/my-place/leaving", spoiled(leaving), 404, data=ONE_CLICK)
    await by_link(world, "GET", "/v1/my-place", "x", 401)
    assert (await world.client.get("/v1/my-place")).status_code == 401
    assert (await known(world)).confirmed == ("skolor",)


async def test_a_link_of_somebody_who_is_gone_answers_kindly(world: World) -> None:
    """Whoever is not known any more has left: the press works as ever."""
    await a_list(world)
    one = await subscribed(world)
    await world.house.ground.database["subscribers"].delete_many({})
    link = leaving_link(world, one.id)
    answer = await by_link(world, "POST", "/v1/my-place/leaving", link, data=ONE_CLICK)
    assert answer["state"] == "left"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "ingen adress", "lists": ["skolor"]}, 422),
        ({"email": ASA, "lists": ["okand"]}, 422),
        ({"email": ASA, "lists": []}, 422),
        ({"email": ASA, "lists": ["skolor"], "language": "!"}, 422),
        ({"email": ASA, "lists": ["skolor"], "name": "x" * 81}, 422),
        ({"email": ASA, "lists": ["skolor"], "state": "confirmed"}, 422),
        ({"email": f"{'a' * 400}@b.se", "lists": ["skolor"]}, 422),
        ([], 422),
    ],
)
async def test_bad_forms_get_a_clear_no(world: World, body: object, status: int) -> None:
    """A stable type and a sentence; nothing is repeated, nobody is subscribed."""
    await a_list(world)
    answer = await world.client.post("/v1/sign-ups", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "ingen adress" not in answer.text
    assert "skola.example" not in answer.text
    assert await world.rows("subscribers") == []


async def test_the_same_key_asks_once(world: World) -> None:
    """A form that is sent twice under one key is one form."""
    await a_list(world)
    body = {"email": ASA, "lists": ["skolor"]}
    for _ in range(2):
        headers = {"Idempotency-Key": "form-1"}
        answer = await world.client.post("/v1/sign-ups", json=body, headers=headers)
        assert answer.status_code == 202
    other = {"email": "nisse@skola.example", "lists": ["skolor"]}
    answer = await world.client.post("/v1/sign-ups", json=other, headers=headers)
    assert answer.status_code == 422
    assert len(await world.rows("subscribers")) == 1
