"""The day itself: who came, and what the parties need."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from services.booking.api.booking_models import AttendedOut, Heads, PartyModel
from services.booking.api.occasion_models import ID
from services.booking.domain.place import Attendance
from services.booking.use_cases.see_attendance import Expected


class ExpectedOne(BaseModel):
    """A party with places; `attended` is null until somebody has counted."""

    booking_id: str
    party: PartyModel
    size: int
    attended: AttendedOut | None = None

    @classmethod
    def of(cls, expected: Expected) -> ExpectedOne:
        """From what was found."""
        came = expected.attended
        return cls(
            booking_id=expected.booking_id,
            party=PartyModel.of(expected.party),
            size=expected.party.size,
            attended=AttendedOut(pupils=came.pupils, adults=came.adults) if came else None,
        )


class ExpectedOut(BaseModel):
    """Everybody who is to come to an occasion."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "occasion_id": ID,
                "items": [
                    {
                        "booking_id": ID,
                        "party": {"kind": "group", "pupils": 24, "adults": 2},
                        "size": 26,
                        "attended": None,
                    }
                ],
            }
        }
    )

    occasion_id: str
    items: list[ExpectedOne]


class CameOne(BaseModel):
    """How many of one booking came; both null: it is not counted after all."""

    model_config = ConfigDict(extra="forbid")

    booking_id: str = Field(max_length=64)
    pupils: Heads | None
    adults: Heads | None

    def attendance(self) -> Attendance | None:
        """In the domain's words; one number alone leaves the other at none."""
        if self.pupils is None and self.adults is None:
            return None
        return Attendance(self.pupils or 0, self.adults or 0)


class CameWanted(BaseModel):
    """How many came, booking by booking."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"came": [{"booking_id": ID, "pupils": 24, "adults": 2}]}},
    )

    came: list[CameOne] = Field(min_length=1, max_length=200)


class CameOut(BaseModel):
    """The attendance of an occasion, as far as it is counted."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "occasion_id": ID,
                "came": [{"booking_id": ID, "pupils": 24, "adults": 2}],
            }
        }
    )

    occasion_id: str
    came: list[CameOne]


class NeedOut(BaseModel):
    """What one party needs."""

    booking_id: str
    needs: str


class NeedsOut(BaseModel):
    """What the parties of an occasion need."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"occasion_id": ID, "items": [{"booking_id": ID, "needs": "rullstol"}]}
        }
    )

    occasion_id: str
    items: list[NeedOut]
