"""What was given up moves from the parked queue into the database, where people can see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.messages import Delivery
from shared.contracts.envelope import Envelope
from shared.delivery import letters
from shared.delivery.holding import while_database_is_away
from shared.delivery.indexes import DEAD_LETTER_BODIES, DEAD_LETTERS, SEALED_KEPT
from shared.kernel.clock import real_now
from shared.kernel.ids import deterministic_id
from shared.mongo.client import Database, Document, Session
from shared.mongo.transactions import transact


class ParkedCollector:
    """Consumes `<service>.parked`. A copy of what was collected already changes nothing."""

    def __init__(self, service: str, bus: Bus, database: Database) -> None:
        self._client = database.client
        self._letters = database[DEAD_LETTERS]
        self._bodies = database[DEAD_LETTER_BODIES]
        self.queue = names.parked(service)
        bus.listen(self.queue, self.receive)

    async def receive(self, delivery: Delivery) -> None:
        """Save one, then acknowledge it."""
        letter, body = dead_letter(delivery)

        async def save(session: Session) -> None:
            for collection, document in ((self._letters, letter), (self._bodies, body)):
                new = {"$setOnInsert": document}
                key = {"_id": document["_id"]}
                await collection.update_one(key, new, upsert=True, session=session)

        await while_database_is_away(lambda: transact(self._client, save))
        await delivery.ack()


def dead_letter(delivery: Delivery) -> tuple[Document, Document]:
    """What is kept of a parked message, and apart its body: some of those go sooner."""
    envelope = _envelope(delivery.body)
    replays = letters.count(delivery, letters.REPLAY)
    queue = _first_queue(delivery)
    fingerprint = letters.fingerprint(delivery.body)
    key = deterministic_id("parked", queue, fingerprint, str(replays))
    now = real_now()
    short_lived = _sealed_or_unreadable(delivery)
    document = {
        "_id": key,
        "state": "parked",
        "parked_at": now,
        "queue": queue,
        "routing_key": letters.first_routing_key(delivery),
        "reason": _reason(delivery),
        "failures": letters.count(delivery, letters.ATTEMPT),
        "replays": replays,
        "short_lived": short_lived,
        "history": [],
        **_facts(envelope),
    }
    until = {"until": now + SEALED_KEPT} if short_lived else {}
    return document, {"_id": key, "body": delivery.body, **until}


def _envelope(body: bytes) -> Envelope | None:
    try:
        return Envelope.from_bytes(body)
    except ValidationError:
        return None


def _sealed_or_unreadable(delivery: Delivery) -> bool:
    try:
        return letters.read(delivery).data.sealed
    except letters.Unreadable:
        return True


def _facts(envelope: Envelope | None) -> Document:
    if envelope is None:
        return {"event_id": None, "type": None, "subject": None, "sequence": None}
    return {
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "correlation_id": envelope.correlationid,
        "causation_id": envelope.causationid,
        "told_at": envelope.time,
    }


def _deaths(headers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = headers.get("x-death")
    return found if isinstance(found, list) else []


def _reason(delivery: Delivery) -> str:
    """Ours, or the broker's own (`delivery_limit`: it came back too often without an answer)."""
    deaths = _deaths(delivery.headers)
    ours = letters.said(delivery, letters.REASON)
    return ours or next((str(death.get("reason")) for death in deaths), "unknown")


def _first_queue(delivery: Delivery) -> str:
    """The queue it was given up in: we say so, or the broker, whose last word is the first one.

    A queue that is not this service's own is nobody's word that counts.
    """
    deaths = _deaths(delivery.headers)
    queue = letters.said(delivery, letters.QUEUE)
    queue = queue or next((str(death.get("queue")) for death in deaths), delivery.queue)
    is_own = queue.partition(".")[0] == delivery.queue.partition(".")[0]
    return queue if is_own else delivery.queue
