"""What is to be told, saved in the same transaction as what happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.broker import names
from shared.contracts.envelope import wrap
from shared.contracts.event import News
from shared.delivery.indexes import OUTBOX
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Document, Session
from shared.observability.cause import Cause, current_cause, fresh_cause


class Outbox:
    """Rows wait here, `unsent`, until the relay has the broker's confirm; then they are `sent`."""

    def __init__(self, database: Database) -> None:
        self._rows = database[OUTBOX]

    def rows(self, news: Sequence[News], *, cause: Cause | None = None) -> list[Document]:
        """One row per event, in the order given; touches nothing but memory.

        Without a `cause`, the current one (set by the web middleware and by the listener).
        """
        return [_row(each, cause or current_cause()) for each in news]

    async def add(self, session: Session, rows: Sequence[Document]) -> None:
        """Save the rows in the caller's transaction. No rows, no write."""
        if rows:
            await self._rows.insert_many(rows, session=session)

    async def tell(self, session: Session, *news: News, cause: Cause | None = None) -> None:
        """Make the rows and save them."""
        await self.add(session, self.rows(news, cause=cause))

    async def withdraw(self, session: Session, subjects: Collection[str]) -> int:
        """Take back what waits to be sent about these subjects; how many rows.

        Whoever listens sees a gap in the numbers, which says nothing.
        """
        waiting = {"subject": {"$in": sorted(set(subjects))}, "state": "unsent"}
        return (await self._rows.delete_many(waiting, session=session)).deleted_count

    async def empty(self, subjects: Collection[str]) -> int:
        """Empty what was told about these subjects and is sent; how many rows. Again is harmless.

        What waits to be sent is sent first: whoever hears it late knows that it is late.
        """
        told = {"subject": {"$in": sorted(set(subjects))}, "state": "sent", "body": {"$ne": b""}}
        return (await self._rows.update_many(told, {"$set": {"body": b""}})).modified_count

    async def answered(self, session: Session, subjects: Collection[str]) -> None:
        """Empty what was told about these subjects: whoever it was for has heard it.

        A row that is not yet known to be sent is emptied when it is.
        """
        told = {"subject": {"$in": sorted(set(subjects))}, "body": {"$ne": b""}}
        await self._rows.update_many(
            {**told, "state": "unsent"}, {"$set": {"sealed": True}}, session=session
        )
        await self._rows.update_many(
            {**told, "state": "sent"}, {"$set": {"body": b""}}, session=session
        )


def _row(news: News, cause: Cause) -> Document:
    now = real_now()
    if news.fresh_trace or cause.fresh_trace:
        cause = fresh_cause()
    envelope = wrap(
        news,
        event_id=new_id(),
        at=now,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
        traceparent=cause.traceparent,
    )
    return {
        "_id": envelope.id,
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": news.subject,
        "sequence": news.sequence,
        "correlation_id": envelope.correlationid,
        "causation_id": envelope.causationid,
        "exchange": names.EVENTS,
        "routing_key": type(news.data).routing_key(),
        "headers": {},
        "body": envelope.to_bytes(),
        "sealed": type(news.data).sealed,
        "state": "unsent",
        "created_at": now,
        "attempts": 0,
    }
