"""Publications with their drafts. Drafts are shown to editors only: checked at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from pymongo.errors import DuplicateKeyError

from services.publishing.domain.publication import Draft, Publication, Text
from services.publishing.domain.publication_rules import OneHandbook
from services.publishing.domain.versions import parse
from services.publishing.storage.publication_indexes import PUBLICATIONS
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session


class MongoPublications:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._rows = database[PUBLICATIONS]

    async def read(
        self,
        id_: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Publication:
        """Raises NotFound."""
        found = await self._rows.find_one({"_id": id_}, session=session)
        if found is None:
            raise NotFound
        return _from(found)

    async def listed(
        self,
        *,
        released: bool,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[Sequence[Publication], int]:
        """A page of them by address, or of those that have an edition; how many there are."""
        wanted: Document = {"editions": {"$gt": 0}} if released else {}
        rows = self._rows.find(wanted).sort("_id", 1).skip(offset).limit(limit)
        page = [_from(row) async for row in rows]
        return page, await self._rows.count_documents(wanted)

    async def save(
        self,
        session: Session,
        publication: Publication,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Publication:
        """Over the version that it was read with. Raises VersionConflict, OneHandbook."""
        document = _document(publication)
        try:
            version = await versioned.replace(self._rows, document, publication.version, session)
        except DuplicateKeyError:
            raise OneHandbook from None
        return _from({**document, "version": version})


def _document(one: Publication) -> Document:
    return {
        "_id": one.id,
        "kind": one.kind,
        "draft": {
            "texts": [
                {"language": each, **asdict(text)} for each, text in sorted(one.draft.texts.items())
            ],
            "pictures": [{"name": each, "image": id_} for each, id_ in one.draft.pictures.items()],
        },
        "latest": str(one.latest) if one.latest else None,
        "editions": one.editions,
        "titles": dict(one.titles),
    }


def texts_of(rows: Sequence[Document]) -> dict[str, Text]:
    """Languages are values in documents, not names of fields."""
    return {row["language"]: Text(row["title"], row["summary"], row["markdown"]) for row in rows}


def _from(row: Document) -> Publication:
    draft = row["draft"]
    return Publication(
        id=row["_id"],
        kind=row["kind"],
        draft=Draft(
            texts_of(draft["texts"]), {each["name"]: each["image"] for each in draft["pictures"]}
        ),
        latest=parse(row["latest"]) if row["latest"] else None,
        editions=row["editions"],
        titles=row["titles"],
        version=row["version"],
    )
