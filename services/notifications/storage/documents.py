"""Domain ↔ document. Pure; times come back from MongoDB in UTC and to the millisecond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.message import Message
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.recipient_card import Card, Recipient
from services.notifications.domain.story import Story, Told
from shared.mongo.client import Document

_DELIVERY = tuple(f.name for f in fields(Delivery) if f.name not in ("id", "recipient"))
_MESSAGE = tuple(f.name for f in fields(Message) if f.name not in ("id", "recipient"))


def recipient_of(key: str) -> Recipient:
    """`booking:0190…` → source and id."""
    source, _, recipient_id = key.partition(":")
    return Recipient(source, recipient_id)


def card_to_document(card: Card, cipher: Mapping[str, bytes]) -> Document:
    """Without `_id`."""
    return {
        "revision": card.revision,
        "language": card.language,
        "number": card.number,
        "mail": card.mail,
        "link": card.link,
        "forgotten": card.forgotten,
        "cipher": dict(cipher),
    }


def card_from_document(document: Mapping[str, Any]) -> Card:
    """The readable side of it."""
    return Card(
        recipient=recipient_of(document["_id"]),
        revision=document["revision"],
        language=document.get("language", "sv"),
        number=document.get("number"),
        mail=document.get("mail"),
        link=document.get("link"),
        forgotten=document.get("forgotten", False),
    )


def story_to_document(story: Story) -> Document:
    """All that was told, and what follows from it written out for people who look."""
    return {
        "_id": story.booking_id,
        "recipient": story.recipient.key,
        "state": story.state,
        "sequence": story.newest.sequence,
        "size": story.newest.size,
        "starts_at": story.newest.occasion.starts_at,
        "told": [asdict(event) for event in story.told],
    }


def story_from_document(document: Mapping[str, Any]) -> Story:
    """The other way."""
    return Story(
        booking_id=document["_id"],
        recipient=recipient_of(document["recipient"]),
        told=tuple(_told(event) for event in document["told"]),
    )


def _told(document: Mapping[str, Any]) -> Told:
    before = document.get("before")
    nested = {
        "occasion": Occasion(**document["occasion"]),
        "before": Occasion(**before) if before else None,
    }
    return Told(**{**document, **nested})


def message_to_document(message: Message) -> Document:
    """The whole row."""
    kept = {name: getattr(message, name) for name in _MESSAGE}
    return {"_id": message.id, "recipient": message.recipient.key, **kept}


def message_from_document(document: Mapping[str, Any]) -> Message:
    """The other way."""
    return Message(
        id=document["_id"],
        recipient=recipient_of(document["recipient"]),
        **{name: document[name] for name in _MESSAGE if name in document},
    )


def delivery_to_document(row: Delivery) -> Document:
    """The whole row."""
    kept = {name: getattr(row, name) for name in _DELIVERY}
    history = [{"state": row.state, "at": row.due_at}]
    return {"_id": row.id, "recipient": row.recipient.key, **kept, "history": history}


def delivery_from_document(document: Mapping[str, Any]) -> Delivery:
    """The other way; holder, lease and history stay behind."""
    return Delivery(
        id=document["_id"],
        recipient=recipient_of(document["recipient"]),
        **{name: document.get(name) for name in _DELIVERY},  # type: ignore[arg-type]
    )
