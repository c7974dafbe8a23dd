"""Signing the chain as it grows: a second store, under another user, says what the first one held.

A checkpoint is never put over a broken chain: what came since the last one is verified first.
"""

from __future__ import annotations

import structlog
from nacl.signing import SigningKey

from shared.audit.checkpoint import holds, key_id, signed
from shared.audit.documents import documents_in, link_of
from shared.audit.entries import MongoEntries
from shared.audit.entry import Tip, genesis, written_time
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document
from shared.mongo.duplicates import add_new
from shared.observability import metrics

log = structlog.get_logger(__name__)

CHECKPOINTS = "checkpoints"
EVERY_SECONDS = 30.0
"""How often a worker looks whether there is something to sign; a minute is what is promised."""

_PAGE = 2_000


class MongoCheckpoints:
    """One service's checkpoints; the user here can add and look, and nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = database[CHECKPOINTS]

    async def newest(self, key: str | None = None) -> Document | None:
        """The one with the highest number, signed by any key or said to be by this one (its id)."""
        wanted: Document = {"_id": {"$gte": 1}, **({"key": key} if key else {})}
        found = await self._rows.find_one(wanted, sort=[("_id", -1)])
        return None if found is None else _checkpoint(found)

    async def after(self, seq: int, *, limit: int) -> list[Document]:
        """The next ones in order."""
        rows = self._rows.find({"_id": {"$gt": seq}}).sort("_id", 1).limit(limit)
        return [_checkpoint(row) for row in await rows.to_list(limit)]

    async def add(self, checkpoint: Document) -> None:
        """Keep it; another worker may have been faster with the same."""
        rest = {name: value for name, value in checkpoint.items() if name != "seq"}
        await add_new(self._rows, [{"_id": checkpoint["seq"], **rest}])

    def close(self) -> None:
        """Let go of the database."""
        self._database.client.close()


class SignCheckpoint:
    """What the worker does every half minute."""

    def __init__(
        self, entries: MongoEntries, checkpoints: MongoCheckpoints, service: str, seed: bytes
    ) -> None:
        self._entries, self._checkpoints = entries, checkpoints
        self._service, self._key = service, SigningKey(seed)
        self._last = genesis(service)  # what this process knows to be signed

    async def __call__(self) -> None:
        """Sign the newest entry unless it is signed already, or the chain does not hold."""
        last = await self._signed()
        tip = None if last is None else await self._follow(last)
        metrics.AUDIT_CHAIN_BROKEN.set(tip is None)
        if last is None or tip is None:
            return
        if tip.seq > last.seq:
            at = written_time(real_now())
            await self._checkpoints.add(signed(tip, service=self._service, at=at, key=self._key))
            # Whoever keeps the log has a witness that the databases' owner cannot reach.
            log.info("audit_signed", service=self._service, seq=tip.seq, hash=tip.hash)
        self._last = tip

    async def _signed(self) -> Tip | None:
        """The newest checkpoint of ours; None when it is false, or older than it was."""
        key = self._key.verify_key
        newest = await self._checkpoints.newest(key_id(key))
        if newest is None:
            last: Tip | None = genesis(self._service)
        elif holds(newest, self._service, {key_id(key): key}):
            last = Tip(newest["seq"], newest["hash"])
        else:
            last = None
        if last is None or last.seq < self._last.seq:
            self._alarm(self._last.seq)
            return None
        return last

    async def _follow(self, last: Tip) -> Tip | None:
        """Where the chain stands now, from the last checkpoint on; None when it does not hold."""
        if last.seq and not await self._stands(last):
            self._alarm(last.seq)
            return None
        tip = last
        while page := await self._entries.documents(tip.seq, limit=_PAGE):
            for link in map(link_of, documents_in(page)):
                follows = (link.seq, link.prev) == (tip.seq + 1, tip.hash)
                if not follows or link.made != link.said:
                    self._alarm(tip.seq + 1)
                    return None
                tip = Tip(tip.seq + 1, link.made)
        return tip

    async def _stands(self, tip: Tip) -> bool:
        """Whether that very entry is still there, whole."""
        page = await self._entries.documents(tip.seq - 1, limit=1)
        found = [link_of(document) for document in documents_in(page)]
        return [(each.seq, each.said, each.made) for each in found] == [
            (tip.seq, tip.hash, tip.hash)
        ]

    def _alarm(self, seq: int) -> None:
        log.critical("audit_chain_broken", service=self._service, seq=seq)


def _checkpoint(row: Document) -> Document:
    return {"seq": row.pop("_id"), **row}
