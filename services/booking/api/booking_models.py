"""Bookings as they are sent and answered. No name or address is ever answered: none is kept."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from services.booking.api.occasion_models import ID
from services.booking.api.texts import Line, NeededLine, Paragraph, ShortLine
from services.booking.domain.party import AGE_BANDS, GRADES, Party, checked
from services.booking.use_cases.records import BookingState
from services.booking.use_cases.standing import Standing
from shared.web.whole_number import WholeNumber

_PARTY: dict[str, Any] = {
    "kind": "group",
    "pupils": 27,
    "adults": 2,
    "school": "Gunnesboskolan",
    "class_name": "8B",
    "grade": "8",
    "municipality": "Lund",
}
Heads = Annotated[WholeNumber, Field(ge=0, le=2_000)]
Grade = Annotated[
    Literal["f", "1", "2", "3", "4", "5", "6", "7", "8", "9", "gy1", "gy2", "gy3"],
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    Field(description=f"årskurs: {', '.join(GRADES)} (1–9 även som tal)"),
]
AgeBand = Annotated[
    Literal["under-13", "13-15", "16-18", "19-25", "over-25"],
    Field(description=f"åldersgrupp: {', '.join(AGE_BANDS)}"),
]
WhenFullOut = Annotated[
    Literal["refuse", "wait"], Field(description="nej, eller plats i kön, när det är fullt")
]


class PartyModel(BaseModel):
    """One person, or a group of pupils and adults. An individual is a pupil unless said."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _PARTY})

    kind: Literal["individual", "group"]
    pupils: Heads | None = None
    adults: Heads | None = None
    school: ShortLine | None = None
    class_name: ShortLine | None = None
    grade: Grade | None = None
    age_band: AgeBand | None = None
    municipality: ShortLine | None = None

    def to_domain(self) -> Party:
        """Raises PartySizeOutOfRange or IndividualIsOne."""
        alone = self.kind == "individual" and self.pupils is None and not self.adults
        return checked(
            Party(
                self.kind,
                pupils=1 if alone else (self.pupils or 0),
                adults=self.adults or 0,
                grade=self.grade,
                age_band=self.age_band,
                municipality=self.municipality or None,
                school=self.school or None,
                class_name=self.class_name or None,
            )
        )

    @classmethod
    def of(cls, party: Party) -> PartyModel:
        """From the domain."""
        return cls.model_validate({name: getattr(party, name) for name in cls.model_fields})


class ContactModel(BaseModel):
    """Who is told. Sealed for notifications at once; booking keeps none of it."""

    model_config = ConfigDict(extra="forbid")

    name: ShortLine = ""
    phone: Line = ""
    email: Line = ""
    language: Literal["sv", "en"] = "sv"


class BookingWanted(BaseModel):
    """Places asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "occasion_id": ID,
                "party": _PARTY,
                "contact": {
                    "name": "Åsa Exempel",
                    "phone": "070-174 06 05",
                    "email": "asa@skola.example",
                },
                "when_full": "wait",
                "needs": "hörslinga",
            }
        },
    )

    occasion_id: str = Field(max_length=64)
    party: PartyModel
    contact: ContactModel
    when_full: WhenFullOut = "refuse"
    needs: Line = Field(default="", description="rullstol, allergi, tolk …; krypteras")
    question: Paragraph = Field(default="", description="endast för rådgivning; förseglas")


class OfferOut(BaseModel):
    """Places held until the deadline."""

    id: str
    deadline: AwareDatetime


class AttendedOut(BaseModel):
    """How many came."""

    pupils: int
    adults: int


BOOKING_EXAMPLE: dict[str, Any] = {
    "id": ID,
    "occasion_id": ID,
    "party": _PARTY,
    "size": 29,
    "state": "waiting",
    "position": 2,
    "flags": [],
    "offer": None,
    "attended": None,
    "reminded": None,
    "version": 1,
}


class BookingOut(BaseModel):
    """A booking and where it stands. `position` only while it waits, `offer` while it lives.

    `reminded` is the last day on which staff asked for a reminder.
    """

    model_config = ConfigDict(json_schema_extra={"example": BOOKING_EXAMPLE})

    id: str
    occasion_id: str
    party: PartyModel
    size: int
    state: BookingState
    position: int | None = None
    flags: list[str]
    offer: OfferOut | None = None
    attended: AttendedOut | None = None
    reminded: date | None = None
    version: int

    @classmethod
    def of(cls, standing: Standing) -> BookingOut:
        """From the domain."""
        return cls.model_validate(fields_of(standing))


class BookedOut(BookingOut):
    """A new booking, with the secret of its link for whoever books without an account.

    Told only to an asker whose Idempotency-Key nobody can guess (32 characters or more).
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {**BOOKING_EXAMPLE, "link_secret": None}}
    )

    link_secret: str | None = None


class HeadCount(BaseModel):
    """How many come now."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"pupils": 25, "adults": 2}}
    )

    pupils: Heads
    adults: Heads


class MoveWanted(BaseModel):
    """Where to, and whether waiting there is all right."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"occasion_id": ID, "when_full": "refuse"}},
    )

    occasion_id: str = Field(max_length=64)
    when_full: WhenFullOut = "refuse"


class CancelWanted(BaseModel):
    """Why, if somebody wants to say; kept."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "Skolan har ringt."}}
    )

    reason: NeededLine | None = None


def fields_of(standing: Standing) -> dict[str, Any]:
    """The values of a `BookingOut`."""
    offer, attended = standing.offer, standing.attended
    return {
        "id": standing.id,
        "occasion_id": standing.occasion.id,
        "party": PartyModel.of(standing.party),
        "size": standing.party.size,
        "state": standing.state,
        "position": standing.position,
        "flags": list(standing.flags),
        "offer": OfferOut(id=offer.offer_id, deadline=offer.deadline) if offer else None,
        "attended": AttendedOut(pupils=attended.pupils, adults=attended.adults)
        if attended
        else None,
        "reminded": standing.reminded,
        "version": standing.version,
    }
