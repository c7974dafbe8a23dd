"""What changed, as it changes: ids and versions of occasions, bookings and days of rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.booking.storage.indexes import BOOKINGS, OCCASIONS, ROOM_DAYS
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document
from shared.mongo.following import Following, Seen

Kind = Literal["occasion", "booking", "room-day"]
_COLLECTIONS: dict[str, Kind] = {
    OCCASIONS: "occasion",
    BOOKINGS: "booking",
    ROOM_DAYS: "room-day",
}


@dataclass(frozen=True, slots=True)
class Change:
    """Something has another version now. `reset`: some changes were missed, read anew."""

    kind: Literal["occasion", "booking", "room-day", "reset"]
    place: str
    id: str = ""
    version: int = 0


class MongoChanges:
    """Followed by place (see `shared.mongo.following`)."""

    def __init__(self, database: Database) -> None:
        self._following = Following(database)

    async def since(
        self,
        last: str | None,
        kinds: Sequence[Kind],
        *,
        by: Actor,  # noqa: ARG002
    ) -> AsyncIterator[Change]:
        """Changes after a place, or from now on; ends only when it is closed."""
        wanted = [name for name, kind in _COLLECTIONS.items() if kind in kinds]
        stages: list[Document] = [
            {"$match": {"ns.coll": {"$in": wanted}}},
            {
                "$project": {
                    "clusterTime": 1,
                    "ns.coll": 1,
                    "documentKey._id": 1,
                    "fullDocument.version": 1,
                    "fullDocument.sequence": 1,
                    "updateDescription.updatedFields.sequence": 1,
                }
            },
        ]
        async for seen in self._following.since(last, stages):
            change = _change_of(seen)
            if change is not None:
                yield change


def _change_of(seen: Seen) -> Change | None:
    if seen.event is None:
        return Change("reset", seen.place)
    kind = _COLLECTIONS[seen.event["ns"]["coll"]]
    whole = seen.event.get("fullDocument") or {}
    if kind != "booking":
        version = whole.get("version")
    else:
        updated = seen.event.get("updateDescription", {}).get("updatedFields", {})
        version = whole.get("sequence", updated.get("sequence"))
    if version is None:
        return None
    return Change(kind, seen.place, seen.event["documentKey"]["_id"], int(version))
