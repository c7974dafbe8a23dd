"""What was given through the two doors that partners come to, and what they said they have.

Receipts of a stream, and of a poll that waited, are written after they gave. One that was killed
with its process has given more than is written; whoever goes on after an entry that it was given
there has had all of it up to there. So it is written where each began, until it has ended. Whoever
goes on at the other door has had what this one gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
_OTHER: Mapping[Door, Door] = {"feed": "stream", "stream": "feed"}


Begun = tuple[int, ...]
"""After which position each began that has not ended."""
Later = Callable[[Got, Begun], tuple[Got, Begun]]


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

        def later(got: Got, begun: Begun) -> tuple[Got, Begun]:
            got, begun = _given(got, given), _ended(begun, ends)
            if has_upto is not None:
                got, begun = _guessed(got, begun, has_upto)
                got = _confirmed(got, has_upto)
            return got, begun if begins is None else (*begun, begins)[-_BEGUN_KEPT:]

        got = await self._noted(f"{partner_id}/{door}", door, given, has_upto, later)
        if has_upto and Range(0, has_upto) not in common(got.confirmed, (Range(0, has_upto),)):
            await self._said_elsewhere(partner_id, _OTHER[door], got, has_upto)

    async def of(self, partner_id: str) -> list[Got]:
        """What came through the feed and the stream."""
        doors: tuple[Door, Door] = ("feed", "stream")
        rows = self._receipts.find({"_id": {"$in": [f"{partner_id}/{door}" for door in doors]}})
        return [_got(row, row["door"]) for row in await rows.to_list(None)]

    async def _said_elsewhere(self, partner_id: str, door: Door, here: Got, has_upto: int) -> None:
        """It has what this door gave it too: whoever changes doors goes on where they were."""
        # Given by the door where it was said, it says nothing of what was not written of this one.
        here_it_came = covers(here.given, has_upto)

        def later(got: Got, begun: Begun) -> tuple[Got, Begun]:
            if not here_it_came:
                got, begun = _guessed(got, begun, has_upto)
            return _confirmed(got, has_upto), begun

        await self._noted(f"{partner_id}/{door}", door, (), has_upto, later)

    async def _noted(
        self, key: str, door: Door, given: Sequence[Passage], has_upto: int | None, later: Later
    ) -> Got:
        """As it is kept now; nothing is written when nothing is other than it was."""
        pauses, after = Pauses(0.002, 0.1), Got(door, "", (), ())
        for _ in range(_TRIES):
            row, is_fresh = await self._row(key, given, has_upto)
            before, begun = _got(row, door), tuple((row or {}).get("begun", ()))
            after, still = later(before, begun)
            known = (before.given, before.confirmed, begun)
            if (after.given, after.confirmed, still) == known:
                break
            if await self._saved(key, row, after, still):
                break
            if is_fresh:
                await pauses.rest()
        return after

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


def _guessed(got: Got, begun: Begun, has_upto: int) -> tuple[Got, Begun]:
    """With what a reading that has not ended must have given, though nobody wrote it."""
    ranges = got.given
    cut = max((one for one in begun if one < has_upto), default=None)
    if cut is not None and not covers(ranges, has_upto):
        ranges = with_range(ranges, cut, has_upto)
        begun = _without(begun, cut)
        if got.door == "stream":
            begun = (*begun, has_upto)
    return replace(got, given=ranges), begun


def _confirmed(got: Got, has_upto: int) -> Got:
    """Nobody has what they were not given, however far they say they are."""
    confirmed = got.confirmed
    for one in common(got.given, (Range(0, has_upto),)):
        confirmed = with_range(confirmed, *one)
    return replace(got, confirmed=confirmed)


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
