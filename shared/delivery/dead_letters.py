"""What was given up: read it, send it again, or discard it with a reason. Both are recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from pymongo import DESCENDING

from shared.broker import names
from shared.delivery import letters
from shared.delivery.indexes import DEAD_LETTER_BODIES, DEAD_LETTERS, INBOX, OUTBOX
from shared.kernel.clock import real_now
from shared.kernel.ids import deterministic_id
from shared.kernel.refusal import NotFound, Refusal
from shared.mongo.client import Database, Document, Session
from shared.mongo.transactions import transact

Also = Callable[[Session, Document], Awaitable[None]]
"""Done in the same transaction, with the letter as it then is."""


class AlreadySettled(Refusal):
    """Somebody has replayed or discarded it before."""

    kind: ClassVar[str] = "dead-letter-settled"
    sv = "Det här meddelandet har redan spelats upp igen eller kastats."
    en = "This message has already been replayed or discarded."


class BodyGone(Refusal):
    """Sealed and unreadable bodies are kept for a week only."""

    kind: ClassVar[str] = "dead-letter-body-gone"
    sv = "Innehållet finns inte kvar: förseglat och oläsligt sparas bara i sju dagar."
    en = "Its content is gone: what is sealed or unreadable is kept for seven days only."


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._client = database.client
        self._letters = database[DEAD_LETTERS]
        self._bodies = database[DEAD_LETTER_BODIES]
        self._outbox = database[OUTBOX]
        self._marks = database[INBOX]

    async def page(
        self, *, state: str = "parked", limit: int = 20, offset: int = 0
    ) -> tuple[list[Document], int]:
        """The newest first, without bodies, and how many there are in that state."""
        wanted = {"state": state}
        cursor = self._letters.find(wanted).sort("parked_at", DESCENDING).skip(offset).limit(limit)
        return await cursor.to_list(None), await self._letters.count_documents(wanted)

    async def show(self, letter_id: str, *, session: Session | None = None) -> Document:
        """One, with how its event ended here if it did (`outcome`), and its body as text.

        A sealed or unreadable body is not shown. Raises NotFound.
        """
        found = await self._letters.find_one({"_id": letter_id}, session=session)
        if found is None:
            raise NotFound
        handled = f"{self._service}|{found['event_id']}"
        mark = await self._marks.find_one({"_id": handled}, session=session)
        kept = await self._bodies.find_one({"_id": letter_id}, session=session)
        shown = kept is not None and not found["short_lived"]
        return {
            **found,
            "outcome": None if mark is None else mark["outcome"],
            "body_kept": kept is not None,
            "body": bytes(kept["body"]).decode() if kept is not None and shown else None,
        }

    async def replay(self, letter_id: str, *, by: str, also: Also | None = None) -> None:
        """Send it to the queue that it came from, as if for the first time.

        The worker's relay does it: through the shortest waiting room of that queue, so that no
        right is needed beyond those of retrying. Raises NotFound, AlreadySettled, BodyGone.
        """

        async def work(session: Session) -> None:
            await self._replay(letter_id, by, session)
            await self._also(also, session, letter_id)

        await transact(self._client, work)

    async def _replay(self, letter_id: str, by: str, session: Session) -> None:
        letter = await self._settle(letter_id, "replayed", by, "", session)
        kept = await self._bodies.find_one({"_id": letter_id}, session=session)
        if kept is None:
            raise BodyGone
        row = self._row(letter, bytes(kept["body"]))
        await self._outbox.insert_one(row, session=session)
        if letter["short_lived"]:
            await self._bodies.delete_one({"_id": letter_id}, session=session)

    async def discard(
        self, letter_id: str, *, by: str, reason: str, also: Also | None = None
    ) -> None:
        """Never to be handled; the body goes, the record and the reason stay.

        Raises NotFound, AlreadySettled.
        """

        async def work(session: Session) -> None:
            await self._settle(letter_id, "discarded", by, reason, session)
            await self._bodies.delete_one({"_id": letter_id}, session=session)
            await self._also(also, session, letter_id)

        await transact(self._client, work)

    async def _also(self, also: Also | None, session: Session, letter_id: str) -> None:
        if also is not None:
            await also(session, await self.show(letter_id, session=session))

    async def _settle(
        self, letter_id: str, state: str, by: str, reason: str, session: Session
    ) -> Document:
        done = {"did": state, "by": by, "at": real_now(), "reason": reason}
        found = await self._letters.find_one_and_update(
            {"_id": letter_id, "state": "parked"},
            {"$set": {"state": state}, "$push": {"history": done}},
            session=session,
        )
        if found is not None:
            settled: Document = found
            return settled
        if await self._letters.find_one({"_id": letter_id}, session=session) is None:
            raise NotFound
        raise AlreadySettled

    def _row(self, letter: Mapping[str, Any], body: bytes) -> Document:
        queue, replays = letter["queue"], letter["replays"] + 1
        row_id = deterministic_id("replay", letter["_id"])
        return {
            "_id": row_id,
            "event_id": letter["event_id"],
            "type": letter["type"],
            "subject": letter["subject"] or row_id,
            "sequence": letter["sequence"] or 0,
            "correlation_id": letter.get("correlation_id"),
            "causation_id": letter.get("causation_id"),
            "exchange": names.retry_exchange(self._service),
            "routing_key": names.delay_queue(self._service, queue, names.DELAYS[0][0]),
            "headers": {
                letters.REPLAY: replays,
                letters.QUEUE: queue,
                letters.ROUTING_KEY: letter["routing_key"],
            },
            "body": body,
            "sealed": letter["short_lived"],
            "state": "unsent",
            "created_at": real_now(),
            "attempts": 0,
        }
