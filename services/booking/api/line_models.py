"""The line of an occasion as it is sent and answered."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.booking.api.occasion_models import ID
from services.booking.api.texts import NeededLine
from services.booking.domain.occasion import Occasion
from services.booking.domain.place import PlaceState
from services.booking.use_cases.see_line_moves import ExplainedMove
from shared.web.whole_number import WholeNumber


class LineMoveWanted(BaseModel):
    """A party in the line, its new position (from 1), and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"booking_id": ID, "position": 1, "reason": "Kan bara komma den dagen."}
        },
    )

    booking_id: str = Field(max_length=64)
    position: WholeNumber = Field(ge=1, le=10_000)
    reason: NeededLine


class InLine(BaseModel):
    """One party that waits, or that has an offer."""

    booking_id: str
    position: int | None = None
    size: int
    state: PlaceState
    overtaken: int
    larger_than_room: bool
    offer_deadline: AwareDatetime | None = None


class LineOut(BaseModel):
    """The line of an occasion, first in line first; offers stand among them without a position."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "occasion_id": ID,
                "items": [
                    {
                        "booking_id": ID,
                        "position": 1,
                        "size": 26,
                        "state": "waiting",
                        "overtaken": 0,
                        "larger_than_room": False,
                        "offer_deadline": None,
                    }
                ],
            }
        }
    )

    occasion_id: str
    items: list[InLine]

    @classmethod
    def of(cls, occasion: Occasion) -> LineOut:
        """From the aggregate."""
        items, position = [], 0
        for place in occasion.places:
            if place.state == "confirmed":
                continue
            waits = place.state == "waiting"
            position += waits
            items.append(
                InLine(
                    booking_id=place.booking_id,
                    position=position if waits else None,
                    size=place.size,
                    state=place.state,
                    overtaken=place.overtaken,
                    larger_than_room=occasion.is_larger_than_room(place),
                    offer_deadline=place.offer.deadline if place.offer else None,
                )
            )
        return cls(occasion_id=occasion.id, items=items)


class LineMoveOut(BaseModel):
    """A move that staff made in the line; without a reason when the party has been forgotten."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "booking_id": ID,
                "from_position": 3,
                "to_position": 1,
                "reason": "Kan bara komma den dagen.",
                "by": "amina.lund",
                "at": "2027-01-14T09:30:00Z",
            }
        }
    )

    booking_id: str
    from_position: int
    to_position: int
    reason: str | None = None
    by: str
    at: AwareDatetime

    @classmethod
    def of(cls, explained: ExplainedMove) -> LineMoveOut:
        """From the record."""
        move = explained.move
        return cls(
            booking_id=move.booking_id,
            from_position=move.from_position,
            to_position=move.to_position,
            reason=explained.reason,
            by=move.by,
            at=move.at,
        )
