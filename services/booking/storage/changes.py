"""What changed, as it changes: ids and versions of occasions and bookings, from the change stream.

The resume token is the position: whoever says what they saw last misses nothing and is told nothing
twice, for as long as the server's oplog reaches back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pymongo.errors import OperationFailure

from services.booking.storage.indexes import BOOKINGS, OCCASIONS
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database, Document

Kind = Literal["occasion", "booking"]
_COLLECTIONS: dict[str, Kind] = {OCCASIONS: "occasion", BOOKINGS: "booking"}


class PositionTooOld(Refusal):
    """The log no longer reaches back to what was seen last: read everything anew."""

    kind = "position-too-old"
    sv = "För mycket har hänt sedan dess. Läs in allt på nytt och lyssna från nu."
    en = "Too much has happened since. Read everything again and listen from now on."


@dataclass(frozen=True, slots=True)
class Change:
    """Something has another version now. `position` is where to go on from."""

    kind: Kind
    id: str
    version: int
    position: str


class MongoChanges:
    """Change streams on this service's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(
        self,
        position: str | None,
        kinds: Sequence[Kind],
        *,
        by: Actor,  # noqa: ARG002
    ) -> AsyncIterator[Change]:
        """Changes after a position, or from now on; ends only when it is closed.

        Raises PositionTooOld.
        """
        wanted = [name for name, kind in _COLLECTIONS.items() if kind in kinds]
        stages: list[Document] = [
            {"$match": {"ns.coll": {"$in": wanted}}},
            {
                "$project": {
                    "ns.coll": 1,
                    "documentKey._id": 1,
                    "fullDocument.version": 1,
                    "fullDocument.sequence": 1,
                    "updateDescription.updatedFields.sequence": 1,
                }
            },
        ]
        after = {"_data": position} if position else None
        try:
            async with self._database.watch(stages, resume_after=after) as stream:
                async for event in stream:
                    change = _change_of(event)
                    if change is not None:
                        yield change
        except OperationFailure as error:
            raise PositionTooOld from error


def _change_of(event: Document) -> Change | None:
    kind = _COLLECTIONS[event["ns"]["coll"]]
    whole = event.get("fullDocument") or {}
    if kind == "occasion":
        version = whole.get("version")
    else:
        updated = event.get("updateDescription", {}).get("updatedFields", {})
        version = whole.get("sequence", updated.get("sequence"))
    if version is None:
        return None
    return Change(kind, event["documentKey"]["_id"], int(version), event["_id"]["_data"])
