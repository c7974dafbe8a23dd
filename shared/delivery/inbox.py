"""What has been handled already. The mark is part of the same transaction as the effects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NewType

from pymongo.errors import DuplicateKeyError

from shared.contracts.envelope import Envelope
from shared.delivery.indexes import INBOX
from shared.kernel.clock import real_now
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database, Document, Session

Outcome = NewType("Outcome", str)

HANDLED = Outcome("handled")
SUPERSEDED = Outcome("superseded")
"""Older than what is known of its subject already: nothing was done."""


def refused(refusal: Refusal) -> Outcome:
    """The rule that said no is the outcome."""
    return Outcome(f"refused:{refusal.kind}")


class AlreadyHandled(Exception):
    """There is a mark of this event: acknowledge it and do nothing."""


class Inbox:
    """One mark per consumer and event."""

    def __init__(self, database: Database, consumer: str) -> None:
        self._marks = database[INBOX]
        self._consumer = consumer

    async def mark(self, session: Session, envelope: Envelope, outcome: Outcome = HANDLED) -> None:
        """Leave the mark in the caller's transaction, before the effects.

        Raises:
            AlreadyHandled: the mark is there, and the database has ended the transaction.
        """
        try:
            await self._marks.insert_one(self._mark(envelope, outcome), session=session)
        except DuplicateKeyError as error:
            raise AlreadyHandled from error

    async def mark_new(self, session: Session, envelopes: Sequence[Envelope]) -> list[str]:
        """Leave marks of those that have none, in the caller's transaction; their event ids.

        For a consumer that is alone: two at once would undo each other, and one has to come again.
        """
        by_key = {self._key(one): one for one in envelopes}
        found = self._marks.find({"_id": {"$in": list(by_key)}}, {"_id": 1}, session=session)
        for mark in await found.to_list(None):
            del by_key[mark["_id"]]
        if by_key:
            marks = [self._mark(one, HANDLED) for one in by_key.values()]
            await self._marks.insert_many(marks, session=session)
        return [one.id for one in by_key.values()]

    async def amend(self, session: Session, envelope: Envelope, outcome: Outcome) -> None:
        """Say another outcome than the mark was left with, in the same transaction."""
        await self._marks.update_one(
            {"_id": self._key(envelope)}, {"$set": {"outcome": outcome}}, session=session
        )

    async def outcome_of(self, event_id: str) -> Outcome | None:
        """How an event ended here, or None."""
        found = await self._marks.find_one({"_id": f"{self._consumer}|{event_id}"})
        return None if found is None else Outcome(found["outcome"])

    def _mark(self, envelope: Envelope, outcome: Outcome) -> Document:
        return {
            "_id": self._key(envelope),
            "event_id": envelope.id,
            "type": envelope.type,
            "subject": envelope.subject,
            "sequence": envelope.sequence,
            "correlation_id": envelope.correlationid,
            "causation_id": envelope.causationid,
            "outcome": outcome,
            "at": real_now(),
        }

    def _key(self, envelope: Envelope) -> str:
        return f"{self._consumer}|{envelope.id}"
