"""What changed, as it changes: followed by place, so that a listener goes on where it broke off.

A place is `<seconds>.<increment>.<n>`: the database's own time of a commit, and the how-manieth
change of that commit among those asked for. The oplog is the memory: whoever comes with a place
older than it, or with none of ours, is told that something was missed, and goes on from now.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson.timestamp import Timestamp
from pymongo.errors import OperationFailure

from shared.mongo.client import Database, Document
from shared.mongo.moments import moment_now

_PLACE = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,9})")
_HISTORY_LOST = 286
_END_OF_A_COMMIT = 999_999_999

Stages = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One change event of the database; None: some changes were missed, so read everything anew."""

    place: str
    event: Document | None


class Following:
    """Change streams of one database. `whole` looks up what an updated document is now."""

    def __init__(self, database: Database, *, whole: bool = False) -> None:
        self._database = database
        self._lookup = "updateLookup" if whole else None

    async def here(self) -> str:
        """The place of now: what is committed later comes after it."""
        return _written(*await self._now())

    async def since(self, last: str | None, stages: Stages) -> AsyncIterator[Seen]:
        """Changes that pass the aggregation `stages`, after a place or from now on.

        The stages keep `clusterTime`. Ends only when it is closed.
        """
        since = _read(last)
        if since is None:
            since = await self._now()
            if last is not None:
                yield Seen(_written(*since), None)
        try:
            async for seen in self._watch(stages, *since):
                yield seen
        except OperationFailure as error:
            if error.code != _HISTORY_LOST:
                raise
            now = await self._now()
            yield Seen(_written(*now), None)
            async for seen in self._watch(stages, *now):
                yield seen

    async def _now(self) -> tuple[Timestamp, int]:
        return await moment_now(self._database), _END_OF_A_COMMIT

    async def _watch(self, stages: Stages, at: Timestamp, known: int) -> AsyncIterator[Seen]:
        stream = self._database.watch(
            stages, full_document=self._lookup, start_at_operation_time=at
        )
        current, nth = at, 0
        async with stream as events:
            async for event in events:
                when: Timestamp = event["clusterTime"]
                nth = nth + 1 if when == current else 1
                current = when
                if when != at or nth > known:
                    yield Seen(_written(when, nth), event)


def _read(place: str | None) -> tuple[Timestamp, int] | None:
    found = _PLACE.fullmatch(place or "")
    if found is None:
        return None
    seconds, increment, nth = (int(part) for part in found.groups())
    if seconds >= 2**32 or increment >= 2**32:
        return None
    return Timestamp(seconds, increment), nth


def _written(at: Timestamp, nth: int) -> str:
    return f"{at.time}.{at.inc}.{nth}"
