"""Which occasions somebody wants listed, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.kernel.ids import ActivityId, OccasionId

Condition = Literal["free", "full", "waiting", "offered", "flagged", "cancelled"]
"""As a coordinator looks for them. All but `cancelled` are of occasions that take place."""

Order = Literal["starts_at", "-starts_at", "title", "-title", "waiting", "-waiting"]


@dataclass(frozen=True, slots=True)
class OccasionsWanted:
    """What must hold of each; None asks for nothing. `end` itself is not included."""

    first: datetime | None = None
    end: datetime | None = None
    activity_id: ActivityId | None = None
    room: str | None = None
    words: str | None = None
    condition: Condition | None = None
    led_by: str | None = None
    """The username of one of its leaders."""
    among: tuple[OccasionId, ...] = ()
    """Only these, for whoever knows their ids already; none asks for nothing."""
    order: Order = "starts_at"
