"""What a message says of an occasion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """The facts that booking's events carry along. Times in UTC, read on `zone`'s wall clock."""

    id: str
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    room: str
