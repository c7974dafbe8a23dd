"""Printed copies: one document is the whole decision about stock and limits."""

from __future__ import annotations

from collections.abc import Sequence

from services.publishing.domain.shelf import Shelf
from services.publishing.domain.versions import parse
from services.publishing.storage.publication_indexes import SHELVES
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session


class MongoShelves:
    """See the port. What a shelf holds is no secret; which school had how much is not told."""

    def __init__(self, database: Database) -> None:
        self._rows = database[SHELVES]

    async def read(
        self,
        id_: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Shelf:
        """Raises NotFound."""
        found = await self._rows.find_one({"_id": id_}, session=session)
        if found is None:
            raise NotFound
        return _from(found)

    async def listed(self, *, by: Actor) -> Sequence[Shelf]:  # noqa: ARG002
        """All, by publication and language: there are a few dozen."""
        return [_from(row) async for row in self._rows.find().sort("_id", 1)]

    async def save(self, session: Session, shelf: Shelf, *, by: Actor) -> Shelf:  # noqa: ARG002
        """Over the version that it was read with. Raises VersionConflict."""
        document = _document(shelf)
        version = await versioned.replace(self._rows, document, shelf.version, session)
        return _from({**document, "version": version})


def _document(one: Shelf) -> Document:
    return {
        "_id": one.id,
        "publication_id": one.publication_id,
        "language": one.language,
        "edition": str(one.edition),
        "free": one.free,
        "limit": one.limit,
        "year": one.year,
        # A school's name may hold a dot or a dollar: it is a value, not the name of a field.
        "taken": [{"school": school, "copies": copies} for school, copies in one.taken.items()],
    }


def _from(row: Document) -> Shelf:
    return Shelf(
        publication_id=row["publication_id"],
        language=row["language"],
        edition=parse(row["edition"]),
        free=row["free"],
        limit=row["limit"],
        year=row["year"],
        taken={each["school"]: each["copies"] for each in row["taken"]},
        version=row["version"],
    )
