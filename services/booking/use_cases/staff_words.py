"""Staff's own words about a party. They may be about a person, so they are kept under its key.

It is a key for the words alone: what the party needs is deleted with its key after 30 days, and the
words stay longer (docs/decisions/0018). Whoever forgets a party for good forgets both.
"""

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
    key = key_of(recipient_id)
    await people.new_people([key])
    (sealed,) = await people.seal_many([(key, {_WORDS: words}, record)])
    return sealed


async def open_words(people: People, many: Sequence[Sealed]) -> list[str | None]:
    """The words again, in order; None where they, or the party, have been forgotten."""
    opened = await people.open_many([(key_of(whose), box, at) for whose, box, at in many])
    return [None if fields is None else fields.get(_WORDS) for fields in opened]


def key_of(recipient_id: RecipientId) -> str:
    """Under whose name the key of the words about a party is kept."""
    return f"{recipient_id}:words"


def ending_record(booking_id: BookingId) -> str:
    """What the words of a cancellation are bound to: put with another booking, they do not open."""
    return f"bookings:{booking_id}:ending"


def line_move_record(booking_id: BookingId) -> str:
    """What the words of a move in the line are bound to."""
    return f"line_moves:{booking_id}"
