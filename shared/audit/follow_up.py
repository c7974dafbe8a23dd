"""Following up a month's readings: a sample that nobody chose, and what was found about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from pymongo import ASCENDING

from shared.audit.entries import MongoEntries
from shared.audit.entry import as_word
from shared.audit.purposes import Purpose
from shared.audit.refusals import MonthNotOver, NotInSample, OwnReading
from shared.audit.sample import candidates, interval_of
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Document, Session

COLLECTION = "audit_outcomes"
LARGEST_SAMPLE = 100
_AT_A_TIME, _MOST_LOOKED_AT = 400, 40_000
"""Candidates for one sample. Some are passed over, and nobody makes a sample small by making many
of those."""

PASSED_OVER: Final = frozenset({Purpose.AUDIT, Purpose.FOLLOW_UP, Purpose.NOT_STATED})
"""Readings of the audit itself, and noes at the door."""


class Outcome(StrEnum):
    """What a follow-up came to."""

    IN_ORDER = "in-order"
    EXPLAINED = "explained"
    NOT_IN_ORDER = "not-in-order"
    PASSED_ON = "passed-on"


@dataclass(frozen=True, slots=True)
class Sampled:
    """One reading of the sample, and what was found about it, oldest first."""

    entry: Document
    outcomes: list[Document] = field(default_factory=list)


class FollowUp:
    """Samples are drawn from the chain again each time; outcomes are added in `COLLECTION`."""

    def __init__(self, entries: MongoEntries, database: Database, service: str) -> None:
        self._entries = entries
        self._outcomes = database[COLLECTION]
        self._service = service

    async def sample(self, month: str, size: int) -> list[Sampled]:
        """The same readings each time; a larger sample begins with the smaller one.

        Raises:
            MonthNotOver: more may be read in it.
        """
        drawn = await self._drawn(month, size)
        found: dict[int, list[Document]] = {entry["seq"]: [] for entry in drawn}
        async for row in self._outcomes.find({"month": month}).sort("_id", ASCENDING):
            found.get(row["seq"], []).append(row)
        return [Sampled(entry, found[entry["seq"]]) for entry in drawn]

    async def to_judge(self, month: str, seq: int, *, by: Actor) -> Document:
        """The entry of which something is to be said.

        Raises:
            MonthNotOver, NotInSample.
            OwnReading: somebody else's judgement is asked for.
        """
        drawn = await self._drawn(month, LARGEST_SAMPLE)
        entry = next((each for each in drawn if each["seq"] == seq), None)
        if entry is None:
            raise NotInSample
        if entry["actor"] == as_word(by.id):
            raise OwnReading
        return entry

    async def note(
        self,
        session: Session,
        month: str,
        seq: int,
        outcome: Outcome,
        reference: str | None,
        *,
        by: Actor,
    ) -> Mapping[str, Any]:
        """Add what was found, in the caller's transaction; what was said before stays."""
        row = {
            "_id": new_id(),
            "month": month,
            "seq": seq,
            "outcome": outcome.value,
            "reference": reference,
            "by": by.id,
            "at": real_now(),
        }
        await self._outcomes.insert_one(row, session=session)
        return row

    async def _drawn(self, month: str, size: int) -> list[Document]:
        first, end = interval_of(month)
        if _not_over(end):
            raise MonthNotOver
        ends = await self._entries.between(first, end)
        if ends is None:
            return []
        seqs = islice(candidates(self._service, month, *ends), _MOST_LOOKED_AT)
        drawn: list[Document] = []
        while len(drawn) < size and (some := list(islice(seqs, _AT_A_TIME))):
            rows = await self._entries.numbered(some)
            wanted = (rows[seq] for seq in some if seq in rows)
            drawn += [row for row in wanted if row.get("purpose") not in PASSED_OVER]
        return drawn[:size]


async def make_indexes(database: Database) -> None:
    """What was found in a month."""
    by_month = [("month", ASCENDING), ("_id", ASCENDING)]
    await database[COLLECTION].create_index(by_month, name="month")


def _not_over(end: datetime) -> bool:
    return real_now() < end
