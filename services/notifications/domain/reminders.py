"""Reminders: one a day before and one two hours before what the party has places on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.notifications.domain.occasion import Occasion
from shared.kernel.ids import deterministic_id

Kind = Literal["reminder-24h", "reminder-2h"]
BEFORE: dict[Kind, timedelta] = {
    "reminder-24h": timedelta(hours=24),
    "reminder-2h": timedelta(hours=2),
}

_MEETING = "meeting-"


@dataclass(frozen=True, slots=True)
class Reminder:
    """To be sent at `due_at`, about a start at `starts_at` (both UTC)."""

    booking_id: str
    kind: Kind
    due_at: datetime
    starts_at: datetime

    @property
    def id(self) -> str:
        """The same for a booking and kind: a move replaces, a cancellation removes."""
        return reminder_id(self.booking_id, self.kind)

    def stale(self, now: datetime) -> bool:
        """Too late to be of use: it has started, or the next reminder says it better."""
        if now >= self.starts_at:
            return True
        return self.kind == "reminder-24h" and now >= self.starts_at - BEFORE["reminder-2h"]


def template_of(kind: Kind, occasion: Occasion) -> str:
    """The template that reminds of an occasion; of a meeting in neutral words."""
    return f"{_MEETING}{kind}" if occasion.is_meeting else kind


def reminds(template: str, kind: Kind) -> bool:
    """Whether a template is one of this kind of reminder."""
    return template.removeprefix(_MEETING) == kind


def reminder_id(booking_id: str, kind: Kind) -> str:
    """Deterministic, see `Reminder.id`."""
    return deterministic_id("reminder", booking_id, kind)


def reminders_for(booking_id: str, occasion: Occasion | None, now: datetime) -> list[Reminder]:
    """What is to come for a party expected at `occasion`; none for None, none in the past."""
    if occasion is None:
        return []
    planned = [
        Reminder(booking_id, kind, occasion.starts_at - before, occasion.starts_at)
        for kind, before in BEFORE.items()
    ]
    return [reminder for reminder in planned if reminder.due_at > now]
