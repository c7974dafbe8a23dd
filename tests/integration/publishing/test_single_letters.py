"""Single letters of our own: what they say, and that none is lost or sent twice without a word."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio

from services.publishing.messaging.letters import letters_of
from services.publishing.use_cases.send_letters import AT_ONCE, LEASE, SendLetters
from shared.kernel.actor import housekeeping
from shared.kernel.clock import real_now
from shared.mail.letterbox import Letterbox
from tests.integration.publishing.mail_server import MailServer, mail_server
from tests.integration.publishing.subscribing import (
    ASA,
    a_list,
    by_link,
    known,
    letters,
    opt_in_link,
    sign_up,
    subscribed,
)
from tests.integration.publishing.world import World, worker_settings
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
CONFIRMATION = "/v1/my-opt-in/confirmation"


@dataclass
class Sending:
    """The worker's part that sends, and the server it sends to."""

    send: SendLetters
    server: MailServer

    async def all(self) -> None:
        while await self.send():
            pass


@pytest_asyncio.fixture(loop_scope="session")
async def sending(world: World, servers: RealServers) -> AsyncIterator[Sending]:
    async with mail_server() as server:
        settings = worker_settings(servers, server.port)
        box = Letterbox("127.0.0.1", server.port, connections=AT_ONCE)
        yield Sending(letters_of(settings, world.house, box), server)
        await box.close()


