"""Subscribers, their links and preferences as they are sent and read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from services.publishing.api.list_models import ListId, OpenListOut, Tag
from services.publishing.domain.subscriber import LONGEST_NAME, Contact, Subscriber
from services.publishing.domain.subscription import Leaving, State, Subscription
from services.publishing.use_cases.choose_preferences import Preferences
from services.publishing.use_cases.confirm_subscription import OptInShown
from services.publishing.use_cases.leave_list import PlaceShown

_ID = "0199c0de-0000-7000-8000-000000000001"
_AT = "2027-01-14T09:30:00Z"
ADDRESS = "asa.oberg@skola.example"
_PLACE: dict[str, Any] = {
    "list_id": "skolor",
    "state": "confirmed",
    "text_version": "skolor-1",
    "source": "web-form",
    "asked_at": _AT,
    "confirmed_at": _AT,
    "left_at": None,
    "left_by": None,
}
_SUBSCRIBER: dict[str, Any] = {
    "id": _ID,
    "language": "sv",
    "tags": ["lärare"],
    "municipality": "Malmö",
    "role": "teacher",
    "subscriptions": [_PLACE],
    "version": 2,
}
_OPEN: dict[str, Any] = {
    "id": "skolor",
    "names": {"sv": "Nyheter för skolor"},
    "about": {"sv": "En gång i månaden."},
    "consent": {"sv": "Ja, skicka nyhetsbrevet till mig."},
    "consent_version": "skolor-1",
    "is_open": True,
}
Line = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]
Mailbox = Annotated[str, StringConstraints(min_length=3, max_length=320)]
Source = Literal["web-form", "paper-list", "import", "staff", "preference-page"]
Chosen = Annotated[list[ListId], Field(min_length=1, max_length=50)]


class SignUpIn(BaseModel):
    """The sign-up form."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"email": ADDRESS, "lists": ["skolor"], "language": "sv", "name": "Åsa"}
        },
    )

    email: Mailbox
    lists: Chosen
    language: Tag = "sv"
    name: Line = ""


class StaffSignUpIn(SignUpIn):
    """The same, taken down by staff; the owner of the address confirms all the same."""

    source: Literal["paper-list", "staff"] = "staff"


class AskedOut(BaseModel):
    """That it has come in. The same whoever asked, for whichever address."""

    model_config = ConfigDict(json_schema_extra={"example": {"state": "asked"}})

    state: Literal["asked"] = "asked"


class OptInOut(BaseModel):
    """What one press confirms, or has confirmed."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"state": "confirmed", "language": "sv", "lists": ["skolor"]}}
    )

    state: Literal["pending", "confirmed"]
    language: str
    lists: list[str]

    @classmethod
    def of(cls, seen: OptInShown) -> OptInOut:
        """As it is answered."""
        waits = any(each.state == "pending" for each in seen.places)
        return cls(
            state="pending" if waits else "confirmed",
            language=seen.subscriber.language,
            lists=[each.list_id for each in seen.places],
        )


class PlaceOut(BaseModel):
    """Which list an unsubscribe link is about, and whether they are on it still."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "list_id": "skolor",
                "names": {"sv": "Nyheter för skolor"},
                "language": "sv",
                "state": "left",
            }
        }
    )

    list_id: str
    names: dict[str, str]
    language: str
    state: State

    @classmethod
    def of(cls, seen: PlaceShown) -> PlaceOut:
        """As it is answered."""
        return cls(
            list_id=seen.list.id,
            names=dict(seen.list.names),
            language=seen.language,
            state=seen.state,
        )


class PreferencesIn(BaseModel):
    """The preference page as it is sent in: everything at once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"lists": ["skolor"], "language": "en", "never_again": False}
        },
    )

    lists: Annotated[list[ListId], Field(max_length=50)]
    language: Tag
    never_again: StrictBool = Field(
        default=False, description="lämna alla listor och få aldrig ett nyhetsbrev mer"
    )


class PreferencesOut(BaseModel):
    """What they are on, and what there is to choose."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "lists": ["skolor"],
                "waiting": [],
                "language": "sv",
                "to_choose": [_OPEN],
                "version": 2,
            }
        }
    )

    lists: list[str]
    waiting: list[str] = Field(description="listor som väntar på att bekräftas ur ett brev")
    language: str
    to_choose: list[OpenListOut]
    version: int

    @classmethod
    def of(cls, seen: Preferences) -> PreferencesOut:
        """As it is answered."""
        one = seen.subscriber
        return cls(
            lists=list(one.confirmed),
            waiting=sorted(name for name, each in one.on.items() if each.state == "pending"),
            language=one.language,
            to_choose=[OpenListOut.of(each) for each in seen.lists],
            version=one.version,
        )


class SubscriptionOut(BaseModel):
    """A subscriber on one list, with the receipt of the consent."""

    model_config = ConfigDict(json_schema_extra={"example": _PLACE})

    list_id: str
    state: State
    text_version: str
    source: Source
    asked_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None
    left_by: Leaving | None

    @classmethod
    def of(cls, one: Subscription) -> SubscriptionOut:
        """As it is answered."""
        return cls(
            list_id=one.list_id,
            state=one.state,
            text_version=one.asked.text_version,
            source=one.asked.source,
            asked_at=one.asked.at,
            confirmed_at=one.consent.confirmed_at if one.consent else None,
            left_at=one.left_at,
            left_by=one.left_by,
        )


class SubscriberOut(BaseModel):
    """A subscriber as staff see one: no address, no name."""

    model_config = ConfigDict(json_schema_extra={"example": _SUBSCRIBER})

    id: str
    language: str
    tags: list[str]
    municipality: str
    role: str
    subscriptions: list[SubscriptionOut]
    version: int

    @classmethod
    def of(cls, one: Subscriber) -> SubscriberOut:
        """As it is answered."""
        return cls(
            id=str(one.id),
            language=one.language,
            tags=sorted(one.tags),
            municipality=one.municipality,
            role=one.role,
            subscriptions=[SubscriptionOut.of(one.on[name]) for name in sorted(one.on)],
            version=one.version,
        )


class AddressOut(BaseModel):
    """A subscriber's address. Each reading is recorded before this leaves."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"id": _ID, "email": ADDRESS, "name": "Åsa Öberg"}}
    )

    id: str
    email: str
    name: str

    @classmethod
    def of(cls, subscriber: str, contact: Contact) -> AddressOut:
        """As it is answered."""
        return cls(id=subscriber, email=str(contact.address), name=contact.name)


class AddressIn(BaseModel):
    """An address that somebody asks about. It goes in a body, so that it is in no log."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"email": ADDRESS}})

    email: Mailbox
