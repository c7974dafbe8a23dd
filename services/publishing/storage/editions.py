"""What was released, with its files: written once, never changed, never deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from pymongo.errors import DuplicateKeyError

from services.publishing.domain.publication import Edition, edition_id
from services.publishing.domain.versions import Version, parse
from services.publishing.storage.publication_indexes import EDITION_FILES, EDITIONS
from services.publishing.storage.publications import texts_of
from services.publishing.use_cases.publication_ports import Listed, Pdf
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Database, Document, Session

_LISTED = {"publication_id": 1, "version": 1, "number": 1, "titles": 1, "changes": 1,
           "released_at": 1}  # fmt: skip


class MongoEditions:
    """See the port. Anybody may read what was released."""

    def __init__(self, database: Database) -> None:
        self._rows, self._files = database[EDITIONS], database[EDITION_FILES]

    async def read(
        self,
        publication_id: str,
        version: Version,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Edition:
        """Raises NotFound."""
        wanted = {"_id": edition_id(publication_id, version)}
        found = await self._rows.find_one(wanted, session=session)
        if found is None:
            raise NotFound
        return _from(found)

    async def listed(self, publication_id: str, *, by: Actor) -> Sequence[Listed]:  # noqa: ARG002
        """All of a publication's, the newest first; none of one that has none."""
        rows = self._rows.find({"publication_id": publication_id}, _LISTED).sort("number", -1)
        return [
            Listed(
                publication_id=row["publication_id"],
                version=parse(row["version"]),
                number=row["number"],
                titles=row["titles"],
                changes=row["changes"],
                released_at=row["released_at"],
            )
            async for row in rows
        ]

    async def pdf(
        self,
        publication_id: str,
        version: Version,
        language: str,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Pdf:
        """Raises NotFound."""
        found = await self._files.find_one({"_id": _file(publication_id, version, language)})
        if found is None:
            raise NotFound
        return Pdf(bytes(found["content"]), found["digest"])

    async def add(self, session: Session, edition: Edition, pdfs: Mapping[str, bytes]) -> None:
        """With its files. Raises VersionConflict when that number is taken."""
        files = [
            {
                "_id": _file(edition.publication_id, edition.version, language),
                "content": content,
                "digest": hashlib.sha256(content).hexdigest(),
            }
            for language, content in pdfs.items()
        ]
        try:
            await self._rows.insert_one(_document(edition), session=session)
        except DuplicateKeyError:
            raise VersionConflict from None
        await self._files.insert_many(files, session=session)


def _file(publication_id: str, version: Version, language: str) -> str:
    return f"{edition_id(publication_id, version)}/{language}"


def _document(one: Edition) -> Document:
    return {
        "_id": one.id,
        "publication_id": one.publication_id,
        "kind": one.kind,
        "version": str(one.version),
        "number": one.number,
        "titles": {language: text.title for language, text in one.texts.items()},
        "texts": [{"language": each, **asdict(text)} for each, text in sorted(one.texts.items())],
        "pictures": [{"name": name, "image": image} for name, image in one.pictures.items()],
        "changes": dict(one.changes),
        "released_at": one.released_at,
    }


def _from(row: Document) -> Edition:
    return Edition(
        publication_id=row["publication_id"],
        kind=row["kind"],
        version=parse(row["version"]),
        number=row["number"],
        texts=texts_of(row["texts"]),
        pictures={each["name"]: each["image"] for each in row["pictures"]},
        changes=row["changes"],
        released_at=row["released_at"],
    )
