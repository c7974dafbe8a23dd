"""What was given through the two doors that partners come to, and what they said they have.

Receipts of a stream, and of a poll that waited, are written after they gave. One that was killed
with its process has given more than is written; whoever goes on after an entry that it was given
there has had all of it up to there. So it is written where each began, until it has ended.
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
_BEGUN_KEPT = 100


Begun = tuple[int, ...]
"""After which position each began that has not ended."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Given to a partner: everything that is its own after `after`, up to `upto`."""

    after: int
    upto: int


class Receipts:
    """One document per partner and door, with ranges of positions."""

    def __init__(self, database: Database) -> None:
        self._receipts = database[RECEIPTS]
        self._known: dict[str, Document] = {}

    async def note(
        self,
        partner_id: str,
        door: Door,
        given: Sequence[Passage],
        *,
        has_upto: int | None = None,
        begins: int | None = None,
        ends: Sequence[int] = (),
    ) -> None:
        """What was given now; and up to where the partner says it has what it was given before.

        `begins`, `ends`: what begins to flow after this position, and what began so and ends.
        """
        pauses = Pauses(0.002, 0.1)
        key = f"{partner_id}/{door}"
        for _ in range(_TRIES):
            row, is_fresh = await self._row(key, given, has_upto)
            before, begun = _got(row, door), tuple((row or {}).get("begun", ()))
            after, still = _given(before, given), _ended(begun, ends)
            if has_upto is not None:
                after, still = _confirmed(after, still, has_upto)
            if begins is not None:
                still = (*still, begins)[-_BEGUN_KEPT:]
            known = (before.given, before.confirmed, begun)
            if (after.given, after.confirmed, still) == known:
                return
            if await self._saved(key, row, after, still):
                return
            if is_fresh:
                await pauses.rest()

    async def of(self, partner_id: str) -> list[Got]:
        """What came through the feed and the stream."""
        doors: tuple[Door, Door] = ("feed", "stream")
        rows = self._receipts.find({"_id": {"$in": [f"{partner_id}/{door}" for door in doors]}})
        return [_got(row, row["door"]) for row in await rows.to_list(None)]

    async def _row(
        self, key: str, given: Sequence[Passage], has_upto: int | None
    ) -> tuple[Document | None, bool]:
        """As it was written here last, where that is enough; and whether it was asked for anew."""
        known = self._known.pop(key, None)
        if known is not None:
            ranges = _given(_got(known, known["door"]), given).given
            if not has_upto or covers(ranges, has_upto):
                return known, False
        return await self._receipts.find_one({"_id": key}), True

    async def _saved(self, key: str, row: Document | None, got: Got, begun: Begun) -> bool:
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
            saved = result.upserted_id is not None
        else:
            seen = {"_id": key, "version": row["version"]}
            result = await self._receipts.update_one(seen, {"$set": document})
            saved = bool(result.matched_count)
        if saved:
            self._known[key] = document
        return saved


def _given(got: Got, given: Sequence[Passage]) -> Got:
    ranges = got.given
    for passage in given:
        ranges = with_range(ranges, passage.after, passage.upto)
    return replace(got, given=ranges)


def _confirmed(got: Got, begun: Begun, has_upto: int) -> tuple[Got, Begun]:
    ranges, confirmed = got.given, got.confirmed
    cut = max((one for one in begun if one < has_upto), default=None)
    if cut is not None and not covers(ranges, has_upto):
        ranges = with_range(ranges, cut, has_upto)
        begun = _without(begun, cut)
        if got.door == "stream":
            begun = (*begun, has_upto)
    # Nobody has what they were not given, however far they say they are.
    for one in common(ranges, (Range(0, has_upto),)):
        confirmed = with_range(confirmed, *one)
    return replace(got, given=ranges, confirmed=confirmed), begun


def _ended(begun: Begun, ends: Sequence[int]) -> Begun:
    for one in ends:
        begun = _without(begun, one)
    return begun


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
