"""What is coming up, as booking's events tell of it: enough to write a line in a newsletter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.publishing.domain.blocks import OccasionsBlock


@dataclass(frozen=True, slots=True)
class Occasion:
    """`sequence` is that of the newest event heard: an older one that comes late says nothing."""

    id: str
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    room: str
    cancelled: bool
    sequence: int


def upcoming(
    occasions: Iterable[Occasion], block: OccasionsBlock, now: datetime
) -> tuple[Occasion, ...]:
    """Those that the block shows: not cancelled, not begun, soon enough; the earliest first."""
    until = now + timedelta(days=block.days)
    shown = [
        each
        for each in occasions
        if not each.cancelled
        and now < each.starts_at <= until
        and (not block.kinds or each.kind in block.kinds)
    ]
    return tuple(sorted(shown, key=lambda each: (each.starts_at, each.id))[: block.count])
