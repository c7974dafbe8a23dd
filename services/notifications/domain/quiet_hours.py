"""When a phone may ring: not between 21 and 08 where the person is (Stockholm time)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_FROM, _UNTIL = time(21), time(8)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The rule for one place; `on=False` (local profile) lets everything through at once."""

    on: bool = True
    zone: str = "Europe/Stockholm"

    def ring_at(self, now: datetime, *, urgent_until: datetime | None = None) -> datetime:
        """The earliest moment to send.

        `urgent_until`: the start of what was cancelled. If that is before the quiet ends, the
        message goes out anyway: better woken than standing in front of a closed door.
        """
        if not self.on:
            return now
        local = now.astimezone(ZoneInfo(self.zone))
        if _UNTIL <= local.time() < _FROM:
            return now
        day = local.date() + timedelta(days=1) if local.time() >= _FROM else local.date()
        end = datetime.combine(day, _UNTIL, ZoneInfo(self.zone)).astimezone(now.tzinfo)
        if urgent_until is not None and urgent_until <= end:
            return now
        return end
