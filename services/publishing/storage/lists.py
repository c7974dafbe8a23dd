"""Lists: few, small, read often."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo.errors import DuplicateKeyError

from services.publishing.domain.newsletter_list import ConsentText, ListExists, NewsletterList
from services.publishing.storage.subscriber_indexes import LISTS
from shared.kernel.actor import Actor
from shared.kernel.refusal import VersionConflict
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session


class MongoLists:
    """`_id` is the list's own id. What a list says is public."""

    def __init__(self, database: Database) -> None:
        self._rows = database[LISTS]

    async def find(
        self,
        list_id: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> NewsletterList | None:
        """One of them, or None."""
        found = await self._rows.find_one({"_id": list_id}, session=session)
        return _list(found) if found else None

    async def all(self, *, by: Actor, only_open: bool = False) -> Sequence[NewsletterList]:  # noqa: ARG002
        """Every list, by id."""
        asked: Document = {"is_open": True} if only_open else {}
        return [_list(row) async for row in self._rows.find(asked).sort("_id", 1)]

    async def save(self, session: Session, one: NewsletterList, *, by: Actor) -> int:  # noqa: ARG002
        """Write it over the version that it has; the new version.

        Raises:
            ListExists: it is to be new, and is not.
            VersionConflict: somebody else changed it.
        """
        try:
            return await versioned.replace(self._rows, _document(one), one.version, session)
        except (VersionConflict, DuplicateKeyError):
            if one.version == 0:
                raise ListExists from None
            raise


def _document(one: NewsletterList) -> Document:
    return {
        "_id": one.id,
        "names": dict(one.names),
        "about": dict(one.about),
        "texts": [{"version": each.version, "words": dict(each.words)} for each in one.texts],
        "is_open": one.is_open,
    }


def _list(row: Document) -> NewsletterList:
    return NewsletterList(
        id=row["_id"],
        names=row["names"],
        about=row["about"],
        texts=tuple(ConsentText(each["version"], each["words"]) for each in row["texts"]),
        is_open=row["is_open"],
        version=row["version"],
    )