def said(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


async def state(world: World) -> dict[str, Any]:
    [letter] = await letters(world)
    return {name: letter[name] for name in ("state", "attempt", "why")}


async def test_the_letter_leads_to_the_list(world: World, sending: Sending) -> None:
    """What a form asked for arrives at the address, and the link in it subscribes."""
    await a_list(world)
    await a_list(world, "unga", names={"sv": "Öppna kvällar"})
    await sign_up(world, "skolor", "unga")
    await sending.all()
    [(back, to, mail)] = sending.server.taken
    assert to == ASA
    assert back.startswith("b-")
    assert back.endswith("@studs.safespace.example")
    assert "a=ed25519-sha256" in mail["DKIM-Signature"]
    [link] = set(re.findall(r"http://127\.0\.0\.1:8000/o/([\w-]+)", said(mail)))
    assert f"/o/{link}" in said(mail, "html")
    for part in (said(mail), said(mail, "html")):
        assert "Nyheter för skolor" in part
        assert "Öppna kvällar" in part
        assert "Ja, skicka nyhetsbrevet till mig." in part
        assert "Öberg" not in part, "what was typed into a form is not sent to an address"
    assert "<img" not in said(mail, "html")
    await by_link(world, "POST", CONFIRMATION, link)
    assert (await known(world)).confirmed == ("skolor", "unga")
    assert await state(world) == {"state": "sent", "attempt": 1, "why": None}


async def test_a_letter_that_has_become_pointless_is_not_sent(
    world: World, sending: Sending
) -> None:
    """Confirmed from an earlier letter, or stopped meanwhile: nothing leaves the house."""
    await a_list(world)
    await sign_up(world)
    one = await known(world)
    await by_link(world, "POST", CONFIRMATION, opt_in_link(world, one))
    await sign_up(world, email="nisse@skola.example")
    stop = {"email": "nisse@skola.example", "cause": "complaint"}
    await world.ask("POST", "/v1/suppressions", 201, by="editor", json=stop)
    await sending.all()
    assert sending.server.taken == []
    assert {letter["state"] for letter in await letters(world)} == {"withdrawn"}


async def test_who_has_it_already_is_told_so(world: World, sending: Sending) -> None:
    """The letter says that there is nothing to do, and leads to the choices; it asks nothing."""
    await a_list(world)
    await subscribed(world)
    world.clock.advance(timedelta(hours=1))
    await sign_up(world)
    await sending.all()
    [(_, _, mail)] = sending.server.taken
    assert mail["Subject"] == "Du prenumererar redan"
    [link] = set(re.findall(r"/p/([\w-]+)", said(mail)))
    page = await by_link(world, "GET", "/v1/my-preferences", link)
    assert page["lists"] == ["skolor"]


async def test_a_server_that_says_not_now_is_asked_later(world: World, sending: Sending) -> None:
    """The letter waits, longer each time, and is sent once; after two days it is given up."""
    await a_list(world)
    await sign_up(world)
    sending.server.answers = ["451 4.3.0 later", "421 4.3.2 busy"]
    await sending.all()
    assert await state(world) == {"state": "queued", "attempt": 1, "why": "smtp-451"}
    await sending.all()
    assert sending.server.answers == ["421 4.3.2 busy"], "not before it is due"
    world.clock.advance(timedelta(minutes=1))
    await sending.all()
    world.clock.advance(timedelta(minutes=2))
    await sending.all()
    assert len(sending.server.taken) == 1
    assert await state(world) == {"state": "sent", "attempt": 3, "why": None}
    await sign_up(world, email="nisse@skola.example")
    for _ in range(60):
        sending.server.answers = ["451 4.3.0 later"]
        await sending.all()
        world.clock.advance(timedelta(hours=1))
    [_, nisse] = await letters(world)
    assert (nisse["state"], nisse["why"]) == ("failed", "smtp-451")


async def test_a_lost_answer_is_uncertain_until_somebody_decides(
    world: World, sending: Sending
) -> None:
    """It is not sent again by itself; sent again by a person, it can be known for a copy."""
    await a_list(world)
    await sign_up(world)
    sending.server.answers = ["cut"]
    await sending.all()
    [waiting] = (await world.ask("GET", "/v1/letters", by="operator"))["items"]
    assert (waiting["state"], waiting["attempts"]) == ("uncertain", 1)
    assert "skola" not in str(waiting)
    path, again = f"/v1/letters/{waiting['id']}/verdict", {"verdict": "send-again"}
    await world.ask("POST", path, by="operator", json=again)
    await world.ask("POST", path, 409, by="operator", json=again)
    await sending.all()
    one, other = (mail["Message-ID"] for _, _, mail in sending.server.taken)
    assert one == other == f"<{waiting['id']}@safespace.example>"
    assert (await state(world))["state"] == "sent"


async def test_a_refusal_is_an_end(world: World, sending: Sending) -> None:
    """Nobody is there: it is not tried again, and the server's words are kept nowhere."""
    await a_list(world)
    await sign_up(world)
    sending.server.answers = [f"550 5.1.1 <{ASA}> unknown"]
    await sending.all()
    await sending.all()
    assert await state(world) == {"state": "failed", "attempt": 1, "why": "smtp-550"}
    assert "unknown" not in str(await letters(world))


async def test_whoever_is_stopped_ends_what_is_in_hand(world: World, sending: Sending) -> None:
    """A worker that is told to stop while a letter leaves still hears that it was taken."""
    await a_list(world)
    await sign_up(world)
    sending.server.slow = asyncio.Event()
    running = asyncio.create_task(sending.send())
    async with asyncio.timeout(30):
        await sending.server.has_one.wait()
    running.cancel()
    await asyncio.sleep(0)
    sending.server.slow.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await state(world))["state"] == "sent"
    assert len(sending.server.taken) == 1


async def test_what_a_killed_worker_had_in_hand_is_uncertain(
    world: World, sending: Sending
) -> None:
    """Nobody knows whether it left, so nobody sends it again by themselves."""
    await a_list(world)
    await sign_up(world)
    queue, by = world.house.stores.letters, housekeeping("test")
    taken = await queue.claim(world.clock.now(), real_now() - 2 * LEASE, LEASE, by=by)
    assert taken is not None
    assert await sending.send.give_up() == 1
    assert await sending.send.give_up() == 0
    await sending.all()
    assert sending.server.taken == []
    assert (await state(world))["state"] == "uncertain"
    late = await queue.move(taken, "sent", by=by)
    assert late is None, "whoever was thought dead does not overrule what was decided since"


async def test_two_workers_send_each_letter_once(world: World, sending: Sending) -> None:
    """Side by side they share the queue."""
    await a_list(world)
    for number in range(20):
        await sign_up(world, email=f"n{number}@skola.example")
    await asyncio.gather(sending.all(), sending.all(), sending.all())
    assert sorted(to for _, to, _ in sending.server.taken) == sorted(
        f"n{number}@skola.example" for number in range(20)
    )
