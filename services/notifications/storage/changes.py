"""What changed, as it changes: followed by place, so that a listener goes on where it broke off.

A place is `<seconds>.<increment>.<n>`: the database's own time of a commit, and the how-manieth
change of that commit. The oplog is the memory; a place older than it answers with a reset.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bson.timestamp import Timestamp
from pymongo.errors import OperationFailure

from services.notifications.domain.recipient_card import Recipient
from services.notifications.storage.indexes import DELIVERIES, MESSAGES
from shared.mongo.client import Database

_PLACE = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,9})")
_HISTORY_LOST = 286
_KINDS: Mapping[str, Literal["message", "delivery"]] = {
    MESSAGES: "message",
    DELIVERIES: "delivery",
}
_WRITES = ["insert", "update", "replace"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something has another version now. `reset`: some changes were missed, read anew."""

    kind: Literal["message", "delivery", "reset"]
    place: str
    id: str = ""
    version: int = 0
    about: str = ""


class Changes:
    """Change streams of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def here(self) -> str:
        """The place of now: what is committed later comes after it."""
        said = await self._database.command("ping")
        at: Timestamp = said["operationTime"]
        return f"{at.time}.{at.inc}.999999999"

    async def of_all(self, last: str | None) -> AsyncIterator[Change]:
        """Every message and delivery, for staff."""
        asked = {"operationType": {"$in": _WRITES}, "ns.coll": {"$in": list(_KINDS)}}
        async for change in self._follow(asked, last):
            yield change

    async def of_recipient(self, recipient: Recipient, last: str | None) -> AsyncIterator[Change]:
        """One recipient's messages."""
        asked = {
            "operationType": {"$in": _WRITES},
            "ns.coll": MESSAGES,
            "fullDocument.recipient": recipient.key,
        }
        async for change in self._follow(asked, last):
            yield change

    async def _follow(self, asked: Mapping[str, Any], last: str | None) -> AsyncIterator[Change]:
        since = _read(last) or _read(await self.here())
        if since is None:
            raise RuntimeError("the database did not say its time")
        pipeline: Sequence[Mapping[str, Any]] = [{"$match": asked}]
        try:
            async for change in self._watch(pipeline, *since):
                yield change
        except OperationFailure as error:
            if error.code != _HISTORY_LOST:
                raise
            now = _read(await self.here())
            if now is None:
                raise
            yield Change("reset", _written(*now))
            async for change in self._watch(pipeline, *now):
                yield change

    async def _watch(
        self, pipeline: Sequence[Mapping[str, Any]], at: Timestamp, seen: int
    ) -> AsyncIterator[Change]:
        stream = self._database.watch(
            pipeline, full_document="updateLookup", start_at_operation_time=at
        )
        current, nth = at, 0
        async with stream as changes:
            async for change in changes:
                when: Timestamp = change["clusterTime"]
                nth = nth + 1 if when == current else 1
                if when == at and nth <= seen:
                    current = when
                    continue
                current = when
                document = change.get("fullDocument")
                if document is not None:
                    yield Change(
                        _KINDS[change["ns"]["coll"]],
                        _written(when, nth),
                        document["_id"],
                        document.get("version", 0),
                        document.get("about", ""),
                    )


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
