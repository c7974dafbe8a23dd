"""A change stream read by whole batches, with plain commands.

The driver's own iterator crosses a thread for each change, and tells of no progress on a quiet
day. A thread is held for as long as one batch is waited for.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bson.int64 import Int64
from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from shared.mongo.client import Database, Document, Session
from shared.mongo.sessions import session_on

Stages = Sequence[Mapping[str, Any]]

_MOMENT = re.compile(r"82([0-9A-F]{8})([0-9A-F]{8})", re.IGNORECASE)
_HISTORY_LOST = frozenset({280, 286})


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes in the order of their commits. `token` resumes after everything read so far."""

    events: Sequence[Document]
    token: Document

    @property
    def before(self) -> Timestamp | None:
        """Every change before this moment has been read; None if the server does not say.

        A token's first value is its moment, written as MongoDB's KeyString writes a timestamp:
        0x82, then seconds and increment, four bytes each.
        """
        found = _MOMENT.match(str(self.token.get("_data", "")))
        return None if found is None else Timestamp(int(found[1], 16), int(found[2], 16))


def after(token: Document) -> Document:
    """Where to begin: after everything that was read up to this token."""
    return {"resumeAfter": token}


def from_moment(moment: Timestamp) -> Document:
    """Where to begin: at this moment, which is included."""
    return {"startAtOperationTime": moment}


def is_lost(error: PyMongoError) -> bool:
    """Whether the changes asked for are no longer kept, so that asking again is of no use."""
    return getattr(error, "code", None) in _HISTORY_LOST


async def change_batches(
    database: Database,
    stages: Stages,
    *,
    begin: Document,
    collection: str | None = None,
    whole: bool = False,
    wait: float = 1.0,
) -> AsyncGenerator[Batch, None]:
    """Changes of a collection, or of the whole database, that pass the aggregation `stages`.

    The stages keep `_id`. An empty batch comes whenever nothing happened for `wait` seconds.
    `whole` looks up what an updated document is now. Ends when the database (or collection) is
    dropped.
    """
    stream = {**begin, **({"fullDocument": "updateLookup"} if whole else {})}
    asked: Document = {
        "aggregate": collection or 1,
        "pipeline": [{"$changeStream": stream}, *stages],
        "cursor": {},
    }
    async with session_on(database.client) as session:
        cursor = await _cursor(database, asked, session)
        name = str(cursor["ns"]).partition(".")[2]
        try:
            yield _batch(cursor, "firstBatch")
            while cursor["id"]:
                # The driver would send a small number as int32, which getMore refuses.
                more: Document = {"getMore": Int64(cursor["id"]), "collection": name}
                cursor = await _cursor(database, {**more, "maxTimeMS": int(wait * 1000)}, session)
                yield _batch(cursor, "nextBatch")
        except GeneratorExit:
            # Let go of here, the server lets go of it too. Who is cancelled does not wait for that.
            with suppress(PyMongoError):
                await database.command({"killCursors": name, "cursors": [Int64(cursor["id"])]})
            raise


def _batch(cursor: Document, name: str) -> Batch:
    return Batch(cursor[name], cursor.get("postBatchResumeToken", {}))


async def _cursor(database: Database, command: Document, session: Session) -> Document:
    answer = await database.command(command, codec_options=database.codec_options, session=session)
    cursor: Document = answer["cursor"]
    return cursor
