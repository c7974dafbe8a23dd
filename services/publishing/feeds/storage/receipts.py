"""What was given through the two doors that partners come to, and what they said they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.publishing.feeds.domain.ranges import Range, Ranges, common, with_range
from services.publishing.feeds.domain.reconciling import Door, Got
from services.publishing.storage.feed_indexes import RECEIPTS
from shared.kernel.clock import real_now
from shared.kernel.pauses import Pauses
from shared.mongo.client import Database, Document

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Passage:
    """Given to a partner: everything that is its own after `after`, up to `upto`."""

    after: int
    upto: int


class Receipts:
    """One document per partner and door, with ranges of positions."""

    def __init__(self, database: Database) -> None:
        self._receipts = database[RECEIPTS]

    async def note(
        self, partner_id: str, door: Door, given: Sequence[Passage], *, has_upto: int | None = None
    ) -> None:
        """What was given now; and up to where the partner says it has what it was given before."""
        pauses = Pauses(0.002, 0.1)
        for _ in range(_TRIES):
            row = await self._receipts.find_one({"_id": f"{partner_id}/{door}"})
            before = _got(row, door)
            after = _noted(before, given, has_upto)
            if (after.given, after.confirmed) == (before.given, before.confirmed):
                return
            if await self._saved(partner_id, row, after):
                return
            await pauses.rest()

    async def of(self, partner_id: str) -> list[Got]:
        """What came through the feed and the stream."""
        doors: tuple[Door, Door] = ("feed", "stream")
        rows = self._receipts.find({"_id": {"$in": [f"{partner_id}/{door}" for door in doors]}})
        return [_got(row, row["door"]) for row in await rows.to_list(None)]

    async def _saved(self, partner_id: str, row: Document | None, got: Got) -> bool:
        key = f"{partner_id}/{got.door}"
        document = {
            "door": got.door,
            "given": [list(one) for one in got.given],
            "confirmed": [list(one) for one in got.confirmed],
            "at": real_now(),
            "version": (row["version"] if row else 0) + 1,
        }
        if row is None:
            new = {"$setOnInsert": document}
            result = await self._receipts.update_one({"_id": key}, new, upsert=True)
            return result.upserted_id is not None
        seen = {"_id": key, "version": row["version"]}
        return bool((await self._receipts.update_one(seen, {"$set": document})).matched_count)


def _noted(got: Got, given: Sequence[Passage], has_upto: int | None) -> Got:
    confirmed = got.confirmed
    if has_upto is not None:
        # Nobody has what they were not given, however far they say they are.
        for one in common(got.given, (Range(0, has_upto),)):
            confirmed = with_range(confirmed, *one)
    ranges = got.given
    for passage in given:
        ranges = with_range(ranges, passage.after, passage.upto)
    return replace(got, given=ranges, confirmed=confirmed)


def _got(row: Mapping[str, Any] | None, door: Door) -> Got:
    if row is None:
        return Got(door, "", (), ())
    return Got(door, "", _ranges(row["given"]), _ranges(row["confirmed"]), last_at=row["at"])


def _ranges(pairs: Sequence[Sequence[int]]) -> Ranges:
    return tuple(Range(*pair) for pair in pairs)
