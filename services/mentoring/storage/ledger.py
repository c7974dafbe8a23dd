"""Everything that one decision changes, in one transaction under `{_id, version}`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.mentoring.storage import documents
from services.mentoring.storage.indexes import CASES
from services.mentoring.use_cases.ports import Saving
from shared.house.ground import Ground
from shared.kernel.refusal import VersionConflict
from shared.mongo import versioned
from shared.mongo.client import Document, Session

_DUPLICATE = 11000


class MongoLedger:
    """The case first: who lost the race finds out before anything else is written."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._database, self._outbox, self._once = ground.database, ground.outbox, ground.once

    async def answered(self, once: Any) -> Any | None:
        """See the port."""
        return None if once is None else await self._once.find(once)

    async def save(self, saving: Saving, *, session: Session | None = None) -> None:
        """See the port."""
        rows = self._outbox.rows(saving.told, cause=saving.cause)

        async def write(inside: Session) -> None:
            await self._write(saving, rows, inside)

        try:
            if session is not None:
                await write(session)
            else:
                await self._ground.transact(write)
        except DuplicateKeyError as error:
            # Somebody else, or a copy of this very request, was faster.
            raise VersionConflict from error
        except BulkWriteError as error:
            failed = (error.details or {}).get("writeErrors", [])
            if any(one["code"] == _DUPLICATE for one in failed):
                raise VersionConflict from error
            raise

    async def _write(self, saving: Saving, rows: list[Document], session: Session) -> None:
        cases = self._database[CASES]
        for before, after in saving.cases:
            expected = 0 if before is None else before.version
            await versioned.replace(cases, documents.case_document(after), expected, session)
        for name, document in saving.replaces:
            collection, expected = self._database[name], document["version"] - 1
            await versioned.replace(collection, documents.plain(document), expected, session)
        inserts: dict[str, list[Any]] = defaultdict(list)
        for name, document in saving.inserts:
            inserts[name].append(documents.plain(document))
        for name, many in inserts.items():
            await self._database[name].insert_many(many, session=session)
        await self._outbox.add(session, rows)
        if saving.answered:
            await self._outbox.answered(session, saving.answered)
        await self._once.record_many(session, saving.once)
