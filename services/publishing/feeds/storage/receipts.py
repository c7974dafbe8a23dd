"""What was given through the two doors that partners come to, and what they said they have.

A stream's receipts are written now and then, and when it ends. One that was killed with its process
has given more than is written; whoever goes on after an entry that it was given there has had all
of that stream up to there. So it is written where each stream began, until it has ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.publishing.feeds.domain.ranges import Range, Ranges, common, covers, with_range
from services.publishing.feeds.domain.reconciling import Door, Got
from services.publishing.storage.feed_indexes import RECEIPTS
from shared.kernel.clock import real_now
from shared.kernel.pauses import Pauses
from shared.mongo.client import Database, Document

_TRIES = 20
_STREAMS_KEPT = 100


Begun = tuple[int, ...]
"""After which position each stream began that has not ended."""


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
        self,
        partner_id: str,
        door: Door,
        given: Sequence[Passage],
        *,
        has_upto: int | None = None,
        begins: int | None = None,
        ends: int | None = None,
    ) -> None:
        """What was given now; and up to where the partner says it has what it was given before.

        `begins`, `ends`: a stream that begins after this position, and one that began so and ends.
        """
        pauses = Pauses(0.002, 0.1)
        for _ in range(_TRIES):
            row = await self._receipts.find_one({"_id": f"{partner_id}/{door}"})
            before, begun = _got(row, door), tuple((row or {}).get("begun", ()))
            after, still = _noted(before, begun, given, has_upto)
            still = _begun(still, begins, ends)
            known = (before.given, before.confirmed, begun)
            if (after.given, after.confirmed, still) == known:
                return
            if await self._saved(partner_id, row, after, still):
                return
            await pauses.rest()

    async def of(self, partner_id: str) -> list[Got]:
        """What came through the feed and the stream."""
        doors: tuple[Door, Door] = ("feed", "stream")
        rows = self._receipts.find({"_id": {"$in": [f"{partner_id}/{door}" for door in doors]}})
        return [_got(row, row["door"]) for row in await rows.to_list(None)]

    async def _saved(self, partner_id: str, row: Document | None, got: Got, begun: Begun) -> bool:
        key = f"{partner_id}/{got.door}"
        document = {
            "door": got.door,
            "given": [list(one) for one in got.given],
            "confirmed": [list(one) for one in got.confirmed],
            "begun": list(begun),
            "at": real_now(),
            "version": (row["version"] if row else 0) + 1,
        }
        if row is None:
            new = {"$setOnInsert": document}
            result = await self._receipts.update_one({"_id": key}, new, upsert=True)
            return result.upserted_id is not None
        seen = {"_id": key, "version": row["version"]}
        return bool((await self._receipts.update_one(seen, {"$set": document})).matched_count)


def _noted(
    got: Got, begun: Begun, given: Sequence[Passage], has_upto: int | None
) -> tuple[Got, Begun]:
    ranges, confirmed = got.given, got.confirmed
    if has_upto is not None:
        cut = max((one for one in begun if one < has_upto), default=None)
        if cut is not None and not covers(ranges, has_upto):
            ranges = with_range(ranges, cut, has_upto)
            begun = (*_without(begun, cut), has_upto)
        # Nobody has what they were not given, however far they say they are.
        for one in common(ranges, (Range(0, has_upto),)):
            confirmed = with_range(confirmed, *one)
    for passage in given:
        ranges = with_range(ranges, passage.after, passage.upto)
    return replace(got, given=ranges, confirmed=confirmed), begun


def _begun(begun: Begun, begins: int | None, ends: int | None) -> Begun:
    if ends is not None:
        begun = _without(begun, ends)
    if begins is not None:
        begun = (*begun, begins)
    return begun[-_STREAMS_KEPT:]


def _without(begun: Begun, one: int) -> Begun:
    """Less one of these; several streams may begin at the same place."""
    if one not in begun:
        return begun
    at = begun.index(one)
    return begun[:at] + begun[at + 1 :]


def _got(row: Mapping[str, Any] | None, door: Door) -> Got:
    if row is None:
        return Got(door, "", (), ())
    return Got(door, "", _ranges(row["given"]), _ranges(row["confirmed"]), last_at=row["at"])


def _ranges(pairs: Sequence[Sequence[int]]) -> Ranges:
    return tuple(Range(*pair) for pair in pairs)
