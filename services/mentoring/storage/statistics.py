"""Tallies without anybody in them, and the tables that were published."""

from __future__ import annotations

from collections.abc import Sequence

from services.mentoring.domain.statistics import Tables, Tally
from services.mentoring.use_cases.publish_statistics import STATISTICS
from services.mentoring.use_cases.tally import TALLIES
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database


class MongoStatistics:
    """See the port in `use_cases.publish_statistics`."""

    def __init__(self, database: Database) -> None:
        self._tallies, self._published = database[TALLIES], database[STATISTICS]

    async def tallies(self, quarter: str, *, by: Actor) -> Sequence[Tally]:  # noqa: ARG002
        """See the port."""
        found = self._tallies.find({"quarter": quarter})
        return [Tally(each["kind"], each["quarter"], each["attributes"]) async for each in found]

    async def published(self, quarter: str, *, by: Actor) -> Tables:  # noqa: ARG002
        """See the port."""
        found = await self._published.find_one({"_id": quarter})
        if found is None:
            raise NotFound
        tables: Tables = found["tables"]
        return tables
