"""A participant's own booking as it is answered."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.booking.api.booking_models import BOOKING_EXAMPLE, BookingOut, OfferOut, fields_of
from services.booking.api.occasion_models import ID, OccasionOut
from services.booking.use_cases.standing import Standing


class MyOccasionOut(BaseModel):
    """What a participant sees of an occasion."""

    title: str
    kind: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str
    room: str
    cancelled: bool
    has_started: bool = False


class MyBookingOut(BookingOut):
    """The same for the participant, with the occasion."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **BOOKING_EXAMPLE,
                "occasion": {
                    "title": "Källkritik och konspirationer",
                    "kind": "workshop",
                    "starts_at": "2027-01-28T12:30:00Z",
                    "ends_at": "2027-01-28T14:00:00Z",
                    "zone": "Europe/Stockholm",
                    "room": "Sal 2",
                    "cancelled": False,
                    "has_started": False,
                },
            }
        }
    )

    occasion: MyOccasionOut

    @classmethod
    def of(cls, standing: Standing) -> MyBookingOut:
        """From the domain."""
        occasion = OccasionOut.of(standing.occasion).model_dump()
        occasion["has_started"] = standing.started
        mine = {name: occasion[name] for name in MyOccasionOut.model_fields}
        return cls.model_validate({**fields_of(standing), "occasion": mine})


class MyOfferOut(BaseModel):
    """The offer that a participant has now."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"offer": {"id": ID, "deadline": "2027-01-20T14:00:00Z"}, "size": 26}
        }
    )

    offer: OfferOut
    size: int
