"""Reminders: one a day before and one two hours before what the party has places on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from services.notifications.domain.message import UNSENT, Message
from services.notifications.domain.occasion import Occasion
from shared.kernel.ids import deterministic_id

Kind = Literal["reminder-24h", "reminder-2h"]
BEFORE: dict[Kind, timedelta] = {
    "reminder-24h": timedelta(hours=24),
    "reminder-2h": timedelta(hours=2),
}

_MEETING = "meeting-"
DAY = "day"
"""A reminder's fact: on which day of the occasion's calendar it was made."""


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


def kind_at(occasion: Occasion, now: datetime) -> Kind:
    """Which words remind of `occasion` at this time: those of the last hours, or those before."""
    close = now >= occasion.starts_at - BEFORE["reminder-2h"]
    return "reminder-2h" if close else "reminder-24h"


def today(occasion: Occasion, now: datetime) -> date:
    """The day where the occasion is."""
    return now.astimezone(ZoneInfo(occasion.zone)).date()


def on_day(day: date) -> dict[str, Any]:
    """What a reminder of that day says of itself among its facts."""
    return {DAY: day.isoformat()}


def is_reminded(earlier: Iterable[Message], day: date) -> bool:
    """Whether another reminder of a booking would be one too many.

    That is when one was made on `day`, or an older one is still on its way (it waits for the
    morning): nobody is reminded twice on a day. One that was taken back or failed reminded nobody.
    """
    living = [each for each in earlier if each.state not in ("superseded", "failed")]
    return any(each.facts.get(DAY) == day.isoformat() or each.state in UNSENT for each in living)


def is_replaced(kind: Kind, earlier: Iterable[Message], day: date) -> bool:
    """Whether a reminder that is due by itself is needless: staff had one sent on that day.

    One that has not left the house yet does for the day before, but not for the last two hours:
    then it is too late for it.
    """
    reached = [
        each
        for each in earlier
        if each.state in ("sent", "delivered") or (kind == "reminder-24h" and each.state in UNSENT)
    ]
    return any(each.facts.get(DAY) == day.isoformat() for each in reached)
