"""Mentoring's meetings: told and reminded of in words that say nothing, and seen by no staff."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from services.notifications.domain.quiet_hours import QuietHours
from shared.contracts import mentoring
from shared.contracts.cards import MentoringContactCardSealed, MentoringPersonForgotten
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract, News
from shared.kernel.ids import new_id
from shared.privacy.sealing import seal
from tests.integration.notifications.world import World, enveloped

START = datetime(2027, 1, 28, 14, 0, tzinfo=UTC)
TELLING = ("mentor", "möte", "meeting", "resurs", "safe", "http", "rum", "sal ", "ärende", "case")


class Somebody:
    """A recipient of mentoring's, and what mentoring would tell of one meeting."""

    def __init__(self, phone: str | None, language: str = "sv", email: str | None = None) -> None:
        self.phone, self.language, self.email = phone, language, email
        self.recipient_id, self.meeting_id = new_id(), new_id()
        self.sequence = 0

    async def card(self, world: World) -> Envelope:
        key = await world.house.sealing.ensure()
        said = {"source": "mentoring", "recipient_id": self.recipient_id, "revision": 1}
        more = {"phone": self.phone, "email": self.email, "language": self.language}
        kept = {**said, **{name: value for name, value in more.items() if value}}
        data = MentoringContactCardSealed(
            recipient_id=self.recipient_id,
            revision=1,
            key_id=key.key_id,
            box=base64.b64encode(seal(key, kept)).decode(),
        )
        return enveloped(News(data, subject=self.recipient_id, sequence=1))

    def told(self, kind: type[Contract], at: datetime = START, **more: Any) -> Envelope:
        self.sequence += 1
        data = kind(
            meeting_id=self.meeting_id,
            recipient_id=self.recipient_id,
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            zone="Europe/Stockholm",
            **more,
        )
        return enveloped(News(data, subject=self.meeting_id, sequence=self.sequence))

    def attention(self, *, at_once: bool = False) -> Envelope:
        data = mentoring.AttentionNeeded(
            notice_id=new_id(), recipient_id=self.recipient_id, at_once=at_once
        )
        return enveloped(News(data, subject=data.notice_id, sequence=1))


async def remind_at(world: World, at: datetime) -> None:
    world.clock.advance(at - world.clock.now())
    await world.sending.remind()
    await world.send_all()


def with_quiet_hours(world: World) -> World:
    """As in production; the local profile has none."""
    incoming = world.incoming
    plan = replace(world.house.plan, quiet=QuietHours())
    booking = replace(incoming.tell_of_booking, plan=plan)
    keeping = replace(incoming.keep_card, plan=plan)
    staff = replace(incoming.tell_staff, plan=plan)
    asked = replace(incoming.remind, plan=plan)
    heard = replace(
        incoming, tell_of_booking=booking, keep_card=keeping, tell_staff=staff, remind=asked
    )
    return replace(world, incoming=heard)


async def texts(world: World, phone: str) -> list[str]:
    """What a phone got, in order."""
    return [shown["message"] for shown in reversed(await world.phone(phone))]


async def test_times_and_nothing_else_are_told_and_reminded_of(world: World) -> None:
    """Scheduled, moved and cancelled; a move replaces the reminders, a cancellation removes."""
    kim = Somebody("+46701740681")
    await world.hear(await kim.card(world), kim.told(mentoring.MeetingScheduled))
    await world.send_all()
    later = START + timedelta(days=1, minutes=30)
    await world.hear(kim.told(mentoring.MeetingMoved, later, was=START))
    await world.send_all()
    await remind_at(world, START - timedelta(hours=24))
    await remind_at(world, later - timedelta(hours=24))
    await remind_at(world, later - timedelta(hours=2))
    await world.hear(kim.told(mentoring.MeetingCancelled, later))
    await world.send_all()
    assert await world.rows("reminders") == []
    said = await texts(world, "+46701740681")
    assert said == [
        "Hej! Vi ses tors 28 jan kl 15.00.",
        "Hej! Ny tid: vi ses fre 29 jan kl 15.30.",
        "Hej! Påminnelse: vi ses fre 29 jan kl 15.30.",
        "Hej! Påminnelse: vi ses fre 29 jan kl 15.30.",
        "Hej! Vi ses inte fre 29 jan kl 15.30.",
    ]
    assert not [word for word in TELLING for text in said if word in text.casefold()]


