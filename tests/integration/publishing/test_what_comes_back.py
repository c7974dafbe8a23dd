"""Bounces and complaints: held against the right address, and never by somebody else's word."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from bson.binary import Binary

from services.publishing.domain import reports
from services.publishing.domain.return_paths import return_path
from services.publishing.domain.smtp_replies import Kind
from services.publishing.mailing.postboxes import Maildir
from services.publishing.messaging.letters import letters_of, refusals_of, reports_of
from services.publishing.use_cases.count_bounce import CountBounce
from services.publishing.use_cases.send_letters import AT_ONCE
from services.publishing.use_cases.take_reports import TakeReports
from shared.kernel.ids import new_id
from shared.mail.letterbox import Letterbox
from tests.integration.publishing.mail_server import mail_server
from tests.integration.publishing.subscribing import (
    a_list,
    known,
    leaving_link,
    letters,
    sign_up,
    subscribed,
)
from tests.integration.publishing.world import World, worker_settings
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Returned:
    """A Maildir, and the worker's part that reads it."""

    folder: Path
    take: TakeReports
    names: int = 0
    aside: list[str] = field(default_factory=list)

    async def comes(self, raw: str) -> str:
        """A mail arrives; what it came to."""
        self.names += 1
        (self.folder / "new").mkdir(parents=True, exist_ok=True)
        (self.folder / "new" / f"{self.names:05}.host").write_bytes(raw.encode())
        outcome = await self.take.take(raw.encode())
        assert await self.take() == 1
        assert await self.take() == 0
        return outcome


@pytest_asyncio.fixture(loop_scope="session")
async def returned(world: World, tmp_path: Path) -> Returned:
    return Returned(tmp_path, reports_of(world.house, Maildir(tmp_path)))


def dsn(
    to: str, action: str = "failed", status: str = "5.1.1", header: str = "Delivered-To"
) -> str:
    return (
        f"{header}: <{to}>\nContent-Type: multipart/report; report-type=delivery-status; "
        'boundary="x"\n\n--x\nContent-Type: text/plain\n\nSorry.\n\n--x\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; somebody@else.example\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} no\n\n--x--\n"
    )


def complaint(link: str) -> str:
    return (
        'Content-Type: multipart/report; report-type=feedback-report; boundary="x"\n\n--x\n'
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--x\n"
        f"Content-Type: message/rfc822\n\nList-Unsubscribe: <{link}>\nSubject: Hej\n\nHej\n--x--\n"
    )


async def refused(world: World, subscriber: uuid.UUID, at: datetime) -> None:
    """A letter of a mailing's was refused, and the ledger owes nothing any more."""
    rows = world.house.ground.database["refusals"]
    row = {"_id": uuid.UUID(new_id()), "subscriber": subscriber, "kind": "hard", "at": at}
    await rows.insert_one(
        {n: Binary.from_uuid(v) if isinstance(v, uuid.UUID) else v for n, v in row.items()}
    )


async def sent_letter(world: World, servers: RealServers) -> uuid.UUID:
    """The opt-in letter of whoever signed up is sent; its id."""
    async with mail_server() as server:
        box = Letterbox("127.0.0.1", server.port, connections=AT_ONCE)
        await letters_of(worker_settings(servers, server.port), world.house, box)()
        await box.close()
    return uuid.UUID((await letters(world))[-1]["_id"])


async def test_three_hard_refusals_are_the_end_of_an_address(world: World) -> None:
    """On different days; each is counted once; mailers at work hear of it."""
    await a_list(world)
    one = await subscribed(world)
    count = refusals_of(world.house)
    points = []
    for day in range(3):
        now = world.clock.now() + timedelta(days=day)
        await refused(world, one.id, now)
        assert await count() == 1
        assert await count() == 0
        points.append((await known(world)).trouble.now(now))
    assert points[0] == 2
    assert points[-1] > 5
    [stop] = await world.rows("suppressions")
    assert list(stop["causes"]) == ["dead-address"]
    assert [row["why"] for row in await world.rows("leavings")] == ["dead-address"]


async def test_a_refusal_of_somebody_who_is_gone_is_put_away(world: World) -> None:
    """Nobody is there to hold it against; it does not stay in the way."""
    await refused(world, uuid.UUID(new_id()), world.clock.now())
    count = refusals_of(world.house)
    assert await count() == 1
    assert await world.rows("refusals") == []


async def test_a_report_leads_to_its_letter(
    world: World, returned: Returned, servers: RealServers
) -> None:
    """By the stamped address it was sent to; however often and late it comes, it is one bounce."""
    await a_list(world)
    await sign_up(world)
    letter = await sent_letter(world, servers)
    path = return_path(world.house.stamps, letter, "studs.safespace.example")
    for header, outcome in (("X-Original-To", "counted"), ("Delivered-To", "unknown")):
        assert await returned.comes(dsn(path.upper(), header=header)) == outcome
        world.clock.advance(timedelta(days=1))
    assert (await known(world)).trouble.points == 2
    [row] = await letters(world)
    assert (row["state"], row["why"]) == ("failed", "report-550")
    assert list((returned.folder / "new").iterdir()) == []
    assert list((returned.folder / "cur").iterdir()) == [], "what was counted is kept nowhere"


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [("delayed", "4.4.1", "passing"), ("delivered", "2.0.0", "passing"), ("failed", "5.7.1", "")],
)
async def test_what_says_nothing_of_the_address(
    world: World,
    returned: Returned,
    servers: RealServers,
    action: str,
    status: str,
    outcome: str,
) -> None:
    """A delay, a delivery, or that we are not welcome: no points."""
    await a_list(world)
    await sign_up(world)
    letter = await sent_letter(world, servers)
    path = return_path(world.house.stamps, letter, "studs.safespace.example")
    assert await returned.comes(dsn(path, action, status)) == (outcome or "counted")
    assert (await known(world)).trouble.points == 0


