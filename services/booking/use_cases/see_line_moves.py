"""The history of staff's moves in a line, with their reasons."""

from __future__ import annotations

from dataclasses import dataclass

from services.booking.use_cases.ports import LineMoves, Page, People
from services.booking.use_cases.records import LineMove
from services.booking.use_cases.staff_words import line_move_record, open_words
from shared.kernel.actor import Actor
from shared.kernel.ids import OccasionId


@dataclass(frozen=True, slots=True, repr=False)
class ExplainedMove:
    """A move and its reason; None when the party, or what was said of it, is forgotten since."""

    move: LineMove
    reason: str | None


@dataclass(frozen=True, slots=True)
class SeeLineMoves:
    """Who moved whom in the line of an occasion, and why; oldest first."""

    line_moves: LineMoves
    people: People

    async def __call__(
        self, occasion_id: OccasionId, *, limit: int, offset: int, by: Actor
    ) -> Page:
        """A page of `ExplainedMove`."""
        page = await self.line_moves.listed(occasion_id, limit=limit, offset=offset, by=by)
        moves: list[LineMove] = list(page.items)
        reasons = await open_words(
            self.people,
            [(m.recipient_id, m.reason, line_move_record(m.booking_id)) for m in moves],
        )
        explained = [ExplainedMove(m, why) for m, why in zip(moves, reasons, strict=True)]
        return Page(explained, page.total)
