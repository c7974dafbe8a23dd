"""Answers kept for a day under the key that their request carried (DESIGN §8).

The record is written in the transaction of the effect itself: either both are there or neither. A
copy in flight meets the unique `_id`, and then finds the answer. Only answers of 2xx are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document, Session
from shared.mongo.duplicates import is_duplicate
from shared.web.refusals import IdempotencyKeyReused

COLLECTION = "idempotency"
KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a use case carries along: who asked with which key (`id`), and for what exactly."""

    id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given, to be given again."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        status: int,
        content: BaseModel | Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A JSON answer from a model or a dictionary."""
        if isinstance(content, BaseModel):
            body = content.model_dump_json().encode()
        else:
            body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, dict(headers or {}))


class Records:
    """The collection `idempotency` of a service's own database."""

    def __init__(self, database: Database) -> None:
        self._records = database[COLLECTION]

    async def make_indexes(self) -> None:
        """Let the database drop what is older than a day, by real time."""
        await self._records.create_index("expires_at", expireAfterSeconds=0, name="a_day")

    async def find(self, key: RequestKey) -> Answer | None:
        """The answer that this request already got, if it did.

        Raises:
            IdempotencyKeyReused: the key was used for another request.
        """
        found = (await self.find_many([key])).get(key.id)
        if isinstance(found, IdempotencyKeyReused):
            raise found
        return found

    async def find_many(
        self, keys: Iterable[RequestKey]
    ) -> dict[str, Answer | IdempotencyKeyReused]:
        """For each key (by `id`) that is known: its answer, or the refusal. One query."""
        asked = {key.id: key for key in keys}
        if not asked:
            return {}
        rows = self._records.find(
            {"_id": {"$in": sorted(asked)}, "expires_at": {"$gt": real_now()}}
        )
        return {row["_id"]: _told(row, asked[row["_id"]]) async for row in rows}

    async def record(self, session: Session, key: RequestKey | None, answer: Answer) -> None:
        """Keep the answer, in the transaction of its effect. Without a key nothing is kept."""
        await self.record_many(session, [(key, answer)])

    async def record_many(
        self, session: Session, answers: Sequence[tuple[RequestKey | None, Answer]]
    ) -> None:
        """Keep several, in one write. A key that is already there undoes the transaction."""
        rows = [_row(key, answer) for key, answer in answers if key and _is_kept(answer)]
        if rows:
            await self._records.insert_many(rows, session=session)

    @staticmethod
    def met_a_copy(error: BaseException) -> bool:
        """Whether an error came from a key that another copy recorded first."""
        return is_duplicate(error, COLLECTION)


def _is_kept(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _row(key: RequestKey, answer: Answer) -> Document:
    return {
        "_id": key.id,
        "fingerprint": key.fingerprint,
        "status": answer.status,
        "body": answer.body,
        "headers": dict(answer.headers),
        "expires_at": real_now() + KEPT,
    }


def _told(row: Document, key: RequestKey) -> Answer | IdempotencyKeyReused:
    if row["fingerprint"] != key.fingerprint:
        return IdempotencyKeyReused()
    return Answer(row["status"], bytes(row["body"]), row["headers"])
