"""The chain in its database. The user here can add and look; update, remove and drop are refused.

An entry's `_id` is its `seq`, so that the database itself keeps two of one number apart. What
somebody put beside the chain, under something that is no such number, is nobody's reading here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from bson import decode
from bson.codec_options import CodecOptions, DatetimeConversion
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from shared.audit.documents import documents_in, link_of
from shared.audit.entry import Access, Tip, genesis, linked, written_time
from shared.kernel.clock import real_now
from shared.kernel.pauses import Pauses
from shared.mongo.client import Database, Document

ENTRIES = "entries"
_DUPLICATE = 11000
_IN_THE_CHAIN = {"_id": {"$gte": 1}}
_WHATEVER: CodecOptions[Document] = CodecOptions(
    tz_aware=True,
    unicode_decode_error_handler="replace",
    datetime_conversion=DatetimeConversion.DATETIME_AUTO,
)
"""Somebody may have written what is no date and no text: whoever looks is not stopped by it."""


class MongoEntries:
    """One service's chain."""

    def __init__(self, database: Database, service: str) -> None:
        self._rows = database[ENTRIES]
        # What the tip builds on need not be on the majority yet: once the entry after it is, it is.
        self._newest = self._rows.with_options(read_concern=ReadConcern("local"))
        self._service = service

    async def append(self, accesses: Sequence[Access]) -> None:
        """Durable (majority) when it returns, each once, in this order.

        Another process may take a number meanwhile: then what is left is linked to the new tip.
        """
        left, pauses = list(accesses), Pauses(0.001, 0.05)
        while left:
            entries = linked(left, await self.tip(), self._service, real_now())
            rows = [{"_id": entry.pop("seq"), **entry} for entry in entries]
            try:
                await self._rows.insert_many(rows)
            except BulkWriteError as error:
                left = left[_inserted_before(error) :]
                await pauses.rest()
            else:
                return

    async def tip(self) -> Tip:
        """The last entry; number 0 when there is none yet."""
        found = await self._newest.find_one(_IN_THE_CHAIN, {"hash": 1}, sort=[("_id", -1)])
        return Tip(found["_id"], str(found["hash"])) if found else genesis(self._service)

    async def documents(self, seq: int, *, limit: int) -> bytes:
        """The next entries in order as they lie there (see `documents.documents_in`).

        Fewer than `limit` when they are very large; nothing only when there is nothing more.
        """
        async with aclosing(self._batches(seq, limit)) as batches:
            async for batch in batches:
                return batch
        return b""

    async def after(self, seq: int, *, limit: int) -> list[Document]:
        """The next entries in order, each with whatever stands in its document.

        One that is not as we write them bears an empty hash, which fits nothing.
        """
        pages = [batch async for batch in self._batches(seq, limit)]
        return [_entry_in(document) for page in pages for document in documents_in(page)]

    async def numbered(self, seqs: Sequence[int]) -> dict[int, Document]:
        """Those that are there."""
        rows = await self._rows.find({"_id": {"$in": list(seqs)}}).to_list(len(seqs))
        return {row["_id"]: _entry(row) for row in rows}

    async def about(
        self, subjects: str | Sequence[str], *, limit: int, offset: int
    ) -> tuple[list[Document], int]:
        """Entries about somebody under any of their ids, newest first, and how many in all."""
        ids = [subjects] if isinstance(subjects, str) else list(subjects)
        wanted = {"subjects": {"$in": ids} if len(ids) > 1 else ids[0], **_IN_THE_CHAIN}
        rows = self._rows.find(wanted).sort("_id", -1).skip(offset).limit(limit)
        found = [_entry(row) for row in await rows.to_list(limit)]
        return found, await self._rows.count_documents(wanted)

    async def between(self, first: datetime, end: datetime) -> tuple[Tip, Tip] | None:
        """The lowest and the highest entry of an interval of time; None when there is none."""
        within = {
            "at": {"$gte": written_time(first), "$lt": written_time(end)},
            **_IN_THE_CHAIN,
        }
        ends = [
            await self._rows.find_one(within, {"hash": 1}, sort=[("at", way), ("_id", way)])
            for way in (1, -1)
        ]
        if ends[0] is None or ends[1] is None:
            return None
        low, high = (Tip(row["_id"], str(row["hash"])) for row in ends if row)
        return low, high

    async def _batches(self, seq: int, limit: int) -> AsyncGenerator[bytes]:
        # Without a batch size the first one would be of a hundred.
        rows = self._rows.find_raw_batches(
            {"_id": {"$gt": seq}}, sort=[("_id", 1)], limit=limit, batch_size=limit
        )
        try:
            async for batch in rows:
                yield batch
        finally:
            await rows.close()


def _entry_in(document: bytes) -> Document:
    entry = _entry(decode(document, _WHATEVER))
    if not link_of(document).made:
        entry["hash"] = ""
    return entry


def _entry(row: Document) -> Document:
    # A `seq` that somebody put into the document wins over its place, and is found as changed.
    return {"seq": row.pop("_id"), **row}


def _inserted_before(error: BulkWriteError) -> int:
    """How many of an ordered batch were written before a number was found taken."""
    details: Mapping[str, Any] = error.details or {}
    failed = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or not failed or failed[0]["code"] != _DUPLICATE:
        raise error
    return int(failed[0]["index"])
