"""What readers were called when they read: the chain holds subjects of tokens, which say nobody.

Kept apart from the chain, in the service's own database: it decides nothing, and a list of readers
that nobody can read is none. Staff only, and their usernames alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog
from pymongo.errors import PyMongoError

from shared.audit.entry import as_word
from shared.kernel.actor import Actor
from shared.mongo.client import Database

COLLECTION = "audit_names"
log = structlog.get_logger(__name__)


class MongoNames:
    """Written once per process and person; no reading waits for it twice, or fails by it."""

    def __init__(self, database: Database) -> None:
        self._names = database[COLLECTION]
        self._met: dict[str, str] = {}

    async def meet(self, by: Actor) -> None:
        """Remember what a member of the staff is called."""
        actor = as_word(by.id)
        if by.kind != "staff" or not by.username or self._met.get(actor) == by.username:
            return
        self._met[actor] = by.username
        try:
            await self._names.update_one(
                {"_id": actor}, {"$set": {"username": by.username}}, upsert=True
            )
        except PyMongoError as error:
            self._met.pop(actor, None)
            log.warning("reader_not_named", reason=type(error).__name__)

    async def of(self, actors: Iterable[str]) -> Mapping[str, str]:
        """Actors of entries → usernames, of those that are known."""
        wanted = list(dict.fromkeys(actors))
        found = {each: self._met[each] for each in wanted if each in self._met}
        async for each in self._names.find({"_id": {"$in": wanted}}):
            found[each["_id"]] = each["username"]
        return found
