"""Short codes for offers: counted per number, so that none is used again while it is remembered."""

from __future__ import annotations

FIRST = 1


def code_from(count: int) -> int:
    """The code that belongs to a number's nth offer (the count kept with the number's fingerprint).

    Raises:
        ValueError: the count is not a count.
    """
    if count < FIRST:
        raise ValueError("a code is counted from 1")
    return count
