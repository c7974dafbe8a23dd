"""Contact cards and what is told of persons: any service may tell these, each in its own name."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.event import Contract


class ContactCardSealed(Contract):
    """Somebody's addresses, sealed for notifications alone. Subject: the recipient.

    Inside the box (JSON, padded to 1 KiB): source, recipient id, revision, and the fields name,
    phone, email, language, link secret. The highest revision wins. `sequence` is the revision.
    """

    name: ClassVar[str] = "contact-card-sealed"
    sealed: ClassVar[bool] = True

    recipient_id: str
    revision: int = Field(ge=1)
    key_id: str
    box: str = Field(description="libsodium sealed box, base64")


class PersonForgotten(Contract):
    """Everything about this recipient is to be forgotten, for good. Subject: the recipient."""

    name: ClassVar[str] = "person-forgotten"

    recipient_id: str


class SealingKeyAnnounced(Contract):
    """The public half of the key that boxes to this service are sealed with. Subject: the service.

    Told at start, at each weekly rotation and once a day, so that a newcomer soon knows it.
    """

    name: ClassVar[str] = "sealing-key-announced"

    key_id: str
    public_key: str = Field(description="X25519 public key, base64")
    algorithm: Literal["x25519-sealed-box"] = "x25519-sealed-box"
    made_at: AwareDatetime


class BookingContactCardSealed(ContactCardSealed):
    """A booking party's contact person."""

    teller: ClassVar[str] = "booking"


class BookingPersonForgotten(PersonForgotten):
    """A booking party's contact person is to be forgotten."""

    teller: ClassVar[str] = "booking"


class NotificationsSealingKeyAnnounced(SealingKeyAnnounced):
    """Contact cards are sealed with this."""

    teller: ClassVar[str] = "notifications"


class MentoringContactCardSealed(ContactCardSealed):
    """Somebody whom mentoring meets, or who works there. The box holds no name."""

    teller: ClassVar[str] = "mentoring"


class MentoringPersonForgotten(PersonForgotten):
    """Somebody whom mentoring met is to be forgotten."""

    teller: ClassVar[str] = "mentoring"


class MentoringSealingKeyAnnounced(SealingKeyAnnounced):
    """Questions and calls for support are sealed with this."""

    teller: ClassVar[str] = "mentoring"
