"""What the pages show while they are looked at: one of each thing, made as staff make it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import aio_pika

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from shared.broker.names import EVENTS
from shared.kernel.ids import new_id
from tests.browser.conftest import Offered
from tests.browser.made import made
from tests.browser.shown_cases import cases_shown
from tests.browser.shown_figures import figures_shown
from tests.support.eventually import eventually
from tests.support.season import a_party, an_occasion, unique
from tests.support.whole_copy import WholeCopy

SERVICES = ("booking", "mentoring", "notifications", "publishing")
TEXT = {"subject": "Vårens kvällar", "markdown": "# Hej {{name|du}}!\n\n| Vad |\n|---|\n| Fika |\n"}
NEEDING = {"when_full": "wait", "needs": "Rullstol, och en elev som är allergisk mot nötter."}
BULLETIN = {
    "kind": "propaganda",
    "area": "Rosengård",
    "begins": "2027-01-04",
    "ends": "2027-01-11",
    "trend": "rising",
    "text": "Klistermärken vid tre skolor.",
    "no_names": [],
}


@dataclass(frozen=True)
class Busy:
    """An occasion with somebody on it and two who wait."""

    id: str
    title: str
    confirmed: str
    waiting: str
    room: str
    day: str
    week: str


async def busy_occasion(copy: WholeCopy) -> Busy:
    async with copy.client() as desk:
        occasion = await an_occasion(desk, 28, title=unique("Källkritik"))
        confirmed, waiting, _ = [
            await made(desk, "/v1/bookings", a_party(occasion["id"], size, **NEEDING))
            for size in (28, 20, 10)
        ]
        rooms = (await desk.get("/v1/rooms")).json()["items"]
    room = next(each["id"] for each in rooms if each["name"] == occasion["room"])
    day = str(occasion["starts_local"])[:10]
    year, number, _ = date.fromisoformat(day).isocalendar()
    week = f"{year}-W{number:02}"
    return Busy(occasion["id"], occasion["title"], confirmed["id"], waiting["id"], room, day, week)


async def written(copy: WholeCopy) -> dict[str, str]:
    """A list, a newsletter for it in Swedish, and its mailing."""
    list_id, names = f"visas-{new_id()[-6:]}", {"sv": "Att visa", "en": "To show"}
    async with copy.client("elsa.blad", "publishing") as desk:
        said = {"id": list_id, "names": names, "about": names, "consent": names}
        await made(desk, "/v1/lists", said)
        letter = await made(desk, "/v1/newsletters", {"list_id": list_id})
        at, seen = f"/v1/newsletters/{letter['id']}", {"If-Match": f'"{letter["version"]}"'}
        kept = await desk.put(f"{at}/texts/sv", json=TEXT, headers=seen)
        assert kept.is_success, kept.text
        mailing = await made(desk, "/v1/mailings", {"newsletter_id": letter["id"]})
        part = {"name": "Lärare i Malmö", "segment": {"is": "municipality", "values": ["Malmö"]}}
        segment = await made(desk, "/v1/segments", part)
    return {
        "list_id": list_id,
        "newsletter": letter["id"],
        "mailing": mailing["id"],
        "segment": segment["id"],
    }


async def a_slow_mailing(copy: WholeCopy) -> str:
    """One that goes to three people, one a minute at most, and has not begun; its id."""
    letter = await written(copy)
    rows = [f"{new_id()}@x.example;Kim;2026-10-02;mässan" for _ in range(3)]
    file = "\n".join(["E-post;Namn;Samtyckte;Samtyckestext", *rows, ""])
    async with copy.client("elsa.blad", "publishing") as desk:
        asked = {"list": letter["list_id"], "commit": "true"}
        kind = {"Content-Type": "text/csv"}
        read = await desk.post(
            "/v1/subscriber-imports", params=asked, content=file.encode(), headers=kind
        )
        assert read.is_success, read.text
        wish = {"newsletter_id": letter["newsletter"], "per_minute": 1}
        return str((await made(desk, "/v1/mailings", wish))["id"])


async def a_partner(copy: WholeCopy) -> dict[str, str]:
    """A partner, a webhook of it to where nobody is, and what it asks an editor to publish."""
    name = f"visas-{new_id()[-6:]}"
    async with copy.client("rut.drift", "publishing") as desk:
        scopes = ["feed:read", "cews:post", "webhooks:manage"]
        said = {"name": name, "title": "Att visa", "scopes": scopes}
        await made(desk, "/v1/partners", said)
        shown = await made(desk, f"/v1/partners/{name}/keys", {})
    key = {"Authorization": f"Bearer {shown['key']}"}
    async with copy.client(None, "publishing") as theirs:
        told = await made(theirs, "/v1/partner/bulletins", BULLETIN, key)
        to = {"url": "https://mottagare.partner.test/in", "history": True}
        hook = await made(theirs, "/v1/partner/webhooks", to, key)
    return {"partner": name, "bulletin": told["id"], "webhook": hook["id"]}


async def an_order(copy: WholeCopy) -> dict[str, str]:
    """A printed brochure that a school wants. The shelf must have it."""
    contact = {"name": "Åsa", "email": "asa@x.example", "address": "Skolgatan 1\n211 00 Malmö"}
    wish = {"publication": "att-vaga-fraga", "language": "sv", "copies": 3, "contact": contact}
    place = {"school": "Bergaskolan", "municipality": "Malmö"}
    async with copy.client(None, "publishing") as school:
        await made(school, "/v1/print-orders", wish | place)
    async with copy.client("amina.lund", "publishing") as desk:
        found = (await desk.get("/v1/print-orders", params={"state": "received"})).json()
    return {"order": found["items"][0]["id"], "publication": "att-vaga-fraga"}


async def park_one(copy: WholeCopy) -> str:
    """Something that is no event is sent to notifications, which gives it up; its id."""
    servers = Servers(copy.folder, Ports(copy.folder, in_use=True), Secrets(copy.folder))
    seen = {each["id"] for each in await parked(copy, "notifications")}
    url = servers.addresses()["amqp"]["administrator"]
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EVENTS, ensure=False)
        nothing = aio_pika.Message(f"inte ett brev {new_id()}".encode())
        await exchange.publish(nothing, "booking.booking-confirmed.v1")

    async def found() -> str:
        now = await parked(copy, "notifications")
        return next((str(each["id"]) for each in now if each["id"] not in seen), "")

    return await eventually(found)


async def parked(copy: WholeCopy, service: str) -> list[dict[str, Any]]:
    async with copy.client("rut.drift", service) as desk:
        found = (await desk.get("/v1/dead-letters?state=parked&limit=100")).json()
    items: list[dict[str, Any]] = found["items"]
    return items


async def nothing_parked(copy: WholeCopy) -> None:
    """Those who come after find the copy content."""
    for service in SERVICES:
        for each in await parked(copy, service):
            async with copy.client("rut.drift", service) as desk:
                at = f"/v1/dead-letters/{each['id']}/discard"
                await made(desk, at, {"reason": "Sett på."})


async def a_message(copy: WholeCopy, booking_id: str) -> dict[str, str]:
    """What was told to whoever booked."""
    async with copy.client("amina.lund", "notifications") as desk:

        async def told() -> dict[str, str]:
            found = (await desk.get("/v1/messages", params={"subject": booking_id})).json()
            each = found["items"][0] if found["items"] else None
            return {"message": each["id"], "recipient": each["recipient_id"]} if each else {}

        return await eventually(told)


async def everything_shown(copy: WholeCopy, offered: Offered) -> dict[str, str]:
    """One of each, by the names that `PAGES` asks for. The library's samples must be there."""
    busy = await busy_occasion(copy)
    return {
        **vars(busy),
        "offered": offered.booking_id,
        **await written(copy),
        **await a_partner(copy),
        **await cases_shown(copy),
        **await an_order(copy),
        **await figures_shown(copy),
        **await a_message(copy, busy.confirmed),
        "parked": await park_one(copy),
    }
