"""From a commit in booking to an effect in notifications, on the real servers."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from shared.contracts.booking import AttendanceRecorded, HeadCountChanged
from shared.contracts.cards import BookingContactCardSealed
from shared.contracts.envelope import Envelope
from shared.contracts.event import News
from shared.delivery.inbox import Inbox, refused
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.mongo.client import Session
from tests.integration.delivery.ends import OCCASION, Ends, card, head_count
from tests.support.eventually import eventually


async def test_an_event_arrives_once_with_its_mark(ends: Ends) -> None:
    """What is committed in one service has its effect and its mark in the other."""
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    subject = new_id()
    [event_id] = await ends.tell(head_count(subject, 1))
    [effect] = await ends.effects_reach(1)
    assert (effect["event_id"], effect["subject"], effect["sequence"]) == (event_id, subject, 1)
    outcome = await Inbox(ends.notifications, "notifications").outcome_of(event_id)
    assert outcome == "handled"
    await ends.all_sent()
    row = await ends.booking["outbox"].find_one({"_id": event_id})
    assert row is not None
    assert row["state"] == "sent"
    assert row["sent_at"] >= row["created_at"]


async def test_an_undone_transaction_tells_nothing(ends: Ends) -> None:
    """An event whose transaction is undone is never heard."""
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    with pytest.raises(ZeroDivisionError):
        await ends.tell_and_fail(head_count(new_id(), 1))
    [told] = await ends.tell(head_count(new_id(), 1))
    await ends.effects_reach(1)
    assert [effect["event_id"] for effect in await ends.effects()] == [told]


async def test_each_subject_keeps_its_order(ends: Ends) -> None:
    """Many subjects side by side, two relays: each subject's events take effect in order."""
    await ends.listen({HeadCountChanged: ends.note})
    subjects = [new_id() for _ in range(20)]
    for sequence in range(1, 6):
        await ends.tell(*(head_count(subject, sequence) for subject in subjects))
    await asyncio.gather(ends.relay(), ends.relay())
    for sequence in range(6, 11):
        await ends.tell(*(head_count(subject, sequence) for subject in subjects))
    await ends.effects_reach(200)
    for subject in subjects:
        order = [effect["sequence"] for effect in await ends.effects(subject=subject)]
        assert order == list(range(1, 11))


async def test_relays_without_a_lease_do_no_harm(ends: Ends) -> None:
    """Two relays that both publish everything still make one effect per event, in order."""
    await ends.listen({HeadCountChanged: ends.note})
    subject = new_id()
    told = await ends.tell(*(head_count(subject, n) for n in range(1, 31)))
    await ends.relay(lease=False)
    await ends.relay(lease=False)
    await ends.all_sent()
    await ends.effects_reach(30)
    await ends.quiet()
    assert [effect["event_id"] for effect in await ends.effects()] == told


async def test_an_older_event_is_recorded_as_superseded(ends: Ends) -> None:
    """What comes after something newer of its subject changes nothing, and is on record."""
    await ends.listen({HeadCountChanged: ends.keep_newest})
    await ends.relay()
    subject = new_id()
    [newer] = await ends.tell(head_count(subject, 7))
    await ends.effects_reach(1)
    [older] = await ends.tell(head_count(subject, 3))
    [same] = await ends.tell(head_count(subject, 7))
    await ends.effects_reach(2)
    assert [effect["event_id"] for effect in await ends.effects()] == [newer, same]
    inbox = Inbox(ends.notifications, "notifications")
    assert await inbox.outcome_of(older) == "superseded"


async def test_a_refusal_is_an_outcome(ends: Ends) -> None:
    """An expected no undoes what was written, is recorded, and is not tried again."""
    tries: Counter[str] = Counter()

    async def refuse(envelope: Envelope, data: object, session: Session) -> None:
        tries[envelope.id] += 1
        await ends.note(envelope, data, session)
        raise NotFound

    await ends.listen({HeadCountChanged: refuse})
    await ends.relay()
    [event_id] = await ends.tell(head_count(new_id(), 1))
    inbox = Inbox(ends.notifications, "notifications")
    assert await eventually(lambda: inbox.outcome_of(event_id)) == refused(NotFound())
    await ends.quiet()
    assert await ends.effects() == []
    assert tries[event_id] == 1


async def test_a_sealed_body_is_emptied_at_confirm(ends: Ends) -> None:
    """Once the broker has a sealed event, the outbox keeps its facts and not its body."""
    await ends.listen({BookingContactCardSealed: ends.note, HeadCountChanged: ends.note})
    sealed, plain = await ends.tell(card(new_id()), head_count(new_id(), 1))
    before = await ends.booking["outbox"].find_one({"_id": sealed})
    assert before is not None
    assert b"c2VhbGVk" in before["body"]
    await ends.relay()
    await ends.effects_reach(2)
    await ends.all_sent()
    bodies = {row["_id"]: row["body"] async for row in ends.booking["outbox"].find()}
    assert bodies[sealed] == b""
    assert b"se.safespace.booking.head-count-changed.v1" in bodies[plain]


async def test_an_unheard_event_is_no_error(ends: Ends) -> None:
    """An event that nobody listens to is confirmed all the same, and lies among the unheard."""
    await ends.relay()
    subject = new_id()
    data = AttendanceRecorded(
        booking_id=subject, recipient_id=subject, size=20, occasion=OCCASION, pupils=18, adults=2
    )
    await ends.tell(News(data, subject, 9))
    await ends.all_sent()
    assert await ends.waiting_in("safespace.unheard") == 1
