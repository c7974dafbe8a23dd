"""Following up a month's readings: a sample that nobody chose, and what was found about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from pymongo import ASCENDING

from shared.audit.entries import MongoEntries
from shared.audit.purposes import Purpose
from shared.audit.refusals import MonthNotOver, NotInSample
from shared.audit.sample import candidates, interval_of
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Document, Session

COLLECTION = "audit_outcomes"
LARGEST_SAMPLE = 100
_LOOKED_AT = 400
"""Candidates looked at for one sample: readings of the audit itself are passed over."""

_OF_THE_AUDIT = {Purpose.AUDIT, Purpose.FOLLOW_UP}


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

    async def check(self, month: str, seq: int) -> None:
        """Whether something can be said of it.

        Raises:
            MonthNotOver, NotInSample.
        """
        drawn = await self._drawn(month, LARGEST_SAMPLE)
        if seq not in {entry["seq"] for entry in drawn}:
            raise NotInSample

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
        seqs = list(islice(candidates(self._service, month, *ends), _LOOKED_AT))
        rows = await self._entries.numbered(seqs)
        wanted = (rows[seq] for seq in seqs if seq in rows)
        return list(islice((row for row in wanted if row["purpose"] not in _OF_THE_AUDIT), size))


async def make_indexes(database: Database) -> None:
    """What was found in a month."""
    by_month = [("month", ASCENDING), ("_id", ASCENDING)]
    await database[COLLECTION].create_index(by_month, name="month")


def _not_over(end: datetime) -> bool:
    return real_now() < end
