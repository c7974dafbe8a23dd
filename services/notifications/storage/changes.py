"""What changed, as it changes: ids and versions of messages and deliveries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.notifications.domain.recipient_card import Recipient
from services.notifications.storage.documents import recipient_of
from services.notifications.storage.indexes import DELIVERIES, MESSAGES
from services.notifications.storage.visible import may_see
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document
from shared.mongo.following import Following

_KINDS: Mapping[str, Literal["message", "delivery"]] = {
    MESSAGES: "message",
    DELIVERIES: "delivery",
}
_STAGES: list[Document] = [
    {
        "$match": {
            "operationType": {"$in": ["insert", "update", "replace"]},
            "ns.coll": {"$in": list(_KINDS)},
        }
    },
    {
        "$project": {
            "clusterTime": 1,
            "ns.coll": 1,
            "fullDocument": {"_id": 1, "version": 1, "about": 1, "recipient": 1},
        }
    },
]


@dataclass(frozen=True, slots=True)
class Change:
    """Something has another version now. `reset`: some changes were missed, read anew."""

    kind: Literal["message", "delivery", "reset"]
    place: str
    id: str = ""
    version: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Changed:
    """What is the same for everybody, and whom it concerns."""

    kind: Literal["message", "delivery"]
    id: str
    version: int
    about: str
    recipient: Recipient


class MongoChanges:
    """Followed by place, once for all who listen (see `shared.mongo.following`)."""

    def __init__(self, database: Database) -> None:
        self._following = Following(database, _STAGES, _changed, whole=True)

    async def here(self, *, by: Actor) -> str:  # noqa: ARG002
        """The place of now: what is committed later comes after it."""
        return await self._following.here()

    async def of_all(self, last: str | None, *, by: Actor) -> AsyncIterator[Change]:
        """Every message and delivery that the asker may know of, for staff."""
        async for change in self._follow(last, lambda changed: may_see(by, changed.recipient)):
            yield change

    async def of_recipient(
        self, recipient: Recipient, last: str | None, *, by: Actor
    ) -> AsyncIterator[Change]:
        """One recipient's messages."""

        def wanted(changed: _Changed) -> bool:
            ours = changed.kind == "message" and changed.recipient == recipient
            return ours and may_see(by, recipient)

        async for change in self._follow(last, wanted):
            yield change

    async def _follow(
        self, last: str | None, wanted: Callable[[_Changed], bool]
    ) -> AsyncIterator[Change]:
        async for some in self._following.since(last):
            for seen in some:
                of = seen.change
                if of is None:
                    yield Change("reset", seen.place)
                elif wanted(of):
                    yield Change(of.kind, seen.place, of.id, of.version, of.about)


def _changed(event: Document) -> _Changed | None:
    document = event.get("fullDocument")
    if not document or "recipient" not in document:
        return None  # gone again since
    return _Changed(
        _KINDS[event["ns"]["coll"]],
        document["_id"],
        document.get("version", 0),
        document.get("about", ""),
        recipient_of(document["recipient"]),
    )
