"""The .ics beside an e-mail (RFC 5545, RFC 5546): one UID per booking, so that updates replace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from icalendar import Calendar, Event

Method = Literal["REQUEST", "CANCEL"]


def calendar_file(
    booking_id: str,
    facts: Mapping[str, Any],
    *,
    method: Method,
    sequence: int,
    made_at: datetime,
    organiser: str,
) -> bytes:
    """The invitation or its withdrawal. `sequence` rises with each change of the booking.

    Times are in UTC, which every calendar shows on its owner's clock and which needs no time zone
    definition inside.
    """
    event = Event()
    event.add("uid", f"{booking_id}@safespace")
    event.add("sequence", sequence)
    event.add("dtstamp", made_at)
    event.add("dtstart", facts["starts_at"].astimezone(UTC))
    event.add("dtend", facts["ends_at"].astimezone(UTC))
    event.add("summary", facts["title"])
    event.add("location", facts["room"])
    event.add("organizer", f"mailto:{organiser}")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Safe Space//bokning//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
