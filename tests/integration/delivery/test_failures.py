"""An event that cannot be handled waits, is parked, is replayed or is discarded."""

from __future__ import annotations

import asyncio
from collections import Counter

import aio_pika
import pytest

from shared.contracts.booking import HeadCountChanged
from shared.contracts.cards import BookingContactCardSealed
from shared.contracts.envelope import Envelope
from shared.delivery.dead_letters import AlreadySettled, BodyGone, DeadLetters
from shared.delivery.journal import Journal
from shared.delivery.retries import GiveUp, Later
from shared.kernel.actor import housekeeping
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Document, Session
from tests.integration.delivery.ends import Ends, card, head_count
from tests.support.eventually import eventually


class Trouble:
    """A handler that fails for some subjects, so many times, and then works."""

    def __init__(self, ends: Ends, error: Exception) -> None:
        self.ends = ends
        self.error = error
        self.failures: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()

    async def handle(self, envelope: Envelope, data: object, session: Session) -> None:
        self.tried[envelope.subject] += 1
        await self.ends.note(envelope, data, session)
        if self.failures[envelope.subject] > 0:
            self.failures[envelope.subject] -= 1
            raise self.error


async def parked(ends: Ends, count: int = 1) -> list[Document]:
    """Wait for dead letters."""
    dead = DeadLetters("notifications", ends.notifications)

    async def there() -> list[Document] | None:
        found, _ = await dead.page()
        return found if len(found) >= count else None

    return await eventually(there) or []


async def test_a_hiccup_is_tried_again_and_blocks_nobody(ends: Ends) -> None:
    """A failed event waits its step of the ladder and then works, once; others pass it."""
    passed, tried = asyncio.Event(), Counter[tuple[str, int]]()
    slow, quick = new_id(), new_id()

    async def handle(envelope: Envelope, data: object, session: Session) -> None:
        tried[envelope.subject, envelope.sequence] += 1
        await ends.note(envelope, data, session)
        # However slow the machine is: not before the others have passed.
        if (envelope.subject, envelope.sequence) == (slow, 1) and not passed.is_set():
            raise KeyError

    await ends.listen({HeadCountChanged: handle}, steps=(("1s", 1),) * 100)
    await ends.relay()
    await ends.tell(head_count(slow, 1))
    await ends.tell(head_count(quick, 1), head_count(slow, 2))
    await ends.effects_reach(2)
    passed.set()
    effects = await ends.effects_reach(3)
    assert [(e["subject"], e["sequence"]) for e in effects][-1] == (slow, 1)
    assert tried[slow, 1] >= 2
    assert await ends.notifications["dead_letters"].count_documents({}) == 0


async def test_what_fails_to_the_end_is_parked_and_replayed(ends: Ends) -> None:
    """After the last step an event is parked with its reason; a replay has exactly one effect."""
    trouble = Trouble(ends, KeyError("Anna Andersson 070-123 45 67"))
    await ends.listen({HeadCountChanged: trouble.handle})
    await ends.relay()
    subject = new_id()
    trouble.failures[subject] = 3
    [event_id] = await ends.tell(head_count(subject, 1))
    [letter] = await parked(ends)
    assert (letter["reason"], letter["failures"], letter["event_id"]) == ("KeyError", 2, event_id)
    assert letter["queue"] == "notifications.from-booking"
    assert await ends.effects() == []

    dead = DeadLetters("notifications", ends.notifications)
    shown = await dead.show(letter["_id"])
    assert event_id in shown["body"]
    assert "Anna" not in str(shown)
    await dead.replay(letter["_id"], by="olle")
    with pytest.raises(AlreadySettled):
        await dead.replay(letter["_id"], by="olle")
    await ends.relay_of_notifications()
    [effect] = await ends.effects_reach(1)
    assert effect["event_id"] == event_id
    shown = await dead.show(letter["_id"])
    assert (shown["state"], shown["outcome"]) == ("replayed", "handled")
    assert [(step["did"], step["by"]) for step in shown["history"]] == [("replayed", "olle")]


async def test_what_can_never_work_is_parked_at_once(ends: Ends) -> None:
    """A handler gives up: no step of the ladder is climbed, and the reason is the handler's own."""
    trouble = Trouble(ends, GiveUp("sealing-key-gone"))
    await ends.listen({HeadCountChanged: trouble.handle})
    await ends.relay()
    subject = new_id()
    trouble.failures[subject] = 99
    await ends.tell(head_count(subject, 1))
    [letter] = await parked(ends)
    assert (letter["reason"], letter["failures"]) == ("sealing-key-gone", 0)
    assert await ends.effects() == []


async def test_a_replay_that_fails_again_is_parked_again(ends: Ends) -> None:
    """A replayed event begins the ladder anew, and if it fails it is a new dead letter."""
    trouble = Trouble(ends, KeyError("x"))
    await ends.listen({HeadCountChanged: trouble.handle}, steps=(("1s", 1),))
    await ends.relay()
    await ends.relay_of_notifications()
    subject = new_id()
    trouble.failures[subject] = 4
    await ends.tell(head_count(subject, 1))
    [first] = await parked(ends)
    dead = DeadLetters("notifications", ends.notifications)
    await dead.replay(first["_id"], by="olle")
    await eventually(lambda: trouble.tried[subject] == 4)
    [second] = await parked(ends)
    assert (second["replays"], second["event_id"]) == (1, first["event_id"])
    await dead.replay(second["_id"], by="olle")
    assert len(await ends.effects_reach(1)) == 1


