"""Newsletters: for editors whole, for everybody what was published of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.publishing.domain.newsletter import Newsletter, Redacted, State
from services.publishing.storage.newsletter_documents import from_document, issue_of, to_document
from services.publishing.storage.newsletter_indexes import NEWSLETTERS
from services.publishing.use_cases.newsletters import Issue
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session


class MongoNewsletters:
    """See the ports. Drafts are shown to editors only: the permission is checked at the door."""

    def __init__(self, database: Database) -> None:
        self._rows = database[NEWSLETTERS]

    async def read(
        self,
        newsletter_id: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Newsletter:
        """Raises NotFound."""
        found = await self._rows.find_one({"_id": newsletter_id}, session=session)
        if found is None:
            raise NotFound
        return from_document(found)

    async def listed(
        self,
        list_id: str | None,
        state: State | None,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[Sequence[Newsletter], int]:
        """A page of them, the newest first; how many there are."""
        asked = {"list_id": list_id, "state": state}
        wanted: Document = {name: value for name, value in asked.items() if value is not None}
        rows = self._rows.find(wanted).sort("_id", -1).skip(offset).limit(limit)
        page = [from_document(row) async for row in rows]
        return page, await self._rows.count_documents(wanted)

    async def save(
        self,
        session: Session,
        newsletter: Newsletter,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Newsletter:
        """Write it over the version that it was read with. Raises VersionConflict."""
        document = to_document(newsletter)
        version = await versioned.replace(self._rows, document, newsletter.version, session)
        return from_document({**document, "version": version})


class MongoArchive:
    """See the port. What it shows is public; redacted rows have no words to show."""

    def __init__(self, database: Database) -> None:
        self._rows = database[NEWSLETTERS]

    async def issues(
        self,
        list_id: str,
        language: str,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[Sequence[Issue], int]:
        """A page of those written in the language, the newest first; how many there are."""
        wanted = {"list_id": list_id, "state": "published", "languages": language}
        order = [("published_at", -1), ("_id", -1)]
        rows = self._rows.find(wanted).sort(order).skip(offset).limit(limit)
        page = [issue_of(row, language) async for row in rows]
        return page, await self._rows.count_documents(wanted)

    async def issue(
        self,
        newsletter_id: str,
        language: str,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Issue:
        """Raises NotFound (a draft too, or another language); Redacted."""
        found = await self._rows.find_one({"_id": newsletter_id})
        if found is None or found["state"] == "draft":
            raise NotFound
        if found["state"] == "redacted":
            raise Redacted
        if language not in found["languages"]:
            raise NotFound
        return issue_of(found, language)

    async def languages(self, list_id: str, *, by: Actor) -> Sequence[str]:  # noqa: ARG002
        """Every language that something was published in."""
        wanted = {"list_id": list_id, "state": "published"}
        return sorted(await self._rows.distinct("languages", wanted))

    async def changed_at(self, list_id: str, *, by: Actor) -> datetime | None:  # noqa: ARG002
        """When something was last published or redacted."""
        wanted = {"list_id": list_id, "changed_at": {"$type": "date"}}
        found = await self._rows.find_one(wanted, {"changed_at": 1}, sort=[("changed_at", -1)])
        return found["changed_at"] if found else None
