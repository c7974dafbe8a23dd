"""The only place that decides what the world may know: ids and kinds, never a text or address."""

from __future__ import annotations

from collections.abc import Iterator

from services.notifications.domain.message import Message
from services.notifications.domain.news import Answered, Arrived, Forgot, Happened, NobodyReached
from shared.contracts.event import News
from shared.contracts.notifications import (
    ForgettingReceipt,
    MessageDelivered,
    MessageFailed,
    RecipientUnreachable,
    ReplyReceived,
)

_AFTER_ALL_ELSE = 2**31
"""The sequence of the last event about a recipient: no message counts so far."""


def outgoing(happened: Happened) -> Iterator[News]:
    """The events that tell of it."""
    match happened:
        case Arrived(message, channel):
            data = MessageDelivered(**_which(message), channel=channel)
            yield News(data, subject=message.id, sequence=message.version + 1)
        case NobodyReached(message, why):
            failed = MessageFailed(**_which(message), why=why)
            yield News(failed, subject=message.id, sequence=message.version + 1)
            nobody = RecipientUnreachable(
                recipient_id=message.recipient.id,
                source=message.recipient.source,
                about=message.about,
            )
            yield News(nobody, subject=message.recipient.id, sequence=message.sequence)
        case Answered(offer_id, booking_id, recipient, answer, answers):
            reply = ReplyReceived(
                offer_id=offer_id,
                booking_id=booking_id,
                recipient_id=recipient.id,
                answer=answer,
            )
            yield News(reply, subject=offer_id, sequence=answers)
        case Forgot(recipient, removed):
            receipt = ForgettingReceipt(
                recipient_id=recipient.id, source=recipient.source, removed=dict(removed)
            )
            yield News(receipt, subject=recipient.id, sequence=_AFTER_ALL_ELSE)


def _which(message: Message) -> dict[str, str]:
    return {
        "message_id": message.id,
        "recipient_id": message.recipient.id,
        "source": message.recipient.source,
        "about": message.about,
        "template": message.template,
    }
