"""Printed copies and orders of them as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.publishing.api.publication_models import AT, SLUG, EditionName, Language
from services.publishing.domain.print_order import PrintOrder, State
from services.publishing.domain.shelf import MOST, MOST_PER_ORDER, Shelf
from services.publishing.use_cases.order_prints import Wanted
from services.publishing.use_cases.publication_ports import Contact
from shared.web.whole_number import WholeNumber

ID = "0190f5c2-6f0e-7000-8000-000000000001"
SECRET = "x" * 43
_ITEM: dict[str, Any] = {
    "publication": SLUG,
    "language": "sv",
    "edition": "1.1.0",
    "free": 480,
    "limit": 100,
    "version": 7,
}
_SEEN: dict[str, Any] = {
    "number": "K7QP-3XMA",
    "publication": SLUG,
    "language": "sv",
    "edition": "1.1.0",
    "copies": 30,
    "state": "received",
    "ordered_at": AT,
}
_ORDER: dict[str, Any] = {
    **_SEEN,
    "id": ID,
    "school": "Bergaskolan",
    "municipality": "Malmö",
    "moved_at": AT,
    "version": 1,
}
_CONTACT: dict[str, Any] = {
    "name": "Åsa Exempel",
    "email": "asa@bergaskolan.example",
    "phone": "040-12 34 56",
    "address": "Skolgatan 1\n211 00 Malmö",
}
_LINES = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"
"""Several lines, and nothing else that cannot be printed."""
_Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Copies = Annotated[WholeNumber, Field(ge=1, le=MOST_PER_ORDER)]


class ItemOut(BaseModel):
    """Printed copies that can be ordered: how many are left, and how many a school may have."""

    model_config = ConfigDict(json_schema_extra={"example": _ITEM})

    publication: str
    language: str
    edition: str
    free: int = Field(description="exemplar som ingen har beställt")
    limit: WholeNumber = Field(description="högst så många per skola och läsår")
    version: int

    @classmethod
    def of(cls, shelf: Shelf) -> ItemOut:
        """From the domain."""
        return cls(
            publication=shelf.publication_id,
            language=shelf.language,
            edition=str(shelf.edition),
            free=shelf.free,
            limit=shelf.limit,
            version=shelf.version,
        )


class ItemsOut(BaseModel):
    """Everything that is printed."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_ITEM]}})

    items: list[ItemOut]


class Delivery(BaseModel):
    """The printer brought copies of an edition."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"publication": SLUG, "language": "sv", "edition": "1.1.0", "copies": 500}
        },
    )

    publication: str = Field(max_length=100)
    language: Language
    edition: EditionName
    copies: WholeNumber = Field(ge=1, le=MOST)


class Count(BaseModel):
    """How many there are, or how many a school may order; what is not said stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"free": 478, "limit": 120}}
    )

    free: WholeNumber | None = Field(default=None, ge=0, le=MOST)
    limit: WholeNumber | None = Field(default=None, ge=1, le=MOST_PER_ORDER)

    def on(self, shelf: Shelf) -> tuple[int, int]:
        """Copies and limit from now on."""
        free = shelf.free if self.free is None else self.free
        return free, shelf.limit if self.limit is None else self.limit


class ContactModel(BaseModel):
    """Whom to send it to. Forgotten a month after delivery."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _CONTACT})

    name: _Line
    email: Annotated[str, Field(min_length=3, max_length=254)]
    phone: Annotated[str, Field(max_length=40, pattern=r"^[0-9+() -]*$")] = ""
    address: Annotated[str, Field(min_length=1, max_length=400, pattern=_LINES)]

    @classmethod
    def of(cls, contact: Contact) -> ContactModel:
        """As it was sent."""
        return cls(
            name=contact.name, email=contact.email, phone=contact.phone, address=contact.address
        )


class NewOrder(BaseModel):
    """Copies for a school."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "publication": SLUG,
                "language": "sv",
                "copies": 30,
                "school": "Bergaskolan",
                "municipality": "Malmö",
                "contact": _CONTACT,
            }
        },
    )

    publication: str = Field(max_length=100)
    language: Language
    copies: Copies
    school: _Line
    municipality: _Line
    contact: ContactModel

    def wanted(self) -> Wanted:
        """For the use case."""
        told = self.contact
        return Wanted(
            publication=self.publication,
            language=self.language,
            copies=self.copies,
            school=" ".join(self.school.split()),
            municipality=" ".join(self.municipality.split()),
            contact=Contact(told.name, told.email.strip(), told.phone, told.address),
        )


class OrderSeen(BaseModel):
    """An order as the school sees it. Nothing in it is about a person."""

    model_config = ConfigDict(json_schema_extra={"example": {**_SEEN, "version": 1}})

    number: str
    publication: str
    language: str
    edition: str
    copies: int
    state: State
    ordered_at: AwareDatetime
    version: int

    @classmethod
    def of(cls, one: PrintOrder) -> OrderSeen:
        """From the domain."""
        return cls(**seen(one))


class PlacedOut(BaseModel):
    """The order's number, and the secret of the link under which it can be followed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"id": ID, "number": "K7QP-3XMA", "link_secret": SECRET, "copies": 30}
        }
    )

    id: str
    number: str
    link_secret: str
    copies: int


class KeptOut(BaseModel):
    """What is kept of the answer with the request's key: not the secret, which is made anew."""

    id: str
    number: str
    copies: int


class OrderOut(OrderSeen):
    """An order as staff see it. Whom it is sent to is asked for apart."""

    model_config = ConfigDict(json_schema_extra={"example": _ORDER})

    id: str
    school: str
    municipality: str
    moved_at: AwareDatetime

    @classmethod
    def of(cls, one: PrintOrder) -> OrderOut:
        """From the domain."""
        return cls(
            **seen(one),
            id=one.id,
            school=one.school,
            municipality=one.municipality,
            moved_at=one.moved_at,
        )


class Step(BaseModel):
    """Where an order is from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"state": "packed"}})

    state: State


def seen(one: PrintOrder) -> dict[str, Any]:
    """What both sides see."""
    return {
        "number": one.number,
        "publication": one.publication_id,
        "language": one.language,
        "edition": str(one.edition),
        "copies": one.copies,
        "state": one.state,
        "ordered_at": one.ordered_at,
        "version": one.version,
    }
