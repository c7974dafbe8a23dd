"""Staff's own words about a party. They may be about a person, so they are kept under its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.booking.use_cases.ports import People
from shared.kernel.ids import BookingId, RecipientId

_WORDS = "why"
Sealed = tuple[RecipientId, Mapping[str, bytes], str]
"""Whose, the ciphertext, and the record that it is bound to."""


async def seal_words(
    people: People, recipient_id: RecipientId, words: str, *, record: str
) -> Mapping[str, bytes]:
    """Encrypted for one record; raises Forgotten when the party's key is gone."""
    await people.new_people([recipient_id])
    (sealed,) = await people.seal_many([(recipient_id, {_WORDS: words}, record)])
    return sealed


async def open_words(people: People, many: Sequence[Sealed]) -> list[str | None]:
    """The words again, in order; None where the party has been forgotten."""
    opened = await people.open_many(many)
    return [None if fields is None else fields.get(_WORDS) for fields in opened]


def ending_record(booking_id: BookingId) -> str:
    """What the words of a cancellation are bound to: put with another booking, they do not open."""
    return f"bookings:{booking_id}:ending"


def line_move_record(booking_id: BookingId) -> str:
    """What the words of a move in the line are bound to."""
    return f"line_moves:{booking_id}"