async def test_any_order_and_any_copies_end_alike(world: World) -> None:
    """A late `scheduled` after its move is superseded; the reminders are for where it ended."""
    kim = Somebody("+46701740682")
    first, moved = (
        kim.told(mentoring.MeetingScheduled),
        kim.told(mentoring.MeetingMoved, START + timedelta(hours=3), was=START),
    )
    await world.hear(moved, first, moved, await kim.card(world), first)
    await world.send_all()
    assert await texts(world, "+46701740682") == ["Hej! Ny tid: vi ses tors 28 jan kl 18.00."]
    rows = await world.rows("reminders")
    assert {row["starts_at"] for row in rows} == {START + timedelta(hours=3)}


async def test_an_e_mail_says_no_more_and_has_no_calendar(world: World) -> None:
    """Subject, text and sender are as neutral as the SMS; nothing is attached."""
    kim = Somebody(None, "en", "kim.exempel.640@example.org")
    await world.hear(await kim.card(world), kim.told(mentoring.MeetingScheduled))
    await world.hear(kim.attention())
    await world.send_all()
    shown = [each for each in await world.mails() if kim.email in json.dumps(each)]
    assert sorted(each["subject"] for each in shown) == ["Hello", "Something waits for you"]
    everything = json.dumps(shown, ensure_ascii=False).casefold()
    assert "see you thu 28 jan at 15:00" in everything
    for word in ("calendar", ".ics", "mentor", "meeting", "reference"):
        assert word not in everything, word
    assert not any(each["attachments"] for each in shown)


async def test_an_emergency_rings_at_night(world: World) -> None:
    """An emergency access is known within a minute, whatever the hour; other notices wait."""
    world = with_quiet_hours(world)
    night = datetime(2027, 1, 27, 21, 0, tzinfo=UTC)
    world.clock.advance(night - world.clock.now())
    sam, number = Somebody("+46701740687"), "+46701740687"
    await world.hear(await sam.card(world), sam.attention(), sam.attention(at_once=True))
    await world.send_all()
    assert await texts(world, number) == ["Något väntar på dig. Logga in."]


async def test_phones_stay_quiet_at_night_unless_the_meeting_would_come_first(
    world: World,
) -> None:
    """Ten at night: the news waits until eight; a cancelled early morning does not."""
    world = with_quiet_hours(world)
    night = datetime(2027, 1, 27, 21, 0, tzinfo=UTC)
    world.clock.advance(night - world.clock.now())
    kim, lo = Somebody("+46701740683"), Somebody("+46701740686")
    early = datetime(2027, 1, 28, 6, 30, tzinfo=UTC)
    await world.hear(await kim.card(world), kim.told(mentoring.MeetingScheduled), kim.attention())
    await world.hear(
        await lo.card(world),
        lo.told(mentoring.MeetingScheduled, early),
        lo.told(mentoring.MeetingCancelled, early),
    )
    await world.send_all()
    assert await texts(world, "+46701740683") == []
    assert await texts(world, "+46701740686") == ["Hej! Vi ses inte tors 28 jan kl 07.30."]
    world.clock.advance(timedelta(hours=11))
    await world.send_all()
    assert sorted(await texts(world, "+46701740683")) == [
        "Hej! Vi ses tors 28 jan kl 15.00.",
        "Något väntar på dig. Logga in.",
    ]


async def test_no_staff_learn_of_it_and_forgetting_ends_it(
    world: World, staff: httpx.AsyncClient
) -> None:
    """No list, id, journal or count shows such a recipient; the forgotten hear nothing more."""
    kim = Somebody("+46701740685")
    await world.hear(await kim.card(world), kim.told(mentoring.MeetingScheduled), kim.attention())
    await world.send_all()
    me = {"recipient": f"mentoring:{kim.recipient_id}"}
    asked = [(path, of) for path in ("/v1/messages", "/v1/deliveries") for of in ({}, me)]
    everything = [(await staff.get(path, params=of)).text for path, of in asked]
    for about in (kim.meeting_id, kim.recipient_id):
        everything.append((await staff.get("/v1/messages", params={"subject": about})).text)
        everything.append((await staff.get("/v1/journal", params={"subject": about})).text)
    rows = await world.rows("messages")
    assert len(rows) == 2
    for row in rows:
        shown = await staff.get(f"/v1/messages/{row['_id']}")
        assert shown.status_code == 404
    seen = "".join(everything)
    for canary in ("mentoring:", "meeting", "Vi ses", "+4670174", *(row["_id"] for row in rows)):
        assert canary not in seen, canary
    gone = MentoringPersonForgotten(recipient_id=kim.recipient_id)
    await world.hear(enveloped(News(gone, subject=kim.recipient_id, sequence=9)))
    await world.hear(kim.told(mentoring.MeetingMoved, START + timedelta(days=2), was=START))
    await world.send_all()
    assert await world.rows("reminders") == []
    assert len(await texts(world, "+46701740685")) == 2
