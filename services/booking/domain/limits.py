"""The limits of what an occasion may be, published or changed."""

from __future__ import annotations

from collections.abc import Iterable

from services.booking.domain.activity import LONGEST_TITLE, ensure_line
from services.booking.domain.party import ensure_short
from services.booking.domain.rules import (
    CapacityOutOfRange,
    LengthOutOfRange,
    ReasonMissing,
)

LEAST_MINUTES, MOST_MINUTES = 5, 7 * 24 * 60
LEAST_CAPACITY, MOST_CAPACITY = 1, 2000


def ensure_capacity(capacity: int) -> int:
    """Raises CapacityOutOfRange outside 1 to 2,000."""
    if not LEAST_CAPACITY <= capacity <= MOST_CAPACITY:
        raise CapacityOutOfRange(least=LEAST_CAPACITY, most=MOST_CAPACITY)
    return capacity


def ensure_length(minutes: int) -> int:
    """Raises LengthOutOfRange outside 5 minutes to a week."""
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise LengthOutOfRange(least=LEAST_MINUTES, most=MOST_MINUTES)
    return minutes


def ensure_leaders(leaders: Iterable[str]) -> tuple[str, ...]:
    """The names without blanks around, blank ones left out; raises TextTooLong."""
    return tuple(line for line in map(ensure_line, leaders) if line)


def ensure_reason(reason: str) -> str:
    """The reason without blanks around; raises ReasonMissing or TextTooLong."""
    stripped = reason.strip()
    if not stripped:
        raise ReasonMissing
    ensure_short(stripped, LONGEST_TITLE)
    return stripped
