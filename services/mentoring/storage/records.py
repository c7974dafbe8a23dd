"""What hangs on a case or a person: records whose words are sealed under the person's own key.

A record is `_id`, `case_id`, `person_id`, plain facts (codes, ids, times), and `words`: field →
ciphertext bound to the record and the field, so that it opens nowhere else (DESIGN §4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.mentoring.domain.rights import FieldGroup
from services.mentoring.use_cases.records import Opened, Some, Whose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.mongo.client import Collection, Database, Document
from shared.privacy.vault import Vault

WORDS = "words"
_NOT_FACTS = frozenset({"_id", "person_id", WORDS})


class Records:
    """One collection of them. `fields` says which field group of the case its words are."""

    def __init__(
        self, database: Database, people: Vault, collection: str, *, group: FieldGroup
    ) -> None:
        self.name, self.group = collection, group
        self._collection: Collection = database[collection]
        self._people = people

    async def sealed(
        self, record_id: str, whose: Whose, facts: Mapping[str, Any], words: Mapping[str, str]
    ) -> Document:
        """The document to store, with its words encrypted.

        Raises:
            Forgotten: the person is to stay unknown.
        """
        cipher = await self._people.seal(whose.person_id, words, record=self._place(record_id))
        return {
            **facts,
            "_id": record_id,
            "case_id": whose.case_id,
            "person_id": whose.person_id,
            WORDS: cipher,
        }

    async def of_case(
        self, case_id: str, *, by: Actor, limit: int = 100, offset: int = 0, **matching: Any
    ) -> Sealed[Some]:
        """Those of a case, oldest first; `by` has been let in by the policy before."""
        del by  # named so that nobody asks on nobody's behalf
        found = {"case_id": case_id, **matching}
        total = await self._collection.count_documents(found)
        cursor = self._collection.find(found).sort("_id", 1).skip(offset).limit(limit)
        items = await self._opened([each async for each in cursor])
        return Sealed(Some(items, total), subjects=[case_id], fields=[self.group])

    async def one(self, case_id: str, record_id: str, *, by: Actor) -> Sealed[Opened] | None:
        """One of a case; None when there is none, or it is another case's."""
        del by
        found = await self._collection.find_one({"_id": record_id, "case_id": case_id})
        if found is None:
            return None
        opened = await self._opened([found])
        return Sealed(opened[0], subjects=[case_id], fields=[self.group]) if opened else None

    async def plain(self, case_id: str, record_id: str, *, by: Actor) -> Document | None:
        """The record without its words: for decisions, never for showing."""
        del by
        return await self._collection.find_one(
            {"_id": record_id, "case_id": case_id}, {WORDS: False}
        )

    async def _opened(self, documents: Sequence[Document]) -> list[Opened]:
        """In one round trip to the keys; those of a forgotten person are gone."""
        opened = await self._people.open_many(
            [(each["person_id"], each[WORDS], self._place(each["_id"])) for each in documents]
        )
        return [
            Opened(each["_id"], {k: v for k, v in each.items() if k not in _NOT_FACTS}, words)
            for each, words in zip(documents, opened, strict=True)
            if words is not None
        ]

    def _place(self, record_id: str) -> str:
        return f"{self.name}:{record_id}"
