"""What notifications tells: that something reached somebody or did not, and what they answered."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.event import Contract

Channel = Literal["sms", "email", "inbox", "push"]


class _OfMessage(Contract):
    teller: ClassVar[str] = "notifications"

    message_id: str
    recipient_id: str
    source: str = Field(description="the service whose recipient it is, e.g. booking")
    about: str = Field(
        description="subject of the event that caused the message, e.g. a booking id"
    )
    template: str


class MessageDelivered(_OfMessage):
    """A provider took the message, or says it arrived. Subject: the message."""

    name: ClassVar[str] = "message-delivered"

    channel: Channel


class MessageFailed(_OfMessage):
    """The message reached nobody on any channel. Subject: the message."""

    name: ClassVar[str] = "message-failed"

    why: str


class ReplyReceived(Contract):
    """Somebody answered an offer. Carries yes or no, never the text. Subject: the offer."""

    teller: ClassVar[str] = "notifications"
    name: ClassVar[str] = "reply-received"

    offer_id: str
    booking_id: str
    recipient_id: str
    answer: Literal["yes", "no"]


class RecipientUnreachable(Contract):
    """No channel of this recipient works. Subject: the recipient."""

    teller: ClassVar[str] = "notifications"
    name: ClassVar[str] = "recipient-unreachable"

    recipient_id: str
    source: str
    about: str


class ForgettingReceipt(Contract):
    """Nothing is kept of this recipient any more. Subject: the recipient.

    Told after a person-forgotten, to who told it: how many rows were removed or emptied.
    """

    teller: ClassVar[str] = "notifications"
    name: ClassVar[str] = "forgetting-receipt"

    recipient_id: str
    source: str
    removed: dict[str, int] = Field(description="collection → rows")
