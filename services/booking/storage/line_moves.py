"""Reading the history of moves in the line."""

from __future__ import annotations

from services.booking.storage import documents
from services.booking.storage.indexes import LINE_MOVES
from services.booking.use_cases.ports import Page
from shared.kernel.actor import Actor
from shared.kernel.ids import OccasionId
from shared.mongo.client import Database


class MongoLineMoves:
    """Moves are written with the decision itself and never changed."""

    def __init__(self, database: Database) -> None:
        self._moves = database[LINE_MOVES]

    async def listed(
        self,
        occasion_id: OccasionId,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> Page:
        """Oldest first."""
        query = {"occasion_id": occasion_id}
        found = self._moves.find(query).sort("_id", 1).skip(offset).limit(limit)
        items = [documents.line_move_of(each) async for each in found]
        return Page(items, await self._moves.count_documents(query))
