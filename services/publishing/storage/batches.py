"""The ledger in MongoDB: a document per batch, its bytes written whole by whoever owns it.

A batch is owned for as long as its owner was seen lately, by the database's own clock. `version`
rises with every write, so that a report written beside the owner is found and not written over.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, ReturnDocument

from services.publishing.domain.ledger import Ledger, Page
from services.publishing.domain.mailing import Tally
from services.publishing.domain.recipients import Row
from services.publishing.domain.smtp_replies import Code, Kind
from services.publishing.mailing.ports import (
    Answer,
    Beside,
    Claimed,
    Entry,
    Hint,
)
from services.publishing.storage.batch_documents import (
    LEASE,
    claimed_of,
    free,
    kept,
    key,
    new_batch,
    page_of,
)
from services.publishing.storage.store_errors import as_store_errors
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Document, Session

BATCHES = "batches"
HINT_AGAIN = timedelta(seconds=10)
_COUNTS = ("waiting", "in_hand", "accepted", "bounced", "suppressed", "uncertain")
_NOT_YET = datetime.fromtimestamp(0, UTC)


class MongoBatches:
    """For mailers (claim, keep, let go), for the worker (hand out), and for who looks."""

    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database, self._rows = database, database[BATCHES]
        self._lease = lease
        self.lease_seconds = lease.total_seconds()

    async def make_indexes(self) -> None:
        """Which batches of a mailing are open; a mailing's batches in their order."""
        await self._rows.create_index(
            [("mailing", ASCENDING), ("n", ASCENDING)],
            name="open",
            partialFilterExpression={"open": True},
        )
        await self._rows.create_index(
            [("mailing", ASCENDING), ("n", ASCENDING)], name="of_mailing", unique=True
        )
        # Whose bounces has nobody counted?
        await self._rows.create_index("owes", name="owing", partialFilterExpression={"owes": True})

    # Mailers

    async def claim(self, hint: Hint) -> Claimed | None:
        """Ours from now on, or None: somebody has it, it is not due, or nothing is left of it."""
        asked = {
            "_id": key(hint.mailing_id, hint.number),
            "open": True,
            "$expr": {"$and": [free(self._lease), {"$lte": ["$due_at", "$$NOW"]}]},
        }
        change = {
            "owner": new_id(),
            "seen_at": "$$NOW",
            "hinted_at": _NOT_YET,
            "version": {"$add": ["$version", 1]},
        }
        with as_store_errors():
            found = await self._rows.find_one_and_update(
                asked, [{"$set": change}], return_document=ReturnDocument.AFTER
            )
        return claimed_of(found) if found else None

    async def keep(self, entries: Sequence[Entry]) -> Sequence[Answer]:
        """Write them, in one round trip as long as nobody came in between."""
        updates = [
            {
                "q": _mine(entry, version=True),
                "u": {
                    "$set": {**kept(entry), "version": entry.version + 1},
                    "$currentDate": {"seen_at": True},
                },
            }
            for entry in entries
        ]
        with as_store_errors():
            answer = await self._database.command(
                {
                    "update": BATCHES,
                    "updates": updates,
                    "ordered": False,
                    "writeConcern": {"w": "majority"},
                }
            )
            if answer["n"] == len(entries):
                return ["kept"] * len(entries)
            return [await self._what_became(entry) for entry in entries]

    async def _what_became(self, entry: Entry) -> Answer:
        """Whether this write, or one whose answer was lost, is there; or what is there instead."""
        found = await self._rows.find_one({"_id": key(entry.mailing_id, entry.number)})
        if found is None or found["owner"] != entry.owner:
            return "lost"
        page = page_of(found)
        if found["version"] == entry.version + 1 and page == entry.page:
            return "kept"
        return Beside(page, found["version"])

    async def still_ours(self, entries: Sequence[Entry]) -> None:
        """Seen just now, though there is nothing to write."""
        with as_store_errors():
            await self._rows.update_many(
                {"$or": [_mine(entry, version=False) for entry in entries]},
                {"$currentDate": {"seen_at": True}},
            )

    async def let_go(self, entry: Entry, due_in: timedelta) -> None:
        """Nobody's any more; what is open of it is due again later."""
        milliseconds = int(due_in.total_seconds() * 1000)
        change: Document = {
            **kept(entry, literal=True),
            "owner": None,
            "hinted_at": _NOT_YET,
            "due_at": {"$add": ["$$NOW", milliseconds]},
            "version": {"$add": ["$version", 1]},
        }
        with as_store_errors():
            await self._rows.update_one(_mine(entry, version=True), [{"$set": change}])

    # The worker

    async def put(
        self, session: Session, mailing_id: str, first: int, pages: Sequence[Sequence[uuid.UUID]]
    ) -> None:
        """New batches, numbered from `first`."""
        rows = [new_batch(mailing_id, first + n, page) for n, page in enumerate(pages)]
        await self._rows.insert_many(rows, session=session)

    async def drop(self, session: Session, mailing_id: str) -> None:
        """All of a mailing that has not begun."""
        await self._rows.delete_many({"mailing": mailing_id}, session=session)

    async def to_hand_out(self, mailing_id: str, outstanding: int) -> list[Hint]:
        """Batches that are due and nobody's, marked as told of: at most so many at a time."""
        again = {"$subtract": ["$$NOW", int(HINT_AGAIN.total_seconds() * 1000)]}
        asked: Document = {"mailing": mailing_id, "open": True}
        told = {"$and": [{"$eq": ["$owner", None]}, {"$gt": ["$hinted_at", again]}]}
        out = await self._rows.count_documents({**asked, "$expr": told}, limit=outstanding)
        if out >= outstanding:
            return []
        due = [free(self._lease), {"$lte": ["$due_at", "$$NOW"]}, {"$lte": ["$hinted_at", again]}]
        rows = self._rows.find({**asked, "$expr": {"$and": due}}, {"n": 1}).sort("n", 1)
        found = [row async for row in rows.limit(outstanding - out)]
        if found:
            await self._rows.update_many(
                {"_id": {"$in": [row["_id"] for row in found]}},
                [{"$set": {"hinted_at": "$$NOW"}}],
            )
        return [Hint(mailing_id, row["n"]) for row in found]

    async def close_open(self, mailing_id: str, *, at_once: int = 50) -> int:
        """Of a cancelled mailing: whoever waits is suppressed. How many batches were open."""
        asked = {"mailing": mailing_id, "open": True, "$expr": free(self._lease)}
        found = await self._rows.find(asked).sort("n", 1).limit(at_once).to_list(at_once)
        for row in found:
            ledger = Ledger(page_of(row))
            ledger.lease_ran_out()
            ledger.suppress_waiting("mailing-cancelled")
            await self._replace(row, ledger)
        return len(found)

    async def open_again(self, mailing_id: str, cause: str) -> bool:
        """Those who failed by this cause wait once more; again finds no more of them.

        False: a mailer still holds some, or a report came in between, so ask again. One that was
        killed when its last letter was kept holds its batch until the lease has run out.
        """
        failed = {"tally.uncertain": {"$gt": 0}} if cause == "uncertain" else {"codes.code": cause}
        asked: Document = {"mailing": mailing_id, **failed}
        if await self._rows.count_documents(
            {**asked, "$expr": {"$not": free(self._lease)}}, limit=1
        ):
            return False
        whole = True
        async for row in self._rows.find(asked):
            ledger = Ledger(page_of(row))
            if ledger.send_again(cause):
                whole = await self._replace(row, ledger) and whole
        return whole

    async def report(
        self, mailing_id: str, row: Row, code: Code, kind: Kind
    ) -> tuple[uuid.UUID, bool] | None:
        """A delivery report about one of them. Whose address it is, and whether it failed by that.

        None: there is no such row.
        """
        while True:
            found = await self._rows.find_one({"_id": key(mailing_id, row.number)})
            if found is None or row.index >= len(found["states"]):
                return None
            whose = uuid.UUID(bytes=claimed_of(found).people[row.index])
            ledger = Ledger(page_of(found))
            if not ledger.reported(row.index, code, kind):
                return whose, False
            if await self._replace(found, ledger):
                return whose, True

    async def _replace(self, row: Mapping[str, Any], ledger: Ledger) -> bool:
        """Whether it still stood as it was read. The owner, if any, goes on owning it."""
        entry = Entry(
            row["mailing"],
            row["n"],
            row["owner"],
            row["version"],
            ledger.page(),
            ledger.tally(),
            ledger.codes(),
        )
        change: Document = {**kept(entry), "version": entry.version + 1}
        written = await self._rows.update_one(_mine(entry, version=True), {"$set": change})
        return bool(written.matched_count)

    # Who looks

    async def tally(self, mailing_id: str, *, by: Actor) -> tuple[Tally, dict[str, int]]:  # noqa: ARG002 - counts
        """Everybody's place, counted; and the bounces by code."""
        sums: Document = {name: {"$sum": f"$tally.{name}"} for name in _COUNTS}
        match = {"$match": {"mailing": mailing_id}}
        counted = self._rows.aggregate([match, {"$group": {"_id": None, **sums}}])
        found = await counted.to_list(1)
        by_code = self._rows.aggregate(
            [
                match,
                {"$match": {"codes.code": {"$exists": True}}},
                {"$unwind": "$codes"},
                {"$group": {"_id": "$codes.code", "count": {"$sum": "$codes.count"}}},
                {"$sort": {"_id": 1}},
            ]
        )
        codes = {row["_id"]: row["count"] async for row in by_code}
        tally = {name: found[0][name] for name in _COUNTS} if found else {}
        return Tally(**tally), codes

    async def pages(
        self,
        mailing_id: str,
        state: str,
        *,
        by: Actor,  # noqa: ARG002 - ids and codes
    ) -> AsyncIterator[tuple[int, Page]]:
        """Ledgers in which somebody stands there, in their order."""
        asked = {"mailing": mailing_id, f"tally.{state.replace('-', '_')}": {"$gt": 0}}
        async for row in self._rows.find(asked, {"people": 0}).sort("n", 1):
            yield row["n"], page_of(row)


def _mine(entry: Entry, *, version: bool) -> Document:
    asked: Document = {"_id": key(entry.mailing_id, entry.number), "owner": entry.owner}
    return {**asked, "version": entry.version} if version else asked
