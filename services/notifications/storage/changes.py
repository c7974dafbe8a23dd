"""What changed, as it changes: ids and versions of messages and deliveries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.notifications.domain.recipient_card import Recipient
from services.notifications.storage.indexes import DELIVERIES, MESSAGES
from services.notifications.storage.visible import visible
from shared.kernel.actor import Actor
from shared.mongo.client import Database
from shared.mongo.following import Following, Seen

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


class MongoChanges:
    """Followed by place (see `shared.mongo.following`)."""

    def __init__(self, database: Database) -> None:
        self._following = Following(database, whole=True)

    async def here(self, *, by: Actor) -> str:  # noqa: ARG002
        """The place of now: what is committed later comes after it."""
        return await self._following.here()

    async def of_all(self, last: str | None, *, by: Actor) -> AsyncIterator[Change]:
        """Every message and delivery that the asker may know of, for staff."""
        asked = {"ns.coll": {"$in": list(_KINDS)}, **visible(by, "fullDocument.recipient")}
        async for change in self._follow(asked, last):
            yield change

    async def of_recipient(
        self, recipient: Recipient, last: str | None, *, by: Actor
    ) -> AsyncIterator[Change]:
        """One recipient's messages."""
        field = "fullDocument.recipient"
        asked = {"ns.coll": MESSAGES, "$and": [{field: recipient.key}, visible(by, field)]}
        async for change in self._follow(asked, last):
            yield change

    async def _follow(self, asked: Mapping[str, Any], last: str | None) -> AsyncIterator[Change]:
        stages = [{"$match": {"operationType": {"$in": _WRITES}, **asked}}]
        async for seen in self._following.since(last, stages):
            change = _change_of(seen)
            if change is not None:
                yield change


def _change_of(seen: Seen) -> Change | None:
    if seen.event is None:
        return Change("reset", seen.place)
    document = seen.event.get("fullDocument")
    if document is None:
        return None  # gone again since
    return Change(
        _KINDS[seen.event["ns"]["coll"]],
        seen.place,
        document["_id"],
        document.get("version", 0),
        document.get("about", ""),
    )