async def test_replaying_what_was_handled_has_no_effect(ends: Ends) -> None:
    """A dead letter whose event got through after all cannot be made to count twice."""
    trouble = Trouble(ends, KeyError("x"))
    await ends.listen({HeadCountChanged: trouble.handle}, steps=(("1s", 1),))
    await ends.relay()
    await ends.relay_of_notifications()
    subject = new_id()
    trouble.failures[subject] = 2
    [event_id] = await ends.tell(head_count(subject, 1))
    [letter] = await parked(ends)
    await ends.booking["outbox"].update_one({"_id": event_id}, {"$set": {"state": "unsent"}})
    await ends.effects_reach(1)
    await DeadLetters("notifications", ends.notifications).replay(letter["_id"], by="olle")
    row = {"routing_key": "notifications.retry.from-booking.1s", "state": "sent"}
    await eventually(lambda: ends.notifications["outbox"].find_one(row))
    await ends.quiet()
    assert len(await ends.effects()) == 1


async def test_discarding_needs_a_reason_that_is_kept(ends: Ends) -> None:
    """A discarded letter keeps who, when and why, and loses its body."""
    trouble = Trouble(ends, KeyError("x"))
    await ends.listen({HeadCountChanged: trouble.handle}, steps=(("1s", 1),))
    await ends.relay()
    subject = new_id()
    trouble.failures[subject] = 9
    await ends.tell(head_count(subject, 1))
    [letter] = await parked(ends)
    dead = DeadLetters("notifications", ends.notifications)
    await dead.discard(letter["_id"], by="olle", reason="gammal testdata")
    shown = await dead.show(letter["_id"])
    assert (shown["state"], shown["body_kept"]) == ("discarded", False)
    assert shown["history"][0]["reason"] == "gammal testdata"
    with pytest.raises(AlreadySettled):
        await dead.replay(letter["_id"], by="olle")
    with pytest.raises(NotFound):
        await dead.discard("nobody", by="olle", reason="x")
    told, given_up = await _journal(ends, subject)
    assert told == [("told", "sent")]
    assert given_up == [("given-up", "discarded")]


async def _journal(ends: Ends, subject: str) -> list[list[tuple[str, str]]]:
    by = housekeeping("test")
    return [
        [(entry.what, entry.state) for entry in await Journal(database).about(subject, by=by)]
        for database in (ends.booking, ends.notifications)
    ]


async def test_later_waits_without_counting(ends: Ends) -> None:
    """A handler may say 'not yet' more often than the ladder has steps; then it works."""
    trouble = Trouble(ends, Later(0.5))
    await ends.listen({HeadCountChanged: trouble.handle}, steps=(("1s", 1),))
    await ends.relay()
    subject = new_id()
    trouble.failures[subject] = 3
    await ends.tell(head_count(subject, 1))
    await ends.effects_reach(1)
    assert trouble.tried[subject] == 4
    assert await ends.notifications["dead_letters"].count_documents({}) == 0


async def test_a_version_conflict_is_tried_again_at_once(ends: Ends) -> None:
    """A collision with another writer costs no step of the ladder."""
    trouble = Trouble(ends, VersionConflict())
    await ends.listen({HeadCountChanged: trouble.handle}, steps=(("10m", 600),))
    await ends.relay()
    subject = new_id()
    trouble.failures[subject] = 4
    await ends.tell(head_count(subject, 1))
    await ends.effects_reach(1)
    assert trouble.tried[subject] == 5


async def test_poison_is_parked_and_harms_nobody(ends: Ends) -> None:
    """What cannot be read is parked with its kind at once; events around it are handled."""
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    [event_id] = await ends.tell(head_count(new_id(), 1))
    [good] = await ends.effects_reach(1)
    row = await ends.booking["outbox"].find_one({"_id": event_id})
    assert row is not None
    body = bytes(row["body"])
    poison = {
        "not-an-event": b"\xff\xfe not json",
        "unknown-type": body.replace(b"changed.v1", b"changed.v99"),
        "not-as-agreed": body.replace(b'"size":20', b'"size":"many"'),
    }
    for bad in poison.values():
        await _publish(ends, bad)
        await ends.tell(head_count(new_id(), 1))
    letters = await parked(ends, 3)
    assert {letter["reason"] for letter in letters} == set(poison)
    assert len(await ends.effects_reach(4)) == 4
    unreadable = next(letter for letter in letters if letter["reason"] == "not-an-event")
    shown = await DeadLetters("notifications", ends.notifications).show(unreadable["_id"])
    assert (shown["body_kept"], shown["body"]) == (True, None)
    assert good["event_id"] == event_id


async def _publish(ends: Ends, body: bytes) -> None:
    connection = await aio_pika.connect(ends.servers.amqp_administrator_url)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("safespace.events", ensure=False)
        await exchange.publish(aio_pika.Message(body), "booking.head-count-changed.v1")


async def test_a_parked_sealed_body_is_not_shown_and_goes(ends: Ends) -> None:
    """A sealed body among the dead letters has an end date; once gone, it cannot be replayed."""
    trouble = Trouble(ends, KeyError("x"))
    await ends.listen({BookingContactCardSealed: trouble.handle}, steps=(("1s", 1),))
    await ends.relay()
    subject = new_id()
    trouble.failures[subject] = 2
    await ends.tell(card(subject))
    [letter] = await parked(ends)
    dead = DeadLetters("notifications", ends.notifications)
    assert (await dead.show(letter["_id"]))["body"] is None
    bodies = ends.notifications["dead_letter_bodies"]
    kept = await bodies.find_one({"_id": letter["_id"]})
    assert kept is not None
    assert 6.9 < (kept["until"] - letter["parked_at"]).total_seconds() / 86400 <= 7
    await bodies.delete_one({"_id": letter["_id"]})
    with pytest.raises(BodyGone):
        await dead.replay(letter["_id"], by="olle")
    assert (await dead.show(letter["_id"]))["state"] == "parked"
