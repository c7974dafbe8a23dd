"""What a row of an imported file comes to, for an address that is known or not.

A file can ask, and it can bring a proof: when somebody agreed, and to which words. Without a proof
nobody is confirmed. A file asks each address once: who was asked before is not asked again by a
file, so that reading it once more sends nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from services.publishing.domain.address import Address
from services.publishing.domain.consent import Asked, ConsentReceipt
from services.publishing.domain.subscriber import Subscriber, writes
from services.publishing.domain.subscription import Subscription
from services.publishing.domain.suppression import Cause, stops

Outcome = Literal["confirmed", "asked", "changed", "unchanged", "left", "stopped", "rejected"]
OUTCOMES: tuple[Outcome, ...] = (
    "confirmed", "asked", "changed", "unchanged", "left", "stopped", "rejected",
)  # fmt: skip
SOURCE: Literal["import"] = "import"
_NOWHERE: Mapping[str, Subscription] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proof:
    """A consent that was given elsewhere: when, and to which words."""

    at: datetime
    text_version: str


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row that can be read; `number` is that of the file."""

    number: int
    address: Address
    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    municipality: str = ""
    role: str = ""
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """`after` is None when nobody is to be kept; `letter_at` when an opt-in letter is due."""

    outcome: Outcome
    after: Subscriber | None
    letter_at: datetime | None = None


def decide(
    row: ImportedRow,
    known: Subscriber | None,
    causes: Collection[Cause],
    list_id: str,
    asked: Asked,
    new_id: uuid.UUID,
) -> Decided:
    """What the row comes to. `asked` is the question that is put to who brings no proof."""
    if stops(causes, "newsletter") is not None:
        return Decided("stopped", None)
    told = _new(row, new_id) if known is None else _told(row, known)
    place = told.on.get(list_id)
    if row.proof is not None and _holds(row.proof, place):
        proven = _proven(row.proof, place, str(told.id), list_id)
        if known is None:
            return Decided("confirmed", _new(row, new_id, {list_id: proven}))
        return Decided("confirmed", replace(told, on={**told.on, list_id: proven}))
    if place is None:
        fresh = Subscription(str(told.id), list_id, "pending", asked)
        waiting, at = writes(replace(told, on={**told.on, list_id: fresh}), asked.at)
        return Decided("asked", waiting, at)
    if place.state == "left":
        return Decided("left", None)
    return Decided("changed" if told != known else "unchanged", told)


def _new(
    row: ImportedRow, new_id: uuid.UUID, on: Mapping[str, Subscription] = _NOWHERE
) -> Subscriber:
    return Subscriber(
        new_id,
        row.language or "sv",
        on,
        row.tags,
        municipality=row.municipality,
        role=row.role,
    )


def _told(row: ImportedRow, known: Subscriber) -> Subscriber:
    """What a file may say of somebody: never their language or name, once they are known."""
    return replace(
        known,
        tags=known.tags | row.tags,
        municipality=row.municipality or known.municipality,
        role=row.role or known.role,
    )


def _holds(proof: Proof, place: Subscription | None) -> bool:
    """A consent counts unless they are on the list, or left it since."""
    if place is None:
        return True
    if place.state == "left":
        return place.left_at is not None and proof.at > place.left_at
    return place.state != "confirmed"


def _proven(
    proof: Proof, place: Subscription | None, subscriber_id: str, list_id: str
) -> Subscription:
    said = Asked(proof.text_version, SOURCE, proof.at)
    told = ConsentReceipt(list_id, proof.text_version, SOURCE, proof.at, proof.at)
    asking = place.asking + 1 if place else 1
    return Subscription(subscriber_id, list_id, "confirmed", said, asking, told)
