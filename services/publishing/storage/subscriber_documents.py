"""Domain ↔ document. Pure; times come back from MongoDB in UTC and to the millisecond."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from bson.binary import Binary

from services.publishing.domain.bounce_score import Score
from services.publishing.domain.consent import Asked, ConsentReceipt
from services.publishing.domain.subscriber import Subscriber, forget_at
from services.publishing.domain.subscription import Subscription
from shared.mongo.client import Document

_SCORE = tuple(each.name for each in fields(Score))
_ASKED = tuple(each.name for each in fields(Asked))
_score, _asked = attrgetter(*_SCORE), attrgetter(*_ASKED)
"""Flat, and read by name: `asdict` copies every time and number in them, and was a third of what
an imported row cost."""


def key(subscriber_id: uuid.UUID) -> Binary:
    """An id as it is stored: 16 bytes, in the order that the ids themselves sort in."""
    return Binary.from_uuid(subscriber_id)


def to_document(one: Subscriber) -> Document:
    """Without `_id`, `version`, and what is sealed or looked up by (`cipher`, `blind`)."""
    return {
        "language": one.language,
        "tags": sorted(one.tags),
        "municipality": one.municipality,
        "role": one.role,
        "on": {name: _place(each) for name, each in one.on.items()},
        "confirmed": list(one.confirmed),
        "trouble": dict(zip(_SCORE, _score(one.trouble), strict=True)),
        "last_letter_at": one.last_letter_at,
        "forget_at": forget_at(one),
    }


def from_document(document: Mapping[str, Any]) -> Subscriber:
    """The readable side of it."""
    owner: uuid.UUID = document["_id"].as_uuid()
    return Subscriber(
        id=owner,
        language=document["language"],
        on={name: _read(str(owner), name, each) for name, each in document["on"].items()},
        tags=frozenset(document["tags"]),
        municipality=document["municipality"],
        role=document["role"],
        trouble=Score(**document["trouble"]),
        last_letter_at=document["last_letter_at"],
        version=document["version"],
    )


def _place(one: Subscription) -> Document:
    told = one.consent
    return {
        "state": one.state,
        "asked": dict(zip(_ASKED, _asked(one.asked), strict=True)),
        "asking": one.asking,
        "consent": None if told is None else {
            "text_version": told.text_version,
            "source": told.source,
            "asked_at": told.asked_at,
            "confirmed_at": told.confirmed_at,
        },
        "left_at": one.left_at,
        "left_by": one.left_by,
    }  # fmt: skip


def _read(owner: str, list_id: str, place: Mapping[str, Any]) -> Subscription:
    told = place["consent"]
    return Subscription(
        subscriber_id=owner,
        list_id=list_id,
        state=place["state"],
        asked=Asked(**place["asked"]),
        asking=place["asking"],
        consent=None if told is None else ConsentReceipt(list_id=list_id, **told),
        left_at=place["left_at"],
        left_by=place["left_by"],
    )