async def test_a_forged_report_changes_nothing(
    world: World, returned: Returned, servers: RealServers
) -> None:
    """Without our stamp nobody is believed, whatever the report says of whom."""
    await a_list(world)
    one = await subscribed(world)
    letter = await sent_letter(world, servers)
    before = await world.rows("subscribers"), await letters(world)
    path = return_path(world.house.stamps, letter, "studs.safespace.example")
    local, _, domain = path.partition("@")
    forged = [
        f"b-{'00' * 29}@{domain}",
        f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}",
        f"b-61{letter.hex}{'0' * 24}@{domain}",
        "nyheter@safespace.example",
        leaving_link(world, one.id),
    ]
    for to in forged:
        assert await returned.comes(dsn(to)) == "forged"
    for link in ("https://safespace.example/u/x", leaving_link(world, one.id)[:-2] + "AA"):
        assert await returned.comes(complaint(link)) == "forged"
    assert (await world.rows("subscribers"), await letters(world)) == before


async def test_a_complaint_is_an_end(world: World, returned: Returned) -> None:
    """By our link in the mail they meant: off every list, and nothing is sent there any more."""
    await a_list(world)
    await a_list(world, "unga")
    one = await subscribed(world, "skolor", "unga")
    link = f"https://safespace.example/u/{leaving_link(world, one.id)}"
    assert await returned.comes(complaint(link)) == "counted"
    after = await known(world)
    assert after.confirmed == ()
    assert {place.left_by for place in after.on.values()} == {"complaint"}
    [stop] = await world.rows("suppressions")
    assert list(stop["causes"]) == ["complaint"]


async def test_a_letter_from_a_person_is_kept_for_a_person(
    world: World, returned: Returned
) -> None:
    """Out of office, a reply, a monster: set aside, not counted, not thrown away."""
    for raw in ("Subject: Semester\n\nStatus: 5.1.1\n", "", "x" * 2_000_000):
        assert await returned.comes(raw) == "other"
    assert len(list((returned.folder / "cur").iterdir())) == 3
    assert await world.rows("subscribers") == []


async def test_a_mail_that_cannot_be_read_stops_no_other(
    world: World, returned: Returned, servers: RealServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brackets or mails without end, or what nobody foresaw: set aside, and the next is counted."""
    await a_list(world)
    await sign_up(world)
    path = return_path(
        world.house.stamps, await sent_letter(world, servers), "studs.safespace.example"
    )
    nested = "Content-Type: multipart/report; boundary=x\n\n--x\n" + (
        "Content-Type: message/rfc822\n\n" * 5000
    )
    assert await returned.comes(nested) == "other"
    assert await returned.comes(dsn("(" * 60_000)) == "forged"
    read = reports.read

    def falls_over(raw: bytes) -> object:
        return read(raw) if b"Final-Recipient" in raw else 1 // 0

    monkeypatch.setattr(reports, "read", falls_over)
    assert await returned.comes("Subject: nobody foresaw this\n\n") == "other"
    assert len(list((returned.folder / "cur").iterdir())) == 2
    assert await returned.comes(dsn(path)) == "counted"
    assert (await known(world)).trouble.points == 2


async def test_a_report_about_many_counts_once_for_its_reader(
    world: World, returned: Returned, servers: RealServers
) -> None:
    """Delivered to some, refused for others: the gravest, whatever stands first, and only once."""
    await a_list(world)
    await sign_up(world)
    letter = await sent_letter(world, servers)
    path = return_path(world.house.stamps, letter, "studs.safespace.example")
    others = "".join(
        f"Final-Recipient: rfc822; {n}@else.example\nAction: {action}\nStatus: {status}\n\n"
        for n, (action, status) in enumerate(
            [("failed", "5.7.1"), ("delivered", "2.0.0"), ("failed", "5.1.1"), ("failed", "4.2.2")]
        )
    )
    whole = dsn(path, "delayed", "4.4.1").replace("\n\n--x--", f"\n\n{others}--x--")
    counted: list[uuid.UUID] = []
    count = returned.take.count

    async def counting(subscriber: uuid.UUID, kind: Kind, at: datetime) -> bool:
        counted.append(subscriber)
        return await count(subscriber, kind, at)

    take = replace(returned.take, count=cast("CountBounce", counting))
    assert await take.take(whole.encode()) == "counted"
    assert (await known(world)).trouble.points == 2
    assert len(counted) == 1
    [row] = await letters(world)
    assert (row["state"], row["why"]) == ("failed", "report-550")
