"""What changed, as it changes: ids and versions of occasions, bookings and days of rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from services.booking.storage.indexes import BOOKINGS, OCCASIONS, ROOM_DAYS
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document
from shared.mongo.following import Following

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


_STAGES: list[Document] = [
    {"$match": {"ns.coll": {"$in": list(_COLLECTIONS)}}},
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


class MongoChanges:
    """Followed by place, once for all who listen (see `shared.mongo.following`)."""

    def __init__(self, database: Database) -> None:
        self._following = Following(database, _STAGES, _changed)

    async def since(
        self,
        last: str | None,
        kinds: Sequence[Kind],
        *,
        by: Actor,  # noqa: ARG002
    ) -> AsyncIterator[Change]:
        """Changes after a place, or from now on; ends only when it is closed."""
        async for some in self._following.since(last):
            for seen in some:
                if seen.change is None:
                    yield Change("reset", seen.place)
                elif seen.change.kind in kinds:
                    yield Change(place=seen.place, **asdict(seen.change))


@dataclass(frozen=True, slots=True)
class _Changed:
    """What is the same for everybody."""

    kind: Kind
    id: str
    version: int


def _changed(event: Document) -> _Changed | None:
    kind = _COLLECTIONS[event["ns"]["coll"]]
    whole = event.get("fullDocument") or {}
    if kind != "booking":
        version = whole.get("version")
    else:
        updated = event.get("updateDescription", {}).get("updatedFields", {})
        version = whole.get("sequence", updated.get("sequence"))
    if version is None:
        return None
    return _Changed(kind, event["documentKey"]["_id"], int(version))
