"""What a message says of an occasion; of a meeting it says when, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MEETING = "meeting"
"""The kind of those that have no title and no place."""


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

    @property
    def is_meeting(self) -> bool:
        """Told in neutral words: no title, no place, nothing of the service."""
        return self.kind == MEETING
