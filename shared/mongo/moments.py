"""The database's own time: which moment is now, and reading what stood at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson.int64 import Int64
from bson.timestamp import Timestamp

from shared.mongo.client import Database, Document
from shared.mongo.sessions import session_on


async def moment_now(database: Database) -> Timestamp:
    """What is committed from here on is not before it."""
    said = await database.command("ping")
    at: Timestamp = said["operationTime"]
    return at


async def read_snapshot(
    database: Database, name: str, find: Mapping[str, Any], *, at: Timestamp | None = None
) -> tuple[list[Document], Timestamp]:
    """What a `find` (filter, sort, limit, …) of a collection meets at one moment, and that moment.

    Everything that the majority had by then is seen, and nothing that came later. Without `at` it
    is the newest such moment. Plain commands, as the driver keeps the moment to itself.
    """
    concern = {"level": "snapshot"} if at is None else {"level": "snapshot", "atClusterTime": at}
    async with session_on(database.client, causal_consistency=False) as session:
        answer = await database.command(
            {"find": name, **find, "readConcern": concern},
            codec_options=database.codec_options,
            session=session,
        )
        cursor = answer["cursor"]
        moment: Timestamp = cursor["atClusterTime"]
        found: list[Document] = cursor["firstBatch"]
        while cursor["id"]:
            # The driver would send a small number as int32, which getMore refuses.
            answer = await database.command(
                {"getMore": Int64(cursor["id"]), "collection": name},
                codec_options=database.codec_options,
                session=session,
            )
            cursor = answer["cursor"]
            found.extend(cursor["nextBatch"])
    return found, moment
