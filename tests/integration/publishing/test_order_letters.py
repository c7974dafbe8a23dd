"""Whoever orders prints is told by mail: it has come in, it is on its way, or it will not come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
import pytest_asyncio

from services.publishing.domain.address import address
from services.publishing.domain.suppression import Suppression
from services.publishing.messaging.letters import letters_of
from services.publishing.use_cases.send_letters import AT_ONCE, SendLetters
from shared.audit.sealed import NotRecorded
from shared.mail.letterbox import Letterbox
from tests.integration.publishing.books import CONTACT, brochure, etag, ordered, stocked
from tests.integration.publishing.mail_server import MailServer, mail_server
from tests.integration.publishing.mailing_world import EDITOR
from tests.integration.publishing.world import NOW, World, worker_settings
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Told:
    """What arrives at the school, in order."""

    def __init__(self, send: SendLetters, server: MailServer) -> None:
        self._send, self._server = send, server

    async def subjects(self) -> list[str]:
        while await self._send():
            pass
        return [str(mail["Subject"]).partition(" · ")[0] for mail in self.mails()]

    def mails(self) -> list[EmailMessage]:
        assert {to for _, to, _ in self._server.taken} <= {CONTACT["email"]}
        return [mail for _, _, mail in self._server.taken]


@pytest_asyncio.fixture(loop_scope="session")
async def told(world: World, servers: RealServers) -> AsyncIterator[Told]:
    async with mail_server() as server:
        box = Letterbox("127.0.0.1", server.port, connections=AT_ONCE)
        settings = worker_settings(servers, server.port)
        yield Told(letters_of(settings, world.house, box), server)
        await box.close()
    assert {row["state"] for row in await world.rows("letters")} <= {"sent", "withdrawn"}


async def moved(world: World, order_id: str, state: str) -> None:
    order = await world.ask("GET", f"/v1/print-orders/{order_id}")
    path = f"/v1/print-orders/{order_id}/state"
    await world.ask("PUT", path, json={"state": state}, headers=etag(order["version"]))


async def test_received_and_sent_are_told_with_the_link(world: World, told: Told) -> None:
    """Once each; what was typed into the form stands in none of it, and the link leads there."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world)
    assert await told.subjects() == ["Vi har tagit emot er beställning"]
    await moved(world, placed["id"], "packed")
    await moved(world, placed["id"], "sent")
    await moved(world, placed["id"], "sent")
    assert await told.subjects() == [
        "Vi har tagit emot er beställning",
        "Er beställning är på väg",
    ]
    for mail in told.mails():
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part is not None
            words = part.get_content()
            assert f"/bestallning/{placed['link_secret']}" in words
            assert f"30 × Att våga fråga ({placed['number']})" in words
            for typed in (CONTACT["name"], "Bergaskolan", "Skolgatan", CONTACT["phone"]):
                assert typed not in words
            assert "<img" not in words


async def test_an_order_that_will_not_come_is_told(world: World, told: Told) -> None:
    """Cancelled by staff: why, mostly. By the school before the first letter left: one letter."""
    await brochure(world)
    await stocked(world)
    first, second = await ordered(world), await ordered(world, copies=5, key="second")
    mine = {"Link-Secret": second["link_secret"]}
    await world.client.post("/v1/my-print-order/cancellation", headers=mine)
    order = await world.ask("GET", f"/v1/print-orders/{first['id']}")
    path = f"/v1/print-orders/{first['id']}/cancellation"
    await world.ask("POST", path, headers=etag(order["version"]))
    assert await told.subjects() == ["Er beställning är avbokad"] * 2
    words = [str(mail.get_body(("plain",)).get_content()) for mail in told.mails()]  # type: ignore[union-attr]
    assert sorted("exemplaren har tagit slut" in each for each in words) == [False, True]


async def test_who_is_stopped_or_forgotten_gets_none(world: World, told: Told) -> None:
    """A dead address is not written to; a contact that is gone leaves nothing to send."""
    await brochure(world)
    await stocked(world)
    placed = await ordered(world)
    stores = world.house.stores
    blind = stores.fingerprints.of(address(CONTACT["email"]))
    stopped = Suppression(blind, "dead-address", NOW)
    await world.in_transaction(lambda session: stores.suppressions.add(session, stopped))
    assert await told.subjects() == []
    with pytest.raises(NotRecorded):
        await stores.print_orders.contact(placed["id"], by=EDITOR)
