"""A delivery that has been read: which event it is, how often it was tried, where it belongs.

The headers here are ours: we set them when a message of ours goes on a detour. What another service
says in them is not believed; the broker lets nobody publish under our name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pydantic import ValidationError

from shared.broker.messages import Delivery
from shared.contracts.catalogue import contract_for
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract

ATTEMPT = "x-safespace-attempt"
"""Header: how many times handling has failed."""

REPLAY = "x-safespace-replay"
"""Header: how many times an operator has sent it again."""

QUEUE = "x-safespace-queue"
"""Header: the listening queue that it belongs to."""

ROUTING_KEY = "x-safespace-routing-key"
"""Header: the routing key that it was first published with."""

REASON = "x-safespace-reason"
"""Header of a parked message: the class of the reason, never a message text."""


class Unreadable(Exception):
    """Not an event of ours, or one that this version does not know. `kind` says which."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Letter:
    """An envelope, its data as a contract, and the delivery that brought it."""

    envelope: Envelope
    data: Contract
    delivery: Delivery


def read(delivery: Delivery) -> Letter:
    """Read the body.

    Raises:
        Unreadable: `not-an-event`, `unknown-type` or `not-as-agreed`.
    """
    try:
        envelope = Envelope.from_bytes(delivery.body)
    except ValidationError as error:
        raise Unreadable("not-an-event") from error
    contract = contract_for(envelope.type)
    if contract is None:
        raise Unreadable("unknown-type")
    try:
        return Letter(envelope, contract.model_validate(envelope.data), delivery)
    except ValidationError as error:
        raise Unreadable("not-as-agreed") from error


def count(delivery: Delivery, header: str) -> int:
    """A counting header of ours; 0 if it is not there or not a number."""
    value = delivery.headers.get(header, 0)
    believed = _ours(delivery) and isinstance(value, int) and value >= 0
    return int(value) if believed else 0


def said(delivery: Delivery, header: str) -> str | None:
    """A header of ours in words; None if it is not there, or somebody else set it."""
    value = delivery.headers.get(header)
    return value if _ours(delivery) and isinstance(value, str) else None


def first_routing_key(delivery: Delivery) -> str:
    """The routing key of the first publish, also after a detour through a waiting room.

    Only we ourselves send on such a detour.
    """
    return said(delivery, ROUTING_KEY) or delivery.routing_key


def _ours(delivery: Delivery) -> bool:
    return delivery.user == delivery.queue.partition(".")[0]


def fingerprint(body: bytes) -> str:
    """Names a body that cannot be read."""
    return hashlib.sha256(body).hexdigest()
