"""What notifications may tell the others, in its own words; `messaging/outgoing.py` translates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Recipient
from services.notifications.domain.replies import Answer


@dataclass(frozen=True, slots=True)
class Arrived:
    """A provider says that it arrived (SMS), or took it (e-mail)."""

    message: Message
    channel: Channel


@dataclass(frozen=True, slots=True)
class NobodyReached:
    """No channel worked: the message failed, and its recipient cannot be reached."""

    message: Message
    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody answered an offer, for the nth time."""

    offer_id: str
    booking_id: str
    recipient: Recipient
    answer: Answer
    answers: int


@dataclass(frozen=True, slots=True)
class Forgot:
    """Nothing is kept of a recipient any more; rows by collection that were removed or emptied."""

    recipient: Recipient
    removed: Mapping[str, int]


Happened = Arrived | NobodyReached | Answered | Forgot
